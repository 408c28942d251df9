/* The prover. Each verdict on the list below is known by hand; certificates are judged by sbcheck, refuting
 * points and random goals by MPFR. */
#include "bounds/prover.h"
#include "support/file.h"
#include "tests/bounds/random_expression.h"

#include <unistd.h>

static char place[200]; /* of a certificate file */

static int have_checker(void) {
    const char *checker = getenv("SBCHECK"), *scratch = getenv("SCRATCH");
    if (!checker || !sb_file_exists(checker)) return 0;
    setenv("SMOOTHBOUND_SBCHECK", checker, 1);
    snprintf(place, sizeof place, "%s/t_prover.cert", scratch ? scratch : "/tmp");
    return 1;
}

/* Whether sbcheck accepts the proof's certificate with the proof's verdict. */
static int accepted(const sb_proof *proof, const char *what) {
    sb_error error = {0};
    sb_verdict verdict = SB_UNSETTLED;
    char *line = NULL;
    SB_CHECK(sb_file_write(place, proof->certificate, strlen(proof->certificate), &error) == SB_OK, "%s",
             error.message);
    sb_status status = sb_check_certificate(place, NULL, &verdict, &line, &error);
    SB_CHECK(status == SB_OK && verdict == proof->verdict, "%s: %s\n%s", what, status ? error.message : line,
             proof->certificate);
    free(line);
    unlink(place);
    return !status;
}

static sb_status prove(const char *inequality, const char *ranges, const sb_prover_limits *limits,
                       sb_proof *proof, sb_error *error) {
    char copy[300];
    const char *range[8];
    size_t count = 0;
    snprintf(copy, sizeof copy, "%s", ranges);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) range[count++] = word;
    sb_goal goal;
    sb_goal_init(&goal);
    sb_status status = sb_goal_from_inequality(&goal, "t", inequality, range, count, error);
    if (!status) status = sb_prove(&goal, limits, proof, error);
    sb_goal_clear(&goal);
    return status;
}

typedef struct {
    const char *inequality, *ranges;
    sb_verdict verdict;
    size_t most_leaves; /* 0: any number */
} known;

