/* The largest values are kept in a heap whose root is the smallest of them. The Gamma quantile is found by
   bisection from the guess of Wilson and Hilferty, k (1 - 1/(9k) + z/(3 sqrt k))^3; every side is certified:
   Pr(Gamma(k, 1) <= x) = Pr(Poisson(x) >= k), a sum of positive terms. */
#include "distributions/tail_statistics.h"

#include "support/enclosure.h"
#include "support/npy.h"
#include "support/progress.h"

#include <math.h>
#include <stdlib.h>

enum { BITS = 128, STEPS = 60 };

/* ------------------------------------------------------------------ the largest values */
sb_status sb_largest_init(sb_largest *largest, size_t capacity, sb_error *error) {
    *largest = (sb_largest){malloc(capacity * sizeof(double)), 0, capacity, 0};
    return largest->value ? SB_OK : sb_fail_memory(error);
}

void sb_largest_clear(sb_largest *largest) {
    free(largest->value);
    *largest = (sb_largest){NULL, 0, 0, 0};
}

/* Puts x at the root and moves it down to its place. */
static void sift_down(sb_largest *largest, double x) {
    double *v = largest->value;
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < largest->count; i = child) {
        if (child + 1 < largest->count && v[child + 1] < v[child]) child++;
        if (x <= v[child]) break;
        v[i] = v[child];
    }
    v[i] = x;
}

void sb_largest_add(sb_largest *largest, double x) {
    double *v = largest->value;
    x = fabs(x);
    largest->seen++;
    if (largest->count == largest->capacity) {
        if (x > v[0]) sift_down(largest, x);
        return;
    }
    size_t i = largest->count++;
    for (; i && v[(i - 1) / 2] > x; i = (i - 1) / 2) v[i] = v[(i - 1) / 2];
    v[i] = x;
}

