/* The rules on counts: radii against beta quantiles from SciPy; exact coverage; 10^4 simulated runs on
   classifiers whose smoothed classifier is known in closed form; adaptive stopping; predictions. */
#include "nn/certify_image.h"
#include "support/enclosure.h"
#include "support/random.h"
#include "tests/test.h"

#include <math.h>

static void certifier_open(sb_certifier *c, sb_noise_spec *noise, const char *spec, uint64_t dimension,
                           sb_certificate_rule rule, uint64_t samples, const char *alpha,
                           const char *target) {
    sb_error error = {SB_OK, ""};
    fmpq_t level, radius;
    fmpq_init(level);
    fmpq_init(radius);
    fmpq_set_str(level, alpha, 10);
    if (target) fmpq_set_str(radius, target, 10);
    sb_noise_spec_init(noise);
    sb_status status = sb_noise_spec_parse(noise, spec, &error);
    SB_CHECK(!status, "%s", error.message);
    status = sb_certifier_init(c, noise, dimension, rule, samples, level, target ? radius : NULL, &error);
    SB_CHECK(!status, "%s", error.message);
    fmpq_clear(level);
    fmpq_clear(radius);
}

static void certifier_close(sb_certifier *c, sb_noise_spec *noise) {
    sb_certifier_clear(c);
    sb_noise_spec_clear(noise);
}

static sb_certificate certify(sb_certifier *c, int stage, sb_selected_classes selected,
                              const uint64_t counts[SB_CLASSES]) {
    sb_certificate certificate;
    sb_error error = {SB_OK, ""};
    sb_status status = sb_certify_counts(&certificate, c, stage, selected, counts, &error);
    SB_CHECK(!status, "%s", error.message);
    return certificate;
}

/* ------------------------------------------------------------------ known values */
/* The quantiles of the beta distribution are SciPy's: L = beta.ppf(alpha, k, n - k + 1). */
static void radii_are_known_ones(void) {
    static const struct {
        sb_certificate_rule rule;
        uint64_t n, top, other;
        const char *sigma, *alpha;
        double radius; /* -1: abstains */
    } item[] = {
        {SB_RULE_COHEN, 1000, 900, 0, "1/4", "1/1000", 0.2786207905699498},
        {SB_RULE_COHEN, 1000, 550, 450, "1/4", "1/1000", 0.0004235953728170647},
        {SB_RULE_COHEN, 1000, 549, 0, "1/4", "1/1000", -1},
        {SB_RULE_COHEN, 1000, 0, 0, "1/4", "1/1000", -1},
        {SB_RULE_COHEN, 1000, 1000, 0, "1", "1/1000", 2.4632626147808114},
        {SB_RULE_COHEN, 100000, 99000, 1000, "3/25", "1/1000", 0.2747999946256519},
        {SB_RULE_COHEN, 100000, 99999, 1, "3/25", "1/1000", 0.4486952002252028},
        {SB_RULE_COHEN, 100000, 100000, 0, "3/25", "1/1000", 0.45737478760678973},
        {SB_RULE_COHEN, 10, 10, 0, "1/2", "1/1000", 0.0014879788856910958},
        {SB_RULE_TWO_CLASS_BONFERRONI, 1000, 600, 300, "1/4", "1/1000", 0.05901316195578368},
        {SB_RULE_TWO_CLASS_BONFERRONI, 1000, 450, 300, "1/4", "1/1000", 0.0117376180164235},
        {SB_RULE_TWO_CLASS_BONFERRONI, 1000, 450, 440, "1/4", "1/1000", -1},
        {SB_RULE_TWO_CLASS_BONFERRONI, 1000, 1000, 0, "1", "1/1000", 2.35875999689308},
        {SB_RULE_TWO_CLASS_AS_PUBLISHED, 1000, 600, 300, "1/4", "1/1000", 0.0653862926137134},
        {SB_RULE_TWO_CLASS_AS_PUBLISHED, 1000, 450, 300, "1/4", "1/1000", 0.01810823781078093},
        {SB_RULE_TWO_CLASS_AS_PUBLISHED, 1000, 450, 440, "1/4", "1/1000", -1},
    };
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_certifier c;
        sb_noise_spec noise;
        char spec[40];
        snprintf(spec, sizeof spec, "gaussian:sigma=%s", item[i].sigma);
        certifier_open(&c, &noise, spec, 3072, item[i].rule, item[i].n, item[i].alpha, NULL);
        uint64_t counts[SB_CLASSES] = {[3] = item[i].top, [7] = item[i].other};
        sb_certificate got = certify(&c, 0, (sb_selected_classes){3, 7}, counts);
        double radius = atof(got.radius);
        if (item[i].radius < 0)
            SB_CHECK(!got.certified && strcmp(got.radius, "0") == 0, "item %zu: %s", i, got.radius);
        else /* six digits, rounded down */
            SB_CHECK(got.certified && radius <= item[i].radius * (1 + 1e-11) &&
                         radius > item[i].radius * (1 - 1e-5),
                     "item %zu: %s, not %.15g", i, got.radius, item[i].radius);
        certifier_close(&c, &noise);
    }
}