static const known list[] = {
    /* the constants of Lemmas 3.1 and C.1, Theorem 1.2, Corollaries B.2, B.5, B.6 */
    {"max(d^2/8, (1-d)^3/64) >= 1/200", "d:0..1", SB_PROVED, 7},
    {"max(d^2/8, (1-d)^3/64) >= 1/144", "d:0..1", SB_PROVED, 23},
    {"max(d^2/8, (1-d)^3/64) >= 1/143", "d:0..1", SB_REFUTED, 0},
    {"max(d/4, (1-d)/8) >= 1/12", "d:0..1", SB_PROVED, 2},
    {"max(d/4, (1-d)/8) >= 1/12 + 1/10^6", "d:0..1", SB_REFUTED, 0},
    {"max(d/4, (1-d)/8) > 1/12", "d:0..1", SB_REFUTED, 0},
    {"r^(2-2*s) >= 1/4", "r:1/2..1 s:0..1/2", SB_PROVED, 1},
    {"r^(2-2*s) > 1/4", "r:1/2..1 s:0..1/2", SB_REFUTED, 0},
    {"erf(t/(2*sqrt(2))) <= 9/2*min(1,t)", "t:0..16", SB_PROVED, 4},
    {"erf(t/(2*sqrt(2))) >= 38/100*min(1,t)", "t:0..16", SB_PROVED, 4},
    {"erf(t/(2*sqrt(2))) >= 39/100*min(1,t)", "t:0..16", SB_REFUTED, 0},
    {"1 - z <= exp(-z)", "z:0..1/2", SB_PROVED, 1},
    {"1 - z < exp(-z)", "z:0..1/2", SB_REFUTED, 0},
    {"2^(-2*z) <= 1 - z", "z:0..1/2", SB_PROVED, 1},
    {"2^(-2*z) <= 1 - z - 1/10^6", "z:0..1/2", SB_REFUTED, 0},
    {"log(4)^2/12 <= sqrt(2)*log(4)^2/48", "", SB_REFUTED, 0},
    {"min(1, 1-(1-t/2)^2) == 1 - max(0, 1-t/2)^2", "t:0..4", SB_REFUTED, 0},
    {"min(1, 1-(1-t/2)^2) >= 1 - max(0, 1-t/2)^2", "t:0..4", SB_REFUTED, 0},
    /* tight inside, at ends, at kinks */
    {"x*(1-x) <= 1/4", "x:0..1", SB_PROVED, 2},
    {"x*(1-x) < 1/4", "x:0..1", SB_REFUTED, 0},
    {"x*(1-x) <= 1/4 - 1/10^6", "x:0..1", SB_REFUTED, 0},
    {"log(x) <= x - 1", "x:1/10..5", SB_PROVED, 2},
    {"(x+1)/2 >= sqrt(x)", "x:0..4", SB_PROVED, 8},
    {"x + 1/x >= 2", "x:1/8..8", SB_PROVED, 4},
    {"x^(1/3) <= (x+2)/3", "x:1/8..8", SB_PROVED, 4},
    {"abs(x-1/7) + abs(x-2/7) >= 1/7", "x:0..1", SB_PROVED, 8},
    {"(x-3/11)^2 > 0", "x:0..1", SB_REFUTED, 0},
    {"x^2 > 0", "x:1/1000..1", SB_PROVED, 1},
    {"min(x, 1-x) >= 0", "x:0..1", SB_PROVED, 1},
    /* several variables */
    {"x + y - 2*sqrt(x*y) > -1/100", "x:1/10..1 y:1/10..1", SB_PROVED, 0},
    {"x^2 + y^2 + z^2 >= x*y + y*z + z*x - 1/50", "x:0..1 y:0..1 z:0..1", SB_PROVED, 0},
    {"x^2 + y^2 + z^2 >= x*y + y*z + z*x + 1/10^6", "x:0..1 y:0..1 z:0..1", SB_REFUTED, 0},
    /* the six-hump camel's least value is -1.0316284... */
    {"4*x^2 - 2.1*x^4 + x^6/3 + x*y - 4*y^2 + 4*y^4 >= -1.0317", "x:-3..3 y:-2..2", SB_PROVED, 0},
    {"4*x^2 - 2.1*x^4 + x^6/3 + x*y - 4*y^2 + 4*y^4 >= -1.031627", "x:-3..3 y:-2..2", SB_REFUTED, 0},
    /* gamma: its least value is 0.88560319441088870...; Gautschi; log-convexity */
    {"gamma(x) >= 0.88560319441", "x:1/10..10", SB_PROVED, 0},
    {"gamma(x) >= 0.88560319442", "x:1/10..10", SB_REFUTED, 0},
    {"lgamma(x) >= -0.12148629053585", "x:1/10..10", SB_PROVED, 0},
    {"lgamma(d+1) - lgamma(d+s) <= (1-s)*log(d+1)", "d:1..4 s:1/2..9/10", SB_PROVED, 0},
    {"lgamma(d+1) - lgamma(d+s) <= (1-s)*log(d) ", "d:1..4 s:1/2..9/10", SB_REFUTED, 0},
    {"lgamma((x+y)/2) <= (lgamma(x) + lgamma(y))/2", "x:1..2 y:3..4", SB_PROVED, 0},
    {"lgamma((x+y)/2) >= (lgamma(x) + lgamma(y))/2", "x:1..2 y:3..4", SB_REFUTED, 0},
    /* identities, and inequalities without variables */
    {"(N-n)*(N-n-1)*(N+2*n+1) == (N^2 - 2*N*n + n^2 - N + n)*(N + 2*n + 1)", "N:0..10 n:0..10", SB_PROVED, 1},
    {"(N-n)*(N-n-1)*(N+2*n+1) == (N^2 - 2*N*n + n^2 - N - n)*(N + 2*n + 1)", "N:0..10 n:0..10", SB_REFUTED,
     0},
    {"(x+y)^2/4 - x*y == ((x-y)/2)^2", "x:0..1 y:0..1", SB_PROVED, 1},
    {"1/(1-x^2) == (1/(1-x) + 1/(1+x))/2", "x:2..3", SB_PROVED, 1},
    {"355/113 > pi", "", SB_PROVED, 1},
    {"22/7 < pi", "", SB_REFUTED, 0},
    {"exp(pi*sqrt(163)) < 640320^3 + 744", "", SB_PROVED, 1},
    {"0 >= 0", "", SB_PROVED, 1},
    {"0 > 0", "", SB_REFUTED, 0},
    /* what cuts, faces and concavity cannot show, or what is undefined: never more than undecided */
    {"exp(log(x)) == x", "x:1..2", SB_UNSETTLED, 0},
    {"x^4 - 4*x^2 + 4 >= 0", "x:0..3", SB_UNSETTLED, 0},
    {"x^4 - 4*x^2 + 4 > 0", "x:0..3", SB_UNSETTLED, 0},
    {"log(x)*0 >= 0", "x:0..1", SB_UNSETTLED, 0},
    {"4^(-z) <= 1 - z", "z:0..1/2", SB_UNSETTLED,
     0}, /* 4^(-1/2) is no integer power: 2^(-2 z) is the way to write it */
    {"2^(1/2)*2^(1/2) >= 2", "", SB_UNSETTLED, 0},
    {"x/y >= -1", "x:0..1 y:0..1", SB_UNSETTLED, 0}};

