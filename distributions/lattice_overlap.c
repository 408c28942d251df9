/* With x the tilted masses of an experiment on losses k D (loss_grid.h), the product of d of them has the
   tilted masses y = x * ... * x on the total losses k D, and

     overlap of the fine product   = sum over k of y_k e^(-|k| D/2)      <= overlap of (P, Q)^d,
     overlap of (P, Q)^d           <= y_0 + 2 sum over k < 0 of y_k e^(kD/2)   for the coarse one:

   the second is the error of the test that looks at the sign of the total coarse loss. The convolution is a
   product of discrete Fourier transforms of length N, in balls. It is circular: y°_k = sum over i of y_(k+iN)
   >= y_k, so the second sum is not too small for it, and the first is too large by at most the mass of y at
   |k| >= N/2. By Chernoff's inequality, for any theta >= 0, sum over k >= K of y_k <= e^(-theta K D)
   G(theta), G(theta) = sum of y_k e^(theta k D), a product over the coordinates. theta is chosen in floating
   point, the bound evaluated in balls. */
#include "distributions/lattice_overlap.h"

#include "distributions/loss_grid.h"
#include "support/text.h"

#include <math.h>
#include <stdlib.h>

enum { COARSE, FINE };

typedef struct {
    const sb_noise_spec *noise;
    const sb_shift *shift;
    const sb_tv_options *options;
    sb_progress progress;
    double done;
    sb_loss_grid *grid; /* one a group */
    size_t count;       /* of groups */
    int exponent;       /* D = 2^-exponent */
    slong precision;
} lattice;

static arb_srcptr masses(const sb_loss_grid *grid, int kind) {
    return kind == FINE ? grid->fine : grid->coarse;
}

static sb_status go_on(lattice *l, double done, sb_error *error) {
    l->done += done;
    sb_progress_update(&l->progress, l->done, NULL);
    if (l->options->proceed && !l->options->proceed()) return sb_fail(error, SB_INTERRUPTED, "interrupted");
    return SB_OK;
}

static sb_status fill_grids(lattice *l, int exponent, sb_error *error) {
    slong cells = l->precision + 80; /* their masses are small differences */
    sb_status status = SB_OK;
    arb_t length;
    arb_init(length);
    l->exponent = exponent;
    for (size_t i = 0; i < l->count && !status; i++) {
        sb_unit_shift(length, l->noise, l->shift, i, cells);
        status = sb_loss_grid_fill(&l->grid[i], l->noise, length, exponent, cells, error);
        if (!status) status = go_on(l, 0.5 / (double)l->count, error);
    }
    arb_clear(length);
    return status;
}

/* ------------------------------------------------------------------ choices, in floating point */
typedef struct {
    double log_mass, mean, variance; /* of log G at some theta, and of the tilted law there */
} moments;

/* log of sum x_k e^(theta k D), and its first two derivatives in theta. */
static moments moments_at(const sb_loss_grid *grid, int kind, double theta) {
    double step = ldexp(1, -grid->exponent), largest = -INFINITY, sum = 0, first = 0, second = 0;
    arb_srcptr x = masses(grid, kind);
    slong count = 2 * grid->reach + 1;
    for (slong i = 0; i < count; i++) {
        double term = sb_rough_log(x + i) + theta * (double)(i - grid->reach) * step;
        if (term > largest) largest = term;
    }
    for (slong i = 0; i < count && largest > -INFINITY; i++) {
        double loss = (double)(i - grid->reach) * step, w = exp(sb_rough_log(x + i) + theta * loss - largest);
        sum += w;
        first += w * loss;
        second += w * loss * loss;
    }
    if (!(sum > 0)) return (moments){-INFINITY, 0, 0};
    return (moments){largest + log(sum), first / sum, second / sum - first * first / (sum * sum)};
}

/* The same for the total loss. */
static moments total_moments(const lattice *l, int kind, double theta) {
    moments total = {0, 0, 0};
    for (size_t i = 0; i < l->count; i++) {
        moments one = moments_at(&l->grid[i], kind, theta);
        double n = (double)l->shift->group[i].count;
        total.log_mass += n * one.log_mass;
        total.mean += n * one.mean;
        total.variance += n * one.variance;
    }
    return total;
}

