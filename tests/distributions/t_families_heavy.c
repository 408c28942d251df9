/* Generalised Gaussian, Pareto, Lomax, staircase and lattice noise. */
#include "distributions/noise.h"
#include "tests/distributions/heavy_values.h"
#include "tests/test.h"

#include <math.h>

enum { PRECISION = 128 };
#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

static const char *const names[] = {"gengauss:shape=3",
                                    "gengauss:shape=1/2",
                                    "gengauss:shape=3/2",
                                    "gengauss:shape=2",
                                    "pareto:alpha=2",
                                    "pareto:alpha=1/2",
                                    "lomax:alpha=3",
                                    "lomax:alpha=2/3",
                                    "lomax:alpha=1",
                                    "staircase:ratio=1/2,gamma=1/3",
                                    "staircase:ratio=1/5,gamma=3/4",
                                    "staircase:ratio=9/10,gamma=0",
                                    "staircase:ratio=1/100,gamma=1",
                                    "lattice:points=2",
                                    "lattice:points=7"};

static const sb_product_law *parse(sb_noise_spec *noise, const char *text) {
    sb_error error;
    sb_noise_spec_init(noise);
    if (sb_noise_spec_parse_shape(noise, text, &error)) {
        printf("# %s\n", error.message);
        abort();
    }
    return noise->family->product;
}

static int is_lattice(const char *text) {
    return strncmp(text, "lattice", 7) == 0;
}

static double uniform(uint64_t *state) {
    return (double)(sb_test_random(state) >> 11) * 0x1p-53;
}

static void set_decimal(arb_t value, const char *decimal) {
    if (arb_set_str(value, decimal, 200)) abort();
}

/* The ball has 25 digits and agrees with the decimal to as many; or both are infinite. */
static int is_near(const arb_t value, const char *decimal) {
    if (strcmp(decimal, "inf") == 0) return arf_is_pos_inf(arb_midref(value));
    arb_t wanted, slack;
    arb_init(wanted);
    arb_init(slack);
    set_decimal(wanted, decimal);
    arb_abs(slack, wanted);
    arb_mul_2exp_si(slack, slack, -83);
    arb_sub(wanted, wanted, value, 200);
    arb_abs(wanted, wanted);
    int near = arb_lt(wanted, slack);
    if (!near) {
        printf("# wanted %s, got ", decimal);
        arb_printd(value, 35);
        printf("\n");
    }
    arb_clear(wanted);
    arb_clear(slack);
    return near;
}

typedef enum { TAIL, MOMENT, VARIATION, AFFINITY, IMAGINARY } quantity;

static void hold_against(const row *table, size_t count, quantity which) {
    arb_t x, shift, value;
    fmpq_t order;
    arb_init(x);
    arb_init(shift);
    arb_init(value);
    fmpq_init(order);
    for (size_t i = 0; i < count; i++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, table[i].noise);
        if (which == MOMENT)
            fmpq_set_str(order, table[i].x, 10);
        else
            set_decimal(x, table[i].x);
        if (*table[i].shift) set_decimal(shift, table[i].shift);
        switch (which) {
        case TAIL:
            law->tail(value, &noise, x, PRECISION);
            break;
        case MOMENT:
            law->absolute_moment(value, &noise, order, PRECISION);
            break;
        case VARIATION:
            law->total_variation(value, &noise, x, PRECISION);
            break;
        case AFFINITY:
            law->affinity(value, &noise, x, shift, PRECISION);
            break;
        case IMAGINARY:
            law->affinity_imaginary(value, &noise, x, shift, PRECISION);
            break;
        }
        SB_CHECK(is_near(value, table[i].value), "%s at %s, %s", table[i].noise, table[i].x, table[i].shift);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(x);
    arb_clear(shift);
    arb_clear(value);
    fmpq_clear(order);
}

static void tail_values(void) {
    hold_against(tails, LENGTH(tails), TAIL);
}

static void moment_values(void) {
    hold_against(moments, LENGTH(moments), MOMENT);
}

