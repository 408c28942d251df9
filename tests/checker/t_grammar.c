/* The grammar and the domain rules of docs/certificates.md, one line of a table a rule. */
/* The checker is a program, not a library: the parts under test are compiled in. */
#include "bounds/checker/interval.c"

#include "bounds/checker/functions.c"
#include "bounds/checker/jet.c"
#include "bounds/checker/text.c"

#include "bounds/checker/expression.c"
#include "bounds/checker/polynomial.c"

#include "tests/test.h"

#include <string.h>

static char *const names[] = {"x", "y"};

static bool parse_all(expression *e, const char *text, fault *why) {
    const char *rest = "";
    return expression_parse(e, text, &rest, names, 2, why) &&
           (*rest == '\0' || fault_set(why, "rest '%s'", rest));
}

/* Constants with one exact value; "" stands for none. */
static void constants_have_their_values(void) {
    static const char *const table[][2] = {
        {"12", "12"},
        {"0.38", "19/50"},
        {"007", "7"},
        {"1-2*3", "-5"},
        {"(1-2)*3", "-3"},
        {"8-4-2", "2"},
        {"8/4/2", "1"},
        {"6/3*2", "4"},
        {"2*-3", "-6"},
        {"- - 3", "3"},
        {"4 - -3", "7"},
        {"-2^2", "-4"},
        {"(-2)^2", "4"},
        {"2^3^2", "512"},
        {"2^-1", "1/2"},
        {"-2^-2", "-1/4"},
        {"2^--2", "4"},
        {"2^-1^2", "1/2"},
        {"(1/2)^(4/2)", "1/4"},
        {"(-3)^(1+2)", "-27"},
        {"0^0", "1"},
        {"(-1)^1000000", "1"},
        {"max(1,2,3)", "3"},
        {"max(3,1)", "3"},
        {"min(3,1,2)", "1"},
        {"abs(-3/4)", "3/4"},
        {"sqrt(4/9)", "2/3"},
        {"exp(0)+log(1)+erf(0)", "1"},
        {"gamma(5)-lgamma(2)", "24"},
        {"1^(1/3)", "1"},
        {"0^-1", ""},
        {"1/0", ""},
        {"1/(2-2)", ""},
        {"0*(1/0)", ""},
        {"0^(1/2)", ""},
        {"(-8)^(1/3)", ""},
        {"(-2)^1000001", ""},
        {"log(0)", ""},
        {"log(-1)", ""},
        {"sqrt(-1)", ""},
        {"gamma(0)", ""},
        {"gamma(-1/2)", ""},
        {"lgamma(-1/2)", ""},
        {"max(1, log(0))", ""},
        {"min(-10^9, log(0))", ""},
        {"log(0)^0", ""},
        {"exp(exp(exp(10)))", ""},
        {"10^1000000", ""},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expression e;
        fault why = {0};
        bool parsed = parse_all(&e, table[i][0], &why);
        SB_CHECK(parsed, "%s: %s", table[i][0], why.text);
        if (!parsed) continue;
        const jet *j = expression_evaluate(&e, NULL, 0, (effort){VALUE, 128});
        mpq_t expected;
        mpq_init(expected);
        if (*table[i][1]) mpq_set_str(expected, table[i][1], 10);
        SB_CHECK((j->known == NOTHING) == (*table[i][1] == '\0'), "%s is defined or not", table[i][0]);
        SB_CHECK(j->known == NOTHING ||
                     (mpq_equal(j->value.low, expected) && mpq_equal(j->value.high, expected)),
                 "%s", table[i][0]);
        mpq_clear(expected);
        expression_clear(&e);
    }
}

static void malformed_expressions_are_refused(void) {
    static const char *const table[] = {
        "",      "1+",       "+1",    "(1",     "1)",     "()",       "1 2",     "2x",    "x y",
        "1.",    ".5",       "1.5.2", "1e5",    "max(1)", "max()",    "max(1,)", "min(1", "abs(1,2)",
        "exp()", "exp(1,2)", "exp 1", "foo(1)", "z",      "x^",       "x**2",    "1//2",  "x = 1",
        "[1]",   "pi(1)",    "x!",    "exp",    "1,2",    "\xc3\xa9",
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expression e;
        fault why = {0};
        bool refused = !parse_all(&e, table[i], &why);
        SB_CHECK(refused && *why.text, "'%s'", table[i]);
        expression_clear(&e);
    }
}

