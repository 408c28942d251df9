/* smoothbound directions: orthogonal directions towards the corners of a cube (Corollary 3.6), of the largest
 * order that is reached. */
#include "cli/bound_text.h"
#include "cli/directions_file.h"
#include "cli/directions_rows.h"
#include "distributions/sample_statistics.h"

#include <cblas.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_METHOD = SB_KEY_OWN, KEY_CHECK, KEY_PRINT, KEY_ROWS, KEY_SAMPLES };

enum {
    SIGNS_LIMIT = 1 << 20, /* printed at most */
    PROBES = 2,
    MOST_SAMPLES = 1 << 30
};
static const double affordable = 0x1p29; /* additions of a fast product, for a probe that nobody asked for */

typedef struct {
    sb_common_options common;
    sb_parameter_options given;
    const char *method, *check, *rows_text, *noise_text, *samples_text;
    const char *file; /* of -o when it is a .npy */
    int print;
    uint64_t rows, samples;
    sb_parameters parameters;
    sb_noise_spec noise;
    sb_hadamard_order shape;
} directions_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Directions:", 1},
    {"method", KEY_METHOD, "METHOD", 0,
     "best (default): the largest order of Sylvester's and Paley's matrices and their Kronecker products; "
     "sylvester: the largest power of two, as in the paper",
     0},
    {"check", KEY_CHECK, "CHECK", 0,
     "auto (default); gram: the whole Gram matrix; factors: those of the Kronecker factors; transform: fast "
     "products with random integers; none",
     0},
    {"print", KEY_PRINT, 0, 0, "print the signs of u_1, ..., u_b", 0},
    {"rows", KEY_ROWS, "K", 0, "print or write only the first K vectors", 0},
    {0, 0, 0, 0, "Pythagoras in Theorem 1.2, on samples:", 2},
    {"noise", SB_KEY_NOISE, "SPEC", 0, "draw this noise, such as gaussian:sigma=1", 0},
    {"samples", KEY_SAMPLES, "N", 0, "how many vectors to draw (100)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    directions_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        state->child_inputs[1] = &o->given;
        return 0;
    case KEY_METHOD:
        o->method = text;
        return 0;
    case KEY_CHECK:
        o->check = text;
        return 0;
    case KEY_PRINT:
        o->print = 1;
        return 0;
    case KEY_ROWS:
        o->rows_text = text;
        return 0;
    case SB_KEY_NOISE:
        o->noise_text = text;
        return 0;
    case KEY_SAMPLES:
        o->samples_text = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_common_argp, 0, 0, 0}, {&sb_parameter_argp, 0, 0, 0}, {0}};
static const struct argp argp = {option,
                                 parse,
                                 0,
                                 "b orthogonal vectors v_i = EPS b^(-1/P) (u_i, 0, ..., 0) with signs u_i, "
                                 "|v_i|_P = EPS (Corollary 3.6), b "
                                 "the largest order <= D that is reached. Their orthogonality is checked in "
                                 "integers. P is inf and EPS is 1 "
                                 "unless told. -o FILE.npy writes the vectors, float32, shape (b, D).\v"
                                 "smoothbound directions -d 3x32x32\n"
                                 "smoothbound directions -d 12 --print\n"
                                 "smoothbound directions -d 1079 -p 4 -e 8/255 -o directions.npy\n"
                                 "smoothbound directions -d 150528 --noise gaussian:sigma=1 --samples 100",
                                 children,
                                 0,
                                 0};

/* ------------------------------------------------------------------ reading */
static sb_status check_word(const char *name, const char *word, const char *const *words, sb_error *error) {
    for (const char *const *w = words; *w; w++)
        if (strcmp(*w, word) == 0) return SB_OK;
    const char *near = sb_nearest_word(word, words);
    if (near) return sb_fail(error, SB_BAD_INPUT, "unknown %s '%.40s': did you mean '%s'?", name, word, near);
    return sb_fail(error, SB_BAD_INPUT, "unknown %s '%.40s' (see --help)", name, word);
}

static sb_status read_noise(directions_options *o, sb_error *error) {
    o->samples = 100;
    if (!o->noise_text && (o->samples_text || o->given.delta))
        return sb_fail(error, SB_BAD_INPUT, "%s goes with --noise",
                       o->samples_text ? "--samples" : "--delta");
    if (!o->noise_text) return SB_OK;
    sb_status status = sb_noise_spec_parse(&o->noise, o->noise_text, error);
    if (!status && o->samples_text)
        status = sb_cli_read_whole("samples", o->samples_text, MOST_SAMPLES, &o->samples, error);
    if (!status && o->parameters.dimension > SB_SAMPLE_DIMENSION_LIMIT)
        status = sb_fail(error, SB_BAD_INPUT, "d '%.40s': samples have at most %d coordinates",
                         o->given.dimension, (int)SB_SAMPLE_DIMENSION_LIMIT);
    return status;
}