static void variation_values(void) {
    hold_against(variations, LENGTH(variations), VARIATION);
}

static void affinity_values(void) {
    hold_against(affinities, LENGTH(affinities), AFFINITY);
    hold_against(imaginary, LENGTH(imaginary), IMAGINARY);
}

/* F(-x) = T(x)/2 and F(x) = 1 - T(x)/2; the integral of the density from 0 to x by Simpson's rule between the
   points k/12, which all the breakpoints are, is F(x) - 1/2; and F(quantile(u)) = u. */
static void functions_agree(void) {
    arb_t x, value, other;
    arb_init(x);
    arb_init(value);
    arb_init(other);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        double sum = 0;
        for (int i = 0; i < 60 && !is_lattice(names[k]); i++) {
            for (int j = 0; j < 100; j++) { /* t = u^4 takes away the root of |x|^(1/2) at 0 */
                static const double weight[] = {1, 4, 1};
                for (int side = 0; side < 3; side++) {
                    double u = (j + 0.5 * side) / 100, t = u * u * u * u;
                    double inside = fmin(fmax(t, 1e-13), 1 - 1e-13); /* not at a step itself */
                    arb_set_d(x, (i + inside) / 12);
                    law->density(value, &noise, x, 53);
                    sum += arf_get_d(arb_midref(value), ARF_RND_NEAR) * weight[side] * 4 * u * u * u / 6 /
                           100 / 12;
                }
            }
            arb_set_si(x, i + 1);
            arb_div_si(x, x, 12, PRECISION);
            law->cdf(value, &noise, x, PRECISION);
            SB_CHECK(fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) - 0.5 - sum) < 1e-7,
                     "%s: density up to %d/12: %.12g", names[k], i + 1, sum);
            law->tail(other, &noise, x, PRECISION);
            arb_mul_2exp_si(other, other, -1);
            arb_add(value, value, other, PRECISION);
            arb_sub_ui(value, value, 1, PRECISION);
            SB_CHECK(arb_contains_zero(value), "%s at %d/12", names[k], i + 1);
            arb_neg(x, x);
            law->cdf(value, &noise, x, PRECISION);
            SB_CHECK(arb_overlaps(value, other), "%s at -%d/12", names[k], i + 1);
        }
        for (int i = 1; i < 32; i++) {
            arb_set_si(other, i);
            arb_mul_2exp_si(other, other, -5);
            sb_noise_quantile(x, &noise, 1, other, PRECISION);
            law->cdf(value, &noise, x, PRECISION);
            if (is_lattice(names[k])) { /* the first point where F reaches u */
                SB_CHECK(arb_ge(value, other), "%s u = %d/32", names[k], i);
                arb_set_d(value, 0x1p-10);
                arb_sub(x, x, value, PRECISION);
                law->cdf(value, &noise, x, PRECISION);
                SB_CHECK(arb_lt(value, other), "%s u = %d/32", names[k], i);
            } else if (strncmp(names[k], "pareto", 6) || i != 16) { /* F is 1/2 in the hole */
                SB_CHECK(arb_overlaps(value, other) && arb_rel_accuracy_bits(x) > (i == 16 ? -99 : 90),
                         "%s u = %d/32", names[k], i);
            }
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(x);
    arb_clear(value);
    arb_clear(other);
}

