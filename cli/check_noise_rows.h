/* The rows of the `check-noise` command. Quantities:

   - promise (both eps and delta given): whether it is refuted, by which coordinates;
   - eps_most (delta given): no larger eps can be promised;
   - delta_least (eps given): no smaller delta can be promised;
   - eps_promised, delta_promised: what independent Gaussian noise with these variances keeps;
   - prefix: the k least second moments alone, their sum, what it would have to be, and the eps_most (else
     delta_least) that they leave, in lo and hi. */
#ifndef SB_CLI_CHECK_NOISE_ROWS_H
#define SB_CLI_CHECK_NOISE_ROWS_H

#include "bounds/bound.h"
#include "bounds/moment_limit.h"
#include "cli/bound_text.h"

enum { SB_PREFIXES = 66 };

/* The noise, and what it leaves possible in one l_p. */
typedef struct {
    const char *noise, *input; /* a law, or where the second moments were read; one of them */
    const char *confidence;    /* of upper bounds from samples; else NULL */
    uint64_t samples;          /* their number; else 0 */
    sb_promise promise;
    int symmetric; /* robustness of noise that is symmetric about a point */
    const sb_coordinate_moments *moments;
    sb_moment_limit limit;
    sb_moment_limit prefix[SB_PREFIXES]; /* of the k coordinates with least second moments, k = 1, 2, 4, ...,
                                            d and the tightest */
    size_t prefix_count;
    arb_t sensitivity; /* of Gaussian noise with these variances */
    int digits;
} sb_check_noise_case;

void sb_check_noise_case_init(sb_check_noise_case *noise);
void sb_check_noise_case_clear(sb_check_noise_case *noise);

/* Sets limit, prefix and sensitivity from the rest. */
sb_status sb_check_noise_case_find(sb_check_noise_case *noise, const sb_exact *norm, sb_error *error);

typedef struct {
    sb_table table;
    sb_column column[SB_MOST_COLUMNS];
    int refuted; /* any promise so far */
} sb_check_noise_rows;

void sb_check_noise_rows_init(sb_check_noise_rows *rows);
void sb_check_noise_rows_clear(sb_check_noise_rows *rows);

/* All rows at these parameters; of eps and delta those that are `given` (one or both) are read. `prefixes`:
   with the rows of that quantity. */
enum { SB_GIVEN_EPS = 1, SB_GIVEN_DELTA = 2 };
sb_status sb_check_noise_rows_add(sb_check_noise_rows *rows, const sb_check_noise_case *noise,
                                  const sb_parameters *parameters, unsigned given, int prefixes,
                                  sb_error *error);

/* The cell under `key` in the first row of that quantity among the rows first .. end-1; NULL: there is none.
 */
const char *sb_check_noise_cell(const sb_check_noise_rows *rows, size_t first, size_t end,
                                const char *quantity, const char *key);

#endif