/* Every class but the first counts for Bonferroni's rule, the selected runner-up for the published one. */
static void which_other_class_counts(void) {
    static const struct {
        sb_certificate_rule rule;
        uint64_t other;
    } item[] = {{SB_RULE_TWO_CLASS_BONFERRONI, 300}, {SB_RULE_TWO_CLASS_AS_PUBLISHED, 50}};
    uint64_t counts[SB_CLASSES] = {[0] = 50, [4] = 600, [8] = 300, [9] = 50};
    for (size_t i = 0; i < 2; i++) {
        sb_certifier c;
        sb_noise_spec noise;
        certifier_open(&c, &noise, "gaussian:sigma=1", 48, item[i].rule, 1000, "1/1000", NULL);
        sb_certificate got = certify(&c, 0, (sb_selected_classes){4, 0}, counts);
        uint64_t alone[SB_CLASSES] = {[4] = 600, [0] = item[i].other};
        sb_certificate expected = certify(&c, 0, (sb_selected_classes){4, 0}, alone);
        SB_CHECK(strcmp(got.radius, expected.radius) == 0, "%s: %s, %s",
                 sb_certificate_rule_name(item[i].rule), got.radius, expected.radius);
        certifier_close(&c, &noise);
    }
    sb_selected_classes s = sb_select_classes((uint64_t[SB_CLASSES]){2, 9, 9, 1});
    SB_CHECK(s.top == 1 && s.runner_up == 2, "%d %d", s.top, s.runner_up);
    s = sb_select_classes((uint64_t[SB_CLASSES]){0});
    SB_CHECK(s.top == 0 && s.runner_up == 1, "%d %d", s.top, s.runner_up);
    s = sb_select_classes((uint64_t[SB_CLASSES]){7, 0, 0, 0, 0, 0, 0, 0, 0, 3});
    SB_CHECK(s.top == 0 && s.runner_up == 9, "%d %d", s.top, s.runner_up);
}

static void radii_are_plain_decimals(void) {
    static const char *const spec[] = {"gaussian:sigma=1/1000000000", "gaussian:sigma=1000000000"};
    static const double scale[] = {1e-9, 1e9};
    for (size_t i = 0; i < 2; i++) {
        sb_certifier c;
        sb_noise_spec noise;
        certifier_open(&c, &noise, spec[i], 48, SB_RULE_COHEN, 1000, "1/1000", NULL);
        sb_certificate got = certify(&c, 0, (sb_selected_classes){0, 1}, (uint64_t[SB_CLASSES]){1000});
        double exact = 2.4632626147808114 * scale[i], radius = atof(got.radius);
        SB_CHECK(!strchr(got.radius, 'e') && radius <= exact && radius > exact * (1 - 1e-5), "%s",
                 got.radius);
        certifier_close(&c, &noise);
    }
}

