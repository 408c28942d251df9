/* smoothbound tails: where the tail inequality of Theorem 1.3 holds, what holds for all s, and what samples
 * show. */
#include "cli/bound_text.h"
#include "cli/tails_rows.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_CONSTANT = SB_KEY_OWN, KEY_AT, KEY_INPUT, KEY_TOP, KEY_CONFIDENCE };

typedef struct {
    sb_common_options common;
    sb_parameter_options given;
    const char *noise_text, *constant_text, *at_text, *input, *top_text, *confidence_text;
    sb_noise_spec noise;
    sb_parameters parameters;
    sb_exact_list at;
    fmpq_t constant, alpha;
    uint64_t top;
} tails_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "A noise, with -d, -p, -e and --delta:", 1},
    {"noise", SB_KEY_NOISE, "SPEC", 0, "its law in every coordinate, such as gaussian:sigma=0.5", 0},
    {"constant", KEY_CONSTANT, "C", 0,
     "c in q = c eps (1-delta)/delta (1/8; the paper's 1/24 does not follow)", 0},
    {"at", KEY_AT, "LIST", 0, "also tell about these s", 0},
    {0, 0, 0, 0, "Or samples:", 2},
    {"input", KEY_INPUT, "FILE.npy", 0, "Hill's estimator and the mean excess of all numbers in it", 0},
    {"top", KEY_TOP, "K", 0, "look at the K largest absolute values (10000)", 0},
    {"confidence", KEY_CONFIDENCE, "C", 0, "of each interval (0.95)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    tails_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        state->child_inputs[1] = &o->given;
        return 0;
    case SB_KEY_NOISE:
        o->noise_text = text;
        return 0;
    case KEY_CONSTANT:
        o->constant_text = text;
        return 0;
    case KEY_AT:
        o->at_text = text;
        return 0;
    case KEY_INPUT:
        o->input = text;
        return 0;
    case KEY_TOP:
        o->top_text = text;
        return 0;
    case KEY_CONFIDENCE:
        o->confidence_text = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_common_argp, 0, 0, 0}, {&sb_parameter_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    0,
    "Theorem 1.3 says that some s > q has Pr(|zeta| > s) >= (q/s)^alpha, alpha = 2p/(p-2). Finds the set of "
    "all such s for a "
    "noise, with certified ends, and a statement that holds for all s. With --input, looks at the tail of "
    "samples instead.\v"
    "smoothbound tails --noise gaussian:sigma=0.3223 -d 3072 -p inf -e 2/255 --delta 1/2\n"
    "smoothbound tails --noise uniform:r=17.4 -d 3072 -p inf -e 2/255 --delta 1/2 --at 1,10,17\n"
    "smoothbound tails --input noise.npy",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
/* value := a positive number; absent text leaves it. */
static sb_status read_positive(const char *name, const char *text, fmpq_t value, sb_error *error) {
    if (!text) return SB_OK;
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(name, text, &number, error);
    if (!status) status = sb_cli_check_positive(name, text, &number, error);
    if (!status) fmpq_set(value, number.value);
    sb_exact_clear(&number);
    return status;
}

static sb_status read_noise_options(tails_options *o, sb_error *error) {
    const sb_parameter_options *g = &o->given;
    if (!g->dimension || !g->norm || !g->radius || !g->delta)
        return sb_fail(error, SB_BAD_INPUT, "%s is missing: the inequality needs -d, -p, -e and --delta",
                       !g->dimension ? "d"
                       : !g->norm    ? "p"
                       : !g->radius  ? "eps"
                                     : "delta");
    sb_status status = sb_parameters_parse(&o->parameters, g->dimension, g->norm, g->radius, g->delta, error);
    if (!status) status = sb_noise_spec_parse(&o->noise, o->noise_text, error);
    fmpq_set_si(o->constant, 1, 8);
    if (!status) status = read_positive("constant", o->constant_text, o->constant, error);
    if (!status && o->at_text) status = sb_exact_list_parse("at", o->at_text, &o->at, error);
    for (size_t i = 0; i < o->at.count && !status; i++)
        if (o->at.item[i].infinite || fmpq_sgn(o->at.item[i].value) < 0)
            status = sb_fail(error, SB_BAD_INPUT, "at '%.60s': s must be finite and at least 0", o->at_text);
    return status;
}

static sb_status read_sample_options(tails_options *o, sb_error *error) {
    const sb_parameter_options *g = &o->given;
    if (g->dimension || g->norm || g->radius || g->delta || o->constant_text || o->at_text)
        return sb_fail(error, SB_BAD_INPUT, "-d, -p, -e, --delta, --constant and --at go with --noise");
    o->top = 10000;
    sb_status status = o->top_text ? sb_cli_read_whole("top", o->top_text, 100000000, &o->top, error) : SB_OK;
    fmpq_set_si(o->alpha, 19, 20);
    if (!status) status = read_positive("confidence", o->confidence_text, o->alpha, error);
    if (!status && fmpq_cmp_ui(o->alpha, 1) >= 0)
        status = sb_fail(error, SB_BAD_INPUT, "confidence '%.60s': must be below 1", o->confidence_text);
    sb_rational_complement(o->alpha, o->alpha);
    return status;
}

static sb_status read_options(tails_options *o, sb_error *error) {
    if (!o->noise_text == !o->input)
        return sb_fail(error, SB_BAD_INPUT,
                       o->input ? "--noise and --input exclude each other"
                                : "give --noise SPEC or --input FILE.npy");
    if (o->noise_text && (o->top_text || o->confidence_text))
        return sb_fail(error, SB_BAD_INPUT, "--top and --confidence go with --input");
    return o->noise_text ? read_noise_options(o, error) : read_sample_options(o, error);
}

static int proceed(void) {
    return !sb_cli_interrupted();
}

/* ------------------------------------------------------------------ a noise */
/* Theorem 1.3 with c <= 1/8 cannot fail where its hypothesis holds; a larger constant can. */
static int verdict(const sb_tails_case *tails) {
    if (tails->set.unsettled_count) return SB_EXIT_UNDECIDED;
    return tails->holds > 0 && !tails->set.interval_count ? SB_EXIT_DIFFERS : SB_EXIT_HOLDS;
}

static int run_noise(tails_options *o) {
    sb_error error;
    sb_tails_case tails;
    sb_tails_rows rows;
    sb_text out;
    sb_tails_case_init(&tails);
    sb_tails_rows_init(&rows);
    sb_text_init(&out);
    tails.noise = &o->noise;
    tails.parameters = &o->parameters;
    tails.constant = o->constant;
    tails.at = &o->at;
    tails.digits = o->common.digits;
    sb_status status = sb_tails_case_find(&tails, sb_cli_jobs(&o->common), proceed, &error);
    if (!status && o->common.format == SB_FORMAT_TEXT) {
        sb_tails_text(&out, &tails, &o->common);
        status = sb_text_status(&out, &error);
    } else if (!status) {
        status = sb_tails_rows_fill(&rows, &tails, &error);
        sb_hide_empty_columns(&rows.table, rows.column);
        if (!status) status = sb_table_print(&rows.table, o->common.format, 0, &out, &error);
    }
    int result = status ? sb_cli_fail(&error) : sb_cli_write(&o->common, &out);
    if (!status && !result) result = verdict(&tails);
    sb_tails_case_clear(&tails);
    sb_tails_rows_clear(&rows);
    sb_text_clear(&out);
    return result;
}

/* ------------------------------------------------------------------ samples */
static int run_samples(tails_options *o) {
    sb_error error;
    sb_largest largest = {NULL, 0, 0, 0};
    sb_tails_rows rows;
    sb_text out;
    sb_tails_rows_init(&rows);
    sb_text_init(&out);
    sb_status status = sb_largest_init(&largest, (size_t)o->top + 1, &error);
    if (!status) status = sb_largest_read(&largest, o->input, sb_cli_progress(&o->common), proceed, &error);
    sb_largest_sort(&largest);
    if (!status)
        status = sb_tails_rows_samples(&rows, o->input, &largest, o->alpha, o->common.digits, &error);
    char *title = sb_format("%s: tail of %llu numbers, from the k largest absolute values", o->input,
                            (unsigned long long)largest.seen);
    rows.table.caption = title;
    if (!status) {
        sb_hide_empty_columns(&rows.table, rows.column);
        status = sb_table_print(&rows.table, o->common.format, sb_cli_width(&o->common), &out, &error);
    }
    if (!status && o->common.format == SB_FORMAT_TEXT) {
        sb_text_append(&out, "\n");
        sb_text_paragraph(&out,
                          "The index that a power tail beyond u would have, by Hill's estimator; its "
                          "interval is exact for independent "
                          "Pareto values. Steady in k: a power tail. Growing as u grows: lighter than every "
                          "power. The mean excess "
                          "(interval by the central limit theorem) grows with u for a power tail, is "
                          "constant for an exponential one, "
                          "and falls for Gaussian or bounded noise.",
                          0, sb_cli_width(&o->common), 0);
        status = sb_text_status(&out, &error);
    }
    int result = status ? sb_cli_fail(&error) : sb_cli_write(&o->common, &out);
    free(title);
    sb_largest_clear(&largest);
    sb_tails_rows_clear(&rows);
    sb_text_clear(&out);
    return result;
}

int sb_command_tails(int argc, char **argv) {
    tails_options o;
    sb_error error;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_noise_spec_init(&o.noise);
    sb_parameters_init(&o.parameters);
    sb_exact_list_init(&o.at);
    fmpq_init(o.constant);
    fmpq_init(o.alpha);
    if (read_options(&o, &error)) {
        status = sb_cli_fail(&error);
    } else {
        sb_cli_catch_interrupts();
        status = o.input ? run_samples(&o) : run_noise(&o);
    }
    sb_noise_spec_clear(&o.noise);
    sb_parameters_clear(&o.parameters);
    sb_exact_list_clear(&o.at);
    fmpq_clear(o.constant);
    fmpq_clear(o.alpha);
    return status;
}
