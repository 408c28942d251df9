/* Which counts can have given a printed radius.

   Write a(k) = Phi^{-1}(L(k)), L(k) the one-sided lower Clopper-Pearson bound of k in n at level alpha; a
   increases, a(0) = -inf. The upper bound is U(j) = 1 - L(n-j), so with m = n - nB the two-class rule reads
       R = (sigma/2) (a(k) + a(m)),   k = nA,   and nA + nB <= n says k <= m <= n.
   A radius rho printed with so many digits, of a log whose radii were divided by D, means s1 <= a(k) + a(m)
   <= s2 with s1 = 2 D low / sigma, s2 = 2 D high / sigma, [low, high] the numbers that print as rho. The
   possible pairs are those (k, m).
   - Cohen's radius on the same samples is sigma a(k): it is least at the least possible k, largest at the
   largest possible k. The least k has m near n (no sample of B at all); the largest has m near k (every other
   sample was B).
   - The Bonferroni rule uses a'(.), the same function at level alpha/classes, and the largest count j of any
   other class: nB <= j <= n - k, so that its radius (sigma/2)(a'(k) + a'(n - j)) lies between sigma a'(k) and
   (sigma/2)(a'(k) + a'(m)). The first is least at the least k. The second is bounded over a grid g_0 < g_1 <
   ...: for k in [g_i, g_(i+1)], a(m) <= s2 - a(g_i), so m < G, the first grid point with a(G) > s2 - a(g_i),
   and the sum is at most a'(g_(i+1)) + a'(G). Abstentions stay abstentions: L(nA) < U(nB) <= U(n - nA) = 1 -
   L(nA) gives L(nA) < 1/2, where both rules abstain. Every comparison is one of balls; where a ball cannot
   decide, the pair counts as possible, which widens the bracket. */
#include "nn/certificate_rule.h"

#include "distributions/binomial.h"
#include "support/enclosure.h"
#include "support/exact.h"
#include "support/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BOUND_DIGITS = 16, WORK = 96, SAMPLES_LIMIT = 1000000, GRID_STEPS_PER_UNIT = 250 };

/* ------------------------------------------------------------------ a(k), computed when first asked for */
typedef struct {
    uint64_t n;
    fmpq_t alpha;
    double z;          /* Phi^{-1}(1 - alpha), for guesses */
    arb_struct *value; /* [n + 1] */
    unsigned char *known;
    sb_status status; /* of the worst evaluation */
    sb_error *error;
} probit_table;

static sb_status probit_init(probit_table *table, uint64_t n, const fmpq_t alpha, sb_error *error) {
    *table = (probit_table){.n = n, .error = error};
    fmpq_init(table->alpha);
    fmpq_set(table->alpha, alpha);
    table->value = malloc((n + 1) * sizeof *table->value);
    table->known = calloc(n + 1, 1);
    if (!table->value || !table->known) return table->status = sb_fail_memory(error);
    arb_t x;
    arb_init(x);
    arb_set_fmpq(x, alpha, 64);
    sb_normal_quantile(x, x, 53);
    table->z = -arf_get_d(arb_midref(x), ARF_RND_NEAR);
    arb_clear(x);
    return SB_OK;
}

static void probit_clear(probit_table *table) {
    for (uint64_t k = 0; table->known && k <= table->n; k++)
        if (table->known[k]) arb_clear(&table->value[k]);
    free(table->value);
    free(table->known);
    fmpq_clear(table->alpha);
}

/* a(k); after a failure an arbitrary ball, and table->status says so */
static arb_srcptr probit(probit_table *table, uint64_t k) {
    arb_ptr value = &table->value[k];
    if (table->known[k]) return value;
    arb_init(value);
    table->known[k] = 1;
    if (k == 0) {
        arb_neg_inf(value);
    } else {
        sb_status status =
            sb_clopper_pearson_lower(value, table->n, k, table->alpha, BOUND_DIGITS, table->error);
        if (status) {
            table->status = status;
            arb_indeterminate(value);
        } else {
            sb_normal_quantile(value, value, WORK);
        }
    }
    return value;
}

/* About the k with a(k) = t, to start a search from: normal approximation of the binomial with its skewness
 * term. */
