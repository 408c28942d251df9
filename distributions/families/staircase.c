/* The staircase with steps at k + gamma: density a b^n(x), n(x) = floor(|x| + 1 - gamma), 0 < b < 1,
   0 <= gamma <= 1, and a = (1-b)/(2 (gamma + b (1-gamma))). Stair 0 is |x| < gamma, stair j >= 1 is
   j-1+gamma <= |x| < j+gamma. Summing by parts,

     Pr(|X| > s) = 2a b^j (j+1-sigma + b/(1-b)),  sigma = s+1-gamma, j = floor(sigma);
     E|X|^k = 2a (1-b)/(k+1) A,  A = sum over j >= 0 of b^j (j+gamma)^(k+1).

   Affinity. Where X is on stair j and the translate by v > 0 on stair i, sqrt(pq) = a b^((i+j)/2), and the
   loss is (i-j) log(1/b). With theta = t log(1/b), hat(y) = (1-|y|)_+, U_m(cos theta) = sin((m+1) theta)/
   sin(theta), the lengths of these sets give H(t)/a as the sum of

     right of v, and left of 0: i, j >= 1      2 b/(1-b) sum over m of hat(m-v) b^(m/2) cos(m theta)
       one of them 0               2 sum over k >= 0 of |[0, gamma] and stair k - v| b^(k/2) cos(k theta)
     in [0, v]: i, j >= 1, i + j = m    sum over m >= 2 of hat(m-1+2 gamma-v) b^(m/2) U_(m-2)(cos theta)
       one of them 0               2 sum over k >= 1 of |[0, gamma] and v - stair k| b^(k/2) cos(k theta)
       both 0                      |[0, gamma] and [v-gamma, v]|.

   Only the few terms with m, k near v are not 0, and every length is a continuous function of v. H has period
   2 pi/log(1/b) in t, so that sup |H| over t >= from is H(0) for any `from`. */
#include "distributions/family.h"

#include "distributions/from_tail.h"
#include "distributions/periodic_loss.h"

#include <math.h>

static unsigned traits(const sb_noise_spec *spec) {
    (void)spec;
    return SB_UNIMODAL;
}

/* b, gamma, b/(1-b) and a, as balls */
typedef struct {
    arb_t b, gamma, odds, top;
} stairs;

static void stairs_init(stairs *s, const sb_noise_spec *spec, slong precision) {
    const fmpq *b = spec->value[0], *gamma = spec->value[1];
    fmpq_t rest, sum;
    fmpq_init(rest);
    fmpq_init(sum);
    arb_init(s->b);
    arb_init(s->gamma);
    arb_init(s->odds);
    arb_init(s->top);
    arb_set_fmpq(s->b, b, precision);
    arb_set_fmpq(s->gamma, gamma, precision);
    sb_rational_complement(rest, b); /* 1 - b */
    fmpq_div(sum, b, rest);
    arb_set_fmpq(s->odds, sum, precision);
    fmpq_mul(sum, rest, gamma); /* gamma + b (1 - gamma) = b + (1-b) gamma */
    fmpq_add(sum, sum, b);
    fmpq_div(sum, rest, sum);
    arb_set_fmpq(s->top, sum, precision);
    arb_mul_2exp_si(s->top, s->top, -1);
    fmpq_clear(rest);
    fmpq_clear(sum);
}

static void stairs_clear(stairs *s) {
    arb_clear(s->b);
    arb_clear(s->gamma);
    arb_clear(s->odds);
    arb_clear(s->top);
}

/* sigma := x + 1 - gamma, and the stairs low..high where it may lie, for x >= 0; 0 when x is not finite or
 * beyond 2^1000. */
static int stairs_at(arb_t sigma, fmpz_t low, fmpz_t high, const stairs *s, const arb_t x, slong precision) {
    arf_t end;
    arf_init(end);
    arb_add_ui(sigma, x, 1, precision);
    arb_sub(sigma, sigma, s->gamma, precision);
    arb_nonnegative_part(sigma, sigma);
    arb_get_ubound_arf(end, sigma, precision);
    int fine = arf_is_finite(end) && arf_cmpabs_2exp_si(end, 1000) < 0;
    if (fine) {
        arf_get_fmpz(high, end, ARF_RND_FLOOR);
        arb_get_lbound_arf(end, sigma, precision);
        arf_get_fmpz(low, end, ARF_RND_FLOOR);
        if (fmpz_sgn(low) < 0) fmpz_zero(low);
    }
    arf_clear(end);
    return fine;
}

