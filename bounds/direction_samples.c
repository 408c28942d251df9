/* Rounding, u = 2^-53: the computed H x is off by a factor 1 +- rho in l_2 (sb_hadamard_rounding), its square
   by 2 rho + rho^2; the sums of squares are compensated (Kahan; Higham, Accuracy and Stability of Numerical
   Algorithms, section 4.3: relative error 2u + O(b u^2) for positive terms), and squares, quotients and
   differences add less than 10 u. */
#include "bounds/direction_samples.h"

#include "distributions/sample_statistics.h"
#include "support/progress.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

static double sum_of_squares(const double *x, uint64_t count) {
    double sum = 0, lost = 0;
    for (uint64_t i = 0; i < count; i++) {
        double term = x[i] * x[i] - lost, next = sum + term;
        lost = (next - sum) - term;
        sum = next;
    }
    return sum;
}

typedef struct {
    const sb_hadamard *hadamard;
    const sb_noise_spec *noise;
    uint64_t dimension, seed;
    double *x;         /* [d] */
    double *direction; /* [b]: sample means of (u_i . eta)^2/b */
    sb_running_mean kept;
} measuring;

/* The exponent of two that brings the largest of x[0..count) into [1/2, 1); 0 for x = 0. */
static int scale_of(const double *x, uint64_t count) {
    double largest = 0;
    int exponent = 0;
    for (uint64_t i = 0; i < count; i++) largest = fmax(largest, fabs(x[i]));
    frexp(largest, &exponent);
    return exponent;
}

/* The sample is scaled by a power of two, so that its squares neither overflow nor vanish. */
static sb_status measure(measuring *m, sb_direction_samples *samples, uint64_t number,
                         const sb_check_watch *watch, sb_error *error) {
    uint64_t b = m->hadamard->shape.order;
    sb_noise_draw(m->noise, m->dimension, m->seed, number, m->x);
    int exponent = scale_of(m->x, b);
    for (uint64_t i = 0; i < m->dimension; i++) m->x[i] = ldexp(m->x[i], -exponent);
    double whole = sum_of_squares(m->x, m->dimension), head = sum_of_squares(m->x, b);
    sb_status status = sb_hadamard_product_double(m->hadamard, 0, m->x, watch->proceed, error);
    if (status) return status;
    double image = sum_of_squares(m->x, b) / (double)b, unit = ldexp(1, 2 * exponent);
    if (!isfinite(whole) || !isfinite(image * (double)b * unit))
        return sb_fail(error, SB_OUTSIDE, "sample %llu: its squares are too large for double precision",
                       (unsigned long long)number);
    if (head > 0) samples->defect = fmax(samples->defect, fabs(image - head) / head);
    if (whole > 0) sb_running_mean_add(&m->kept, image / whole);
    for (uint64_t i = 0; i < b; i++)
        m->direction[i] += (m->x[i] * m->x[i] / (double)b * unit - m->direction[i]) / (double)(number + 1);
    return SB_OK;
}

static void summarise(sb_direction_samples *samples, const measuring *m) {
    sb_running_mean mean = {0};
    samples->smallest = samples->largest = m->direction[0];
    for (uint64_t i = 0; i < m->hadamard->shape.order; i++) {
        samples->smallest = fmin(samples->smallest, m->direction[i]);
        samples->largest = fmax(samples->largest, m->direction[i]);
        sb_running_mean_add(&mean, m->direction[i]);
    }
    samples->mean = mean.mean;
    samples->kept = m->kept.mean;
}

sb_status sb_direction_samples_draw(sb_direction_samples *samples, const sb_hadamard *hadamard,
                                    const sb_noise_spec *noise, uint64_t dimension, uint64_t seed,
                                    uint64_t count, const sb_check_watch *watch, sb_error *error) {
    measuring m = {.hadamard = hadamard, .noise = noise, .dimension = dimension, .seed = seed};
    sb_progress progress;
    double rho = sb_hadamard_rounding(&hadamard->shape);
    *samples =
        (sb_direction_samples){.count = count, .allowed = 1.01 * (2 * rho + rho * rho) + 16 * DBL_EPSILON};
    sb_status status = sb_noise_domain(noise, dimension, error);
    if (status) return status;
    m.x = malloc((size_t)dimension * sizeof *m.x);
    m.direction = calloc((size_t)hadamard->shape.order, sizeof *m.direction);
    if (!m.x || !m.direction) status = sb_fail_memory(error);
    sb_progress_start(&progress, watch->progress, "samples", (double)count);
    for (uint64_t i = 0; i < count && !status; i++) {
        if (watch->proceed && !watch->proceed())
            status = sb_fail(error, SB_INTERRUPTED, "interrupted");
        else
            status = measure(&m, samples, i, watch, error);
        sb_progress_update(&progress, (double)i + 1, NULL);
    }
    sb_progress_finish(&progress);
    if (!status) summarise(samples, &m);
    free(m.x);
    free(m.direction);
    return status;
}
