/* smoothbound bound: what any noise must have, and what suffices, for d, p, eps, delta; --solve reads the
 * bounds backwards. */
#include "cli/bound_rows.h"
#include "cli/bound_solve.h"
#include "cli/bound_text.h"
#include "cli/parameter_grid.h"
#include "support/parallel.h"
#include "support/progress.h"

#include <string.h>

enum { KEY_RANGE = SB_KEY_OWN, KEY_RANK, KEY_SOLVE, KEY_SIGMA, KEY_PROMISE };

typedef struct {
    sb_common_options common;
    sb_parameter_options parameters;
    const char *range_text, *rank_text, *solve_text, *sigma_text, *promise_text;
    sb_parameter_grid grid;
    sb_exact range;
    uint64_t rank;
    unsigned promises; /* of those rows */
    sb_promise promise;
    sb_unknown unknown;
    sb_column column[SB_MOST_COLUMNS];
    sb_exact_list sigma; /* rms noise, with --solve */
} bound_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Bounds:", 20},
    {"range", KEY_RANGE, "R", 0, "pixel scale of the reading: an input in [0, 1] times R (255)", 0},
    {"rank", KEY_RANK, "I", 0, "coordinate of Lemma 3.7: 1 has the largest second moment (1)", 0},
    {"promise", KEY_PROMISE, "WHAT", 0,
     "total-variation (TV at most delta) or robustness (Definition 1); else both, one line a choice: the "
     "first",
     0},
    {"solve", KEY_SOLVE, "WHAT", 0, "invert the bounds: eps, delta, sigma or d", 0},
    {"sigma", KEY_SIGMA, "S", 0, "with --solve: the rms noise per coordinate", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    bound_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->parameters;
        state->child_inputs[1] = &o->common;
        return 0;
    case KEY_RANGE:
        o->range_text = text;
        return 0;
    case KEY_RANK:
        o->rank_text = text;
        return 0;
    case KEY_PROMISE:
        o->promise_text = text;
        return 0;
    case KEY_SOLVE:
        o->solve_text = text;
        return 0;
    case KEY_SIGMA:
        o->sigma_text = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_parameter_argp, 0, 0, 0}, {&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    0,
    "What any noise must have before random smoothing can promise l_p robustness of radius eps, and what "
    "suffices. "
    "-d, -p, -e, --delta and --sigma take lists and ranges (2,4,inf; 2^6..2^20*2; 0.1:0.9:0.1).\v"
    "smoothbound bound -d 3x32x32 -p inf -e 8/255 --delta 1/10\n"
    "smoothbound bound -d 2^6..2^20*4 -p 2,4,inf -e 8/255 --delta 0.1\n"
    "smoothbound bound --solve eps -d 3x224x224 -p inf --delta 0.5 --sigma 0.25",
    children,
    0,
    0};

/* ------------------------------------------------------------------ reading */
static sb_status check_rank(bound_options *o, sb_error *error) {
    o->rank = 1;
    if (!o->rank_text) return SB_OK;
    sb_status status = sb_dimension_parse("rank", o->rank_text, &o->rank, error);
    for (size_t i = 0; i < o->grid.dimension.count && !status; i++)
        if (o->rank > o->grid.dimension.item[i])
            status = sb_fail(error, SB_BAD_INPUT, "rank '%.60s': must be from 1 to d = %llu", o->rank_text,
                             (unsigned long long)o->grid.dimension.item[i]);
    return status;
}

static sb_status read_solve(bound_options *o, sb_error *error) {
    if (!o->solve_text) {
        if (o->sigma_text)
            return sb_fail(error, SB_BAD_INPUT, "sigma '%.60s': --sigma goes with --solve eps, delta or d",
                           o->sigma_text);
        return SB_OK;
    }
    sb_status status = sb_unknown_parse(o->solve_text, &o->unknown, error);
    if (status) return status;
    if (o->rank_text)
        return sb_fail(error, SB_BAD_INPUT, "rank '%.60s': --rank has no meaning with --solve", o->rank_text);
    if (o->range_text)
        return sb_fail(error, SB_BAD_INPUT, "range '%.60s': --range has no meaning with --solve",
                       o->range_text);
    if (o->unknown == SB_SOLVE_SIGMA && o->sigma_text)
        return sb_fail(error, SB_BAD_INPUT, "sigma '%.60s': it is what --solve finds; leave --sigma out",
                       o->sigma_text);
    if (o->unknown != SB_SOLVE_SIGMA && !o->sigma_text)
        return sb_fail(error, SB_BAD_INPUT,
                       "sigma is missing: give --sigma RMS, the noise per coordinate (see --help)");
    status = sb_exact_list_parse("sigma", o->sigma_text ? o->sigma_text : "1", &o->sigma, error);
    for (size_t i = 0; i < o->sigma.count && !status; i++)
        status = sb_cli_check_positive("sigma", o->sigma_text, &o->sigma.item[i], error);
    return status;
}

static sb_status read_options(bound_options *o, sb_error *error) {
    sb_status status = o->promise_text ? sb_promise_parse(o->promise_text, &o->promise, error) : SB_OK;
    if (!status) status = read_solve(o, error);
    const char *leave_out =
        o->solve_text && !status && o->unknown != SB_SOLVE_SIGMA ? sb_unknown_name(o->unknown) : NULL;
    if (!status) status = sb_parameter_grid_parse(&o->grid, &o->parameters, leave_out, error);
    if (!status) status = check_rank(o, error);
    o->promises = o->promise_text ? 1u << o->promise : SB_BOTH_PROMISES;
    if (!status) status = sb_exact_parse("range", o->range_text ? o->range_text : "255", &o->range, error);
    if (!status) status = sb_cli_check_positive("range", o->range_text, &o->range, error);
    if (!status && (double)sb_parameter_grid_size(&o->grid) * (double)(o->sigma.count ? o->sigma.count : 1) >
                       SB_GRID_LIMIT)
        status = sb_fail(error, SB_BAD_INPUT, "too many combinations: at most %d at a time", SB_GRID_LIMIT);
    return status;
}