/* Uniform noise on [-r, r]^d: TV = 1 - (1 - v/2r)^d at the equal shift v, safe while 2 TV < 2 L - 1. */
static void uniform_noise(void) {
    sb_certifier c;
    sb_noise_spec noise;
    certifier_open(&c, &noise, "uniform:r=1/2", 48, SB_RULE_COHEN, 1000, "1/1000", NULL);
    SB_CHECK(c.law.norm.infinite == 1, "its norm is inf");
    sb_certificate got = certify(&c, 0, (sb_selected_classes){0, 1}, (uint64_t[SB_CLASSES]){900});
    double exact = 1 - pow(1.5 - 0.8674640180257482, 1.0 / 48), radius = atof(got.radius);
    SB_CHECK(radius <= exact && radius > exact * (1 - 2e-5), "%s, not %.12g", got.radius, exact);
    certifier_close(&c, &noise);
}

static void noises_with_and_without_radius(void) {
    static const struct {
        const char *spec, *by; /* by: NULL where there is none */
    } item[] = {{"laplace:b=1/10", "exact criterion T0"}, {"logistic:scale=1/10", "exact criterion T0"},
                {"l2-ball:r=2", "exact criterion T0"},    {"student-t:nu=3,scale=1/10", "T0, affinity bound"},
                {"exp-linf:k=2,b=1/10", "Lemma A.1"},     {"lattice:points=5,spacing=1/10", NULL}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_noise_spec noise;
        sb_certified_law law;
        sb_error error = {SB_OK, ""};
        sb_noise_spec_init(&noise);
        sb_status status = sb_noise_spec_parse(&noise, item[i].spec, &error);
        SB_CHECK(!status, "%s", error.message);
        status = sb_certified_law_init(&law, &noise, 48, &error);
        if (!item[i].by)
            SB_CHECK(status == SB_OUTSIDE && strstr(error.message, item[i].spec), "%s: %s", item[i].spec,
                     error.message);
        else
            SB_CHECK(!status && strcmp(sb_certified_law_name(&law), item[i].by) == 0, "%s: %s %s",
                     item[i].spec, sb_certified_law_name(&law), error.message);
        sb_certified_law_clear(&law);
        sb_noise_spec_clear(&noise);
    }
}

/* ------------------------------------------------------------------ exact coverage */
static double normal_cdf(double x) {
    return 0.5 * erfc(-x / sqrt(2));
}

/* x with Phi(x) = p, by bisection. */
static double normal_quantile(double p) {
    double low = -10, high = 10;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(normal_cdf(middle) < p ? &low : &high) = middle;
    }
    return low;
}

static double binomial_mass(int n, int k, double p) {
    return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p));
}

/* The probability that the certified radius is above the true one, summed over all counts: at most alpha for
   every p, and near alpha for some. */
static void coverage_is_exact(void) {
    enum { N = 60 };
    sb_certifier c;
    sb_noise_spec noise;
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_COHEN, N, "1/20", NULL);
    double radius[N + 1], worst = 0;
    for (uint64_t k = 0; k <= N; k++) {
        sb_certificate got = certify(&c, 0, (sb_selected_classes){0, 1}, (uint64_t[SB_CLASSES]){k, N - k});
        radius[k] = got.certified ? atof(got.radius) : -1;
        SB_CHECK(k == 0 || radius[k] >= radius[k - 1], "%llu", (unsigned long long)k);
    }
    for (double p = 0.5001; p < 1; p += 0.0007) {
        double truth = normal_quantile(p), failure = 0;
        for (int k = 0; k <= N; k++)
            if (radius[k] > truth) failure += binomial_mass(N, k, p);
        SB_CHECK(failure <= 0.05 + 1e-9, "p = %g: %g", p, failure);
        if (failure > worst) worst = failure;
    }
    SB_CHECK(worst > 0.045, "the bounds are wider than they need be: %g", worst);
    certifier_close(&c, &noise);
}

/* ------------------------------------------------------------------ simulated runs */
/* A classifier along one direction: with x at place a, its noisy copies at a + g, g standard normal, class 0
   above 0, class 2 below -gap, class 1 between. */
