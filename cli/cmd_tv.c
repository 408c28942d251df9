/* smoothbound tv: the total variation between a noise and its translate, or the worst case over an l_p ball.
 */
#include "cli/bound_text.h"
#include "cli/options.h"
#include "cli/tv_rows.h"
#include "support/progress.h"

#include <string.h>

enum { KEY_SHIFT = SB_KEY_OWN, KEY_METHOD, KEY_WORST, KEY_SAMPLES, KEY_CONFIDENCE };
enum { MOST_COMBINATIONS = 20000, MOST_SHIFTS = 1000 };
static const uint64_t most_samples = UINT64_C(1000000000000);

typedef struct {
    sb_common_options common;
    const char *noise_text, *dimension_text, *norm_text, *radius_text, *method_text, *samples_text,
        *confidence_text;
    const char *shift_text[MOST_SHIFTS];
    size_t shift_count; /* also counts those that found no place */
    int worst;
    sb_noise_spec noise;
    sb_dimension_list dimension; /* one 0: from the shift's file */
    sb_exact_list norm, radius;
    sb_tv_options tv;
} tv_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Noise and shift:", 10},
    {"noise", SB_KEY_NOISE, "SPEC", 0, "such as gaussian:sigma=0.5 or student-t:nu=3,scale=1", 0},
    {"dim", 'd', "D", 0, "input dimension, up to 2^62 (a .npy shift has its own)", 0},
    {"shift", KEY_SHIFT, "S", 0,
     "linf:V (V in every coordinate), l2:V (equal coordinates of l_2 length V), basis:V (one coordinate), "
     "K:V,K:V,... "
     "(K coordinates by V, and so on) or FILE.npy (a vector); may be repeated",
     0},
    {0, 0, 0, 0, "Or the worst case over |v|_P <= EPS:", 11},
    {"worst", KEY_WORST, 0, 0, "with -p and -e; the answer says whether it is exact", 0},
    {"norm", 'p', "P", 0, "the norm; a rational > 0, or inf", 0},
    {"eps", 'e', "EPS", 0, "the radius", 0},
    {0, 0, 0, 0, "Method:", 20},
    {"method", KEY_METHOD, "M", 0, "auto (default), closed, product, radial, lattice or sample", 0},
    {"samples", KEY_SAMPLES, "N", 0, "with --method sample: how many (100000)", 0},
    {"confidence", KEY_CONFIDENCE, "C", 0, "with --method sample: of the interval (0.999)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    tv_options *o = state->input;
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
    case KEY_SHIFT:
        if (o->shift_count < MOST_SHIFTS) o->shift_text[o->shift_count] = text;
        o->shift_count++;
        return 0;
    case KEY_METHOD:
        o->method_text = text;
        return 0;
    case KEY_WORST:
        o->worst = 1;
        return 0;
    case KEY_SAMPLES:
        o->samples_text = text;
        return 0;
    case KEY_CONFIDENCE:
        o->confidence_text = text;
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
    "The total variation TV(D, D + v) between a noise D on R^d and D shifted by v, and 1 - TV, each to "
    "--digits "
    "significant digits: the true value lies in the printed interval. -d, -p and -e take lists and ranges. "
    "Exit status "
    "3 when the digits were not reached.\v"
    "smoothbound tv --noise gaussian:sigma=1/2 -d 3x224x224 --shift linf:8/255\n"
    "smoothbound tv --noise laplace:b=1 -d 3x32x32 --shift linf:8/255 --digits 12\n"
    "smoothbound tv --noise logistic:scale=1 --shift shift.npy\n"
    "smoothbound tv --noise cauchy:scale=1 -d 100 --shift 50:1/10,1:2\n"
    "smoothbound tv --worst --noise uniform:r=2 -d 3072 -p 2,4,inf -e 8/255",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
static sb_status check_presence(const tv_options *o, sb_error *error) {
    if (!o->noise_text)
        return sb_fail(error, SB_BAD_INPUT, "noise is missing: give --noise NAME:key=value (see --help)");
    if (o->worst && o->shift_count)
        return sb_fail(error, SB_BAD_INPUT, "shift '%.60s': --shift and --worst exclude each other",
                       o->shift_text[0]);
    if (!o->worst && (o->norm_text || o->radius_text))
        return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': goes with --worst", o->norm_text ? "p" : "eps",
                       o->norm_text ? o->norm_text : o->radius_text);
    if (o->worst && (!o->norm_text || !o->radius_text))
        return sb_fail(error, SB_BAD_INPUT, "%s is missing: --worst needs -p NORM and -e EPS",
                       o->norm_text ? "eps" : "p");
    if (o->worst && o->method_text)
        return sb_fail(error, SB_BAD_INPUT, "method '%.40s': --worst chooses it; leave --method out",
                       o->method_text);
    if (!o->worst && !o->shift_count)
        return sb_fail(error, SB_BAD_INPUT,
                       "shift is missing: give --shift, or --worst -p P -e EPS (see --help)");
    if (o->shift_count > MOST_SHIFTS)
        return sb_fail(error, SB_BAD_INPUT, "%zu shifts: at most %d at a time", o->shift_count, MOST_SHIFTS);
    return SB_OK;
}