static uint64_t guess_count(const probit_table *table, double t, uint64_t low, uint64_t high) {
    double n = (double)table->n, p = 0.5 * erfc(-t * 0.70710678118654752),
           q = 0.5 * erfc(t * 0.70710678118654752);
    double k = n * p + table->z * sqrt(n * p * q) + (table->z * table->z - 1) * (q - p) / 6 + 0.5;
    if (!(k > (double)low)) return low;
    return k < (double)high ? (uint64_t)k : high;
}

/* The first k in [low, high] with a(k) >= t (or not certainly below); high + 1 if there is none. */
static uint64_t first_reaching(probit_table *table, const arb_t t, uint64_t low, uint64_t high) {
    uint64_t at = guess_count(table, arf_get_d(arb_midref(t), ARF_RND_NEAR), low, high), step = 1;
    uint64_t below = low, reaching = high + 1; /* everything under `below` is below t */
    if (arb_lt(probit(table, at), t)) {
        below = at + 1;
        while (below < reaching) {
            uint64_t next = reaching - below > step ? below + step - 1 : reaching - 1;
            if (!arb_lt(probit(table, next), t)) {
                reaching = next;
                break;
            }
            below = next + 1;
            step *= 2;
        }
    } else {
        reaching = at;
        while (below < reaching) {
            uint64_t next = reaching - below > step ? reaching - step : below;
            if (arb_lt(probit(table, next), t)) {
                below = next + 1;
                break;
            }
            reaching = next;
            step *= 2;
        }
    }
    while (below < reaching) {
        uint64_t middle = below + (reaching - below) / 2;
        if (arb_lt(probit(table, middle), t))
            below = middle + 1;
        else
            reaching = middle;
    }
    return reaching;
}

/* ------------------------------------------------------------------ possible pairs */
typedef struct {
    arb_t low, high; /* s1, s2 */
    uint64_t least, largest;
    int printable;
} possible_counts;

/* Is there an m in [k, n] with s1 <= a(k) + a(m) <= s2? */
static int has_partner(probit_table *a, const possible_counts *pair, uint64_t k) {
    arb_t t;
    arb_init(t);
    arb_sub(t, pair->low, probit(a, k), WORK);
    uint64_t m = first_reaching(a, t, k, a->n);
    int found = 0;
    if (m <= a->n) {
        arb_add(t, probit(a, m), probit(a, k), WORK);
        found = !arb_gt(t, pair->high);
    }
    arb_clear(t);
    return found;
}

/* Fills least, largest, printable from low and high. Returns whether any pair is possible. */
static int find_counts(probit_table *a, possible_counts *pair) {
    arb_t t;
    arb_init(t);
    arb_sub(t, pair->low, probit(a, a->n), WORK);
    pair->least = first_reaching(a, t, 1, a->n); /* with m = n the sum reaches s1 */
    arb_mul_2exp_si(t, pair->high, -1);
    uint64_t top = first_reaching(a, t, 1, a->n);         /* 2 a(top - 1) < s2 */
    if (top <= a->n && !arb_gt(probit(a, top), t)) top++; /* a tie that the ball cannot decide */
    pair->largest = top - 1;
    while (pair->least <= pair->largest && !has_partner(a, pair, pair->least)) pair->least++;
    while (pair->largest > pair->least && !has_partner(a, pair, pair->largest)) pair->largest--;
    pair->printable = 0;
    if (top > 1) {
        arb_mul_2exp_si(t, probit(a, top - 1), 1);
        pair->printable = !arb_lt(t, pair->low);
    }
    arb_clear(t);
    return pair->least <= pair->largest;
}

/* ------------------------------------------------------------------ Bonferroni's upper end */
typedef struct {
    uint64_t *point; /* increasing; the last is n */
    size_t count;
} count_grid;

/* Points about 1/GRID_STEPS_PER_UNIT apart in a(k), from 1 to n; any such points give a valid bound. */
static sb_status grid_init(count_grid *grid, const probit_table *a, sb_error *error) {
    double range = 40; /* beyond it the points only lie less close */
    size_t steps = (size_t)(2 * range * GRID_STEPS_PER_UNIT);
    *grid = (count_grid){malloc((steps + 2) * sizeof *grid->point), 0};
    if (!grid->point) return sb_fail_memory(error);
    for (size_t i = 0; i <= steps; i++) {
        uint64_t k = guess_count(a, -range + (double)i / GRID_STEPS_PER_UNIT, 1, a->n);
        if (!grid->count) k = 1;
        if (!grid->count || k > grid->point[grid->count - 1]) grid->point[grid->count++] = k;
    }
    if (grid->point[grid->count - 1] != a->n) grid->point[grid->count++] = a->n;
    return SB_OK;
}