static void known_goals(void) {
    if (!have_checker()) SB_SKIP("sbcheck is not built, or $SBCHECK does not name it");
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        const known *k = &list[i];
        sb_proof proof;
        sb_error error = {0};
        sb_proof_init(&proof);
        sb_prover_limits limits = {.boxes = 30000};
        sb_status status = prove(k->inequality, k->ranges, &limits, &proof, &error);
        SB_CHECK(status == SB_OK && proof.verdict == k->verdict, "%s: %s, not %s; %s", k->inequality,
                 status ? error.message : sb_verdict_name(proof.verdict), sb_verdict_name(k->verdict),
                 proof.residual ? proof.residual : "");
        SB_CHECK(!k->most_leaves || proof.leaves <= k->most_leaves, "%s: %zu leaves", k->inequality,
                 proof.leaves);
        SB_CHECK((proof.verdict == SB_UNSETTLED) == !proof.certificate &&
                 (proof.verdict == SB_UNSETTLED) == !!proof.residual &&
                 (proof.verdict == SB_REFUTED) == !!proof.point &&
                 (proof.verdict == SB_REFUTED) == !!proof.value);
        if (proof.certificate) accepted(&proof, k->inequality);
        sb_proof_clear(&proof);
    }
}

/* ------------------------------------------------------------------ random goals, judged by MPFR */
typedef struct {
    random_expression e;
    long low[3], width[3]; /* twelfths */
    mpfr_t x[3], value, least, bound;
} trial;

static void set_coordinate(trial *t, int i, long thousandths) {
    mpfr_set_si(t->x[i], t->width[i] * thousandths, MPFR_RNDN);
    mpfr_div_si(t->x[i], t->x[i], 1000, MPFR_RNDN);
    mpfr_add_si(t->x[i], t->x[i], t->low[i], MPFR_RNDN);
    mpfr_div_si(t->x[i], t->x[i], 12, MPFR_RNDN);
}

/* Samples the expression: t->least. 0 when a sample is outside the domain or huge. */
static int sample_least(trial *t, uint64_t *state) {
    for (int k = 0; k < 60; k++) {
        for (int i = 0; i < t->e.variables; i++)
            set_coordinate(t, i, k < 8 ? 1000 * (k >> i & 1) : random_below(state, 1001));
        if (!random_evaluate(&t->e, t->e.root, t->x, t->value) || mpfr_cmpabs_ui(t->value, 1000000) > 0)
            return 0;
        if (k == 0 || mpfr_less_p(t->value, t->least)) mpfr_set(t->least, t->value, MPFR_RNDN);
    }
    return 1;
}

/* Whether the point that a refutation names is in the box and makes the expression less than the bound (or
 * equal, for a strict goal). */