static sb_status read_method(tv_options *o, sb_error *error) {
    sb_status status = o->method_text ? sb_tv_method_parse(o->method_text, &o->tv.method, error) : SB_OK;
    const char *lonely = o->samples_text ? "samples" : o->confidence_text ? "confidence" : NULL;
    if (!status && lonely && o->tv.method != SB_METHOD_SAMPLE)
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': --%s goes with --method sample", lonely,
                         o->samples_text ? o->samples_text : o->confidence_text, lonely);
    if (!status && o->samples_text)
        status = sb_cli_read_whole("samples", o->samples_text, most_samples, &o->tv.samples, error);
    if (!status && o->confidence_text) {
        sb_exact level;
        sb_exact_init(&level);
        status = sb_exact_parse("confidence", o->confidence_text, &level, error);
        if (!status && (level.infinite || fmpq_sgn(level.value) <= 0 || fmpq_cmp_ui(level.value, 1) >= 0))
            status = sb_fail(error, SB_BAD_INPUT, "confidence '%.60s': must be above 0 and below 1",
                             o->confidence_text);
        if (!status) o->tv.confidence = fmpq_get_d(level.value);
        sb_exact_clear(&level);
    }
    return status;
}

static sb_status read_ball(tv_options *o, sb_error *error) {
    sb_status status = sb_exact_list_parse("p", o->norm_text, &o->norm, error);
    if (!status) status = sb_exact_list_parse("eps", o->radius_text, &o->radius, error);
    for (size_t i = 0; i < o->norm.count && !status; i++) {
        const sb_exact *p = &o->norm.item[i];
        if (p->infinite < 0 || (!p->infinite && fmpq_sgn(p->value) <= 0))
            status = sb_fail(error, SB_BAD_INPUT, "p '%.60s': must be a rational > 0, or inf", o->norm_text);
    }
    for (size_t i = 0; i < o->radius.count && !status; i++)
        if (o->radius.item[i].infinite || fmpq_sgn(o->radius.item[i].value) < 0)
            status =
                sb_fail(error, SB_BAD_INPUT, "eps '%.60s': must be finite and at least 0", o->radius_text);
    return status;
}

static size_t row_count(const tv_options *o) {
    return o->dimension.count * (o->worst ? o->norm.count * o->radius.count : o->shift_count);
}

static sb_status read_options(tv_options *o, sb_error *error) {
    sb_status status = check_presence(o, error);
    if (!status) status = sb_noise_spec_parse(&o->noise, o->noise_text, error);
    if (!status) status = read_method(o, error);
    if (!status && o->worst) status = read_ball(o, error);
    if (!status && o->worst && !o->dimension_text)
        status = sb_fail(error, SB_BAD_INPUT, "d is missing: give -d DIMENSION (see --help)");
    if (!status) {
        status =
            sb_dimension_list_parse("d", o->dimension_text ? o->dimension_text : "1", &o->dimension, error);
        if (!status && !o->dimension_text) o->dimension.item[0] = 0;
    }
    double rows = (double)o->dimension.count *
                  (o->worst ? (double)o->norm.count * (double)o->radius.count : (double)o->shift_count);
    if (!status && rows > MOST_COMBINATIONS)
        status =
            sb_fail(error, SB_BAD_INPUT, "%.0f combinations: at most %d at a time", rows, MOST_COMBINATIONS);
    o->tv.digits = o->common.digits;
    o->tv.seed = o->common.seed;
    o->tv.jobs = sb_cli_jobs(&o->common);
    return status;
}

