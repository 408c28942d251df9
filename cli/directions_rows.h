/* The answer of the `directions` command: as rows, and as text for people. */
#ifndef SB_CLI_DIRECTIONS_ROWS_H
#define SB_CLI_DIRECTIONS_ROWS_H

#include "bounds/direction_samples.h"
#include "bounds/parameters.h"
#include "cli/options.h"

typedef struct {
    const sb_parameters *parameters; /* d, p, eps; delta only when has_delta */
    int has_delta;
    const sb_hadamard_order *shape;
    const sb_hadamard *hadamard; /* for the signs */
    arb_t length, entry;         /* ||v_i||_2 and |v_ij| */
    const char *check;           /* its name */
    const sb_hadamard_finding *finding;
    const sb_noise_spec *noise; /* NULL: no samples */
    const sb_direction_samples *samples;
    uint64_t seed;
    uint64_t printed; /* rows of signs */
    uint64_t written; /* rows of the file; 0: none */
    const char *file;
    int digits;
} sb_directions;

typedef struct {
    sb_table table;
    sb_column column[32];
} sb_directions_rows;

void sb_directions_rows_init(sb_directions_rows *rows);
void sb_directions_rows_clear(sb_directions_rows *rows);

/* A row for the construction, one for the samples, one for each printed row of signs. */
sb_status sb_directions_rows_fill(sb_directions_rows *rows, const sb_directions *directions, sb_error *error);

sb_status sb_directions_text(sb_text *out, const sb_directions *directions, const sb_common_options *common,
                             sb_error *error);

/* Whether Pythagoras holds up to rounding: SB_CONSISTENT or SB_DIFFERS. */
sb_verdict sb_directions_samples_verdict(const sb_direction_samples *samples);

#endif
