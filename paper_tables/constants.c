/* How the numbers come about.
   - Lemma 3.1 takes the larger of (1-delta)/8 and (1-delta)^4/(64 delta^2). Over (1-delta)/delta^2 these are
   delta^2/8, which rises, and (1-delta)^3/64, which falls; they meet at 8 delta^2 = (1-delta)^3, that is at
   sqrt(5) - 2. Theorem 1.2 and Lemma 3.7 lose another factor (1/2)^(2-2/p), 1/4 at p = inf.
   - The best possible constants in one dimension are inf m(delta) delta^2/(1-delta) = 1/12 and inf a(delta)
   delta/(1-delta) = 1/4, both as delta -> 0 (docs/theory); averaging over sign vectors carries them to every
   d without loss, and d = 1 shows that they cannot be improved. As d grows the least second moment tends to
   T(delta) eps^2 d^(2-2/p) (bounds/sharp.h, p >= 2), and inf T(delta) delta^2/(1-delta) = 1/(2 pi), as delta
   -> 0.
   - TV(N(0, s^2 I), N(v, s^2 I)) = erf(x/(2 sqrt 2)), x = |v|/s. Its quotient by min{1, x} is least at x = 1
   and has supremum 1.
   - Uniform noise: TV <= delta for all shifts iff r >= eps/(2 (1-(1-delta)^(1/d))), which is at most d eps/(2
   delta), with equality at d = 1. */
#include "paper_tables/constants.h"

#include "support/text.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ the numbers */
void sb_constant_lemma_3_1(arb_t value, const void *context, slong precision) {
    (void)context;
    arb_sqrt_ui(value, 5, precision + 8);
    arb_sub_ui(value, value, 2, precision + 8);
    arb_mul(value, value, value, precision + 8);
    arb_mul_2exp_si(value, value, -3);
}

static void quarter_of_lemma_3_1(arb_t value, const void *context, slong precision) {
    sb_constant_lemma_3_1(value, context, precision);
    arb_mul_2exp_si(value, value, -2);
}

/* erf(1/(2 sqrt 2)) */
static void gaussian_at_one(arb_t value, const void *context, slong precision) {
    (void)context;
    arb_sqrt_ui(value, 8, precision + 8);
    arb_inv(value, value, precision + 8);
    arb_hypgeom_erf(value, value, precision + 8);
}

/* lim delta/(2 z(delta)) = 1/sqrt(2 pi) */
static void half_density(arb_t value, const void *context, slong precision) {
    (void)context;
    arb_const_pi(value, precision + 8);
    arb_mul_2exp_si(value, value, 1);
    arb_rsqrt(value, value, precision + 8);
}

/* lim T(delta) delta^2 as delta -> 0, which is inf T(delta) delta^2/(1-delta): 1/(2 pi) */
static void inverse_two_pi(arb_t value, const void *context, slong precision) {
    half_density(value, context, precision);
    arb_mul(value, value, value, precision + 8);
}

/* lim delta/z(delta) = sqrt(2/pi) */
static void whole_density(arb_t value, const void *context, slong precision) {
    half_density(value, context, precision);
    arb_mul_2exp_si(value, value, 1);
}

/* log(4)/2 */
static void half_log_4(arb_t value, const void *context, slong precision) {
    (void)context;
    arb_const_log2(value, precision + 8);
}

/* log(4)^2/12 */
static void variance_right(arb_t value, const void *context, slong precision) {
    (void)context;
    arb_const_log2(value, precision + 8);
    arb_mul(value, value, value, precision + 8);
    arb_div_ui(value, value, 3, precision + 8);
}

/* sqrt(2) log(4)^2/48 */
static void variance_printed(arb_t value, const void *context, slong precision) {
    arb_t root;
    arb_init(root);
    variance_right(value, context, precision);
    arb_sqrt_ui(root, 2, precision + 8);
    arb_mul(value, value, root, precision + 8);
    arb_mul_2exp_si(value, value, -2);
    arb_clear(root);
}

/* ------------------------------------------------------------------ the rows */
typedef struct {
    long numerator; /* an exact rational, or: */
    unsigned long denominator;
    sb_ball_function *ball;
    int reciprocal; /* shown as 1/K */
} constant;

#define EXACT(p, q)                                                                                          \
    { p, q, NULL, 0 }
#define BALL(function)                                                                                       \
    { 0, 0, function, 0 }
#define ONE_OVER(function)                                                                                   \
    { 0, 0, function, 1 }