/* On the box x in [0,1], y in [-1,1], along x: what is known, and the slope. */
static void knowledge_ends_where_it_must(void) {
    static const struct {
        const char *text;
        knowledge known;
        const char *low, *high; /* slope */
    } table[] = {
        {"x", CURVATURE, "1", "1"},
        {"x^2", CURVATURE, "0", "2"},
        {"x^2*y", CURVATURE, "-2", "2"},
        {"sqrt(x)", VALUE, "", ""},
        {"x+sqrt(y+1)", CURVATURE, "1", "1"}, /* the root does not depend on x */
        {"sqrt(x)*sqrt(y+1)", VALUE, "", ""},
        {"abs(x)", CURVATURE, "1", "1"},
        {"abs(x-1)", CURVATURE, "-1", "-1"},
        {"abs(x-1/2)", SLOPE, "-1", "1"},
        {"max(x,y)", SLOPE, "0", "1"},
        {"min(2*x,3*x-y)", SLOPE, "2", "3"},
        {"max(2*x,5-y)", CURVATURE, "0", "0"},
        {"min(2*x,5-y)", CURVATURE, "2", "2"},
        {"max(2*x,2+sqrt(y+1))", CURVATURE, "0", "0"},
        {"max(3,sqrt(x))", CURVATURE, "0", "0"}, /* the root is never the greater one */
        {"x^(1/2)", NOTHING, "", ""},
        {"x^y", NOTHING, "", ""},
        {"x^0", CURVATURE, "0", "0"},
        {"x^1", CURVATURE, "1", "1"},
        {"x^-1", NOTHING, "", ""},
        {"1/(x+1)", CURVATURE, "-1", "-1/4"},
        {"(x+1)/(x+1)", CURVATURE, "-1", "1/2"},
        {"log(x)", NOTHING, "", ""},
        {"gamma(x+1)*0", CURVATURE, "0", "0"},
        {"1/y", NOTHING, "", ""},
    };
    interval box[2];
    mpq_t low, high;
    interval_init(&box[0]), interval_init(&box[1]);
    mpq_inits(low, high, (mpq_ptr)0);
    mpq_set_ui(box[0].high, 1, 1), mpq_set_si(box[1].low, -1, 1), mpq_set_ui(box[1].high, 1, 1);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expression e;
        fault why = {0};
        bool parsed = parse_all(&e, table[i].text, &why);
        SB_CHECK(parsed, "%s: %s", table[i].text, why.text);
        if (!parsed) continue;
        const jet *j = expression_evaluate(&e, box, 0, (effort){CURVATURE, 128});
        SB_CHECK(j->known == table[i].known, "%s: known %d, not %d", table[i].text, j->known, table[i].known);
        if (j->known >= SLOPE && *table[i].low) {
            mpq_set_str(low, table[i].low, 10), mpq_set_str(high, table[i].high, 10);
            SB_CHECK(mpq_equal(j->slope.low, low) && mpq_equal(j->slope.high, high), "slope of %s",
                     table[i].text);
        }
        expression_clear(&e);
    }
    interval_clear(&box[0]), interval_clear(&box[1]);
    mpq_clears(low, high, (mpq_ptr)0);
}

/* x -> x^2 + 1/3 forty times from x = 0: the exact value has some 2^40 bits. */
static void ends_stay_of_bounded_size(void) {
    enum { TIMES = 40 };
    char text[20 * TIMES] = "";
    expression e;
    fault why = {0};
    for (int i = 0; i < TIMES; i++) strcat(text, "(");
    strcat(text, "x/4");
    for (int i = 0; i < TIMES; i++) strcat(text, ")^2+1/5");
    interval x;
    mpq_t limit;
    interval_init(&x);
    mpq_init(limit);
    SB_CHECK(parse_all(&e, text, &why), "%s", why.text);
    const jet *j = expression_evaluate(&e, &x, 0, (effort){CURVATURE, 256});
    SB_CHECK(j->known == CURVATURE, "known");
    SB_CHECK(mpz_sizeinbase(mpq_denref(j->value.low), 2) <= INTERVAL_SIZE_LIMIT, "the size of an end");
    mpq_set_str(limit, "2763932022500210303590826331268723764559/10000000000000000000000000000000000000000",
                10);
    mpq_canonicalize(limit); /* x = x^2 + 1/5 at (1 - sqrt(1/5))/2 = 0.27639..., the limit of the iteration */
    mpq_sub(limit, limit, j->value.low);
    SB_CHECK(mpq_cmp(j->value.low, j->value.high) < 0 && mpq_get_d(limit) > -1e-9 && mpq_get_d(limit) < 1e-9,
             "off by %g", mpq_get_d(limit));
    expression_clear(&e);
    interval_clear(&x);
    mpq_clear(limit);
}

static void names_of_functions_are_reserved(void) {
    static const char *const taken[] = {"max",  "min", "abs",   "exp",    "log",
                                        "sqrt", "erf", "gamma", "lgamma", "pi"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        SB_CHECK(expression_reserves(taken[i]), "%s", taken[i]);
    SB_CHECK(!expression_reserves("delta") && !expression_reserves("p") && !expression_reserves("exp1") &&
                 !expression_reserves("Max"),
             "others are free");
}

static void rationals_are_read_exactly(void) {
    static const char *const table[][2] = {
        {"0", "0"},        {"-3", "-3"}, {"17/72", "17/72"}, {"34/144", "17/72"}, {"-0.125", "-1/8"},
        {"0.5/0.25", "2"}, {"", ""},     {"-", ""},          {"1/0", ""},         {"1/0.0", ""},
        {"1/", ""},        {"/2", ""},   {"1/2/3", ""},      {"+1", ""},          {"1/-2", ""},
        {"--1", ""},       {"1e3", ""},  {"0x10", ""},       {" 1", ""},          {"1 ", ""},
        {"inf", ""},       {"1.", ""},   {".5", ""},         {"nan", ""},
    };
    mpq_t got, expected;
    mpq_inits(got, expected, (mpq_ptr)0);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        bool valid = *table[i][1] != '\0', read = read_rational(got, table[i][0]);
        if (valid) mpq_set_str(expected, table[i][1], 10);
        SB_CHECK(read == valid && (!valid || mpq_equal(got, expected)), "'%s'", table[i][0]);
    }
    mpq_clears(got, expected, (mpq_ptr)0);
}

static const sb_test tests[] = {
    {"constants have their values, or none", constants_have_their_values},
    {"malformed expressions are refused", malformed_expressions_are_refused},
    {"slope and curvature are known exactly where they may be", knowledge_ends_where_it_must},
    {"ends stay of bounded size", ends_stay_of_bounded_size},
    {"names of functions are reserved", names_of_functions_are_reserved},
    {"rationals are read exactly", rationals_are_read_exactly},
};

int main(void) {
    interval_setup();
    int status = sb_test_main(tests, sizeof tests / sizeof *tests);
    mpfr_free_cache();
    return status;
}