static int ends_in_npy(const char *path) {
    size_t length = path ? strlen(path) : 0;
    return length > 4 && strcmp(path + length - 4, ".npy") == 0;
}

/* How many rows are printed or written, once the order is known. */
static sb_status read_rows(directions_options *o, sb_error *error) {
    o->rows = o->shape.order;
    if (o->rows_text && !o->print && !o->file)
        return sb_fail(error, SB_BAD_INPUT, "--rows goes with --print or -o FILE.npy");
    sb_status status =
        o->rows_text ? sb_cli_read_whole("rows", o->rows_text, o->shape.order, &o->rows, error) : SB_OK;
    if (!status && o->print && (double)o->rows * (double)o->shape.order > SIGNS_LIMIT)
        status =
            sb_fail(error, SB_BAD_INPUT,
                    "--print: %llu rows of %llu signs, the limit is %d signs: see --rows and -o FILE.npy",
                    (unsigned long long)o->rows, (unsigned long long)o->shape.order, (int)SIGNS_LIMIT);
    return status;
}

static sb_status read_options(directions_options *o, sb_error *error) {
    static const char *const methods[] = {"best", "sylvester", NULL};
    static const char *const checks[] = {"auto", "gram", "factors", "transform", "none", NULL};
    const sb_parameter_options *g = &o->given;
    if (!o->method) o->method = "best";
    if (!o->check) o->check = "auto";
    if (!g->dimension) return sb_fail(error, SB_BAD_INPUT, "d is missing: give -d DIMENSION");
    sb_status status = sb_parameters_parse(&o->parameters, g->dimension, g->norm ? g->norm : "inf",
                                           g->radius ? g->radius : "1", g->delta ? g->delta : "1/2", error);
    if (!status) status = check_word("method", o->method, methods, error);
    if (!status) status = check_word("check", o->check, checks, error);
    if (!status) status = read_noise(o, error);
    if (status) return status;
    if (ends_in_npy(o->common.output)) { /* the report goes to standard output then */
        o->file = o->common.output;
        o->common.output = NULL;
    }
    if (o->method[0] == 's')
        sb_hadamard_order_sylvester(&o->shape, o->parameters.dimension);
    else
        sb_hadamard_order_below(&o->shape, o->parameters.dimension);
    return read_rows(o, error);
}

/* ------------------------------------------------------------------ work */
static int proceed(void) {
    return !sb_cli_interrupted();
}

/* auto: the Gram matrix where that is quick, else the factors, and a probe where it is quick. */
static sb_status check_order(const directions_options *o, const sb_hadamard *h, const sb_check_watch *watch,
                             sb_hadamard_finding *finding, sb_error *error) {
    int automatic = strcmp(o->check, "auto") == 0, small = o->shape.order <= SB_GRAM_AT_ONCE;
    sb_status status = SB_OK;
    if (strcmp(o->check, "gram") == 0 || (automatic && small))
        status = sb_hadamard_check_gram(h, watch, finding, error);
    else if (strcmp(o->check, "factors") == 0 || automatic)
        status = sb_hadamard_check_factors(h, watch, finding, error);
    int probe = automatic && !small && o->shape.order <= SB_PROBE_ORDER_LIMIT &&
                sb_hadamard_additions(&o->shape) <= affordable;
    if (!status && (probe || strcmp(o->check, "transform") == 0))
        status = sb_hadamard_check_transform(h, PROBES, o->common.seed, watch, finding, error);
    return status;
}

/* Makes the matrix, where it is needed, and checks it. A field too large for its table is no failure when
 * only an automatic check would want it. */
static sb_status make(const directions_options *o, sb_hadamard *h, const sb_check_watch *watch,
                      sb_hadamard_finding *finding, sb_error *error) {
    int none = strcmp(o->check, "none") == 0, needed = o->print || o->file || o->noise_text;
    if (none) sb_text_append(&finding->evidence, "not asked for");
    if (none && !needed) return SB_OK;
    sb_status status = sb_hadamard_make(h, &o->shape, error);
    if (status == SB_OUTSIDE && strcmp(o->check, "auto") == 0 && !needed) {
        sb_text_format(&finding->evidence, "%s; orthogonal by Paley's theorem", error->message);
        return SB_OK;
    }
    return status || none ? status : check_order(o, h, watch, finding, error);
}