/* H(i/2) is the integral of q over the support of p: 1, but for the hole of a Pareto law. */
static void affinity_at_one_half(void) {
    uint64_t state = 5;
    arb_t y, shift, value;
    arb_init(y);
    arb_init(shift);
    arb_init(value);
    arb_set_d(y, 0.5);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        for (int i = 0; i < 4 && !is_lattice(names[k]); i++) {
            arb_set_d(shift, exp(9 * uniform(&state) - 6));
            law->affinity_imaginary(value, &noise, y, shift, 96);
            if (strncmp(names[k], "pareto", 6) == 0) {
                SB_CHECK(arb_is_positive(value) && !arb_contains_si(value, 1), "%s", names[k]);
                continue;
            }
            arb_sub_ui(value, value, 1, 96);
            mag_t error;
            mag_init(error);
            arb_get_mag(error, value);
            SB_CHECK(arb_contains_zero(value) && mag_cmp_2exp_si(error, -80) < 0, "%s", names[k]);
            mag_clear(error);
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(y);
    arb_clear(shift);
    arb_clear(value);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum { LOSSES = 64 };

/* mass[LOSSES + k] := the integral of sqrt(pq) over the loss k log(1/b), in doubles: every piece of the
   partition of the line by the steps of both staircases by itself. */
static void staircase_losses(double *mass, double b, double gamma, double v) {
    double top = (1 - b) / (2 * (gamma + b * (1 - gamma))), reach = 45 / -log(b) + v + 3;
    double *cut = malloc(sizeof(double) * (size_t)(8 * reach + 50));
    size_t n = 0;
    for (double k = 0; k < reach; k++) {
        cut[n++] = k + gamma;
        cut[n++] = -k - gamma;
        cut[n++] = v + k + gamma;
        cut[n++] = v - k - gamma;
    }
    qsort(cut, n, sizeof *cut, by_size);
    for (int k = 0; k <= 2 * LOSSES; k++) mass[k] = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double x = (cut[i] + cut[i + 1]) / 2, p = floor(fabs(x) + 1 - gamma),
               q = floor(fabs(x - v) + 1 - gamma);
        mass[LOSSES + (int)(q - p)] += (cut[i + 1] - cut[i]) * top * pow(b, (p + q) / 2);
    }
    free(cut);
}

/* The overlap of `dimension` coordinates from sums of losses: min(p, lambda q) = sqrt(lambda p q) e^(-|l +
   c|/2), c = log lambda up to the sign of l, which is symmetric. */
static double summed_overlap(const double *mass, double b, int dimension, double c) {
    double law[2 * LOSSES + 1] = {0}, next[2 * LOSSES + 1], sum = 0;
    law[LOSSES] = 1;
    for (int i = 0; i < dimension; i++) {
        for (int k = 0; k <= 2 * LOSSES; k++) {
            next[k] = 0;
            for (int j = 0; j <= 2 * LOSSES; j++)
                if (k - j + LOSSES >= 0 && k - j + LOSSES <= 2 * LOSSES)
                    next[k] += law[j] * mass[k - j + LOSSES];
        }
        memcpy(law, next, sizeof law);
    }
    for (int k = 0; k <= 2 * LOSSES; k++) sum += law[k] * exp(c / 2 - fabs((k - LOSSES) * -log(b) + c) / 2);
    return sum;
}

static void staircases(void) {
    uint64_t state = 8;
    arb_t t, shift, value;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    for (int i = 0; i < 300; i++) {
        char text[100];
        int numerator = 1 + (int)(19 * uniform(&state)), part = (int)(9 * uniform(&state));
        double v = i % 3 ? 8 * uniform(&state) : ldexp(1 + floor(32 * uniform(&state)), -3),
               w = 6 * uniform(&state);
        snprintf(text, sizeof text, "staircase:ratio=%d/20,gamma=%d/8", numerator, part);
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, text);
        arb_set_d(t, w);
        arb_set_d(shift, v);
        law->affinity(value, &noise, t, shift, PRECISION);
        double mass[2 * LOSSES + 1], b = numerator / 20.0, wanted = 0;
        staircase_losses(mass, b, part / 8.0, v);
        for (int k = -LOSSES; k <= LOSSES; k++) wanted += mass[LOSSES + k] * cos(w * k * log(b));
        SB_CHECK(fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) - wanted) < 1e-11 &&
                     arb_rel_one_accuracy_bits(value) > 110,
                 "%s t = %.17g v = %.17g: %.17g", text, w, v, wanted);
        arb_add_error_2exp_si(shift, -100); /* around a break of the formula as well */
        law->affinity(value, &noise, t, shift, PRECISION);
        SB_CHECK(fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) - wanted) < 1e-11 &&
                     arb_rel_one_accuracy_bits(value) > 85,
                 "%s t = %.17g v = %.17g +- 2^-100", text, w, v);
        int dimension = 1 + i % 4;
        double c = i % 5 ? 3 * uniform(&state) - 1.5 : 0;
        arb_set_d(t, c);
        arb_set_d(shift, v);
        law->overlap_equal(value, &noise, (uint64_t)dimension, shift, t, 64);
        wanted = summed_overlap(mass, b, dimension, c);
        SB_CHECK(fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) - wanted) < 1e-11 * fmax(1, exp(c)) &&
                     arb_rel_accuracy_bits(value) > 50,
                 "%s v = %.17g d = %d log lambda = %g: %.17g", text, v, dimension, c, wanted);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
}