static int truly_negative(trial *t, const char *point) {
    static const char names[] = "xyz";
    char copy[400], *rest = copy;
    snprintf(copy, sizeof copy, "%s", point);
    mpq_t q;
    mpq_init(q);
    int good = 1;
    for (int i = 0; i < t->e.variables && good; i++) {
        char *word = strtok_r(rest, ",", &rest), *equals = word ? strstr(word, " = ") : NULL;
        good = equals && equals[-1] == names[i] && mpq_set_str(q, equals + 3, 10) == 0;
        mpq_canonicalize(q);
        mpfr_set_q(t->x[i], q, MPFR_RNDN);
        mpz_mul_si(mpq_numref(q), mpq_numref(q), 12);
        mpq_canonicalize(q);
        good = good && mpq_cmp_si(q, t->low[i], 1) >= 0 && mpq_cmp_si(q, t->low[i] + t->width[i], 1) <= 0;
    }
    mpq_clear(q);
    if (!good || !random_evaluate(&t->e, t->e.root, t->x, t->value)) return 0;
    mpfr_sub(t->value, t->value, t->bound, MPFR_RNDN);
    return mpfr_sgn(t->value) <= 0 || mpfr_get_exp(t->value) < -300;
}

static sb_status run_trial(trial *t, uint64_t *state, int strict, sb_proof *proof, sb_error *error) {
    char inequality[MOST_TEXT + 100], ranges[200] = "";
    long shift =
        (long)random_below(state, 5) - 2; /* the bound: near the least sample, above, at or below it */
    mpfr_mul_si(t->bound, t->least, 1000, MPFR_RNDN);
    mpfr_rint(t->bound, t->bound, MPFR_RNDN);
    long thousandths = mpfr_get_si(t->bound, MPFR_RNDN) + shift * shift * shift * 10;
    mpfr_set_si(t->bound, thousandths, MPFR_RNDN);
    mpfr_div_si(t->bound, t->bound, 1000, MPFR_RNDN);
    snprintf(inequality, sizeof inequality, "%s %s %ld/1000", t->e.text, strict ? ">" : ">=", thousandths);
    for (int i = 0; i < t->e.variables; i++) {
        size_t length = strlen(ranges);
        snprintf(ranges + length, sizeof ranges - length, "%c:%ld/12..%ld/12 ", "xyz"[i], t -> low[i],
                 t -> low[i] + t -> width[i]);
    }
    sb_prover_limits limits = {.boxes = 1000};
    return prove(inequality, ranges, &limits, proof, error);
}

static void random_goals(void) {
    if (!have_checker()) SB_SKIP("sbcheck is not built, or $SBCHECK does not name it");
    trial t;
    uint64_t state = 7;
    int count[SB_SKIPPED + 1] = {0};
    for (int i = 0; i < 3; i++) mpfr_init2(t.x[i], BITS);
    mpfr_inits2(BITS, t.value, t.least, t.bound, (mpfr_ptr)0);
    for (int round = 0; round < 600; round++) {
        random_make(&t.e, &state, 1 + random_below(&state, 3), 1 + random_below(&state, 3));
        for (int i = 0; i < 3; i++) {
            t.low[i] = random_below(&state, 60) - 20;
            t.width[i] = random_below(&state, 40);
        }
        if (!sample_least(&t, &state)) continue;
        int strict = random_below(&state, 3) == 0;
        sb_proof proof;
        sb_error error = {0};
        sb_proof_init(&proof);
        sb_status status = run_trial(&t, &state, strict, &proof, &error);
        SB_CHECK(status == SB_OK, "%s: %s", t.e.text, error.message);
        count[proof.verdict]++;
        if (proof.verdict == SB_PROVED) { /* no sample is below the bound */
            mpfr_sub(t.value, t.least, t.bound, MPFR_RNDN);
            SB_CHECK(mpfr_sgn(t.value) >= 0 || mpfr_get_exp(t.value) < -300, "%s", proof.certificate);
        } else if (proof.verdict == SB_REFUTED) {
            SB_CHECK(truly_negative(&t, proof.point), "%s\n%s", proof.point, proof.certificate);
        }
        if (proof.certificate) accepted(&proof, t.e.text);
        sb_proof_clear(&proof);
    }
    SB_CHECK(count[SB_PROVED] > 80 && count[SB_REFUTED] > 80, "%d proved, %d refuted, %d undecided",
             count[SB_PROVED], count[SB_REFUTED], count[SB_UNSETTLED]);
    for (int i = 0; i < 3; i++) mpfr_clear(t.x[i]);
    mpfr_clears(t.value, t.least, t.bound, (mpfr_ptr)0);
}

/* ------------------------------------------------------------------ limits */
static int stop_later(void *context, size_t boxes, double fraction) {
    size_t *calls = context;
    SB_CHECK(fraction >= 0 && fraction <= 1 + 1e-9 && boxes == *calls, "%zu boxes at call %zu, fraction %g",
             boxes, *calls, fraction);
    return ++*calls < 50;
}