/* ||v_i||_2 and |v_ij|, which is the l_inf length. */
static sb_status find_lengths(const directions_options *o, sb_directions *d, sb_error *error) {
    sb_exact two, infinity;
    fmpq_t exponent;
    sb_direction_length length = {o->shape.order, o->parameters.radius, exponent};
    sb_exact_init(&two);
    sb_exact_init(&infinity);
    fmpq_init(exponent);
    fmpq_set_si(two.value, 2, 1);
    infinity.infinite = 1;
    sb_direction_length_exponent(exponent, &two, &o->parameters.norm);
    sb_status status = sb_enclose(d->length, sb_direction_length_ball, &length, o->common.digits, error);
    sb_direction_length_exponent(exponent, &infinity, &o->parameters.norm);
    if (!status) status = sb_enclose(d->entry, sb_direction_length_ball, &length, o->common.digits, error);
    sb_exact_clear(&two);
    sb_exact_clear(&infinity);
    fmpq_clear(exponent);
    return status;
}

static sb_status work(directions_options *o, sb_directions *d, sb_hadamard *h, sb_hadamard_finding *finding,
                      sb_direction_samples *samples, sb_error *error) {
    sb_check_watch watch = {sb_cli_progress(&o->common), proceed};
    sb_status status = find_lengths(o, d, error);
    if (!status) status = make(o, h, &watch, finding, error);
    if (!status && o->noise_text)
        status = sb_direction_samples_draw(samples, h, &o->noise, o->parameters.dimension, o->common.seed,
                                           o->samples, &watch, error);
    if (!status && o->file)
        status = sb_directions_write(o->file, h, o->parameters.dimension, o->rows,
                                     arf_get_d(arb_midref(d->entry), ARF_RND_NEAR), &watch, error);
    return status;
}

/* ------------------------------------------------------------------ output */
static sb_status print(const directions_options *o, const sb_directions *d, sb_text *out, sb_error *error) {
    if (o->common.format == SB_FORMAT_TEXT) return sb_directions_text(out, d, &o->common, error);
    sb_directions_rows rows;
    sb_directions_rows_init(&rows);
    sb_status status = sb_directions_rows_fill(&rows, d, error);
    sb_hide_empty_columns(&rows.table, rows.column);
    if (!status) status = sb_table_print(&rows.table, o->common.format, 0, out, error);
    sb_directions_rows_clear(&rows);
    return status;
}

static int run(directions_options *o) {
    sb_error error;
    sb_hadamard hadamard = {0};
    sb_hadamard_finding finding;
    sb_direction_samples samples = {0};
    sb_text out;
    sb_directions d = {.parameters = &o->parameters,
                       .has_delta = o->given.delta != NULL,
                       .shape = &o->shape,
                       .hadamard = &hadamard,
                       .check = o->check,
                       .finding = &finding,
                       .noise = o->noise_text ? &o->noise : NULL,
                       .samples = &samples,
                       .seed = o->common.seed,
                       .printed = o->print ? o->rows : 0,
                       .written = o->file ? o->rows : 0,
                       .file = o->file,
                       .digits = o->common.digits};
    arb_init(d.length);
    arb_init(d.entry);
    sb_hadamard_finding_init(&finding);
    sb_text_init(&out);
    sb_status status = work(o, &d, &hadamard, &finding, &samples, &error);
    if (!status) status = print(o, &d, &out, &error);
    int result = status ? sb_cli_fail(&error) : sb_cli_write(&o->common, &out);
    int wrong =
        finding.verdict == SB_REFUTED || (d.noise && sb_directions_samples_verdict(&samples) == SB_DIFFERS);
    if (!result && wrong) result = SB_EXIT_DIFFERS;
    arb_clear(d.length);
    arb_clear(d.entry);
    sb_hadamard_finding_clear(&finding);
    sb_hadamard_clear(&hadamard);
    sb_text_clear(&out);
    return result;
}

int sb_command_directions(int argc, char **argv) {
    directions_options o;
    sb_error error;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_noise_spec_init(&o.noise);
    sb_parameters_init(&o.parameters);
    if (read_options(&o, &error)) {
        status = sb_cli_fail(&error);
    } else {
        sb_cli_catch_interrupts();
        if (o.common.jobs) openblas_set_num_threads(o.common.jobs);
        status = run(&o);
    }
    sb_noise_spec_clear(&o.noise);
    sb_parameters_clear(&o.parameters);
    return status;
}