/* ------------------------------------------------------------------ output */
static int one_block(const bound_options *o) {
    return sb_parameter_grid_size(&o->grid) * (o->sigma.count ? o->sigma.count : 1) == 1 &&
           o->common.format == SB_FORMAT_TEXT;
}

static int machine_readable(const bound_options *o) {
    return o->common.format == SB_FORMAT_JSON || o->common.format == SB_FORMAT_CSV;
}

/* All rows, not one line for a choice of parameters. */
static int whole_rows(const bound_options *o) {
    return machine_readable(o) || sb_parameter_grid_size(&o->grid) == 1;
}

static void start_table(bound_options *o, sb_table *table) {
    const sb_column *column = sb_bound_compact_column;
    size_t count = sb_bound_compact_column_count;
    if (o->solve_text) {
        column = sb_solve_column;
        count = sb_solve_column_count;
    } else if (whole_rows(o)) {
        column = sb_bound_column;
        count = sb_bound_column_count;
    }
    memcpy(o->column, column, count * sizeof *column);
    sb_table_init(table, "smoothbound/bound/1", o->column, count);
}

/* One combination: evaluated by any thread, printed in order. */
typedef struct {
    sb_bound_rows bounds;
    sb_solve_rows solutions; /* with --solve */
    sb_status status;
    sb_error error;
} combination;

typedef struct {
    const bound_options *options;
    size_t first; /* number of the first combination of this chunk */
    combination *item;
} chunk;

static size_t sigma_count(const bound_options *o) {
    return o->solve_text ? o->sigma.count : 1;
}

static void evaluate(void *context, size_t index) {
    const chunk *c = context;
    const bound_options *o = c->options;
    combination *item = &c->item[index];
    size_t i = c->first + index, sigmas = sigma_count(o);
    sb_parameters at;
    sb_parameters_init(&at);
    sb_bound_rows_init(&item->bounds);
    sb_solve_rows_init(&item->solutions);
    sb_parameter_grid_get(&o->grid, i / sigmas, &at);
    item->status = o->solve_text
                       ? sb_solve_rows_evaluate(&item->solutions, &at, o->sigma.item[i % sigmas].value,
                                                o->unknown, o->promises, o->common.digits, &item->error)
                       : sb_bound_rows_evaluate(&item->bounds, &at, o->rank,
                                                whole_rows(o) ? o->promises : 1u << o->promise,
                                                o->common.digits, &item->error);
    sb_parameters_clear(&at);
}

static void print(const bound_options *o, const combination *item, sb_table *table, sb_text *out) {
    if (o->solve_text && one_block(o))
        sb_solve_text(out, &item->solutions, &o->common);
    else if (o->solve_text)
        sb_solve_rows_append(&item->solutions, o->common.digits, table);
    else if (one_block(o))
        sb_bound_text(out, &item->bounds, o->range.value, &o->common);
    else if (whole_rows(o))
        sb_bound_rows_append(&item->bounds, o->range.value, o->common.digits, table);
    else
        sb_bound_compact(&item->bounds, o->promise, o->range.value, o->common.digits, table);
}

static sb_status fill(bound_options *o, sb_table *table, sb_text *out, sb_error *error) {
    enum { CHUNK = 32 };
    combination item[CHUNK];
    chunk c = {o, 0, item};
    size_t total = sb_parameter_grid_size(&o->grid) * sigma_count(o);
    sb_progress progress;
    sb_status status = SB_OK;
    sb_progress_start(&progress, sb_cli_progress(&o->common), "bound", (double)total);
    for (; c.first < total && !status; c.first += CHUNK) {
        size_t count = total - c.first < CHUNK ? total - c.first : CHUNK;
        if (sb_cli_interrupted()) {
            status =
                sb_fail(error, SB_INTERRUPTED, "interrupted after %zu of %zu combinations", c.first, total);
            break;
        }
        sb_parallel(sb_cli_jobs(&o->common), count, evaluate, &c);
        for (size_t i = 0; i < count; i++) {
            if (!status && item[i].status) {
                status = item[i].status;
                *error = item[i].error;
            }
            if (!status) print(o, &item[i], table, out);
            sb_bound_rows_clear(&item[i].bounds);
            sb_solve_rows_clear(&item[i].solutions);
        }
        sb_progress_update(&progress, (double)(c.first + count), NULL);
    }
    sb_progress_finish(&progress);
    return status;
}

static int run(bound_options *o) {
    sb_error error;
    sb_table table;
    sb_text out;
    sb_status status = read_options(o, &error);
    if (status) return sb_cli_fail(&error);
    sb_cli_catch_interrupts();
    start_table(o, &table);
    sb_text_init(&out);
    status = fill(o, &table, &out, &error);
    sb_hide_empty_columns(&table, o->column);
    int result = status         ? sb_cli_fail(&error)
                 : one_block(o) ? sb_cli_write(&o->common, &out)
                                : sb_cli_write_table(&o->common, &table);
    sb_text_clear(&out);
    sb_table_clear(&table);
    return result;
}

int sb_command_bound(int argc, char **argv) {
    bound_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (status >= 0) return status;
    sb_parameter_grid_init(&o.grid);
    sb_exact_init(&o.range);
    sb_exact_list_init(&o.sigma);
    status = run(&o);
    sb_parameter_grid_clear(&o.grid);
    sb_exact_clear(&o.range);
    sb_exact_list_clear(&o.sigma);
    return status;
}