#define NONE                                                                                                 \
    { 0, 0, NULL, 0 }

typedef struct {
    const char *where, *statement, *printed_as;
    constant printed, method, sharp;
    const char *note;
    constant limit; /* as d grows */
} row;

static const row rows[] = {
    {"Lemma 3.1", "E[eta^2] >= c eps^2 (1-delta)/delta^2", "1/200", EXACT(1, 200),
     ONE_OVER(sb_constant_lemma_3_1), EXACT(1, 12), "the two branches meet at delta = sqrt(5) - 2", NONE},
    {"Lemma 3.2", "E[eta^2] >= c eps^2 (1-delta)", "1/8", EXACT(1, 8), EXACT(1, 8), EXACT(1, 2),
     "sharp for every delta >= 1/2", NONE},
    {"Lemma 3.3", "E|eta| >= c eps (1-delta)^2/delta", "1/8", EXACT(1, 8), EXACT(1, 8), EXACT(1, 4),
     "sharp as delta -> 0", NONE},
    {"Theorem 1.2", "E||eta||_2^2 >= c eps^2 d^(2-2/p) (1-delta)/delta^2", "1/800", EXACT(1, 800),
     ONE_OVER(quarter_of_lemma_3_1), EXACT(1, 12),
     "a quarter of Lemma 3.1 at p = inf; sign averaging loses nothing; in high dimension 1/(2 pi), which "
     "Gaussian "
     "noise attains as delta -> 0",
     BALL(inverse_two_pi)},
    {"Lemma 3.7", "E[eta_sigma(i)^2] >= c eps^2 (d-i+1)^(1-2/p) (1-delta)/delta^2", "1/800", EXACT(1, 800),
     ONE_OVER(quarter_of_lemma_3_1), EXACT(1, 12), "Theorem 1.2 in d-i+1 dimensions", BALL(inverse_two_pi)},
    {"Lemma C.1, d = 1", "E|eta| >= c eps (1-delta)/delta", "1/12", EXACT(1, 12), EXACT(1, 12), EXACT(1, 4),
     "the method's branches meet at delta = 1/3", NONE},
    {"Lemma C.1", "E||eta||_2 >= c eps d^(1-1/p) (1-delta)/delta", "1/24", EXACT(1, 24), EXACT(1, 24),
     EXACT(1, 4), "half of the one-dimensional constant at p = inf; sign averaging loses nothing", NONE},
    {"Lemma 3.8", "Pr(|X| > x) > (c eps h(delta)/x)^(2p/(p-2)) for some x > c eps h(delta)", "1/24",
     EXACT(1, 24), EXACT(1, 48), EXACT(1, 8),
     "printed: used in the proof, too large; 1/48 with >= for >; last column: valid with the sharp form of "
     "Lemma C.1, not claimed to be best",
     NONE},
    {"Section 1.1", "sigma = c eps/delta makes Gaussian smoothing (eps, delta)-robust in l_2", "2",
     EXACT(2, 1), NONE, BALL(whole_density), "sqrt(2/pi), as delta -> 0", NONE},
    {"Corollary B.2, left", "TV >= c min{1, ||v||_2/sigma}", "1/200", EXACT(1, 200), NONE,
     BALL(gaussian_at_one), "erf(1/(2 sqrt 2)), at ||v||_2 = sigma", NONE},
    {"Corollary B.2, right", "TV <= c min{1, ||v||_2/sigma}", "9/2", EXACT(9, 2), NONE, EXACT(1, 1),
     "as ||v||_2/sigma -> inf", NONE},
    {"Corollary B.3", "sigma = c (eps/delta) d^(1/2-1/p) gives TV <= delta", "9/2", EXACT(9, 2), NONE,
     BALL(half_density), "1/sqrt(2 pi), as delta -> 0", NONE},
    {"Corollary B.6", "r = c (eps/delta) d gives TV <= delta", "log(4)/2", BALL(half_log_4), BALL(half_log_4),
     EXACT(1, 2), "Bernoulli's inequality; attained at d = 1", NONE},
    {"Corollary B.6", "E[eta_i^2] = c (eps/delta)^2 d^2", "sqrt(2) log(4)^2/48", BALL(variance_printed),
     BALL(variance_right), EXACT(1, 12),
     "the printed number is wrong: r^2/3 with r = (log(4)/2) (eps/delta) d is log(4)^2/12; last column: r = "
     "d eps/(2 delta)",
     NONE}};

