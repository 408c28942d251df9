/* Cohen's rule needs one bound: pA >= L(nA) at level alpha, and pB <= 1 - pA. The two-class rules bound pB
   apart. Bonferroni's takes U of every other class; U increases with the count, so the largest count has the
   largest bound. The published rule takes U of the class that was second in the selection.

   The radius increases with pA and decreases with pB, so bounds give a radius that is certified when all of
   them hold; the same bounds from the other side give the largest radius that the class may deserve. */
#include "nn/certify_image.h"

#include "distributions/binomial.h"
#include "support/enclosure.h"

#include <stdlib.h>
#include <string.h>

enum { BOUND_DIGITS = 20, PRECISION = 128, RADIUS_DIGITS = 6, MOST_PRECISION = 4096 };

/* ------------------------------------------------------------------ classes */
/* The class of the largest count but for `without`, the first of equal ones. */
static int most_frequent(const uint64_t counts[SB_CLASSES], int without) {
    int best = without == 0;
    for (int c = 0; c < SB_CLASSES; c++)
        if (c != without && counts[c] > counts[best]) best = c;
    return best;
}

sb_selected_classes sb_select_classes(const uint64_t counts[SB_CLASSES]) {
    int top = most_frequent(counts, -1);
    return (sb_selected_classes){top, most_frequent(counts, top)};
}

int sb_predict_class(const uint64_t counts[SB_CLASSES], const fmpq_t alpha) {
    sb_selected_classes classes = sb_select_classes(counts);
    uint64_t first = counts[classes.top], both = first + counts[classes.runner_up];
    int rejected = 0, decided = 0;
    arb_t half, tail, level;
    arb_init(half);
    arb_init(tail);
    arb_init(level);
    arb_set_d(half, 0.5);
    for (slong precision = PRECISION; precision <= MOST_PRECISION && !decided; precision *= 2) {
        sb_binomial_upper_tail(tail, both, first, half, precision);
        arb_mul_2exp_si(tail, tail, 1);
        arb_set_fmpq(level, alpha, precision);
        rejected = arb_le(tail, level);
        decided = rejected || arb_gt(tail, level);
    }
    arb_clear(half);
    arb_clear(tail);
    arb_clear(level);
    return rejected ? classes.top : SB_ABSTAIN;
}

/* ------------------------------------------------------------------ what is known already */
/* The key of a certificate: only two counts matter. The other side: not what the counts certify, but what
   they do not exclude; of that only `reaches` is known. */
typedef struct {
    int stage, other_side;
    uint64_t top,
        other; /* the largest count of another class (Bonferroni), of the runner-up (published), 0 */
} count_pair;

struct sb_known_certificate {
    count_pair pair;
    sb_certificate certificate;
};

static int compare_pairs(const count_pair *a, const count_pair *b) {
    if (a->stage != b->stage) return a->stage < b->stage ? -1 : 1;
    if (a->other_side != b->other_side) return a->other_side - b->other_side;
    if (a->top != b->top) return a->top < b->top ? -1 : 1;
    return a->other < b->other ? -1 : a->other > b->other;
}