typedef struct {
    double a, gap;
} line;

static void scores(const line *l, double shift, double p[3]) {
    p[0] = normal_cdf(l->a - shift);
    p[2] = normal_cdf(shift - l->a - l->gap);
    p[1] = 1 - p[0] - p[2];
}

static int is_top(const line *l, double shift, int class) {
    double p[3];
    scores(l, shift, p);
    return p[class] >= p[(class + 1) % 3] && p[class] >= p[(class + 2) % 3];
}

/* The true l_2 radius: how far x can be moved either way before the class is not the most likely one. */
static double true_radius(const line *l, int class) {
    double radius = 20;
    if (!is_top(l, 0, class)) return -1;
    for (int way = -1; way <= 1; way += 2) {
        double low = 0, high = 0;
        while (high < 20 && is_top(l, way * high, class)) low = high, high += 0.001;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            *(is_top(l, way * middle, class) ? &low : &high) = middle;
        }
        if (low < radius) radius = low;
    }
    return radius;
}

enum { MOST = 8192 };

/* counts += samples first .. end - 1 of the run. */
static void sample(const line *l, uint64_t seed, uint64_t run, uint64_t first, uint64_t end,
                   uint64_t counts[SB_CLASSES]) {
    static double u[MOST];
    double p[3];
    scores(l, 0, p);
    sb_random_uniforms(u, end - first, seed, run, first);
    for (uint64_t i = 0; i < end - first; i++) counts[u[i] < p[0] ? 0 : u[i] < p[0] + p[1] ? 1 : 2]++;
}

typedef struct {
    int failures, certified, reached;
    double samples; /* mean */
} outcome;

/* `runs` runs of CERTIFY, with the stages of the certifier. */
static outcome simulate(sb_certifier *c, const line *l, uint64_t n0, int runs, uint64_t seed) {
    outcome o = {0, 0, 0, 0};
    sb_error error = {SB_OK, ""};
    double truth[3];
    for (int class = 0; class < 3; class ++) truth[class] = true_radius(l, class);
    for (int run = 0; run < runs; run++) {
        uint64_t selection[SB_CLASSES] = {0}, counts[SB_CLASSES] = {0}, drawn = 0;
        sample(l, seed, (uint64_t)run, 0, n0, selection);
        sb_selected_classes selected = sb_select_classes(selection);
        sb_certificate got = {0};
        for (int stage = 0, settled = 0; !settled; stage++) {
            sample(l, seed, (uint64_t)run, n0 + drawn, n0 + c->stages.samples[stage], counts);
            drawn = c->stages.samples[stage];
            got = certify(c, stage, selected, counts);
            sb_status status = sb_certify_settled(&settled, c, stage, selected, counts, &got, &error);
            SB_CHECK(!status, "%s", error.message);
            if (status) return o;
        }
        o.certified += got.certified;
        o.reached += got.reaches;
        o.failures += got.certified && atof(got.radius) > truth[selected.top] + 1e-9;
        o.samples += (double)drawn / runs;
    }
    return o;
}

/* Bin(10^4, 1/1000) is above 30 with probability 1e-7. */
enum { RUNS = 10000, ALLOWED = 30 };

static void sound_rules_do_not_exceed(void) {
    static const line item[] = {{0.02, 100}, {0.3, 100}, {1.2, 100}, {2.5, 100}, {-0.2, 0.65}, {0.6, 0.7}};
    for (int rule = SB_RULE_COHEN; rule <= SB_RULE_TWO_CLASS_BONFERRONI; rule++) {
        sb_certifier c;
        sb_noise_spec noise;
        certifier_open(&c, &noise, "gaussian:sigma=1", 48, (sb_certificate_rule)rule, 250, "1/1000", NULL);
        for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
            outcome o = simulate(&c, &item[i], 20, RUNS, 10 + i);
            SB_CHECK(o.failures <= ALLOWED, "%s, a %g, gap %g: %d of %d", sb_certificate_rule_name(c.rule),
                     item[i].a, item[i].gap, o.failures, RUNS);
        }
        certifier_close(&c, &noise);
    }
}

