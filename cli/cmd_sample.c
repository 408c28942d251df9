/* smoothbound sample: draws noise or reads it, measures it, and holds it against the bounds. */
#include "bounds/sample_verdict.h"
#include "cli/bound_text.h"
#include "cli/sample_rows.h"
#include "support/npy.h"
#include "support/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SAMPLES = SB_KEY_OWN, KEY_INPUT, KEY_CONFIDENCE, KEY_AT, KEY_INDEPENDENT, KEY_SAVE };

typedef struct {
    sb_common_options common;
    sb_parameter_options given;
    const char *noise_text, *input, *samples_text, *confidence_text, *at_text, *save;
    int independent;
    sb_noise_spec noise;
    sb_parameters parameters;
    uint64_t samples;
    fmpq_t alpha;
    double threshold[SB_TAIL_THRESHOLDS];
    size_t threshold_count;
} sample_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Samples:", 1},
    {"noise", SB_KEY_NOISE, "SPEC", 0, "draw this noise (needs -d), such as laplace:b=1", 0},
    {"samples", KEY_SAMPLES, "N", 0, "how many vectors to draw (10000)", 0},
    {"save", KEY_SAVE, "FILE.npy", 0, "also write them, float64, shape (N, D)", 0},
    {"input", KEY_INPUT, "FILE.npy", 0, "read samples instead: one a row, float32 or float64", 0},
    {"independent", KEY_INDEPENDENT, 0, 0,
     "the coordinates of the file are independent with one law: tails count all of them", 0},
    {0, 0, 0, 0, "Measuring:", 2},
    {"at", KEY_AT, "LIST", 0, "thresholds s of the tails Pr(|eta_i| > s) (powers of two)", 0},
    {"confidence", KEY_CONFIDENCE, "C", 0, "of every interval, and of the verdict as a whole (0.999)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    sample_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        state->child_inputs[1] = &o->given;
        return 0;
    case SB_KEY_NOISE:
        o->noise_text = text;
        return 0;
    case KEY_SAMPLES:
        o->samples_text = text;
        return 0;
    case KEY_INPUT:
        o->input = text;
        return 0;
    case KEY_CONFIDENCE:
        o->confidence_text = text;
        return 0;
    case KEY_AT:
        o->at_text = text;
        return 0;
    case KEY_INDEPENDENT:
        o->independent = 1;
        return 0;
    case KEY_SAVE:
        o->save = text;
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
    "Measures noise from samples: E||eta||_2^2, E||eta||_2, E max|eta_i|, sorted second moments, tails, each "
    "with an interval. With "
    "-p, -e and --delta also says whether this noise can keep TV(D, D+v) within DELTA for all |v|_P <= EPS: "
    "'consistent', or "
    "'refuted at confidence C' when a necessary bound (Theorem 1.2, Lemma C.1, Lemma 3.7) is violated.\v"
    "smoothbound sample --noise laplace:b=1 -d 3072 --samples 2000\n"
    "smoothbound sample --noise gaussian:sigma=0.01 -d 3x32x32 -p inf -e 8/255 --delta 0.1\n"
    "smoothbound sample --input noise.npy -p inf -e 8/255 --delta 0.1",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
static sb_status read_confidence(sample_options *o, sb_error *error) {
    fmpq_set_si(o->alpha, 1, 1000);
    if (!o->confidence_text) return SB_OK;
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse("confidence", o->confidence_text, &number, error);
    if (!status && (number.infinite || fmpq_sgn(number.value) <= 0 || fmpq_cmp_ui(number.value, 1) >= 0))
        status =
            sb_fail(error, SB_BAD_INPUT, "confidence '%.60s': must lie between 0 and 1", o->confidence_text);
    if (!status) sb_rational_complement(o->alpha, number.value);
    sb_exact_clear(&number);
    return status;
}

/* For doubles x, x > s is the same as x > the largest double not above s. */
static double round_down(const fmpq_t s) {
    arb_t ball;
    arf_t low;
    arb_init(ball);
    arf_init(low);
    arb_set_fmpq(ball, s, 256);
    arb_get_lbound_arf(low, ball, 256);
    double value = arf_get_d(low, ARF_RND_DOWN);
    arb_clear(ball);
    arf_clear(low);
    return value;
}

static sb_status read_thresholds(sample_options *o, sb_error *error) {
    if (!o->at_text) return SB_OK;
    sb_exact_list list;
    sb_exact_list_init(&list);
    sb_status status = sb_exact_list_parse("at", o->at_text, &list, error);
    if (!status && list.count > SB_TAIL_THRESHOLDS)
        status = sb_fail(error, SB_BAD_INPUT, "at '%.60s': at most %d thresholds", o->at_text,
                         (int)SB_TAIL_THRESHOLDS);
    for (size_t i = 0; i < list.count && !status; i++) {
        const sb_exact *s = &list.item[i];
        if (s->infinite || fmpq_sgn(s->value) < 0)
            status =
                sb_fail(error, SB_BAD_INPUT, "at '%.60s': thresholds are finite and at least 0", o->at_text);
        else if (i && sb_exact_compare(s, s - 1) <= 0)
            status = sb_fail(error, SB_BAD_INPUT, "at '%.60s': thresholds must increase", o->at_text);
        else
            o->threshold[o->threshold_count++] = round_down(s->value);
    }
    sb_exact_list_clear(&list);
    return status;
}

/* Whether -p, -e and --delta are there: all or none. */
static sb_status promised(const sample_options *o, int *any, sb_error *error) {
    const sb_parameter_options *g = &o->given;
    *any = g->norm || g->radius || g->delta;
    if (*any && !(g->norm && g->radius && g->delta))
        return sb_fail(error, SB_BAD_INPUT, "a promise needs all of -p, -e and --delta");
    return SB_OK;
}

static sb_status read_options(sample_options *o, sb_error *error) {
    if (!o->noise_text == !o->input)
        return sb_fail(error, SB_BAD_INPUT,
                       o->input ? "--noise and --input exclude each other"
                                : "give --noise SPEC and -d D, or --input FILE.npy");
    if (o->input && (o->samples_text || o->save))
        return sb_fail(error, SB_BAD_INPUT, "--samples and --save go with --noise");
    if (o->noise_text && o->independent)
        return sb_fail(error, SB_BAD_INPUT, "--independent goes with --input");
    o->samples = 10000;
    sb_status status = SB_OK;
    if (o->noise_text && !o->given.dimension)
        status = sb_fail(error, SB_BAD_INPUT, "d is missing: give -d DIMENSION");
    if (!status && o->noise_text) status = sb_noise_spec_parse(&o->noise, o->noise_text, error);
    if (!status && o->samples_text)
        status = sb_cli_read_whole("samples", o->samples_text, UINT64_C(1) << 40, &o->samples, error);
    if (!status) status = read_confidence(o, error);
    return status ? status : read_thresholds(o, error);
}

/* Reads d (or checks it against the file) and the promise. */
static sb_status read_parameters(sample_options *o, uint64_t columns, int *any, sb_error *error) {
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)columns);
    sb_status status = promised(o, any, error);
    if (!status && *any)
        status = sb_parameters_parse(&o->parameters, o->given.dimension ? o->given.dimension : number,
                                     o->given.norm, o->given.radius, o->given.delta, error);
    else if (!status)
        status = sb_dimension_parse("d", o->given.dimension ? o->given.dimension : number,
                                    &o->parameters.dimension, error);
    if (!status && columns && o->parameters.dimension != columns)
        status = sb_fail(error, SB_BAD_INPUT, "d '%.40s': %s holds vectors of length %s", o->given.dimension,
                         o->input, number);
    return status;
}