static int larger_first(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

void sb_largest_sort(sb_largest *largest) {
    qsort(largest->value, largest->count, sizeof *largest->value, larger_first);
}

sb_status sb_largest_read(sb_largest *largest, const char *path, FILE *progress, int (*proceed)(void),
                          sb_error *error) {
    sb_npy npy;
    sb_progress line;
    sb_status status = sb_npy_open(&npy, path, error);
    if (status) return status;
    double *x = malloc((size_t)npy.columns * sizeof *x);
    if (!x) status = sb_fail_memory(error);
    sb_progress_start(&line, progress, "tails", (double)npy.rows);
    for (uint64_t i = 0; i < npy.rows && !status; i++) {
        status = sb_npy_row(&npy, x, error);
        for (uint64_t j = 0; j < npy.columns && !status; j++) sb_largest_add(largest, x[j]);
        if (!status && proceed && !proceed()) status = sb_fail(error, SB_INTERRUPTED, "interrupted");
        sb_progress_update(&line, (double)i + 1, NULL);
    }
    sb_progress_finish(&line);
    free(x);
    sb_npy_close(&npy);
    return status;
}

/* ------------------------------------------------------------------ Hill and mean excess */
int sb_tail_point_at(sb_tail_point *point, const sb_largest *sorted, uint64_t k) {
    if (k < 1 || k >= sorted->count) return 0;
    double u = sorted->value[k], hill = 0, excess = 0, squares = 0, n = (double)k;
    if (!(u > 0)) return 0;
    for (uint64_t i = 0; i < k; i++) {
        hill += log(sorted->value[i] / u) / n;
        excess += (sorted->value[i] - u) / n;
    }
    for (uint64_t i = 0; i < k; i++) {
        double step = sorted->value[i] - u - excess;
        squares += step * step;
    }
    *point = (sb_tail_point){k, u, hill, excess, k > 1 ? sqrt(squares / (n - 1)) : NAN};
    return hill > 0 && isfinite(hill);
}

/* sum := 1 + r_1 + r_1 r_2 + ..., with r_j = x/(k+j) (up) or r_j = (k-j)/x (down, until it is 0); all of them
   below 1 and falling, so that after a term t the rest is at most t r/(1-r). */
static void falling_sum(arb_t sum, uint64_t k, const arb_t x, int up) {
    arb_t term, ratio;
    mag_t rest, upper;
    arb_init(term);
    arb_init(ratio);
    mag_init(rest);
    mag_init(upper);
    arb_one(sum);
    arb_one(term);
    for (uint64_t j = 1; up || j < k; j++) {
        arb_set_ui(ratio, up ? k + j : k - j);
        if (up)
            arb_div(ratio, x, ratio, BITS);
        else
            arb_div(ratio, ratio, x, BITS);
        arb_get_mag(upper, ratio);
        arb_get_mag(rest, term);
        if (mag_cmp_2exp_si(rest, -64) < 0) {
            mag_geom_series(upper, upper, 1);
            mag_mul(rest, rest, upper);
            arb_add_error_mag(sum, rest);
            break;
        }
        arb_mul(term, term, ratio, BITS);
        arb_add(sum, sum, term, BITS);
    }
    arb_clear(term);
    arb_clear(ratio);
    mag_clear(rest);
    mag_clear(upper);
}

/* value := Pr(Gamma(k, 1) <= x) for x <= k, by Poisson probabilities from k upwards; for x > k its
   complement, from k - 1 downwards. */
static void gamma_tail(arb_t value, uint64_t k, const arb_t x, int up) {
    arb_t mass, t;
    uint64_t from = up ? k : k - 1;
    arb_init(mass);
    arb_init(t);
    arb_log(mass, x, BITS);
    arb_mul_ui(mass, mass, from, BITS);
    arb_sub(mass, mass, x, BITS);
    arb_set_ui(t, from);
    arb_add_ui(t, t, 1, BITS);
    arb_lgamma(t, t, BITS);
    arb_sub(mass, mass, t, BITS);
    arb_exp(mass, mass, BITS); /* e^-x x^from / from! */
    falling_sum(value, k, x, up);
    arb_mul(value, value, mass, BITS);
    arb_clear(mass);
    arb_clear(t);
}

/* Whether Pr(Gamma(shape, 1) <= x) is certainly below (-1) or above (1) the probability. */
static int side(double x, uint64_t shape, const arb_t probability) {
    arb_t argument, value, bar;
    int up = x <= (double)shape;
    arb_init(argument);
    arb_init(value);
    arb_init(bar);
    arb_set_d(argument, x);
    gamma_tail(value, shape, argument, up);
    arb_set(bar, probability);
    if (!up) { /* complements, the other way round */
        arb_sub_ui(bar, bar, 1, BITS);
        arb_neg(bar, bar);
        arb_swap(bar, value);
    }
    int result = arb_lt(value, bar) ? -1 : arb_gt(value, bar) ? 1 : 0;
    arb_clear(argument);
    arb_clear(value);
    arb_clear(bar);
    return result;
}

static double guess(uint64_t shape, const arb_t probability) {
    arb_t z;
    arb_init(z);
    sb_normal_quantile(z, probability, 64);
    double k = (double)shape, root = 1 - 1 / (9 * k) + arf_get_d(arb_midref(z), ARF_RND_NEAR) / (3 * sqrt(k));
    arb_clear(z);
    return k * fmax(root, 1e-3) * fmax(root, 1e-3) * fmax(root, 1e-3);
}

void sb_gamma_quantile(arb_t quantile, uint64_t shape, const fmpq_t probability) {
    arb_t p, end;
    arb_init(p);
    arb_init(end);
    arb_set_fmpq(p, probability, BITS);
    double low = guess(shape, p), high = low, factor = 1.001;
    for (; side(low, shape, p) >= 0 && low > 0; factor = factor * factor + 0.001) low /= factor;
    for (factor = 1.001; side(high, shape, p) <= 0 && high < INFINITY; factor = factor * factor + 0.001)
        high *= factor;
    for (int i = 0; i < STEPS && high - low > 1e-13 * low; i++) {
        double middle = low + (high - low) / 2;
        int s = side(middle, shape, p);
        if (s < 0)
            low = middle;
        else if (s > 0)
            high = middle;
        else
            break;
    }
    arb_set_d(quantile, low);
    arb_set_d(end, high);
    arb_union(quantile, quantile, end, BITS);
    arb_clear(p);
    arb_clear(end);
}

void sb_hill_interval(arb_t low, arb_t high, const sb_tail_point *point, const fmpq_t alpha) {
    fmpq_t half;
    arb_t total;
    fmpq_init(half);
    arb_init(total);
    fmpq_div_2exp(half, alpha, 1);
    sb_gamma_quantile(low, point->k, half);
    sb_rational_complement(half, half);
    sb_gamma_quantile(high, point->k, half);
    arb_set_d(total, point->hill);
    arb_mul_ui(total, total, point->k, BITS);
    arb_div(low, low, total, BITS);
    arb_div(high, high, total, BITS);
    fmpq_clear(half);
    arb_clear(total);
}