/* Shapes 1 and 2 are Laplace and N(0, 1/2). */
static void known_shapes(void) {
    uint64_t state = 6;
    arb_t t, shift, value, wanted;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    arb_init(wanted);
    for (int i = 0; i < 12; i++) {
        sb_noise_spec noise, known;
        const sb_product_law *law = parse(&noise, i % 2 ? "gengauss:shape=2" : "gengauss:shape=1");
        const sb_product_law *other = parse(&known, i % 2 ? "gaussian" : "laplace");
        arb_set_d(t, 5 * uniform(&state));
        arb_set_d(shift, exp(6 * uniform(&state) - 4));
        law->affinity(value, &noise, t, shift, PRECISION);
        arb_sqrt_ui(wanted, i % 2 ? 2 : 1, PRECISION);
        arb_mul(shift, wanted, shift, PRECISION);
        other->affinity(wanted, &known, t, shift, PRECISION);
        arb_sub(wanted, wanted, value, PRECISION);
        SB_CHECK(arb_contains_zero(wanted) && mag_cmp_2exp_si(arb_radref(value), -110) < 0, "trial %d", i);
        sb_noise_spec_clear(&noise);
        sb_noise_spec_clear(&known);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
    arb_clear(wanted);
}

/* Never below |H| on a dense grid, never above H(0). */
static void suprema(void) {
    uint64_t state = 3;
    arb_t t, shift, value, bound;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    arb_init(bound);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        for (int trial = 0; trial < 3; trial++) {
            double from = exp(5 * uniform(&state) - 2);
            arb_set_d(shift, is_lattice(names[k]) ? 1 : exp(6 * uniform(&state) - 4));
            arb_set_d(t, from);
            law->affinity_supremum(bound, &noise, t, shift, 53);
            arb_zero(t);
            law->affinity(value, &noise, t, shift, 53);
            SB_CHECK(!arb_gt(bound, value), "%s above H(0)", names[k]);
            for (int i = 0; i < 24; i++) {
                arb_set_d(t, from * (1 + 0.11 * i));
                law->affinity(value, &noise, t, shift, 40);
                arb_abs(value, value);
                SB_CHECK(!arb_gt(value, bound), "%s from %g at %g", names[k], from, from * (1 + 0.11 * i));
            }
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
    arb_clear(bound);
}

/* A value at a point of a wide ball lies in the value at the ball. */
static void wide_balls(void) {
    uint64_t state = 9;
    arb_t x, t, wide, value, inside;
    arb_init(x);
    arb_init(t);
    arb_init(wide);
    arb_init(value);
    arb_init(inside);
    for (int trial = 0; trial < 1200; trial++) {
        const char *name = names[sb_test_random(&state) % LENGTH(names)];
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, name);
        double radius = exp(-12 * uniform(&state)), centre = 4 * uniform(&state);
        sb_law_function *function[] = {law->density, law->cdf, law->tail, law->total_variation};
        sb_law_function *f = function[trial % 4];
        if (f && f != law->density && f != law->cdf && centre < radius) centre = radius;
        arb_set_d(wide, centre);
        arb_set_d(x, radius);
        arb_add_error(wide, x);
        arb_set_d(x, centre + radius * (2 * uniform(&state) - 1));
        if (f) {
            f(value, &noise, wide, 64);
            f(inside, &noise, x, 96);
            SB_CHECK(arb_overlaps(value, inside), "%s: function %d at %.17g in %.17g +- %.17g", name,
                     trial % 4, arf_get_d(arb_midref(x), ARF_RND_NEAR), centre, radius);
        }
        if (trial % 12 == 0 && centre > 2 * radius) {
            arb_set_d(t, 2 * uniform(&state));
            law->affinity(value, &noise, t, wide, 53);
            law->affinity(inside, &noise, t, x, 53);
            SB_CHECK(!arb_is_finite(value) || arb_overlaps(value, inside), "%s: H at %.17g in %.17g +- %.17g",
                     name, arf_get_d(arb_midref(x), ARF_RND_NEAR), centre, radius);
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(x);
    arb_clear(t);
    arb_clear(wide);
    arb_clear(value);
    arb_clear(inside);
}

/* n points: TV = m/n for the shift m, 1 for other shifts; a ball around m knows only that it is one of the
 * two. */
static void lattice_shifts(void) {
    arb_t shift, value, wanted;
    arb_init(shift);
    arb_init(value);
    arb_init(wanted);
    for (int n = 2; n < 12; n++) {
        char text[40];
        sb_noise_spec noise;
        snprintf(text, sizeof text, "lattice:points=%d", n);
        const sb_product_law *law = parse(&noise, text);
        for (int m = 0; m <= 14; m++) {
            arb_set_si(shift, m);
            law->total_variation(value, &noise, shift, 64);
            arb_set_si(wanted, m < n ? m : n);
            arb_div_si(wanted, wanted, n, 64);
            SB_CHECK(arb_overlaps(value, wanted) && arb_rel_one_accuracy_bits(value) > 60, "n = %d m = %d", n,
                     m);
            arb_add_error_2exp_si(shift, -60);
            law->total_variation(value, &noise, shift, 64);
            SB_CHECK(arb_contains(value, wanted) && arb_contains_si(value, 1) &&
                         !arb_contains_zero(value) == (m > 0),
                     "n = %d m = %d, a ball", n, m);
            arb_set_d(shift, m + 0.25);
            law->total_variation(value, &noise, shift, 64);
            SB_CHECK(arb_is_one(value), "n = %d m = %d.25", n, m);
        }
        double second = (n * n - 1) / 12.0, fourth = 0;
        fmpq_t order;
        fmpq_init(order);
        for (int i = 0; i < n; i++) fourth += pow(i - (n - 1) / 2.0, 4) / n;
        fmpq_set_si(order, 2, 1);
        law->absolute_moment(value, &noise, order, 64);
        SB_CHECK(fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) - second) < 1e-12 * n * n, "n = %d", n);
        fmpq_set_si(order, 4, 1);
        law->absolute_moment(value, &noise, order, 64);
        SB_CHECK(fabs(arf_get_d(arb_midref(value), ARF_RND_NEAR) - fourth) < 1e-12 * fourth, "n = %d", n);
        fmpq_clear(order);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(shift);
    arb_clear(value);
    arb_clear(wanted);
}

/* Kolmogorov-Smirnov against the exact distribution function: sqrt(n) D > 2.9 has a probability below 1e-7.
   For lattices chi-square against 1/n. */
static void draws(void) {
    enum { COUNT = 10000 };
    double x[COUNT];
    arb_t place, value;
    arb_init(place);
    arb_init(value);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        for (uint32_t i = 0; i < COUNT; i++) {
            sb_random random = sb_random_at(7, 11, i);
            x[i] = law->draw(&noise, &random);
        }
        if (is_lattice(names[k])) {
            long n = fmpz_get_si(fmpq_numref(noise.value[0]));
            double chi = 0, hits[16] = {0};
            for (int i = 0; i < COUNT; i++) hits[(int)(x[i] + (double)(n - 1) / 2)]++;
            for (long i = 0; i < n; i++)
                chi += pow(hits[i] - (double)COUNT / (double)n, 2) * (double)n / COUNT;
            SB_CHECK(chi < 45, "%s: chi-square %g", names[k], chi); /* 6 degrees at most: 1e-7 */
        } else {
            double largest = 0;
            qsort(x, COUNT, sizeof x[0], by_size);
            for (int i = 0; i < COUNT; i++) {
                arb_set_d(place, x[i]);
                law->cdf(value, &noise, place, 53);
                double level = arf_get_d(arb_midref(value), ARF_RND_NEAR);
                largest = fmax(largest, fmax(level - (double)i / COUNT, (i + 1.0) / COUNT - level));
            }
            SB_CHECK(sqrt(COUNT) * largest < 2.9, "%s: %g", names[k], sqrt(COUNT) * largest);
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(place);
    arb_clear(value);
}

/* sigma= needs a second moment; keys have domains. */
static void specs(void) {
    static const char *const good[] = {"pareto:alpha=5/2,sigma=1", "lomax:alpha=3,sigma=1",
                                       "gengauss:shape=1/3,sigma=2", "staircase:ratio=1/2,gamma=1/2,sigma=1",
                                       "lattice:points=5,sigma=1"};
    static const char *const bad[] = {"pareto:alpha=2,sigma=1",
                                      "lomax:alpha=3/2,sigma=1",
                                      "gengauss:shape=0,scale=1",
                                      "staircase:ratio=1,gamma=0,step=1",
                                      "staircase:ratio=1/2,gamma=2,step=1",
                                      "lattice:points=1,spacing=1",
                                      "lattice:points=5/2,spacing=1",
                                      "lomax:alpha=1"};
    fmpq_t two;
    arb_t value;
    fmpq_init(two);
    arb_init(value);
    fmpq_set_si(two, 2, 1);
    sb_noise_spec noise;
    sb_error error;
    for (size_t i = 0; i < LENGTH(good); i++) {
        sb_noise_spec_init(&noise);
        SB_CHECK(sb_noise_spec_parse(&noise, good[i], &error) == SB_OK, "%s", good[i]);
        arb_t scale;
        arb_init(scale);
        sb_noise_scale(scale, &noise, 1, 64); /* scale^2 E X^2 = sigma^2 */
        noise.family->product->absolute_moment(value, &noise, two, 64);
        arb_mul(value, value, scale, 64);
        arb_mul(value, value, scale, 64);
        SB_CHECK(arb_contains_si(value, strstr(good[i], "sigma=2") ? 4 : 1), "%s", good[i]);
        arb_clear(scale);
        sb_noise_spec_clear(&noise);
    }
    for (size_t i = 0; i < LENGTH(bad); i++) {
        sb_noise_spec_init(&noise);
        SB_CHECK(sb_noise_spec_parse(&noise, bad[i], &error) == SB_BAD_INPUT, "%s", bad[i]);
        sb_noise_spec_clear(&noise);
    }
    fmpq_clear(two);
    arb_clear(value);
}

static const sb_test tests[] = {
    {"families: tails against integrals", tail_values},
    {"families: moments against integrals", moment_values},
    {"families: total variation of Pareto noise against integrals", variation_values},
    {"families: affinities against integrals", affinity_values},
    {"families: density, cdf, tail and quantile agree", functions_agree},
    {"families: H(i/2) is 1", affinity_at_one_half},
    {"families: staircases against the sum over all pieces", staircases},
    {"families: generalised Gaussian of shape 1 and 2", known_shapes},
    {"families: affinity suprema", suprema},
    {"families: wide balls", wide_balls},
    {"families: lattices and shifts", lattice_shifts},
    {"families: draws", draws},
    {"families: specs", specs}};
SB_TEST_MAIN(tests)