enum {
    TABLE,
    WHERE,
    STATEMENT,
    PRINTED,
    PRINTED_LO,
    PRINTED_HI,
    METHOD,
    METHOD_LO,
    METHOD_HI,
    SHARP,
    SHARP_LO,
    SHARP_HI,
    LIMIT,
    LIMIT_LO,
    LIMIT_HI,
    NOTE
};
static const sb_column column[] = {{"table", "table", SB_COLUMN_DATA},
                                   {"where", "where", 0},
                                   {"statement", "statement", 0},
                                   {"printed", "c as printed", SB_COLUMN_RIGHT},
                                   {"printed_lo", "", SB_COLUMN_DATA},
                                   {"printed_hi", "", SB_COLUMN_DATA},
                                   {"method", "best by its method", SB_COLUMN_RIGHT | SB_COLUMN_READER},
                                   {"method_lo", "", SB_COLUMN_DATA},
                                   {"method_hi", "", SB_COLUMN_DATA},
                                   {"sharp", "best", SB_COLUMN_RIGHT | SB_COLUMN_READER},
                                   {"sharp_lo", "", SB_COLUMN_DATA},
                                   {"sharp_hi", "", SB_COLUMN_DATA},
                                   {"limit", "as d grows", SB_COLUMN_RIGHT | SB_COLUMN_READER},
                                   {"limit_lo", "", SB_COLUMN_DATA},
                                   {"limit_hi", "", SB_COLUMN_DATA},
                                   {"note", "note", SB_COLUMN_WRAP}};

/* Sets the cells lo and hi, and `shown` (a column, or 0 for none) for readers. */
static sb_status set_constant(sb_table *table, const constant *c, size_t shown, size_t lo, int digits,
                              sb_error *error) {
    sb_status status = SB_OK;
    arb_t value;
    fmpq_t exact;
    arb_init(value);
    fmpq_init(exact);
    if (c->denominator) {
        fmpq_set_si(exact, c->numerator, c->denominator);
        sb_table_own(table, lo, sb_rational_decimal(exact, digits, -1));
        sb_table_own(table, lo + 1, sb_rational_decimal(exact, digits, 1));
        if (shown) sb_table_own(table, shown, sb_rational_print(exact));
    } else if (c->ball && !(status = sb_enclose(value, c->ball, NULL, digits + 3, error))) {
        sb_table_own(table, lo, sb_decimal_lower(value, digits));
        sb_table_own(table, lo + 1, sb_decimal_upper(value, digits));
        if (c->reciprocal) arb_inv(value, value, (slong)(4 * digits) + 64);
        char *from = sb_decimal_lower(value, digits), *to = sb_decimal_upper(value, digits);
        if (!from || !to)
            status = sb_fail_memory(error);
        else if (shown)
            sb_table_setf(table, shown, "%s[%s, %s]", c->reciprocal ? "1/" : "", from, to);
        free(from);
        free(to);
    } else if (!status && shown) {
        sb_table_set(table, shown, "-");
    }
    arb_clear(value);
    fmpq_clear(exact);
    return status;
}

sb_status sb_table_constants(sb_table *table, const sb_paper_table_options *options,
                             sb_paper_table_outcome *outcome, sb_error *error) {
    sb_table_init(table, "smoothbound/table/1", column, sizeof column / sizeof column[0]);
    table->caption = "Constants c: as printed, the best that the paper's argument gives, the best for every "
                     "d, and the limit";
    *outcome = (sb_paper_table_outcome){0};
    sb_status status = SB_OK;
    for (size_t i = 0; !status && i < sizeof rows / sizeof rows[0]; i++) {
        const row *r = &rows[i];
        sb_table_row(table);
        sb_table_set(table, TABLE, "constants");
        sb_table_set(table, WHERE, r->where);
        sb_table_set(table, STATEMENT, r->statement);
        sb_table_set(table, PRINTED, r->printed_as);
        status = set_constant(table, &r->printed, 0, PRINTED_LO, options->digits, error);
        if (!status) status = set_constant(table, &r->method, METHOD, METHOD_LO, options->digits, error);
        if (!status) status = set_constant(table, &r->sharp, SHARP, SHARP_LO, options->digits, error);
        if (!status) status = set_constant(table, &r->limit, LIMIT, LIMIT_LO, options->digits, error);
        sb_table_set(table, NOTE, r->note);
    }
    return status;
}