/* At alpha = 1/20 the failures of Cohen's rule are seen, and no more than they may be (4.5 deviations). */
static void failures_are_seen(void) {
    sb_certifier c;
    sb_noise_spec noise;
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_COHEN, 1000, "1/20", NULL);
    outcome o = simulate(&c, &(line){0.8, 100}, 20, RUNS, 3);
    SB_CHECK(o.failures > 350 && o.failures < 600, "%d of %d", o.failures, RUNS);
    certifier_close(&c, &noise);
}

/* Three classes of .42, .40, .18: five samples often see the third class before the second. */
static void published_rule_exceeds(void) {
    double a = normal_quantile(0.42), gap = -a - normal_quantile(0.18);
    line l = {a, gap};
    sb_certifier c;
    sb_noise_spec noise;
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_TWO_CLASS_AS_PUBLISHED, 300, "1/1000", NULL);
    outcome o = simulate(&c, &l, 5, RUNS, 4);
    SB_CHECK(o.failures > RUNS / 10, "%d of %d", o.failures, RUNS);
    certifier_close(&c, &noise);
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_TWO_CLASS_BONFERRONI, 300, "1/1000", NULL);
    o = simulate(&c, &l, 5, RUNS, 4);
    SB_CHECK(o.failures <= ALLOWED, "Bonferroni: %d of %d", o.failures, RUNS);
    certifier_close(&c, &noise);
}

/* ------------------------------------------------------------------ adaptive stopping */
static void stages_share_alpha(void) {
    static const uint64_t samples[] = {1, 2, 5, 63, 64, 65, 1000, 100000, 1000000000};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        for (int adaptive = 0; adaptive < 2; adaptive++) {
            sb_stages s;
            fmpq_t alpha, sum;
            fmpq_init(alpha);
            fmpq_init(sum);
            fmpq_set_si(alpha, 1, 1000);
            sb_stages_init(&s, samples[i], alpha, adaptive);
            for (int j = 0; j < s.count; j++) {
                SB_CHECK(s.samples[j] > (j ? s.samples[j - 1] : 0) && fmpq_sgn(s.alpha[j]) > 0, "stage %d",
                         j);
                fmpq_add(sum, sum, s.alpha[j]);
            }
            SB_CHECK(s.samples[s.count - 1] == samples[i] && fmpq_equal(sum, alpha) &&
                         (adaptive || s.count == 1),
                     "%llu samples, %d stages", (unsigned long long)samples[i], s.count);
            sb_stages_clear(&s);
            fmpq_clear(alpha);
            fmpq_clear(sum);
        }
    }
}

/* A class whose score is that of the target radius itself: summed over all counts, each stage by itself
   certifies the target with probability at most its level, and gives it up with probability at most its
   level; both are near it for some stage. (Further samples could still reach the target at every stage.) */
static void stages_keep_their_levels(void) {
    enum { N = 1024 };
    sb_certifier c;
    sb_noise_spec noise;
    sb_error error;
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_COHEN, N, "1/20", "1/2");
    double p = normal_cdf(0.5), closest[2] = {0, 0};
    for (int stage = 0; stage < c.stages.count; stage++) {
        double chance[2] = {0, 0}, level = fmpq_get_d(c.stages.alpha[stage]); /* certified, given up */
        int n = (int)c.stages.samples[stage], settled = 0;
        for (int k = 0; k <= n; k++) {
            uint64_t counts[SB_CLASSES] = {(uint64_t)k, (uint64_t)(n - k)};
            sb_selected_classes selected = {0, 1};
            sb_certificate got = certify(&c, stage, selected, counts);
            sb_status status = sb_certify_settled(&settled, &c, stage, selected, counts, &got, &error);
            SB_CHECK(!status, "%s", error.message);
            if (got.reaches || (settled && n < N)) chance[!got.reaches] += binomial_mass(n, k, p);
        }
        for (int i = 0; i < 2; i++) {
            SB_CHECK(chance[i] <= level + 1e-9, "stage %d: %s with probability %g, level %g", stage,
                     i ? "given up" : "certified", chance[i], level);
            closest[i] = fmax(closest[i], chance[i] / level);
        }
    }
    SB_CHECK(closest[0] > 0.8 && closest[1] > 0.8, "levels are used up to %g and %g", closest[0], closest[1]);
    certifier_close(&c, &noise);
}