/* theta with the sign of `far` and, within limits, the mean loss `far` under the law tilted by it: best for
   Chernoff at `far`. Newton's iteration inside a bracket. */
static double best_theta(const lattice *l, int kind, double far) {
    double low = 0, high = 1000 / far, theta = 0;
    for (int i = 0; i < 16; i++) {
        moments at = total_moments(l, kind, theta);
        *((at.mean < far) == (far > 0) ? &low : &high) = theta;
        double next = at.variance > 0 ? theta + (far - at.mean) / at.variance : high;
        if (!((next - low) * (high - next) > 0)) next = 0.5 * (low + high);
        if (fabs(next - theta) < 0.02 * fabs(next)) break;
        theta = next;
    }
    return theta;
}

/* How far the total loss must be followed so that what is left out is small beside the overlap and TV. */
static double window(const lattice *l, double deviation) {
    double far = fmax(2 * deviation, ldexp(2, -l->exponent)), small = total_moments(l, FINE, 0).log_mass -
                                                                      2.4 * (double)l->options->digits - 6 -
                                                                      fabs(log(fmax(deviation, 1e-9)));
    for (int i = 0; i < 40; i++, far *= 1.15) {
        double theta = best_theta(l, FINE, far);
        if (total_moments(l, FINE, theta).log_mass - theta * far <= small) break;
    }
    return far;
}

/* The smallest length, a power of two, that holds the window. */
static slong length_for(double far, int exponent) {
    slong length = 16;
    while (ldexp((double)length, -exponent - 1) < far && length <= SB_LATTICE_POINTS) length *= 2;
    return length;
}

/* Roughly the mean loss of the coordinate that moves most, E|l| = 2 TV for small shifts. */
static double typical_loss(const lattice *l) {
    double largest = 0;
    arb_t value;
    arb_init(value);
    for (size_t i = 0; i < l->count; i++) {
        sb_unit_shift(value, l->noise, l->shift, i, l->precision);
        arb_mul_2exp_si(value, value, -1);
        l->noise->family->product->tail(value, l->noise, value, l->precision);
        arb_sub_ui(value, value, 1, l->precision);
        largest = fmax(largest, 2 * exp(sb_rough_log(value)));
    }
    arb_clear(value);
    return largest;
}

/* Chooses the step, with a first grid to learn the spread of the losses, and fills the grids. The width of
   the bracket is about d D^2/8 times the density of the total loss at 0. */
static sb_status choose_step(lattice *l, slong *length, sb_error *error) {
    double count = 0;
    for (size_t i = 0; i < l->count; i++) count += (double)l->shift->group[i].count;
    sb_status status = fill_grids(l, 3 - (int)floor(log2(typical_loss(l))), error);
    if (status) return status;
    double deviation = sqrt(total_moments(l, FINE, 0).variance), far = window(l, deviation);
    int exponent = l->exponent;
    if (ldexp(deviation, exponent) > 0.01) /* else all losses are 0 */
        exponent = (int)ceil(0.5 * log2(count) + 1.66 * l->options->digits - fmin(0, log2(deviation)));
    while (length_for(far, exponent) > SB_LATTICE_POINTS) exponent--;
    status = fill_grids(l, exponent, error);
    *length = length_for(far, exponent);
    return status;
}