/* ------------------------------------------------------------------ work */
static int proceed(void) {
    return !sb_cli_interrupted();
}

static sb_status next_row(void *context, double *x, sb_error *error) {
    return sb_npy_row(context, x, error);
}

static sb_status save(const sample_options *o, sb_error *error) {
    sb_npy_writer writer;
    uint64_t d = o->parameters.dimension;
    double *x = malloc((size_t)d * sizeof *x);
    if (!x) return sb_fail_memory(error);
    sb_status status = sb_npy_create(&writer, o->save, 8, o->samples, d, error);
    if (!status) {
        sb_progress progress;
        sb_progress_start(&progress, sb_cli_progress(&o->common), "save", (double)o->samples);
        for (uint64_t i = 0; i < o->samples && !status; i++) {
            sb_noise_draw(&o->noise, d, o->common.seed, i, x);
            status = sb_npy_write_row(&writer, x, error);
            if (!status && !proceed())
                status = sb_fail(error, SB_INTERRUPTED, "interrupted: %s is not written", o->save);
            sb_progress_update(&progress, (double)i + 1, NULL);
        }
        sb_progress_finish(&progress);
        if (!status) status = sb_npy_finish(&writer, error);
        sb_npy_abandon(&writer);
    }
    free(x);
    return status;
}

/* Takes the samples. */
static sb_status measure(sample_options *o, sb_sample_statistics *s, sb_npy *npy, sb_error *error) {
    sb_sample_options options = {sb_cli_jobs(&o->common), sb_cli_progress(&o->common), proceed};
    int independent = o->input ? o->independent : o->noise.family->product != NULL;
    sb_status status = sb_sample_statistics_init(s, o->parameters.dimension, o->threshold, o->threshold_count,
                                                 independent, error);
    if (status) return status;
    if (o->input)
        return sb_sample_statistics_read(s, next_row, npy, o->common.seed, npy->rows, &options, error);
    status = sb_noise_domain(&o->noise, o->parameters.dimension, error);
    if (!status && o->save) status = save(o, error);
    return status ? status
                  : sb_sample_statistics_draw(s, &o->noise, o->common.seed, o->samples, &options, error);
}