/* value := a b^j */
static void height(arb_t value, const stairs *s, const fmpz_t j, slong precision) {
    arb_pow_fmpz(value, s->b, j, precision);
    arb_mul(value, value, s->top, precision);
}

/* value := Pr(|X| > .) at the part of sigma on stair j */
static void tail_on_stair(arb_t value, const stairs *s, const arb_t sigma, const fmpz_t j, slong precision) {
    arb_t width, one;
    arb_init(width);
    arb_init(one);
    arb_one(one);
    arb_sub_fmpz(width, sigma, j, precision);
    arb_sub_ui(width, width, 1, precision);
    arb_neg(width, width);
    arb_nonnegative_part(width, width);
    arb_min(width, width, one, precision);
    arb_add(width, width, s->odds, precision);
    height(value, s, j, precision);
    arb_mul(value, value, width, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_clear(width);
    arb_clear(one);
}

/* The density (or the tail) decreases: from the first stair and the last. */
static void from_stairs(arb_t value, const sb_noise_spec *spec, const arb_t x, int is_tail, slong precision) {
    stairs s;
    arb_t sigma, last;
    fmpz_t low, high;
    arb_init(sigma);
    arb_init(last);
    fmpz_init(low);
    fmpz_init(high);
    stairs_init(&s, spec, precision);
    int fine = stairs_at(sigma, low, high, &s, x, precision);
    if (!fine) {
        arb_zero_pm_one(value);
    } else if (is_tail) {
        tail_on_stair(value, &s, sigma, low, precision);
        tail_on_stair(last, &s, sigma, high, precision);
    } else {
        height(value, &s, low, precision);
        height(last, &s, high, precision);
    }
    if (fine && !fmpz_equal(low, high)) arb_union(value, value, last, precision);
    stairs_clear(&s);
    arb_clear(sigma);
    arb_clear(last);
    fmpz_clear(low);
    fmpz_clear(high);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    arb_abs(value, x);
    from_stairs(value, spec, value, 0, precision);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    from_stairs(value, spec, s, 1, precision);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_cdf_from_tail(value, tail, spec, x, precision);
}

/* ------------------------------------------------------------------ moments */
/* A for a whole exponent e = k+1: j+1+gamma in place of j+gamma gives (1-b) A_e = gamma^e + b sum over i < e
 * of C(e, i) A_i. */
static void whole_sum(arb_t value, const stairs *s, ulong e, slong precision) {
    arb_ptr a = _arb_vec_init((slong)e + 1);
    arb_t term, rest;
    arb_init(term);
    arb_init(rest);
    arb_sub_ui(rest, s->b, 1, precision);
    arb_neg(rest, rest);
    for (ulong n = 0; n <= e; n++) {
        for (ulong i = 0; i < n; i++) {
            arb_bin_uiui(term, n, i, precision);
            arb_addmul(a + n, term, a + i, precision);
        }
        arb_mul(a + n, a + n, s->b, precision);
        arb_pow_ui(term, s->gamma, n, precision);
        arb_add(a + n, a + n, term, precision);
        arb_div(a + n, a + n, rest, precision);
    }
    arb_swap(value, a + e);
    _arb_vec_clear(a, (slong)e + 1);
    arb_clear(term);
    arb_clear(rest);
}

/* A for any exponent e > 0, term by term: the quotient r_j = b (1 + 1/(j+gamma))^e of neighbours decreases in
   j, so once r_j < 1 the terms after number j come to at most r_j/(1-r_j) times it. */
static void power_sum(arb_t value, const stairs *s, const fmpq_t e, slong precision) {
    arb_t place, term, quotient, weight;
    mag_t rest, limit;
    arb_init(place);
    arb_init(term);
    arb_init(quotient);
    arb_init(weight);
    mag_init(rest);
    mag_init(limit);
    arb_zero(value);
    arb_one(weight);
    arb_set(place, s->gamma);
    for (ulong j = 0; j < (ulong)1 << 24; j++) {
        arb_zero(term);
        if (arb_is_positive(place)) arb_pow_fmpq(term, place, e, precision);
        arb_mul(term, term, weight, precision);
        arb_add(value, value, term, precision);
        if (j % 16 == 15) {
            arb_inv(quotient, place, 64);
            arb_add_ui(quotient, quotient, 1, 64);
            arb_pow_fmpq(quotient, quotient, e, 64);
            arb_mul(quotient, quotient, s->b, 64);
            arb_sub_ui(place, quotient, 1, 64);
            arb_neg(place, place);
            mag_inf(rest);
            if (arb_is_positive(place)) {
                arb_div(quotient, quotient, place, 64);
                arb_mul(quotient, quotient, term, 64);
                arb_get_mag(rest, quotient);
            }
            arb_get_mag(limit, value);
            mag_mul_2exp_si(limit, limit, -precision);
            if (mag_cmp(rest, limit) <= 0) break;
        }
        arb_mul(weight, weight, s->b, precision);
        arb_add_ui(place, s->gamma, j + 1, precision);
    }
    arb_add_error_mag(value, rest);
    arb_clear(place);
    arb_clear(term);
    arb_clear(quotient);
    arb_clear(weight);
    mag_clear(rest);
    mag_clear(limit);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    stairs s;
    fmpq_t e;
    arb_t factor;
    fmpq_init(e);
    arb_init(factor);
    stairs_init(&s, spec, precision);
    fmpq_add_si(e, order, 1);
    if (fmpz_is_one(fmpq_denref(e)) && fmpz_cmp_ui(fmpq_numref(e), 100) <= 0)
        whole_sum(value, &s, fmpz_get_ui(fmpq_numref(e)), precision);
    else
        power_sum(value, &s, e, precision);
    arb_div(factor, s.b, s.odds, precision); /* 1 - b */
    arb_mul(value, value, factor, precision);
    arb_mul(value, value, s.top, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_set_fmpq(factor, e, precision);
    arb_div(value, value, factor, precision);
    stairs_clear(&s);
    fmpq_clear(e);
    arb_clear(factor);
}

/* Geng and Viswanath, algorithm 1: the period is geometric, and its upper stair has mass gamma against b
 * (1-gamma). */
static double draw(const sb_noise_spec *spec, sb_random *random) {
    double b = fmpq_get_d(spec->value[0]), gamma = fmpq_get_d(spec->value[1]);
    double size = floor(sb_random_exponential(random) / -log(b));
    if (sb_random_uniform(random) * (gamma + b * (1 - gamma)) < gamma)
        size += gamma * sb_random_uniform(random);
    else
        size += gamma + (1 - gamma) * sb_random_uniform(random);
    return sb_random_bits(random) >> 63 ? size : -size;
}

static void log_density_at(double *value, const sb_noise_spec *spec, const double *x, size_t count) {
    double log_b = log(fmpq_get_d(spec->value[0])), gamma = fmpq_get_d(spec->value[1]);
    for (size_t i = 0; i < count; i++) value[i] = log_b * floor(fabs(x[i]) + 1 - gamma);
}

/* ------------------------------------------------------------------ affinity */
/* value := |[low, high] and [first, last]| */
static void overlap_length(arb_t value, const arb_t low, const arb_t high, const arb_t first,
                           const arb_t last, slong precision) {
    arb_t start;
    arb_init(start);
    arb_max(start, low, first, precision);
    arb_min(value, high, last, precision);
    arb_sub(value, value, start, precision);
    arb_nonnegative_part(value, value);
    arb_clear(start);
}

/* value := (1 - |y|)_+ */
static void hat(arb_t value, const arb_t y, slong precision) {
    arb_abs(value, y);
    arb_sub_ui(value, value, 1, precision);
    arb_neg(value, value);
    arb_nonnegative_part(value, value);
}

typedef struct {
    stairs s;
    arb_srcptr shift;
    arb_t theta, cosine; /* cos or cosh of theta = t log(1/b) */
    arb_t log_b;
    int imaginary;
} loss_sum;

/* term *= b^(m/2) cos(m theta), or cosh */
static void weigh(arb_t term, const loss_sum *c, slong m, slong precision) {
    arb_t x;
    arb_init(x);
    arb_mul_si(x, c->log_b, m, precision);
    arb_mul_2exp_si(x, x, -1);
    arb_exp(x, x, precision);
    arb_mul(term, term, x, precision);
    arb_mul_si(x, c->theta, m, precision);
    if (c->imaginary)
        arb_cosh(x, x, precision);
    else
        arb_cos(x, x, precision);
    arb_mul(term, term, x, precision);
    arb_clear(x);
}

/* sum += twice the part outside [0, v] right of it; m, k in first..last */
static void add_outside(arb_t sum, const loss_sum *c, slong first, slong last, slong precision) {
    const stairs *s = &c->s;
    arb_t term, low, high, zero;
    arb_init(term);
    arb_init(low);
    arb_init(high);
    arb_init(zero);
    for (slong m = first > 0 ? first : 0; m <= last; m++) {
        arb_sub_si(low, c->shift, m, precision); /* v - m */
        hat(term, low, precision);
        arb_mul(term, term, s->odds, precision);
        arb_sub(high, s->gamma, low, precision); /* stair m less v ends at m + gamma - v */
        arb_sub_ui(low, high, 1, precision);
        if (m == 0) arb_sub(low, zero, s->gamma, precision);
        overlap_length(low, zero, s->gamma, low, high, precision);
        arb_add(term, term, low, precision);
        weigh(term, c, m, precision);
        arb_mul_2exp_si(term, term, 1);
        arb_add(sum, sum, term, precision);
    }
    arb_clear(term);
    arb_clear(low);
    arb_clear(high);
    arb_clear(zero);
}

/* sum += the part in [0, v] with one of the two on stair 0 */
static void add_inside_low(arb_t sum, const loss_sum *c, slong first, slong last, slong precision) {
    const stairs *s = &c->s;
    arb_t term, low, high, zero;
    arb_init(term);
    arb_init(low);
    arb_init(high);
    arb_init(zero);
    arb_sub(low, c->shift, s->gamma, precision);
    overlap_length(term, zero, s->gamma, low, c->shift, precision);
    arb_add(sum, sum, term, precision);
    for (slong k = first > 1 ? first : 1; k <= last; k++) {
        arb_sub_si(low, c->shift, k, precision);
        arb_sub(low, low, s->gamma, precision);
        arb_add_ui(high, low, 1, precision);
        overlap_length(term, zero, s->gamma, low, high, precision);
        weigh(term, c, k, precision);
        arb_mul_2exp_si(term, term, 1);
        arb_add(sum, sum, term, precision);
    }
    arb_clear(term);
    arb_clear(low);
    arb_clear(high);
    arb_clear(zero);
}

/* sum += the part in [0, v] with both on stair 1 or above */
static void add_inside_high(arb_t sum, const loss_sum *c, slong first, slong last, slong precision) {
    arb_t term, x;
    arb_init(term);
    arb_init(x);
    for (slong m = first > 2 ? first : 2; m <= last; m++) {
        arb_mul_2exp_si(x, c->s.gamma, 1);
        arb_sub(x, c->shift, x, precision);
        arb_sub_si(x, x, m - 1, precision);
        hat(term, x, precision);
        if (arb_is_zero(term)) continue;
        arb_mul_si(x, c->log_b, m, precision);
        arb_mul_2exp_si(x, x, -1);
        arb_exp(x, x, precision);
        arb_mul(term, term, x, precision);
        arb_chebyshev_u_ui(x, (ulong)m - 2, c->cosine, precision);
        arb_addmul(sum, term, x, precision);
    }
    arb_clear(term);
    arb_clear(x);
}

/* value := +- min(1, sqrt(2 Pr(|X| > v/2))), a bound on |H(t)|: H(0)^2 <= integral of min(p, q) times that of
 * max(p, q) */
static void coarse_affinity(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    arb_t one;
    mag_t size;
    arb_init(one);
    mag_init(size);
    arb_one(one);
    arb_mul_2exp_si(value, shift, -1);
    tail(value, spec, value, precision);
    arb_mul_2exp_si(value, value, 1);
    arb_sqrtpos(value, value, precision);
    arb_min(value, value, one, precision);
    arb_get_mag(size, value);
    arb_zero(value);
    if (mag_is_finite(size))
        arb_add_error_mag(value, size);
    else
        arb_zero_pm_one(value);
    arb_clear(one);
    mag_clear(size);
}

static void loss_affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                          int imaginary, slong precision) {
    arf_t end;
    double low, high;
    arf_init(end);
    arb_get_lbound_arf(end, shift, 64);
    low = arf_get_d(end, ARF_RND_FLOOR);
    arb_get_ubound_arf(end, shift, 64);
    high = arf_get_d(end, ARF_RND_CEIL);
    arf_clear(end);
    if (!(low >= 0 && high < 0x1p40 && high - low < 64)) {
        if (imaginary)
            arb_indeterminate(value);
        else
            coarse_affinity(value, spec, shift, precision);
        return;
    }
    slong first = (slong)low - 2, last = (slong)high + 2; /* every term with a length above 0 */
    slong work = precision + 20 + 2 * (slong)log2(high + 2);
    loss_sum c = {.shift = shift, .imaginary = imaginary};
    arb_t sum;
    arb_init(sum);
    arb_init(c.theta);
    arb_init(c.cosine);
    arb_init(c.log_b);
    stairs_init(&c.s, spec, work);
    arb_log(c.log_b, c.s.b, work);
    arb_mul(c.theta, t, c.log_b, work);
    arb_neg(c.theta, c.theta);
    if (imaginary)
        arb_cosh(c.cosine, c.theta, work);
    else
        arb_cos(c.cosine, c.theta, work);
    add_outside(sum, &c, first, last, work);
    add_inside_low(sum, &c, first, last, work);
    add_inside_high(sum, &c, first, last, work);
    arb_mul(sum, sum, c.s.top, work);
    arb_set_round(value, sum, precision);
    arb_clear(sum);
    arb_clear(c.theta);
    arb_clear(c.cosine);
    arb_clear(c.log_b);
    stairs_clear(&c.s);
}

static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    loss_affinity(value, spec, t, shift, 0, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    loss_affinity(value, spec, y, shift, 1, precision);
}

/* H(0) */
static void affinity_limit(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    arb_t zero;
    arb_init(zero);
    affinity(value, spec, zero, shift, precision);
    arb_clear(zero);
}

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    (void)from;
    affinity_limit(value, spec, shift, precision);
}

static void overlap_equal(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t shift,
                          const arb_t log_lambda, slong precision) {
    sb_periodic_loss_overlap(value, spec, dimension, shift, spec->value[0], log_lambda, precision);
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .log_density_at = log_density_at,
    .affinity = affinity,
    .affinity_imaginary = affinity_imaginary,
    .affinity_supremum = affinity_supremum,
    .overlap_equal = overlap_equal,
    .affinity_time = 40,
};

const sb_noise_family sb_staircase_family = {
    .name = "staircase",
    .description = "staircase noise in every coordinate: a geometric mixture of uniform laws",
    .density = "a ratio^n, n = floor(|x|/step + 1 - gamma), a = (1-ratio)/(2 step (gamma + ratio (1-gamma)))",
    .source = "Geng, Viswanath, \"The optimal noise-adding mechanism in differential privacy\", 2016",
    .tail_class = "exponential",
    .moments = "all",
    .key = {{"ratio", "ratio of the heights of neighbouring stairs", SB_KEY_OPEN_FRACTION},
            {"gamma", "where in a step the density drops, as a fraction of it", SB_KEY_FRACTION},
            {"step", "length of a step", SB_KEY_POSITIVE},
            {0}},
    .scale = 2,
    .product = &product,
};
