/* The rows of the `radius` command: what a score gap certifies under one noise and norm, and back. */
#ifndef SB_CLI_RADIUS_ROWS_H
#define SB_CLI_RADIUS_ROWS_H

#include "bounds/tv_robustness.h"
#include "cli/options.h"

typedef enum { SB_FROM_SCORES, SB_FROM_GAP, SB_FROM_RADIUS, SB_FROM_TOTAL_VARIATION } sb_radius_mode;

typedef struct {
    sb_radius_mode mode;
    sb_noise_spec noise; /* family NULL: any noise, total variation instead of radii */
    uint64_t dimension;
    int dimension_given;
    sb_exact norm;
    fmpq_t given;     /* pA, gap, radius or total variation */
    fmpq_t runner_up; /* pB; when not given 1 - pA */
    int runner_up_given;
} sb_radius_request;

void sb_radius_request_init(sb_radius_request *request);
void sb_radius_request_clear(sb_radius_request *request);

typedef struct {
    sb_table table;
    sb_column column[20];
    int undecided; /* whether a row could not be evaluated accurately enough */
} sb_radius_rows;

void sb_radius_rows_init(sb_radius_rows *rows);
void sb_radius_rows_clear(sb_radius_rows *rows);

/* Adds the rows of one request. */
sb_status sb_radius_rows_add(sb_radius_rows *rows, const sb_radius_request *request, int digits,
                             sb_error *error);

/* One block of text for the rows of a single request. */
void sb_radius_text(sb_text *out, const sb_radius_rows *rows, const sb_radius_request *request,
                    const sb_common_options *common);

#endif