/* Coverage of the radius that is read off where sampling stopped, and of the verdict; at two levels. */
static void adaptive_stopping_is_sound(void) {
    static const double place[] = {0.1, 0.45, 0.4999, 0.55};
    for (int rule = SB_RULE_COHEN; rule <= SB_RULE_TWO_CLASS_BONFERRONI; rule++) {
        sb_certifier strict, loose;
        sb_noise_spec noise, same;
        certifier_open(&strict, &noise, "gaussian:sigma=1", 48, (sb_certificate_rule)rule, 4000, "1/1000",
                       "1/2");
        certifier_open(&loose, &same, "gaussian:sigma=1", 48, (sb_certificate_rule)rule, 4000, "1/5", "1/2");
        for (size_t i = 0; i < sizeof place / sizeof place[0]; i++) {
            line l = {place[i], 100};
            outcome o = simulate(&strict, &l, 20, RUNS / 10, 20 + i);
            SB_CHECK(o.failures <= 9, "alpha .001, a %g: %d of %d", place[i], o.failures, RUNS / 10);
            SB_CHECK(place[i] >= 0.5 || o.reached <= 9, "a %g: %d reach 1/2", place[i], o.reached);
            o = simulate(&loose, &l, 20, RUNS / 10, 40 + i);
            SB_CHECK(o.failures <= 257, "alpha .2, a %g: %d of %d", place[i], o.failures, RUNS / 10);
        }
        certifier_close(&strict, &noise);
        certifier_close(&loose, &same);
    }
}

/* Clear cases stop early with the verdict of all samples; what reaches the target is printed not below it. */
static void adaptive_stopping_saves(void) {
    static const struct {
        double a, least, most; /* mean number of samples */
    } item[] = {{1.5, 63, 130}, {0.2, 100, 700}, {0.5, 3000, 4000}, {0.75, 125, 2000}};
    sb_certifier c, full;
    sb_noise_spec noise, same;
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_COHEN, 4000, "1/1000", "1/2");
    certifier_open(&full, &same, "gaussian:sigma=1", 48, SB_RULE_COHEN, 4000, "1/1000", NULL);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        line l = {item[i].a, 100};
        outcome o = simulate(&c, &l, 20, 1000, 60 + i);
        SB_CHECK(o.samples >= item[i].least && o.samples <= item[i].most, "a %g: %g samples", item[i].a,
                 o.samples);
        int expected = item[i].a > 0.6 ? 1000 : 0;
        SB_CHECK(abs(o.reached - expected) <= 5, "a %g: %d of 1000 reach 1/2", item[i].a, o.reached);
    }
    for (uint64_t k = 0; k <= 4000; k += 7) {
        sb_certificate got =
            certify(&c, c.stages.count - 1, (sb_selected_classes){0, 1}, (uint64_t[SB_CLASSES]){k});
        SB_CHECK(got.reaches == (got.certified && atof(got.radius) >= 0.5), "%llu: %s", (unsigned long long)k,
                 got.radius);
    }
    certifier_close(&c, &noise);
    certifier_close(&full, &same);
}