/* ------------------------------------------------------------------ bounds, in balls */
/* bound := a bound on the mass of y at losses k D >= K D (side > 0) or <= -K D (side < 0). */
static void tail_bound(arb_t bound, const lattice *l, int kind, slong far, int side) {
    double theta = best_theta(l, kind, side * ldexp((double)far, -l->exponent));
    arb_t sum, ratio, power, tilt;
    arb_init(sum);
    arb_init(ratio);
    arb_init(power);
    arb_init(tilt);
    arb_set_d(tilt, theta);
    arb_mul_2exp_si(tilt, tilt, -l->exponent);
    arb_exp(ratio, tilt, l->precision);
    arb_mul_si(tilt, tilt, -side * far, l->precision);
    arb_exp(bound, tilt, l->precision);
    for (size_t i = 0; i < l->count; i++) {
        const sb_loss_grid *grid = &l->grid[i];
        arb_srcptr x = masses(grid, kind);
        arb_pow_ui(power, ratio, (ulong)grid->reach, l->precision);
        arb_inv(power, power, l->precision);
        arb_zero(sum);
        for (slong k = 0; k <= 2 * grid->reach; k++) {
            arb_addmul(sum, x + k, power, l->precision);
            arb_mul(power, power, ratio, l->precision);
        }
        arb_pow_ui(sum, sum, (ulong)l->shift->group[i].count, l->precision);
        arb_mul(bound, bound, sum, l->precision);
    }
    arb_clear(sum);
    arb_clear(ratio);
    arb_clear(power);
    arb_clear(tilt);
}

/* y := the circular convolution, index k mod length. */
static sb_status convolve(acb_ptr y, lattice *l, int kind, slong length, sb_error *error) {
    acb_ptr x = _acb_vec_init(length), z = _acb_vec_init(length);
    sb_status status = SB_OK;
    for (slong k = 0; k < length; k++) acb_one(y + k);
    for (size_t i = 0; i < l->count && !status; i++) {
        const sb_loss_grid *grid = &l->grid[i];
        arb_srcptr mass = masses(grid, kind);
        _acb_vec_zero(x, length);
        for (slong k = -grid->reach; k <= grid->reach; k++) {
            arb_ptr at = acb_realref(x + (k & (length - 1)));
            arb_add(at, at, mass + k + grid->reach, l->precision);
        }
        acb_dft(z, x, length, l->precision);
        for (slong k = 0; k < length; k++) {
            acb_pow_ui(z + k, z + k, (ulong)l->shift->group[i].count, l->precision);
            acb_mul(y + k, y + k, z + k, l->precision);
        }
        status = go_on(l, 1 / (double)l->count, error);
    }
    if (!status) acb_dft_inverse(y, y, length, l->precision);
    if (!status) status = go_on(l, 1, error);
    _acb_vec_clear(x, length);
    _acb_vec_clear(z, length);
    return status;
}

/* sum := y_0 + 2 sum over 0 < k < length/2 of e^(-kD/2) y_(-k) */
static void discounted_sum(arb_t sum, const lattice *l, acb_srcptr y, slong length) {
    arb_t ratio, power;
    arb_init(ratio);
    arb_init(power);
    arb_set_si(ratio, -1);
    arb_mul_2exp_si(ratio, ratio, -1 - l->exponent);
    arb_exp(ratio, ratio, l->precision);
    arb_one(power);
    arb_zero(sum);
    for (slong k = 1; k < length / 2; k++) {
        arb_mul(power, power, ratio, l->precision);
        arb_addmul(sum, acb_realref(y + length - k), power, l->precision);
    }
    arb_mul_2exp_si(sum, sum, 1);
    arb_add(sum, sum, acb_realref(y), l->precision);
    arb_clear(ratio);
    arb_clear(power);
}

/* overlap := from the lower end of the fine sum to the upper end of the coarse one. */
static sb_status bracket(arb_t overlap, lattice *l, slong length, sb_error *error) {
    acb_ptr y = _acb_vec_init(length);
    arb_t sum, tail;
    arf_t low, high;
    arb_init(sum);
    arb_init(tail);
    arf_init(low);
    arf_init(high);
    sb_status status = convolve(y, l, FINE, length, error);
    if (!status) {
        discounted_sum(sum, l, y, length); /* y is symmetric */
        tail_bound(tail, l, FINE, length / 2, 1);
        arb_submul_ui(sum, tail, 2, l->precision);
        arb_get_lbound_arf(low, sum, l->precision);
        status = convolve(y, l, COARSE, length, error);
    }
    if (!status) {
        discounted_sum(sum, l, y, length);
        tail_bound(tail, l, COARSE, length / 2, -1);
        arb_addmul_ui(sum, tail, 2, l->precision); /* times e^(-length D/4) <= 1 */
        arb_get_ubound_arf(high, sum, l->precision);
        if (!(arf_sgn(low) > 0)) arf_zero(low);
        if (!(arf_cmp_si(high, 1) < 0)) arf_one(high);
        arb_set_interval_arf(overlap, low, high, l->precision);
    }
    _acb_vec_clear(y, length);
    arb_clear(sum);
    arb_clear(tail);
    arf_clear(low);
    arf_clear(high);
    return status;
}

