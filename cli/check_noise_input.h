/* Second moments of a noise, as the `check-noise` command is given them. */
#ifndef SB_CLI_CHECK_NOISE_INPUT_H
#define SB_CLI_CHECK_NOISE_INPUT_H

#include "bounds/coordinate_moments.h"
#include "distributions/sample_statistics.h"

/* A list ("1,1/4,0.3", ranges as everywhere), a text file of numbers (blanks, commas or new lines between
   them, from # to the end of a line nothing), or a .npy file: a vector, a column, or a square covariance, of
   which the diagonal is read. "inf" is a variance too. SB_BAD_INPUT names the line or the coordinate. */
sb_status sb_check_noise_variances(sb_coordinate_moments *moments, const char *given,
                                   const sb_sample_options *options, sb_error *error);

/* Upper confidence bounds on the second moments from the rows of a .npy file, which hold for all coordinates
   at once with probability 1 - alpha as far as the measured fourth moments are right
   (bounds/sample_verdict.h). *samples := the number of rows; with fewer than SB_CHECK_NOISE_LEAST_SAMPLES
   nothing is known of any coordinate. */
enum { SB_CHECK_NOISE_LEAST_SAMPLES = 30 };
sb_status sb_check_noise_samples(sb_coordinate_moments *moments, const char *path, double alpha,
                                 const sb_sample_options *options, uint64_t *samples, sb_error *error);

/* E eta_i^2 of a noise in dimension d, the same in every coordinate: rounded up at `digits` and some more. */
sb_status sb_check_noise_law(sb_coordinate_moments *moments, const sb_noise_spec *noise, uint64_t dimension,
                             int digits, sb_error *error);

#endif