/* ------------------------------------------------------------------ output */
static void explain(sb_text *out, const sample_options *o, const sb_sample_report *report,
                    const sb_sample_verdict *verdict) {
    size_t width = sb_cli_width(&o->common);
    sb_text_append(out, "\n");
    sb_text_paragraph(out,
                      "Interval: 'exact' holds for every number of samples (Clopper-Pearson for tails); "
                      "'asymptotic' is the "
                      "central limit theorem, which needs a finite variance of what is averaged.",
                      0, width, 0);
    if (!verdict) return;
    sb_text_paragraph(
        out,
        verdict->exact
            ? "'joint': upper bounds that hold together for all quantities and coordinates, from the known "
              "moments "
              "of this noise."
            : "'joint': upper bounds that hold together for all quantities and coordinates, as far as the "
              "measured fourth moments are right.",
        0, width, 0);
    char *word = sb_sample_verdict_word(report, verdict->refuted);
    sb_text_append(out, "\n");
    if (word) sb_cli_coloured(out, &o->common, verdict->refuted ? "31" : "32", word);
    sb_text line;
    sb_text_init(&line);
    if (verdict->refuted)
        sb_text_format(&line,
                       ": this noise cannot keep total variation within delta for all such v (%llu of %llu "
                       "ranks violate "
                       "Lemma 3.7)",
                       (unsigned long long)verdict->refuted_ranks,
                       (unsigned long long)o->parameters.dimension);
    else
        sb_text_append(&line, ": no necessary bound is violated; that does not prove the promise");
    sb_text_append(out, line.data);
    sb_text_append(out, "\n");
    sb_text_clear(&line);
    free(word);
}

static char *caption(const sample_options *o, const sb_sample_statistics *s, int any) {
    sb_text text;
    sb_text_init(&text);
    char *name = o->input ? sb_duplicate(o->input) : sb_noise_spec_print(&o->noise);
    sb_text_format(&text, "%s: %llu samples in dimension %llu", name ? name : "?",
                   (unsigned long long)s->count, (unsigned long long)s->dimension);
    if (!o->input) sb_text_format(&text, ", seed %llu", (unsigned long long)o->common.seed);
    if (any) {
        sb_text_append(&text, "; the promise: ");
        sb_parameter_line(&text, &o->parameters, "d");
    }
    free(name);
    return sb_text_detach(&text);
}

static int report_samples(const sample_options *o, const sb_sample_statistics *s, int any) {
    sb_error error;
    sb_sample_rows rows;
    sb_sample_verdict verdict;
    sb_text out;
    sb_sample_report report = {o->input ? NULL : &o->noise,
                               o->input,
                               any ? &o->parameters : NULL,
                               o->alpha,
                               o->common.seed,
                               o->common.digits};
    sb_sample_rows_init(&rows);
    sb_sample_verdict_init(&verdict);
    sb_text_init(&out);
    sb_status status = SB_OK;
    if (any)
        status =
            sb_sample_verdict_reach(&verdict, s, report.noise, &o->parameters, fmpq_get_d(o->alpha), &error);
    if (!status)
        status = sb_sample_rows_fill(&rows, &report, s, any ? &verdict : NULL, o->at_text != NULL, &error);
    char *title = caption(o, s, any);
    rows.table.caption = title;
    if (!status) {
        sb_hide_empty_columns(&rows.table, rows.column);
        status = sb_table_print(&rows.table, o->common.format, sb_cli_width(&o->common), &out, &error);
    }
    if (!status && o->common.format == SB_FORMAT_TEXT) explain(&out, o, &report, any ? &verdict : NULL);
    if (!status) status = sb_text_status(&out, &error);
    int result = status ? sb_cli_fail(&error) : sb_cli_write(&o->common, &out);
    if (!result && verdict.refuted) result = SB_EXIT_DIFFERS;
    free(title);
    sb_sample_rows_clear(&rows);
    sb_sample_verdict_clear(&verdict);
    sb_text_clear(&out);
    return result;
}

static int run(sample_options *o) {
    sb_error error;
    sb_npy npy;
    sb_sample_statistics s;
    int any = 0, result;
    memset(&npy, 0, sizeof npy);
    memset(&s, 0, sizeof s);
    sb_status status = read_options(o, &error);
    if (!status && o->input) status = sb_npy_open(&npy, o->input, &error);
    if (!status) status = read_parameters(o, npy.columns, &any, &error);
    if (!status) {
        sb_cli_catch_interrupts();
        status = measure(o, &s, &npy, &error);
    }
    result = status ? sb_cli_fail(&error) : report_samples(o, &s, any);
    sb_sample_statistics_clear(&s);
    sb_npy_close(&npy);
    return result;
}

int sb_command_sample(int argc, char **argv) {
    sample_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_noise_spec_init(&o.noise);
    sb_parameters_init(&o.parameters);
    fmpq_init(o.alpha);
    status = run(&o);
    sb_noise_spec_clear(&o.noise);
    sb_parameters_clear(&o.parameters);
    fmpq_clear(o.alpha);
    return status;
}