static void limits_and_interrupts(void) {
    static const char hard[] = "x^2 + y^2 + z^2 >= x*y + y*z + z*x - 1/1000", cube[] = "x:0..1 y:0..1 z:0..1";
    sb_proof proof;
    sb_error error = {0};
    size_t calls = 0;
    sb_proof_init(&proof);
    sb_prover_limits limits = {.proceed = stop_later, .context = &calls};
    SB_CHECK(prove(hard, cube, &limits, &proof, &error) == SB_INTERRUPTED && calls == 50 &&
                 !proof.certificate,
             "%s", error.message);
    limits = (sb_prover_limits){.boxes = 100};
    SB_CHECK(prove(hard, cube, &limits, &proof, &error) == SB_OK && proof.verdict == SB_UNSETTLED &&
             proof.boxes == 100 && proof.obstacle == SB_OBSTACLE_BOXES);
    limits = (sb_prover_limits){.depth = 5};
    SB_CHECK(prove(hard, cube, &limits, &proof, &error) == SB_OK && proof.verdict == SB_UNSETTLED &&
             proof.depth == 5 && proof.obstacle == SB_OBSTACLE_DEPTH);
    SB_CHECK(prove("log(x) <= 1", "x:0..1", NULL, &proof, &error) == SB_OK &&
                 proof.obstacle == SB_OBSTACLE_DOMAIN && strstr(proof.residual, "log of [0,"),
             "%s", proof.residual ? proof.residual : "");
    sb_proof_clear(&proof);
}

static void deterministic(void) {
    sb_proof first, again;
    sb_error error;
    sb_proof_init(&first);
    sb_proof_init(&again);
    for (int i = 0; i < 2; i++)
        SB_CHECK(prove("lgamma((x+y)/2) <= (lgamma(x) + lgamma(y))/2", "x:1..2 y:3..4", NULL,
                       i ? &again : &first, &error) == SB_OK);
    SB_CHECK(first.certificate && again.certificate && strcmp(first.certificate, again.certificate) == 0);
    sb_proof_clear(&first);
    sb_proof_clear(&again);
}

/* ------------------------------------------------------------------ the checker's verdict counts, not ours
 */
static void checker_rejects(void) {
    if (!have_checker()) SB_SKIP("sbcheck is not built, or $SBCHECK does not name it");
    static const char *const false_certificates[] = {
        "smoothbound-certificate 1\nclaim t\nsays t\nvar x 0 1\ngoal x - 1/2 >= 0\ntree\nok\nend\n",
        "smoothbound-certificate 1\nclaim t\nsays t\nvar x 0 1\ngoal x >= 0\npoint 1/2\nend\n",
        "smoothbound-certificate 1\nclaim t\nsays t\nvar x 0 1\ngoal x >= 0\ntree\nend\n", "nonsense\n"};
    for (size_t i = 0; i < sizeof false_certificates / sizeof false_certificates[0]; i++) {
        sb_error error = {0};
        sb_verdict verdict = SB_UNSETTLED;
        char *line = NULL;
        sb_file_write(place, false_certificates[i], strlen(false_certificates[i]), &error);
        SB_CHECK(sb_check_certificate(place, NULL, &verdict, &line, &error) == SB_INTERNAL && !line &&
                     verdict == SB_UNSETTLED && strstr(error.message, "rejects"),
                 "%s", error.message);
        free(line);
    }
    unlink(place);
    setenv("SMOOTHBOUND_SBCHECK", "/nonexistent/sbcheck", 1);
    sb_error error = {0};
    sb_verdict verdict;
    char *line = NULL;
    SB_CHECK(sb_check_certificate(place, NULL, &verdict, &line, &error) != SB_OK &&
                 strstr(error.message, "sbcheck"),
             "%s", error.message);
    free(line);
}

static const sb_test tests[] = {{"known inequalities and identities", known_goals},
                                {"random goals, against MPFR and sbcheck", random_goals},
                                {"limits and interrupts", limits_and_interrupts},
                                {"the same certificate twice", deterministic},
                                {"certificates that sbcheck rejects", checker_rejects}};
SB_TEST_MAIN(tests)