/* The index of the first grid point that is certainly above t in a, or the last index. */
static size_t first_above(probit_table *a, const count_grid *grid, const arb_t t) {
    size_t low = 0, high = grid->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (arb_gt(probit(a, grid->point[middle]), t))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* bound >= a'(k) + a'(m) for every possible pair */
static void bonferroni_sum(arb_t bound, probit_table *a, probit_table *strict, const count_grid *grid,
                           const possible_counts *pair) {
    arb_t t;
    arb_init(t);
    arb_neg_inf(bound);
    for (size_t i = 0; i < grid->count && grid->point[i] <= pair->largest; i++) {
        uint64_t from = grid->point[i], to = i + 1 < grid->count ? grid->point[i + 1] : from;
        if (to < pair->least) continue;
        if (from < pair->least) from = pair->least;
        if (to > pair->largest) to = pair->largest;
        arb_sub(t, pair->high, probit(a, from), WORK);
        arb_add(t, probit(strict, grid->point[first_above(a, grid, t)]), probit(strict, to), WORK);
        arb_max(bound, bound, t, WORK);
    }
    arb_clear(t);
}

/* ------------------------------------------------------------------ a whole log */
typedef struct {
    const sb_certification_log *log;
    const sb_sampling *sampling;
    sb_certificate_rule rule;
    probit_table a, strict;
    count_grid grid;
    arb_t scale; /* 2 D / sigma */
} rereading;

static int compare_radii(const void *x, const void *y) {
    const sb_certified_image *a = *(const sb_certified_image *const *)x,
                             *b = *(const sb_certified_image *const *)y;
    int order = fmpq_cmp(a->radius, b->radius);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* s1 and s2 of a printed radius */
static void sums_of(possible_counts *pair, const rereading *r, const fmpq_t printed) {
    fmpq_t low, high;
    fmpq_init(low);
    fmpq_init(high);
    sb_printed_interval(low, high, printed, r->sampling->radius_digits);
    arb_set_fmpq(pair->low, low, WORK);
    arb_mul(pair->low, pair->low, r->scale, WORK);
    arb_set_fmpq(pair->high, high, WORK);
    arb_mul(pair->high, pair->high, r->scale, WORK);
    fmpq_clear(low);
    fmpq_clear(high);
}

static sb_status unexplained(const rereading *r, const sb_certified_image *image, const char *why,
                             sb_error *error) {
    char *shown = sb_rational_decimal(image->radius, 12, 0);
    sb_fail(error, SB_BAD_INPUT, "%s: line %zu: radius %s %s", r->log->path, image->line, shown ? shown : "?",
            why);
    free(shown);
    return SB_BAD_INPUT;
}

/* Fills `result` for one printed radius. */
static sb_status reread_radius(rereading *r, const sb_certified_image *image, sb_reread_image *result,
                               sb_error *error) {
    if (!sb_printed_with(image->radius, r->sampling->radius_digits))
        return unexplained(r, image, "has more significant digits than --radius-digits says", error);
    possible_counts pair;
    arb_t sigma;
    arb_init(pair.low);
    arb_init(pair.high);
    arb_init(sigma);
    sums_of(&pair, r, image->radius);
    sb_status status = SB_OK;
    if (fmpq_is_zero(image->radius) || !find_counts(&r->a, &pair)) { /* exactly 0 would need a(k) = -a(m) */
        status = unexplained(
            r, image,
            "comes from no counts under the two-class rule: are sigma, d, n and alpha those of the log?",
            error);
    } else {
        arb_set_fmpq(sigma, r->sampling->sigma, WORK);
        result->printable = pair.printable;
        if (r->rule == SB_RULE_COHEN) {
            arb_mul(result->least, probit(&r->a, pair.least), sigma, WORK);
            arb_mul(result->largest, probit(&r->a, pair.largest), sigma, WORK);
        } else {
            arb_mul(result->least, probit(&r->strict, pair.least), sigma, WORK);
            bonferroni_sum(result->largest, &r->a, &r->strict, &r->grid, &pair);
            arb_mul(result->largest, result->largest, sigma, WORK);
            arb_mul_2exp_si(result->largest, result->largest, -1);
        }
    }
    if (r->a.status) status = r->a.status;
    if (r->strict.status) status = r->strict.status;
    arb_clear(pair.low);
    arb_clear(pair.high);
    arb_clear(sigma);
    return status;
}

/* The radii of the log as they are, in l_2 units. */
static void as_printed(const rereading *r, const sb_certified_image *image, sb_reread_image *result) {
    sb_divisor_ball(result->least, &r->sampling->logged, WORK);
    arb_set_fmpq(result->largest, image->radius, WORK);
    arb_mul(result->least, result->least, result->largest, WORK);
    arb_set(result->largest, result->least);
}

static sb_status rereading_init(rereading *r, const sb_certification_log *log, const sb_sampling *sampling,
                                sb_certificate_rule rule, sb_error *error) {
    *r = (rereading){.log = log, .sampling = sampling, .rule = rule};
    arb_init(r->scale);
    fmpq_t strict_alpha;
    fmpq_init(strict_alpha);
    arb_t sigma;
    arb_init(sigma);
    sb_divisor_ball(r->scale, &sampling->logged, WORK);
    arb_set_fmpq(sigma, sampling->sigma, WORK);
    arb_div(r->scale, r->scale, sigma, WORK);
    arb_mul_2exp_si(r->scale, r->scale, 1);
    fmpq_div_fmpz(strict_alpha, sampling->alpha, (fmpz[]){sampling->classes});
    sb_status status = probit_init(&r->a, sampling->samples, sampling->alpha, error);
    if (!status && rule == SB_RULE_TWO_CLASS_BONFERRONI) {
        status = probit_init(&r->strict, sampling->samples, strict_alpha, error);
        if (!status) status = grid_init(&r->grid, &r->a, error);
    }
    fmpq_clear(strict_alpha);
    arb_clear(sigma);
    return status;
}

static void rereading_clear(rereading *r) {
    probit_clear(&r->a);
    if (r->rule == SB_RULE_TWO_CLASS_BONFERRONI) probit_clear(&r->strict);
    free(r->grid.point);
    arb_clear(r->scale);
}

static sb_status check_sampling(const sb_sampling *sampling, sb_error *error) {
    if (fmpq_sgn(sampling->sigma) <= 0) return sb_fail(error, SB_OUTSIDE, "sigma must be above 0");
    if (fmpq_sgn(sampling->alpha) <= 0 || fmpq_cmp_ui(sampling->alpha, 1) >= 0)
        return sb_fail(error, SB_OUTSIDE, "alpha must be above 0 and below 1");
    if (sampling->samples < 1 || sampling->samples > SAMPLES_LIMIT)
        return sb_fail(error, SB_OUTSIDE, "n = %llu: a log can be read again for n from 1 to 10^6",
                       (unsigned long long)sampling->samples);
    if (sampling->classes < 2 || sampling->classes > 1000000)
        return sb_fail(error, SB_OUTSIDE, "%d classes: must be from 2 to 10^6", sampling->classes);
    return SB_OK;
}

/* Goes through the images in the order of their radii, so that each radius is looked at once. */
static sb_status reread_images(rereading *r, sb_reread_log *reread, int (*proceed)(void *, size_t, size_t),
                               void *context, sb_error *error) {
    size_t count = r->log->count, correct = 0, last = 0;
    const sb_certified_image **order = malloc((count ? count : 1) * sizeof *order);
    if (!order) return sb_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        if (r->log->image[i].correct) order[correct++] = &r->log->image[i];
    qsort(order, correct, sizeof *order, compare_radii);
    sb_status status = SB_OK;
    for (size_t i = 0; !status && i < correct; i++) {
        size_t at = (size_t)(order[i] - r->log->image);
        sb_reread_image *result = &reread->image[at];
        if (i && fmpq_equal(order[i]->radius, order[i - 1]->radius)) {
            arb_set(result->least, reread->image[last].least);
            arb_set(result->largest, reread->image[last].largest);
            result->printable = reread->image[last].printable;
        } else if (r->rule == SB_RULE_COHEN || r->rule == SB_RULE_TWO_CLASS_BONFERRONI) {
            status = reread_radius(r, order[i], result, error);
        } else {
            as_printed(r, order[i], result);
        }
        last = at;
        if (!status && proceed && !proceed(context, i + 1, correct))
            status = sb_fail(error, SB_INTERRUPTED, "interrupted");
    }
    free(order);
    return status;
}

sb_status sb_reread(sb_reread_log *reread, const sb_certification_log *log, const sb_sampling *sampling,
                    sb_certificate_rule rule, int (*proceed)(void *context, size_t done, size_t total),
                    void *context, sb_error *error) {
    sb_reread_log_init(reread);
    sb_status status = check_sampling(sampling, error);
    if (status) return status;
    rereading r;
    status = rereading_init(&r, log, sampling, rule, error);
    reread->image = malloc((log->count ? log->count : 1) * sizeof *reread->image);
    if (!status && !reread->image) status = sb_fail_memory(error);
    for (size_t i = 0; !status && i < log->count; i++) {
        arb_init(reread->image[i].least);
        arb_init(reread->image[i].largest);
        arb_set_si(reread->image[i].least, -1);
        arb_set_si(reread->image[i].largest, -1);
        reread->image[i].printable = 0;
        reread->count++;
    }
    if (!status) status = reread_images(&r, reread, proceed, context, error);
    rereading_clear(&r);
    if (status) sb_reread_log_clear(reread);
    return status;
}

void sb_reread_log_init(sb_reread_log *reread) {
    *reread = (sb_reread_log){NULL, 0};
}

void sb_reread_log_clear(sb_reread_log *reread) {
    for (size_t i = 0; i < reread->count; i++) {
        arb_clear(reread->image[i].least);
        arb_clear(reread->image[i].largest);
    }
    free(reread->image);
    sb_reread_log_init(reread);
}

void sb_reread_count(const sb_reread_log *reread, const sb_certification_log *log, const fmpq_t radius,
                     const sb_divisor *divisor, size_t *lowest, size_t *highest) {
    arb_t bar, root;
    arb_init(bar);
    arb_init(root);
    arb_set_fmpq(bar, radius, WORK);
    if (divisor) {
        sb_divisor_ball(root, divisor, WORK);
        arb_mul(bar, bar, root, WORK);
    }
    *lowest = *highest = 0;
    for (size_t i = 0; i < reread->count; i++) {
        if (!log->image[i].correct) continue;
        *lowest += arb_ge(reread->image[i].least, bar) != 0;
        *highest += !arb_lt(reread->image[i].largest, bar);
    }
    arb_clear(bar);
    arb_clear(root);
}

size_t sb_not_cohen_count(const sb_reread_log *reread, const sb_certification_log *log, const fmpq_t radius,
                          const sb_divisor *divisor) {
    fmpq_t bar, square;
    fmpq_init(bar);
    fmpq_init(square);
    fmpq_mul(bar, radius, radius);
    if (divisor) fmpq_mul(bar, bar, divisor->square);
    size_t count = 0;
    for (size_t i = 0; i < reread->count; i++) {
        if (!log->image[i].correct || reread->image[i].printable) continue;
        fmpq_mul(square, log->image[i].radius, log->image[i].radius);
        count += fmpq_cmp(square, bar) >= 0;
    }
    fmpq_clear(bar);
    fmpq_clear(square);
    return count;
}

/* ------------------------------------------------------------------ names */
static const char *const rule_name[] = {"as-printed", "cohen", "two-class-bonferroni",
                                        "two-class-as-published"};

const char *sb_certificate_rule_name(sb_certificate_rule rule) {
    return rule_name[rule];
}

sb_status sb_certificate_rule_parse(const char *text, sb_certificate_rule *rule, sb_error *error) {
    const char *const offered[] = {rule_name[1], rule_name[2], rule_name[3], NULL};
    for (int i = 0; offered[i]; i++) {
        if (strcmp(text, offered[i]) != 0) continue;
        *rule = (sb_certificate_rule)(i + 1);
        return SB_OK;
    }
    const char *near = sb_nearest_word(text, offered);
    if (near) return sb_fail(error, SB_BAD_INPUT, "--rule '%.40s': did you mean %s?", text, near);
    return sb_fail(error, SB_BAD_INPUT,
                   "--rule '%.40s': must be cohen, two-class-bonferroni or two-class-as-published", text);
}
