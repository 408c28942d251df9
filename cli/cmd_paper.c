/* smoothbound paper: everything of the paper into one folder, with a summary that says what was reproduced,
   proved, refuted and skipped. What other commands already print is made by those commands, run here one
   after the other, so that each file can be made again alone. */
#include "bounds/ledger.h"
#include "cli/options.h"
#include "cli/paper_experiment.h"
#include "nn/authors_logs.h"
#include "paper_tables/log_claims.h"
#include "paper_tables/paper_tables.h"
#include "plots/figures.h"
#include "report/ledger_report.h"
#include "support/file.h"
#include "support/progress.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_DIRECTORY = SB_KEY_OWN, KEY_LOGS, KEY_DATA, KEY_EXPERIMENT };

typedef struct {
    sb_common_options common;
    const char *directory, *logs, *data, *experiment;
    sb_progress progress;
    sb_text results;  /* one line for each part: what came out */
    sb_text files;    /* Markdown rows: file, what it is, the command that makes it alone */
    sb_text pictures; /* Markdown images */
    int differs, undecided;
} paper;

static const struct argp_option option[] = {
    {"output-dir", KEY_DIRECTORY, "DIR", 0, "the folder for all files (out)", 0},
    {"logs", KEY_LOGS, "DIR", 0,
     "the authors' certification logs: Table 1, Figure 2 and the curves are recomputed from them", 0},
    {"data", KEY_DATA, "DIR", 0, "CIFAR-10's binary files: the experiment also with preset cifar-small", 0},
    {"experiment", KEY_EXPERIMENT, "PRESET", 0,
     "the preset of the experiment that needs no data (quick); none: leave it out", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    paper *p = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &p->common;
        return 0;
    case KEY_DIRECTORY:
        p->directory = text;
        return 0;
    case KEY_LOGS:
        p->logs = text;
        return 0;
    case KEY_DATA:
        p->data = text;
        return 0;
    case KEY_EXPERIMENT:
        p->experiment = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child child[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {option,
                                 parse,
                                 0,
                                 "Regenerates the paper: bounds, the ledger of its statements with their "
                                 "certificates, tables and figures.\v"
                                 "Exit status 1 when a verdict or a number is not the expected one.",
                                 child,
                                 0,
                                 0};

/* ------------------------------------------------------------------ writing one file */
static void note_file(paper *p, const char *file, const char *what, const char *command) {
    sb_text_format(&p->files, "| [%s](%s) | %s | `smoothbound %s` |\n", file, file, what, command);
}

static int write_file(const paper *p, const char *file, const sb_text *text) {
    sb_error error;
    char *path = sb_path_join(p->directory, file);
    sb_status status = path ? sb_text_status(text, &error) : sb_fail_memory(&error);
    if (!status) status = sb_file_write(path, text->data, text->length, &error);
    free(path);
    return status ? sb_cli_fail(&error) : 0;
}

typedef sb_status print_function(const void *context, sb_format_kind format, sb_text *out, sb_error *error);

/* Writes STEM.txt, STEM.md, STEM.tex and STEM.json. */
static int write_formats(const paper *p, const char *stem, print_function *print, const void *context) {
    static const struct {
        sb_format_kind format;
        const char *ending;
    } form[] = {{SB_FORMAT_TEXT, "txt"},
                {SB_FORMAT_MARKDOWN, "md"},
                {SB_FORMAT_TEX, "tex"},
                {SB_FORMAT_JSON, "json"}};
    int result = 0;
    for (size_t i = 0; i < sizeof form / sizeof form[0] && !result; i++) {
        sb_error error;
        sb_text out;
        sb_text_init(&out);
        char *file = sb_format("%s.%s", stem, form[i].ending);
        if (!file)
            result = sb_cli_trouble("out of memory");
        else if (print(context, form[i].format, &out, &error))
            result = sb_cli_fail(&error);
        else
            result = write_file(p, file, &out);
        free(file);
        sb_text_clear(&out);
    }
    return result;
}

/* Runs another command with -o DIRECTORY/FILE and --quiet behind its words (NULL-terminated). `shown`: how
 * the summary writes it. */
static int run_command(paper *p, int (*command)(int, char **), const char *const *words, const char *file,
                       const char *what, const char *shown) {
    enum { MOST = 32 };
    char *argument[MOST + 4], *path = sb_path_join(p->directory, file);
    int count = 0, result = path ? 0 : sb_cli_trouble("out of memory");
    for (; !result && words[count] && count < MOST; count++) argument[count] = sb_duplicate(words[count]);
    int copied = count;
    for (int i = 0; i < copied; i++)
        if (!argument[i]) result = sb_cli_trouble("out of memory");
    char output[] = "-o", quiet[] = "--quiet", *program = copied ? argument[0] : NULL;
    char *copy[MOST];
    memcpy(copy, argument, (size_t)copied * sizeof *copy); /* the parser may reorder its words */
    argument[count++] = output;
    argument[count++] = path;
    argument[count++] = quiet;
    argument[count] = NULL;
    if (!result && program) result = command(count, argument);
    sb_cli_program("smoothbound paper");
    if (!result) note_file(p, file, what, shown);
    for (int i = 0; i < copied; i++) free(copy[i]);
    free(path);
    return result;
}

/* ------------------------------------------------------------------ the parts */
static int write_bounds(paper *p) {
    static const struct {
        const char *dimension, *norm, *format, *file, *what;
    } part[] = {{"3x32x32", "inf", "text", "bounds-cifar-10.txt",
                 "CIFAR-10 under an l_inf attack of 8/255: what any noise needs, what suffices"},
                {"3x224x224", "inf", "text", "bounds-imagenet.txt", "the same for ImageNet"},
                {"2^6..2^20*4", "2,4,8,inf", "text", "bounds-grid.txt", "the same over dimensions and norms"},
                {"2^6..2^20*4", "2,4,8,inf", "json", "bounds-grid.json",
                 "every bound on that grid, one object a line"}};
    int result = 0;
    for (size_t i = 0; i < sizeof part / sizeof part[0] && !result; i++) {
        const char *const words[] = {
            "smoothbound bound", "-d",   part[i].dimension, "-p",           part[i].norm, "-e", "8/255",
            "--delta",           "1/10", "--format",        part[i].format, NULL};
        char shown[200];
        snprintf(shown, sizeof shown, "bound -d %s -p %s -e 8/255 --delta 1/10%s", part[i].dimension,
                 part[i].norm, strcmp(part[i].format, "json") == 0 ? " --format json" : "");
        result = run_command(p, sb_command_bound, words, part[i].file, part[i].what, shown);
    }
    return result;
}

static int proceed(void *context, size_t done, size_t total, const char *id) {
    paper *p = context;
    sb_progress_update(&p->progress, 1 + 5 * (double)done / (double)(total ? total : 1), id);
    return !sb_cli_interrupted();
}

static sb_status print_ledger(const void *context, sb_format_kind format, sb_text *out, sb_error *error) {
    const sb_claim_result *result = context;
    const sb_ledger_report_options report = {.width = 120, .evidence = 1};
    if (format == SB_FORMAT_TEXT) {
        sb_ledger_report_text(out, result, &report);
        return SB_OK;
    }
    sb_table table;
    sb_ledger_report_table(&table, result, &report);
    sb_status status = sb_table_print(&table, format, 0, out, error);
    sb_table_clear(&table);
    return status;
}

static int write_ledger_files(paper *p, const sb_claim_result *result) {
    int status = write_formats(p, "ledger", print_ledger, result);
    sb_text_append(&p->results, "ledger          ");
    sb_ledger_report_summary(&p->results, result);
    note_file(p, "ledger.txt", "every statement of the paper with its verdict (also .md, .tex, .json)",
              "verify --evidence");
    note_file(p, "certificates", "the proofs; `sbcheck FILE` checks one again", "verify --certificates DIR");
    return status;
}

static int write_ledger(paper *p) {
    sb_error error = {0};
    size_t size = sb_ledger_size();
    int status = 0;
    char *certificates = sb_path_join(p->directory, "certificates");
    sb_claim_result *result = calloc(size + 1, sizeof *result);
    sb_ledger_options options = {.certificate_directory = certificates,
                                 .logs_directory = p->logs,
                                 .check_log = sb_log_claim_check,
                                 .check_log_control = sb_log_claim_control,
                                 .proceed = proceed,
                                 .context = p,
                                 .jobs = sb_cli_jobs(&p->common)};
    if (!certificates || !result)
        status = sb_cli_trouble("out of memory");
    else if (sb_directory_make(certificates, &error) || sb_ledger_run(&options, NULL, result, &error))
        status = sb_cli_fail(&error);
    else
        status = write_ledger_files(p, result);
    if (!status) {
        p->differs |= sb_ledger_report_outcome(result) == SB_LEDGER_DIFFERS;
        p->undecided |= sb_ledger_report_outcome(result) == SB_LEDGER_UNDECIDED;
    }
    for (size_t i = 0; result && i < size; i++) sb_claim_result_clear(&result[i]);
    free(result);
    free(certificates);
    return status;
}

typedef struct {
    const sb_paper_table *part;
    sb_paper_table_options options;
    sb_paper_table_outcome outcome;
    sb_table table;
} built_table;

static sb_status print_built(const void *context, sb_format_kind format, sb_text *out, sb_error *error) {
    const built_table *b = context;
    return sb_paper_table_print(b->part, &b->table, &b->options, &b->outcome, format, 0, out, error);
}

static int write_paper_table(paper *p, const sb_paper_table *part) {
    sb_error error;
    built_table b = {.part = part, .options = {.logs_directory = p->logs, .digits = p->common.digits}};
    char stem[64], file[64], command[64];
    snprintf(stem, sizeof stem, "table-%s", part->name);
    snprintf(file, sizeof file, "table-%s.txt", part->name);
    snprintf(command, sizeof command, "table %s%s", part->name,
             part->from_logs && p->logs ? " --logs DIR" : "");
    int result = part->build(&b.table, &b.options, &b.outcome, &error)
                     ? sb_cli_fail(&error)
                     : write_formats(p, stem, print_built, &b);
    if (!result) note_file(p, file, part->title, command);
    if (!result && part->from_logs) {
        sb_text_format(&p->results, "table %-10s", part->name);
        sb_paper_table_outcome_print(&p->results, &b.outcome);
        p->differs |= b.outcome.differs > 0;
    }
    sb_table_clear(&b.table);
    return result;
}

static int write_tables(paper *p) {
    int result = 0;
    for (const sb_paper_table *table = sb_paper_tables; table->name && !result; table++)
        result = write_paper_table(p, table);
    return result;
}

/* Certified accuracy of the authors' logs, side by side. */
static int write_curves(paper *p) {
    if (!p->logs) return 0;
    enum { LOGS = SB_AUTHORS_64 + 1 };
    const char *words[LOGS + 4] = {"smoothbound curve"};
    char *path[LOGS] = {NULL};
    size_t count = 1;
    sb_error error;
    int result = 0;
    for (int i = SB_AUTHORS_FULL_32; i <= SB_AUTHORS_64 && !result; i++) {
        if (sb_authors_log_path(p->logs, (sb_authors_log)i, &path[i], &error)) result = sb_cli_fail(&error);
        if (path[i]) words[count++] = path[i];
    }
    words[count] = "--radii";
    words[count + 1] = "natural,0:0.009:0.001,2/255";
    if (!result && count > 1)
        result = run_command(p, sb_command_curve, words, "curves.txt",
                             "certified accuracy from the logs, with intervals",
                             "curve DIR/*.tsv --radii natural,0:0.009:0.001,2/255");
    for (int i = 0; i < LOGS; i++) free(path[i]);
    return result;
}

/* Whether all logs of Figure 2 are there. */
static int has_figure_logs(const paper *p) {
    int all = p->logs != NULL;
    for (int i = SB_AUTHORS_32; i <= SB_AUTHORS_64 && all; i++) {
        char *path = NULL;
        sb_error error;
        all = sb_authors_log_path(p->logs, (sb_authors_log)i, &path, &error) == SB_OK && path != NULL;
        free(path);
    }
    return all;
}

static int write_figures(paper *p) {
    sb_error error;
    sb_figure_options options;
    int drawn = 0, skipped = 0, result = 0, logs = has_figure_logs(p);
    char *directory = sb_path_join(p->directory, "figures");
    if (!directory || sb_figure_options_init(&options, &error)) {
        free(directory);
        return sb_cli_trouble("out of memory");
    }
    options.output_directory = directory;
    options.logs_directory = p->logs;
    options.images = p->data;
    options.preset = p->data ? "cifar-small" : NULL;
    options.write_data = 1;
    for (const sb_figure *figure = sb_figures; figure->name && !result; figure++) {
        if (figure->needs_logs == SB_FIGURE_EXPERIMENT_LOGS) continue; /* cli/paper_experiment.c draws it */
        if (figure->needs_logs && !logs) {
            skipped++;
            continue;
        }
        char file[64], command[64];
        snprintf(file, sizeof file, "figures/figure-%s.svg", figure->name);
        const char *more = figure->needs_logs ? " --logs DIR"
                           : p->data && strcmp(figure->name, "images") == 0
                               ? " --preset cifar-small --images DIR"
                               : "";
        snprintf(command, sizeof command, "figure %s%s", figure->name, more);
        if (sb_figure_write(figure, &options, &error))
            result = sb_cli_fail(&error);
        else
            note_file(p, file, figure->title, command);
        sb_text_format(&p->pictures, "![%s](figures/figure-%s.png)\n\n", figure->title, figure->name);
        drawn++;
    }
    if (!result && skipped)
        sb_text_format(&p->results, "figures         %d drawn, %d skipped\n", drawn, skipped);
    else if (!result)
        sb_text_format(&p->results, "figures         %d drawn\n", drawn);
    sb_figure_options_clear(&options);
    free(directory);
    return result;
}

/* Networks of our own; they have a progress of their own. */
static int write_experiments(paper *p) {
    sb_paper_experiment part = {p->experiment, NULL, p->directory, &p->results, &p->files, &p->pictures};
    sb_progress_finish(&p->progress);
    int result = sb_paper_experiment_write(&part, &p->common);
    if (!result && p->data) {
        part.preset = "cifar-small";
        part.data = p->data;
        result = sb_paper_experiment_write(&part, &p->common);
    }
    return result;
}

static int write_summary(paper *p) {
    sb_text page, screen;
    sb_text_init(&page);
    sb_text_init(&screen);
    if (!p->logs) sb_text_format(&p->results, "no logs         %s\n", sb_authors_logs_place);
    sb_text_format(&page,
                   "# Random smoothing and l_p robustness, recomputed\n\n"
                   "Blum, Dick, Manoj, Zhang (2020), by smoothbound " SB_VERSION ".\n\n"
                   "```\n%s```\n\n%s| file | what it is | made by |\n|---|---|---|\n%s",
                   p->results.data, p->pictures.data, p->files.data);
    if (p->results.failed || p->files.failed || p->pictures.failed) page.failed = 1;
    int result = write_file(p, "summary.md", &page);
    sb_text_format(&screen, "%s%s\nopen %s/summary.md\n", p->results.data,
                   p->differs     ? "\nsomething is not as expected: see above"
                   : p->undecided ? "\nsomething is undecided: see above"
                                  : "",
                   p->directory);
    p->common.output = NULL;
    if (!result) result = sb_cli_write(&p->common, &screen);
    sb_text_clear(&page);
    sb_text_clear(&screen);
    return result;
}

int sb_command_paper(int argc, char **argv) {
    static const struct {
        const char *what;
        int (*write)(paper *p);
        double until; /* rough share of the work that is done then, of 10 */
    } part[] = {{"bounds", write_bounds, 1},    {"the ledger", write_ledger, 6},
                {"tables", write_tables, 7},    {"curves", write_curves, 8},
                {"figures", write_figures, 10}, {"experiment", write_experiments, 10},
                {"summary", write_summary, 10}};
    paper p = {.directory = "out", .experiment = "quick"};
    int result = sb_cli_parse(&argp, argc, argv, &p, &p.common);
    if (result >= 0) return result;
    sb_error error;
    if (p.common.output)
        return sb_cli_trouble("option --output: paper writes many files; give --output-dir DIR");
    if (p.logs && sb_authors_logs_check(p.logs, &error)) return sb_cli_fail(&error);
    if (p.data && !sb_directory_exists(p.data)) return sb_cli_trouble("--data %.200s: is no folder", p.data);
    if (sb_paper_experiment_check(p.experiment, &error)) return sb_cli_fail(&error);
    if (sb_directory_make(p.directory, &error)) return sb_cli_fail(&error);
    sb_text_init(&p.results);
    sb_text_init(&p.files);
    sb_text_init(&p.pictures);
    sb_cli_catch_interrupts();
    sb_progress_start(&p.progress, sb_cli_progress(&p.common), "paper", 10);
    result = 0;
    for (size_t i = 0; i < sizeof part / sizeof part[0] && !result; i++) {
        if (i + 1 == sizeof part / sizeof part[0]) sb_progress_finish(&p.progress);
        result = part[i].write(&p);
        if (!result && sb_cli_interrupted()) result = SB_EXIT_INTERRUPTED;
        sb_progress_update(&p.progress, part[i].until, part[i].what);
    }
    sb_progress_finish(&p.progress);
    sb_text_clear(&p.results);
    sb_text_clear(&p.files);
    sb_text_clear(&p.pictures);
    return result ? result : p.differs ? SB_EXIT_DIFFERS : p.undecided ? SB_EXIT_UNDECIDED : SB_EXIT_HOLDS;
}
