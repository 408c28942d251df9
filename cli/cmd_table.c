/* smoothbound table: the paper's tables, published beside recomputed. */
#include "cli/options.h"
#include "nn/authors_logs.h"
#include "paper_tables/paper_tables.h"

enum { KEY_LOGS = SB_KEY_OWN };

typedef struct {
    sb_common_options common;
    const char *logs, *name;
} table_options;

static const struct argp_option option[] = {
    {"logs", KEY_LOGS, "DIR", 0, "folder with the authors' certification logs: recompute from them", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    table_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case KEY_LOGS:
        o->logs = text;
        return 0;
    case ARGP_KEY_ARG:
        if (o->name) return ARGP_ERR_UNKNOWN;
        o->name = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child child[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    "NAME",
    "Tables of the paper. NAME is 1 (certified accuracy at 2/255), figure-2 (the values of the curves), "
    "constants, gap (necessary against sufficient noise), or errata. Each number that can be recomputed "
    "stands "
    "beside the published one, with the reading that gives it.\v"
    "smoothbound table gap\n"
    "smoothbound table 1 --logs certification-logs\n\n"
    "Exit status 1 when a recomputed number differs from the published one by more than half a unit of its "
    "last digit.",
    child,
    0,
    0};

int sb_command_table(int argc, char **argv) {
    table_options o = {0};
    int result = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (result >= 0) return result;
    if (!o.name) return sb_cli_trouble("which table? 1, figure-2, constants, gap or errata (see --help)");
    const sb_paper_table *paper_table;
    sb_error error;
    if (sb_paper_table_find(o.name, &paper_table, &error)) return sb_cli_fail(&error);
    if (o.logs && !paper_table->from_logs)
        return sb_cli_trouble("table %s is not made from logs: --logs has no use", o.name);
    sb_table table;
    sb_text out;
    sb_table_init(&table, NULL, NULL, 0);
    sb_text_init(&out);
    sb_paper_table_options options = {o.logs, o.common.digits};
    sb_paper_table_outcome outcome = {0};
    sb_status status = paper_table->build(&table, &options, &outcome, &error);
    size_t width = sb_cli_width(&o.common);
    if (!status)
        status = sb_paper_table_print(paper_table, &table, &options, &outcome, o.common.format, width, &out,
                                      &error);
    if (!status && paper_table->from_logs && !o.logs && !o.common.quiet &&
        o.common.format != SB_FORMAT_TEXT && o.common.format != SB_FORMAT_MARKDOWN)
        fprintf(stderr, "%s\n", sb_authors_logs_place);
    result = status ? sb_cli_fail(&error) : sb_cli_write(&o.common, &out);
    if (!result && outcome.differs) result = SB_EXIT_DIFFERS;
    sb_text_clear(&out);
    sb_table_clear(&table);
    return result;
}