/* ------------------------------------------------------------------ the engine */
static int has_digits(const arb_t x, int digits) {
    return (double)arb_rel_accuracy_bits(x) >= 3.33 * digits + 2;
}

static sb_status check(const sb_noise_spec *noise, const sb_shift *shift, sb_error *error) {
    if (!(noise->family->product->traits(noise) & SB_UNIMODAL))
        return sb_fail(error, SB_OUTSIDE,
                       "method lattice: %s noise has no density that decreases away from 0",
                       noise->family->name);
    if (shift->group_count > SB_LATTICE_GROUPS)
        return sb_fail(error, SB_OUTSIDE, "method lattice: %zu different shift lengths, at most %d",
                       shift->group_count, SB_LATTICE_GROUPS);
    return SB_OK;
}

/* Whether some coordinate's law and its translate have nothing in common. */
static int disjoint(const lattice *l) {
    int found = 0;
    arb_t length, tail;
    arb_init(length);
    arb_init(tail);
    for (size_t i = 0; i < l->count; i++) {
        sb_unit_shift(length, l->noise, l->shift, i, l->precision);
        arb_mul_2exp_si(length, length, -1);
        l->noise->family->product->tail(tail, l->noise, length, l->precision);
        found |= arb_is_zero(tail);
    }
    arb_clear(length);
    arb_clear(tail);
    return found;
}

static sb_status fill_overlap(sb_tv_result *result, lattice *l, sb_error *error) {
    slong length = 0;
    if (!l->count || disjoint(l)) {
        arb_set_si(result->overlap, l->count ? 0 : 1);
        result->how = sb_duplicate(l->count ? "one coordinate moves out of its support" : "the shift is 0");
        return result->how ? SB_OK : sb_fail_memory(error);
    }
    sb_status status = choose_step(l, &length, error);
    if (!status) status = bracket(result->overlap, l, length, error);
    if (status) return status;
    result->nodes = (uint64_t)length;
    result->how = sb_format(
        "losses on a grid of step 2^%d, %ld points: fine and coarse roundings, convolved by a discrete "
        "Fourier transform in balls of %ld bits; Chernoff bounds beyond",
        -l->exponent, (long)length, (long)l->precision);
    return result->how ? SB_OK : sb_fail_memory(error);
}

sb_status sb_lattice_total_variation(sb_tv_result *result, const sb_noise_spec *noise, const sb_shift *shift,
                                     const sb_tv_options *options, sb_error *error) {
    lattice l = {.noise = noise, .shift = shift, .options = options, .count = shift->group_count};
    sb_status status = check(noise, shift, error);
    if (status) return status;
    l.precision = 112 + (slong)FLINT_BIT_COUNT(shift->dimension);
    l.grid = calloc(l.count ? l.count : 1, sizeof *l.grid);
    if (!l.grid) return sb_fail_memory(error);
    sb_progress_start(&l.progress, options->progress, "lattice", 5);
    status = fill_overlap(result, &l, error);
    sb_progress_finish(&l.progress);
    if (!status) {
        arb_sub_ui(result->total_variation, result->overlap, 1, l.precision);
        arb_neg(result->total_variation, result->total_variation);
        result->certified = 1;
        result->digits_met = has_digits(result->overlap, options->digits) &&
                             has_digits(result->total_variation, options->digits);
    }
    for (size_t i = 0; i < l.count; i++) sb_loss_grid_clear(&l.grid[i]);
    free(l.grid);
    return status;
}