/* The place of the pair in the sorted list; *found: whether it is there. */
static size_t place_of(const sb_certifier *certifier, const count_pair *pair, int *found) {
    size_t low = 0, high = certifier->known_count;
    *found = 0;
    while (low < high && !*found) {
        size_t middle = low + (high - low) / 2;
        int order = compare_pairs(&certifier->known[middle].pair, pair);
        if (order == 0)
            *found = 1, low = middle;
        else if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static sb_status remember(sb_certifier *certifier, size_t place, const count_pair *pair,
                          const sb_certificate *certificate, sb_error *error) {
    if (certifier->known_count == certifier->known_capacity) {
        size_t capacity = certifier->known_capacity ? 2 * certifier->known_capacity : 64;
        struct sb_known_certificate *known = realloc(certifier->known, capacity * sizeof *known);
        if (!known) return sb_fail_memory(error);
        certifier->known = known;
        certifier->known_capacity = capacity;
    }
    struct sb_known_certificate *at = certifier->known + place;
    memmove(at + 1, at, (certifier->known_count++ - place) * sizeof *at);
    *at = (struct sb_known_certificate){*pair, *certificate};
    return SB_OK;
}

/* ------------------------------------------------------------------ bounds and radii */
/* certified: top from below and runner_up from above; else the other way round. */
static sb_status bound_scores(arb_t top, arb_t runner_up, sb_certificate_rule rule, uint64_t samples,
                              uint64_t top_count, uint64_t other, const fmpq_t alpha, int certified,
                              sb_error *error) {
    fmpq_t level;
    fmpq_init(level);
    fmpq_set(level, alpha);
    if (rule == SB_RULE_TWO_CLASS_BONFERRONI) fmpq_div_fmpz(level, level, (fmpz[]){SB_CLASSES});
    sb_status status = (certified ? sb_clopper_pearson_lower : sb_clopper_pearson_upper)(
        top, samples, top_count, level, BOUND_DIGITS, error);
    if (!status && rule != SB_RULE_COHEN) {
        status = (certified ? sb_clopper_pearson_upper : sb_clopper_pearson_lower)(
            runner_up, samples, other, level, BOUND_DIGITS, error);
    } else if (!status) {
        arb_sub_ui(runner_up, top, 1, PRECISION);
        arb_neg(runner_up, runner_up);
    }
    fmpq_clear(level);
    return status;
}

sb_status sb_certified_scores(arb_t top, arb_t runner_up, sb_certificate_rule rule, uint64_t samples,
                              uint64_t top_count, uint64_t other, const fmpq_t alpha, sb_error *error) {
    return bound_scores(top, runner_up, rule, samples, top_count, other, alpha, 1, error);
}

/* certificate->radius := a decimal not above the ball. */
static sb_status print_radius(sb_certificate *certificate, const arb_t radius, sb_error *error) {
    char *shown = sb_decimal_lower(radius, RADIUS_DIGITS), *point = shown ? strchr(shown, 'e') : NULL;
    if (point) { /* below 1e-5 or from 1e6 on: without the exponent */
        int exponent = atoi(point + 1);
        free(shown);
        shown = sb_fixed_decimal(radius, exponent < 0 ? RADIUS_DIGITS - 1 - exponent : 0, -1);
    }
    if (!shown) return sb_fail_memory(error);
    int negative = *shown == '-';
    int length = snprintf(certificate->radius, sizeof certificate->radius, "%s", negative ? "0" : shown);
    free(shown);
    if (length < (int)sizeof certificate->radius) return SB_OK;
    return sb_fail(error, SB_OUTSIDE, "a certified radius of more than %d digits",
                   (int)sizeof certificate->radius);
}

static sb_status reach(sb_certificate *certificate, const sb_certifier *certifier, sb_error *error) {
    sb_exact radius;
    sb_exact_init(&radius);
    sb_status status = sb_exact_parse("radius", certificate->radius, &radius, error);
    certificate->reaches =
        !status && certificate->certified && fmpq_cmp(radius.value, certifier->target) >= 0;
    sb_exact_clear(&radius);
    return status;
}

/* Sets `certified`, `radius` and `reaches`. */
static sb_status certify_scores(sb_certificate *certificate, const sb_certifier *certifier, const arb_t top,
                                const arb_t runner_up, sb_error *error) {
    certificate->certified = arb_gt(top, runner_up);
    if (!certificate->certified) return SB_OK;
    arb_t radius;
    arb_init(radius);
    sb_status status = sb_certified_law_evaluate(radius, &certifier->law, top, runner_up, error);
    if (!status) status = print_radius(certificate, radius, error);
    if (!status) status = reach(certificate, certifier, error);
    arb_clear(radius);
    return status;
}

/* Sets `reaches`: whether a radius as large as the target is not excluded. */
static sb_status admit_scores(sb_certificate *certificate, const sb_certifier *certifier, const arb_t top,
                              const arb_t runner_up, sb_error *error) {
    certificate->reaches = !arb_is_positive(runner_up); /* then no radius is */
    if (certificate->reaches || !arb_gt(top, runner_up)) return SB_OK;
    arb_t radius, target;
    arb_init(radius);
    arb_init(target);
    sb_status status = sb_certified_law_evaluate(radius, &certifier->law, top, runner_up, error);
    arb_set_fmpq(target, certifier->target, PRECISION);
    certificate->reaches = !arb_lt(radius, target);
    arb_clear(radius);
    arb_clear(target);
    return status;
}

static sb_status compute(sb_certificate *certificate, const sb_certifier *certifier, const count_pair *pair,
                         sb_error *error) {
    arb_t top, runner_up;
    arb_init(top);
    arb_init(runner_up);
    *certificate = (sb_certificate){.radius = "0"};
    sb_status status =
        bound_scores(top, runner_up, certifier->rule, certifier->stages.samples[pair->stage], pair->top,
                     pair->other, certifier->stages.alpha[pair->stage], !pair->other_side, error);
    if (!status)
        status =
            (pair->other_side ? admit_scores : certify_scores)(certificate, certifier, top, runner_up, error);
    arb_clear(top);
    arb_clear(runner_up);
    return status;
}

static sb_status certify_pair(sb_certificate *certificate, sb_certifier *certifier, const count_pair *pair,
                              sb_error *error) {
    int found;
    size_t place = place_of(certifier, pair, &found);
    if (found) {
        *certificate = certifier->known[place].certificate;
        return SB_OK;
    }
    sb_status status = compute(certificate, certifier, pair, error);
    return status ? status : remember(certifier, place, pair, certificate, error);
}

static count_pair pair_of(const sb_certifier *certifier, int stage, sb_selected_classes selected,
                          const uint64_t counts[SB_CLASSES]) {
    count_pair pair = {stage, 0, counts[selected.top], 0};
    if (certifier->rule == SB_RULE_TWO_CLASS_BONFERRONI)
        pair.other = counts[most_frequent(counts, selected.top)];
    else if (certifier->rule == SB_RULE_TWO_CLASS_AS_PUBLISHED)
        pair.other = counts[selected.runner_up];
    return pair;
}

sb_status sb_certify_counts(sb_certificate *certificate, sb_certifier *certifier, int stage,
                            sb_selected_classes selected, const uint64_t counts[SB_CLASSES],
                            sb_error *error) {
    count_pair pair = pair_of(certifier, stage, selected, counts);
    return certify_pair(certificate, certifier, &pair, error);
}

/* ------------------------------------------------------------------ stopping */
sb_status sb_certify_settled(int *settled, sb_certifier *certifier, int stage, sb_selected_classes selected,
                             const uint64_t counts[SB_CLASSES], const sb_certificate *certificate,
                             sb_error *error) {
    const sb_stages *stages = &certifier->stages;
    int last = stages->count - 1;
    *settled = stage == last || certificate->reaches;
    if (*settled) return SB_OK;
    count_pair here = pair_of(certifier, stage, selected, counts), best = here;
    best.stage = last;
    best.top += stages->samples[last] - stages->samples[stage];
    here.other_side = 1;
    sb_certificate possible;
    sb_status status = certify_pair(&possible, certifier, &best, error);
    if (!status && possible.reaches) status = certify_pair(&possible, certifier, &here, error);
    *settled = !status && !possible.reaches;
    return status;
}

/* ------------------------------------------------------------------ */
sb_status sb_certifier_init(sb_certifier *certifier, const sb_noise_spec *noise, uint64_t dimension,
                            sb_certificate_rule rule, uint64_t samples, const fmpq_t alpha,
                            const fmpq_t target, sb_error *error) {
    *certifier = (sb_certifier){.rule = rule};
    fmpq_init(certifier->target);
    if (target) fmpq_set(certifier->target, target);
    sb_stages_init(&certifier->stages, samples, alpha, target != NULL);
    return sb_certified_law_init(&certifier->law, noise, dimension, error);
}

void sb_certifier_clear(sb_certifier *certifier) {
    fmpq_clear(certifier->target);
    sb_stages_clear(&certifier->stages);
    sb_certified_law_clear(&certifier->law);
    free(certifier->known);
}