/* ------------------------------------------------------------------ output */
static int go_on(void) {
    return !sb_cli_interrupted();
}

static sb_status add_row(const tv_options *o, size_t index, sb_tv_rows *rows, sb_error *error) {
    size_t inner = row_count(o) / o->dimension.count, i = index % inner;
    sb_shift shift;
    sb_shift_init(&shift);
    sb_tv_request request = {.noise = &o->noise,
                             .dimension = o->dimension.item[index / inner],
                             .shift = &shift,
                             .options = o->tv,
                             .confidence_text = o->confidence_text ? o->confidence_text : "0.999"};
    sb_status status = SB_OK;
    if (o->worst) {
        request.norm = &o->norm.item[i / o->radius.count];
        request.radius = o->radius.item[i % o->radius.count].value;
    } else {
        request.shift_text = o->shift_text[i];
        status = sb_shift_parse(&shift, request.shift_text, request.dimension, error);
        request.dimension = shift.dimension;
    }
    if (!status) {
        status = sb_tv_rows_add(rows, &request, error);
        if (status == SB_OUTSIDE && row_count(o) > 1) {
            sb_tv_rows_add_outside(rows, &request, error->message);
            status = SB_OK;
        }
    }
    sb_shift_clear(&shift);
    return status;
}

static sb_status fill(tv_options *o, sb_tv_rows *rows, sb_error *error) {
    size_t count = row_count(o);
    FILE *stream = sb_cli_progress(&o->common);
    sb_status status = SB_OK;
    sb_progress progress;
    o->tv.progress = count == 1 ? stream : NULL; /* one line of progress at a time */
    o->tv.proceed = go_on;
    sb_progress_start(&progress, count == 1 ? NULL : stream, "tv", (double)count);
    for (size_t i = 0; i < count && !status; i++) {
        status = sb_cli_interrupted()
                     ? sb_fail(error, SB_INTERRUPTED, "interrupted after %zu of %zu combinations", i, count)
                     : add_row(o, i, rows, error);
        sb_progress_update(&progress, (double)(i + 1), NULL);
    }
    sb_progress_finish(&progress);
    return status;
}

static int run(tv_options *o) {
    sb_error error;
    if (read_options(o, &error)) return sb_cli_fail(&error);
    sb_cli_catch_interrupts();
    sb_tv_rows rows;
    sb_text out;
    sb_tv_rows_init(&rows);
    sb_text_init(&out);
    int result;
    if (fill(o, &rows, &error)) {
        result = sb_cli_fail(&error);
    } else if (o->common.format == SB_FORMAT_TEXT && row_count(o) == 1) {
        sb_tv_text(&out, &rows, &o->common);
        result = sb_cli_write(&o->common, &out);
    } else {
        sb_hide_empty_columns(&rows.table, rows.column);
        result = sb_cli_write_table(&o->common, &rows.table);
    }
    if (!result && rows.undecided) result = SB_EXIT_UNDECIDED;
    sb_text_clear(&out);
    sb_tv_rows_clear(&rows);
    return result;
}

int sb_command_tv(int argc, char **argv) {
    tv_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_noise_spec_init(&o.noise);
    sb_exact_list_init(&o.norm);
    sb_exact_list_init(&o.radius);
    sb_tv_options_init(&o.tv);
    status = run(&o);
    sb_noise_spec_clear(&o.noise);
    sb_dimension_list_clear(&o.dimension);
    sb_exact_list_clear(&o.norm);
    sb_exact_list_clear(&o.radius);
    return status;
}
