/* smoothbound radius: from a score gap (or pA, pB) to the radius that is certified, and back. */
#include "bounds/tv_robustness.h"
#include "cli/bound_text.h"
#include "cli/options.h"
#include "cli/radius_rows.h"
#include "distributions/family.h"

#include <string.h>

enum { KEY_TOP = SB_KEY_OWN, KEY_RUNNER_UP, KEY_GAP, KEY_TV };
enum { MOST_COMBINATIONS = 20000 };

typedef struct {
    sb_common_options common;
    const char *dimension_text, *norm_text, *radius_text, *noise_text, *top_text, *runner_up_text, *gap_text,
        *tv_text;
    sb_dimension_list dimension;
    sb_exact_list norm, given;
    sb_radius_request request;
} radius_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Noise and norm:", 10},
    {"noise", SB_KEY_NOISE, "SPEC", 0,
     "gaussian:sigma=S, laplace:b=B, uniform:r=R (cube [-R, R]^d), ... (see noise list); without it, any "
     "noise: "
     "total variation instead of radii",
     0},
    {"dim", 'd', "D", 0, "input dimension, up to 2^62 (needed where it matters)", 0},
    {"norm", 'p', "P", 0, "certify an l_P ball (2 for isotropic noise, else inf)", 0},
    {0, 0, 0, 0, "One of these:", 20},
    {"pA", KEY_TOP, "PA", 0, "lower bound on the score of the top class", 0},
    {"gap", KEY_GAP, "G", 0, "score gap between the two top classes", 0},
    {"eps", 'e', "R", 0, "a radius: gives back the score gap that it takes", 0},
    {"tv", KEY_TV, "T", 0, "without --noise: a total variation; gives back the score gap that it takes", 0},
    {0, 0, 0, 0, "With --pA:", 21},
    {"pB", KEY_RUNNER_UP, "PB", 0, "upper bound on the score of the runner-up (1 - PA)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    radius_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case SB_KEY_NOISE:
        o->noise_text = text;
        return 0;
    case 'd':
        o->dimension_text = text;
        return 0;
    case 'p':
        o->norm_text = text;
        return 0;
    case 'e':
        o->radius_text = text;
        return 0;
    case KEY_TOP:
        o->top_text = text;
        return 0;
    case KEY_RUNNER_UP:
        o->runner_up_text = text;
        return 0;
    case KEY_GAP:
        o->gap_text = text;
        return 0;
    case KEY_TV:
        o->tv_text = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    0,
    "Certified radii of a smoothed classifier from its scores, and back. A radius is a promise: only its "
    "lower end may be relied upon. "
    "-d, -p, --pA, --gap, --eps and --tv take lists and ranges.\v"
    "smoothbound radius --noise gaussian:sigma=0.12 --pA 0.9\n"
    "smoothbound radius --noise uniform:r=2 -d 3x32x32 --gap 0.3\n"
    "smoothbound radius --noise laplace:b=1 -d 3x32x32 -p 1,inf --pA 0.9\n"
    "smoothbound radius --noise gaussian:sigma=0.12 -d 3x32x32 -p inf --eps 2/255\n"
    "smoothbound radius --gap 0.3",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
/* Quotes the option's text. */
static sb_status refuse(const char *name, const char *text, const char *why, sb_error *error) {
    return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': %s", name, text, why);
}

/* Exactly one of the four must be given. */
static sb_status choose_mode(radius_options *o, const char **text, sb_error *error) {
    const char *const given[] = {o->top_text, o->gap_text, o->radius_text, o->tv_text};
    static const char *const name[] = {"--pA", "--gap", "--eps", "--tv"};
    int chosen = -1;
    for (int i = 0; i < 4; i++) {
        if (!given[i]) continue;
        if (chosen >= 0)
            return sb_fail(error, SB_BAD_INPUT, "%s and %s exclude each other", name[chosen], name[i]);
        chosen = i;
    }
    if (chosen < 0)
        return sb_fail(error, SB_BAD_INPUT,
                       "the score is missing: give --pA, --gap, --eps or --tv (see --help)");
    o->request.mode = (sb_radius_mode)chosen;
    *text = given[chosen];
    if (o->runner_up_text && chosen != SB_FROM_SCORES)
        return sb_fail(error, SB_BAD_INPUT, "pB '%.60s': --pB goes with --pA", o->runner_up_text);
    if (!o->noise_text && chosen == SB_FROM_RADIUS)
        return sb_fail(error, SB_BAD_INPUT,
                       "noise is missing: give --noise gaussian:sigma=S, laplace:b=B, uniform:r=R, ...");
    if (o->noise_text && chosen == SB_FROM_TOTAL_VARIATION)
        return sb_fail(error, SB_BAD_INPUT, "tv '%.60s': --tv is about any noise; leave --noise out",
                       o->tv_text);
    return SB_OK;
}

static sb_status check_scores(const radius_options *o, const sb_exact *top, sb_error *error) {
    fmpq_t sum, half;
    sb_status status = SB_OK;
    if (top->infinite || fmpq_cmp_ui(top->value, 0) <= 0 || fmpq_cmp_ui(top->value, 1) > 0)
        return refuse("pA", o->top_text, "must be above 0 and at most 1", error);
    fmpq_init(sum);
    fmpq_init(half);
    fmpq_set_si(half, 1, 2);
    fmpq_add(sum, top->value, o->request.runner_up);
    if (!o->runner_up_text) {
        if (fmpq_cmp(top->value, half) <= 0)
            status =
                refuse("pA", o->top_text, "must be above 1/2 when --pB is not given (pB = 1 - pA)", error);
    } else if (fmpq_cmp(top->value, o->request.runner_up) <= 0) {
        status = refuse("pA", o->top_text, "must be above pB", error);
    } else if (fmpq_cmp_ui(sum, 1) > 0) {
        status = refuse("pA", o->top_text, "pA + pB must be at most 1", error);
    }
    fmpq_clear(sum);
    fmpq_clear(half);
    return status;
}

static sb_status check_given(const radius_options *o, const sb_exact *value, sb_error *error) {
    switch (o->request.mode) {
    case SB_FROM_SCORES:
        return check_scores(o, value, error);
    case SB_FROM_GAP:
        if (value->infinite || fmpq_cmp_ui(value->value, 0) <= 0 || fmpq_cmp_ui(value->value, 1) > 0)
            return refuse("gap", o->gap_text, "must be above 0 and at most 1", error);
        return SB_OK;
    case SB_FROM_RADIUS:
        return sb_cli_check_positive("eps", o->radius_text, value, error);
    case SB_FROM_TOTAL_VARIATION:
        if (value->infinite || fmpq_cmp_ui(value->value, 0) <= 0 || fmpq_cmp_ui(value->value, 1) > 0)
            return refuse("tv", o->tv_text, "must be above 0 and at most 1", error);
        return SB_OK;
    }
    return SB_OK;
}

static sb_status read_runner_up(radius_options *o, sb_error *error) {
    if (!o->runner_up_text) return SB_OK;
    sb_exact value;
    sb_exact_init(&value);
    sb_status status = sb_exact_parse("pB", o->runner_up_text, &value, error);
    if (!status && (value.infinite || fmpq_cmp_ui(value.value, 0) < 0 || fmpq_cmp_ui(value.value, 1) >= 0))
        status = refuse("pB", o->runner_up_text, "must be at least 0 and below 1", error);
    if (!status) fmpq_set(o->request.runner_up, value.value);
    o->request.runner_up_given = 1;
    sb_exact_clear(&value);
    return status;
}

/* Whether the radius depends on d for this noise and norm. */
static int dimension_matters(const radius_options *o, const sb_exact *norm) {
    const sb_noise_family *family = o->request.noise.family;
    if (norm->infinite) return 1;
    if (family == &sb_gaussian_family) return fmpq_cmp_ui(norm->value, 2) > 0;
    return family != &sb_uniform_family || !fmpq_is_one(norm->value);
}

static sb_status read_norms(radius_options *o, sb_error *error) {
    const sb_radial_law *radial = o->request.noise.family->radial;
    const char *standard = radial && !radial->infinity_norm ? "2" : "inf";
    sb_status status = sb_exact_list_parse("p", o->norm_text ? o->norm_text : standard, &o->norm, error);
    int needed = 0;
    for (size_t i = 0; i < o->norm.count && !status; i++) {
        const sb_exact *p = &o->norm.item[i];
        if (p->infinite < 0 || (!p->infinite && fmpq_cmp_ui(p->value, 1) < 0))
            status = refuse("p", o->norm_text, "must be a rational >= 1, or inf", error);
        if (!status) needed |= dimension_matters(o, p);
    }
    if (!status && needed && !o->dimension_text)
        status =
            sb_fail(error, SB_BAD_INPUT,
                    "d is missing: give -d DIMENSION (for this noise and norm the radius depends on it)");
    o->request.dimension_given = o->dimension_text != NULL;
    if (!status)
        status =
            sb_dimension_list_parse("d", o->dimension_text ? o->dimension_text : "1", &o->dimension, error);
    return status;
}

static sb_status read_options(radius_options *o, sb_error *error) {
    const char *text = NULL;
    sb_status status = choose_mode(o, &text, error);
    static const char *const name[] = {"pA", "gap", "eps", "tv"};
    if (!status && o->noise_text) status = sb_noise_spec_parse(&o->request.noise, o->noise_text, error);
    if (!status) status = read_runner_up(o, error);
    if (!status) status = sb_exact_list_parse(name[o->request.mode], text, &o->given, error);
    if (status) return status;
    for (size_t i = 0; i < o->given.count && !status; i++) status = check_given(o, &o->given.item[i], error);
    if (!status && o->noise_text) status = read_norms(o, error);
    if (!status && !o->noise_text && (o->norm_text || o->dimension_text))
        status = sb_fail(error, SB_BAD_INPUT,
                         "-d and -p go with --noise: without it the answer is a total variation");
    double count = (double)o->given.count * (double)(o->noise_text ? o->norm.count : 1) *
                   (double)(o->noise_text ? o->dimension.count : 1);
    if (!status && count > MOST_COMBINATIONS)
        status =
            sb_fail(error, SB_BAD_INPUT, "%.0f combinations: at most %d at a time", count, MOST_COMBINATIONS);
    return status;
}

/* ------------------------------------------------------------------ output */
static sb_status fill(radius_options *o, sb_radius_rows *rows, sb_error *error) {
    size_t dimensions = o->noise_text ? o->dimension.count : 1, norms = o->noise_text ? o->norm.count : 1;
    sb_status status = SB_OK;
    for (size_t i = 0; i < dimensions * norms * o->given.count && !status; i++) {
        if (sb_cli_interrupted()) return sb_fail(error, SB_INTERRUPTED, "interrupted");
        size_t rest = i / o->given.count;
        fmpq_set(o->request.given, o->given.item[i % o->given.count].value);
        if (o->noise_text) {
            sb_exact_set(&o->request.norm, &o->norm.item[rest % norms]);
            o->request.dimension = o->dimension.item[rest / norms];
        }
        status = sb_radius_rows_add(rows, &o->request, o->common.digits, error);
    }
    return status;
}

static int run(radius_options *o) {
    sb_error error;
    if (read_options(o, &error)) return sb_cli_fail(&error);
    sb_cli_catch_interrupts();
    sb_radius_rows rows;
    sb_text out;
    sb_radius_rows_init(&rows);
    sb_text_init(&out);
    int one = o->common.format == SB_FORMAT_TEXT &&
              o->given.count * (o->noise_text ? o->norm.count * o->dimension.count : 1) == 1;
    int result;
    if (fill(o, &rows, &error))
        result = sb_cli_fail(&error);
    else if (one) {
        sb_radius_text(&out, &rows, &o->request, &o->common);
        result = sb_cli_write(&o->common, &out);
    } else {
        sb_hide_empty_columns(&rows.table, rows.column);
        result = sb_cli_write_table(&o->common, &rows.table);
    }
    if (!result && rows.undecided) result = SB_EXIT_UNDECIDED;
    sb_text_clear(&out);
    sb_radius_rows_clear(&rows);
    return result;
}

int sb_command_radius(int argc, char **argv) {
    radius_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_exact_list_init(&o.norm);
    sb_exact_list_init(&o.given);
    sb_radius_request_init(&o.request);
    status = run(&o);
    sb_dimension_list_clear(&o.dimension);
    sb_exact_list_clear(&o.norm);
    sb_exact_list_clear(&o.given);
    sb_radius_request_clear(&o.request);
    return status;
}