/* Near the ceiling one miss among the first samples settles it: the last stage can lose at most so many. */
static void hopeless_images_are_given_up(void) {
    sb_certifier c;
    sb_noise_spec noise;
    sb_error error;
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_COHEN, 1000, "1/1000", "243/100");
    int settled;
    for (uint64_t misses = 0; misses < 3; misses++) { /* all 1000 give 2.429 at level 1/2000 ... */
        uint64_t counts[SB_CLASSES] = {16 - misses, misses};
        sb_certificate got = certify(&c, 0, (sb_selected_classes){0, 1}, counts);
        sb_status status =
            sb_certify_settled(&settled, &c, 0, (sb_selected_classes){0, 1}, counts, &got, &error);
        SB_CHECK(!status && settled, "%d misses", (int)misses);
    }
    certifier_close(&c, &noise);
    certifier_open(&c, &noise, "gaussian:sigma=1", 48, SB_RULE_COHEN, 1000, "1/1000", "12/5");
    for (uint64_t misses = 0; misses < 2; misses++) { /* ... which reaches 2.4; 999 give 2.328 */
        uint64_t counts[SB_CLASSES] = {16 - misses, misses};
        sb_certificate got = certify(&c, 0, (sb_selected_classes){0, 1}, counts);
        sb_status status =
            sb_certify_settled(&settled, &c, 0, (sb_selected_classes){0, 1}, counts, &got, &error);
        SB_CHECK(!status && settled == (int)misses, "%d misses: settled %d", (int)misses, settled);
    }
    certifier_close(&c, &noise);
}

/* ------------------------------------------------------------------ predictions */
/* The two-sided p-value 2 Pr(Bin(m, 1/2) >= k), from sums of binomial coefficients in double: exact below
 * 2^53. */
static void predictions_are_binomial_tests(void) {
    static const struct {
        long numerator;
        unsigned long denominator;
    } level[] = {{1, 1000}, {1, 20}, {1, 3}};
    for (size_t a = 0; a < 3; a++) {
        fmpq_t alpha;
        fmpq_init(alpha);
        fmpq_set_si(alpha, level[a].numerator, level[a].denominator);
        for (uint64_t m = 0; m <= 45; m++) {
            double choose = 1, tail = 0;
            for (uint64_t k = m; 2 * k >= m; k--) { /* choose = C(m, k) */
                tail += choose;
                double value = 2 * tail / ldexp(1, (int)m), bar = fmpq_get_d(alpha);
                uint64_t counts[SB_CLASSES] = {[1] = m - k, [5] = k};
                int expected = value <= bar ? k > m - k ? 5 : 1 : SB_ABSTAIN;
                SB_CHECK(sb_predict_class(counts, alpha) == expected, "%d of %d: p-value %g, level %g",
                         (int)k, (int)m, value, bar);
                choose = choose * (double)k / (double)(m - k + 1);
                if (k == 0) break;
            }
        }
        fmpq_clear(alpha);
    }
    fmpq_t alpha;
    fmpq_init(alpha);
    fmpq_set_si(alpha, 1, 1000);
    SB_CHECK(sb_predict_class((uint64_t[SB_CLASSES]){[2] = 50500, [3] = 49500}, alpha) == SB_ABSTAIN,
             "3.16 deviations: p-value .00158");
    SB_CHECK(sb_predict_class((uint64_t[SB_CLASSES]){[2] = 50530, [3] = 49470}, alpha) == 2,
             "3.35 deviations: p-value .00080");
    fmpq_clear(alpha);
}

static const sb_test tests[] = {
    {"radii of known counts under the three rules", radii_are_known_ones},
    {"the other class of the two-class rules", which_other_class_counts},
    {"radii are plain decimals", radii_are_plain_decimals},
    {"uniform noise against its closed form", uniform_noise},
    {"noises with and without a certified radius", noises_with_and_without_radius},
    {"exact coverage of Cohen's rule", coverage_is_exact},
    {"sound rules do not exceed the true radius in 10^4 runs", sound_rules_do_not_exceed},
    {"failures are seen at alpha = 1/20", failures_are_seen},
    {"the published rule exceeds the true radius", published_rule_exceeds},
    {"stages share alpha", stages_share_alpha},
    {"each stage keeps its level", stages_keep_their_levels},
    {"adaptive stopping is sound", adaptive_stopping_is_sound},
    {"adaptive stopping saves samples", adaptive_stopping_saves},
    {"hopeless images are given up", hopeless_images_are_given_up},
    {"predictions are binomial tests", predictions_are_binomial_tests},
};
SB_TEST_MAIN(tests)
