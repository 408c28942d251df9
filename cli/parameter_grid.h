/* Lists of d, p, eps and delta, and walking through all of their combinations in a fixed order: d varies
 * slowest, then p, eps, delta. */
#ifndef SB_CLI_PARAMETER_GRID_H
#define SB_CLI_PARAMETER_GRID_H

#include "bounds/parameters.h"
#include "cli/options.h"

enum { SB_GRID_LIMIT = 20000 }; /* combinations */

typedef struct {
    sb_dimension_list dimension;
    sb_exact_list norm, radius, delta;
} sb_parameter_grid;

void sb_parameter_grid_init(sb_parameter_grid *grid);
void sb_parameter_grid_clear(sb_parameter_grid *grid);

/* Reads the four lists and checks every item. `leave_out` names the one that must not be given ("d", "eps" or
   "delta": it is solved for, and gets a placeholder), or is NULL. SB_BAD_INPUT for a missing option, one that
   must not be there, a value out of range, or too many combinations. */
sb_status sb_parameter_grid_parse(sb_parameter_grid *grid, const sb_parameter_options *options,
                                  const char *leave_out, sb_error *error);

/* malloc'd exact text of a rational: the fraction ("8/255"), or a decimal where that is exact and much
   shorter ("1e-4000"). With `brief`, a long one that is neither is cut to a decimal and "...": for headings
   only. */
char *sb_exact_text(const fmpq_t value, int brief);

size_t sb_parameter_grid_size(const sb_parameter_grid *grid);
void sb_parameter_grid_get(const sb_parameter_grid *grid, size_t index, sb_parameters *parameters);

#endif
