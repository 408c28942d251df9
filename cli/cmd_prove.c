/* smoothbound prove: an inequality or identity over a box, proved or refuted, with a certificate that sbcheck
 * has accepted. */
#include "bounds/prover.h"
#include "cli/options.h"
#include "support/exact.h"
#include "support/file.h"
#include "support/progress.h"
#include "support/scratch.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_VAR = SB_KEY_OWN, KEY_CERTIFICATE, KEY_BOXES, KEY_DEPTH, KEY_CLAIM, KEY_NAME };
enum {
    TIGHT_DEPTH =
        100, /* cuts after which a box that resists holds a point where the sides are equal, as a rule */
    MOST_BOXES = 20000000,
    MOST_DEPTH = 1000000
};

typedef struct {
    sb_common_options common;
    const char *inequality, *certificate, *boxes, *depth, *claim, *name;
    const char **range;
    size_t range_count, inequality_count;
} prove_options;

static const struct argp_option option[] = {
    {"var", KEY_VAR, "NAME:LOW..HIGH", 0, "a variable and its closed range, such as x:0..1; may repeat", 0},
    {"certificate", KEY_CERTIFICATE, "FILE", 0, "keep the certificate in FILE", 0},
    {"boxes", KEY_BOXES, "N", 0, "give up after N boxes (200000)", 0},
    {"depth", KEY_DEPTH, "N", 0, "give up after N cuts of one box (200)", 0},
    {"claim", KEY_CLAIM, "FILE", 0, "prove the claim in FILE instead", 0},
    {"name", KEY_NAME, "NAME", 0, "the name in the certificate (inequality)", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    prove_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case KEY_VAR:
        o->range[o->range_count++] = text;
        return 0; /* there is room for every word */
    case KEY_CERTIFICATE:
        o->certificate = text;
        return 0;
    case KEY_BOXES:
        o->boxes = text;
        return 0;
    case KEY_DEPTH:
        o->depth = text;
        return 0;
    case KEY_CLAIM:
        o->claim = text;
        return 0;
    case KEY_NAME:
        o->name = text;
        return 0;
    case ARGP_KEY_ARG:
        o->inequality = text;
        return o->inequality_count++ ? ARGP_ERR_UNKNOWN : 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child child[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    "INEQUALITY",
    "Proves or refutes LEFT <= RIGHT (or <, >=, >, ==) for all values of the variables in closed rational "
    "ranges, and has sbcheck, "
    "which shares no code with the prover, accept the certificate.\v"
    "Expressions: + - * / ^, max min abs exp log sqrt erf gamma lgamma, pi; numbers are exact (1/3, 0.38).\n"
    "  smoothbound prove 'x*(1-x) <= 1/4' --var x:0..1\n"
    "  smoothbound prove 'exp(-z) >= 1 - z' --var z:0..1/2 --certificate z.cert",
    child,
    0,
    0};

/* ------------------------------------------------------------------ input */
static sb_status read_goal(const prove_options *o, sb_goal *goal, sb_error *error) {
    if (o->claim) {
        if (o->inequality)
            return sb_fail(error, SB_BAD_INPUT, "'%.60s': --claim takes the inequality from its file",
                           o->inequality);
        if (o->range_count)
            return sb_fail(error, SB_BAD_INPUT, "--var '%.60s': --claim takes the ranges from its file",
                           o->range[0]);
        if (o->name)
            return sb_fail(error, SB_BAD_INPUT, "--name '%.60s': --claim takes the name from its file",
                           o->name);
        return sb_goal_read(goal, o->claim, error);
    }
    if (!o->inequality)
        return sb_fail(error, SB_BAD_INPUT, "which inequality? (such as 'x*(1-x) <= 1/4' --var x:0..1)");
    return sb_goal_from_inequality(goal, o->name ? o->name : "inequality", o->inequality, o->range,
                                   o->range_count, error);
}

/* ------------------------------------------------------------------ progress and interrupts */
typedef struct {
    sb_progress progress;
    size_t calls;
} watch;

static int proceed(void *context, size_t boxes_done, double fraction_proved) {
    watch *w = context;
    if (w->calls++ % 32 == 0) {
        char what[60]; /* boxes against their limit: what is shown so far tells nothing about the part that
                          resists */
        snprintf(what, sizeof what, "at most; %zu boxes, %.4f%% of the range shown", boxes_done,
                 100 * fraction_proved);
        sb_progress_update(&w->progress, (double)boxes_done, what);
    }
    return !sb_cli_interrupted();
}

/* Has sbcheck read the certificate from a file of its own; *line is what it says. */
static sb_status check(const sb_proof *proof, char **line, sb_error *error) {
    char *directory = NULL, *path = NULL;
    sb_verdict verdict = SB_UNSETTLED;
    sb_status status = sb_scratch_make(&directory, error);
    if (!status && !(path = sb_path_join(directory, "certificate"))) status = sb_fail_memory(error);
    if (!status) status = sb_file_write(path, proof->certificate, strlen(proof->certificate), error);
    if (!status) status = sb_check_certificate(path, NULL, &verdict, line, error);
    sb_scratch_remove(directory);
    if (!status && verdict != proof->verdict)
        status = sb_fail(error, SB_INTERNAL, "the prover says %s, but sbcheck says: %s",
                         sb_verdict_name(proof->verdict), *line);
    free(path);
    return status;
}

/* ------------------------------------------------------------------ output */
static void append_quoted(sb_text *out, const char *word) {
    sb_text_append(out, "'");
    for (const char *c = word; *c; c++)
        if (*c == '\'')
            sb_text_append(out, "'\\''");
        else
            sb_text_append_bytes(out, c, 1);
    sb_text_append(out, "'");
}

/* The command to try next on an undecided goal: the same with another limit, or, where more of the same is no
 * use, with a little slack. */
static void append_command(sb_text *out, const prove_options *o, const sb_goal *goal, const sb_proof *proof) {
    int slack = proof->obstacle == SB_OBSTACLE_POINT || proof->obstacle == SB_OBSTACLE_EQUATION ||
                (proof->obstacle == SB_OBSTACLE_DEPTH && proof->depth >= TIGHT_DEPTH);
    sb_text_append(out, "smoothbound prove ");
    if (o->claim && !slack) {
        sb_text_append(out, "--claim ");
        append_quoted(out, o->claim);
    } else {
        char *weaker = proof->obstacle == SB_OBSTACLE_EQUATION
                           ? sb_format("abs(%s) <= 1/10^6", goal->expression_text)
                       : slack ? sb_format("%s >= -1/10^6", goal->expression_text)
                               : sb_duplicate(o->inequality);
        if (weaker) append_quoted(out, weaker);
        out->failed |= !weaker;
        free(weaker);
        for (size_t i = 0; i < goal->variable_count; i++) {
            size_t low = strcspn(goal->range_text[i], " ");
            sb_text_format(out, " --var %s:%.*s..%s", goal->variable[i], (int)low, goal->range_text[i],
                           goal->range_text[i] + low + 1);
        }
    }
    if (slack) return;
    if (proof->obstacle == SB_OBSTACLE_BOXES) sb_text_format(out, " --boxes %zu", 8 * proof->boxes);
    if (proof->obstacle == SB_OBSTACLE_DEPTH) sb_text_format(out, " --depth %u", 2 * proof->depth);
}

static void append_verdict(sb_text *out, const sb_common_options *common, const sb_proof *proof) {
    const char *sgr = proof->verdict == SB_PROVED ? "1;32" : proof->verdict == SB_REFUTED ? "1;31" : "1;33";
    sb_cli_coloured(out, common, sgr, sb_verdict_name(proof->verdict));
}

static void print_text(sb_text *out, const prove_options *o, const sb_goal *goal, const sb_proof *proof,
                       const char *checked) {
    append_verdict(out, &o->common, proof);
    sb_text_format(out, ": %s\n", goal->says);
    sb_text_format(out, "  goal         %s %s 0\n", goal->expression_text, sb_relation_sign(goal->relation));
    if (proof->verdict == SB_PROVED && goal->relation == SB_EQUAL_ZERO) {
        sb_text_append(out, "  proof        both sides expand to the same rational function\n");
    } else if (proof->verdict == SB_PROVED) {
        sb_text_format(out, "  proof        %zu %s, depth %u (%zu boxes looked at)\n", proof->leaves,
                       proof->leaves == 1 ? "leaf" : "leaves", proof->depth, proof->boxes);
    } else if (proof->verdict == SB_REFUTED) {
        if (goal->variable_count) sb_text_format(out, "  point        %s\n", proof->point);
        sb_text_format(out, "  goal there   %s%s\n", *proof->value == '[' ? "in " : "", proof->value);
    } else {
        sb_text_format(out, "  resists      %s\n", proof->residual);
        if (proof->obstacle == SB_OBSTACLE_DOMAIN) {
            sb_text_append(out, "  next         leave the part without a value out of the ranges\n");
        } else {
            sb_text_append(out, "  next         ");
            append_command(out, o, goal, proof);
            sb_text_append(out, "\n");
        }
    }
    if (!checked && o->certificate) sb_text_append(out, "  certificate  none\n");
    if (checked)
        sb_text_format(out, "  certificate  accepted by sbcheck%s%s\n",
                       o->certificate ? "; written to " : " (--certificate FILE keeps it)",
                       o->certificate ? o->certificate : "");
}

static const sb_column column[] = {{"goal", "goal", SB_COLUMN_MATH},
                                   {"verdict", "verdict", 0},
                                   {"leaves", "leaves", SB_COLUMN_NUMBER},
                                   {"depth", "depth", SB_COLUMN_NUMBER},
                                   {"boxes", "boxes", SB_COLUMN_NUMBER},
                                   {"point", "point", 0},
                                   {"value", "goal there", 0},
                                   {"residual", "resists", 0},
                                   {"certificate", "certificate", 0},
                                   {"checker", "sbcheck", 0}};
enum { GOAL, VERDICT, LEAVES, DEPTH, BOXES, POINT, VALUE, RESIDUAL, CERTIFICATE, CHECKER };

static int print_table(const prove_options *o, const sb_goal *goal, const sb_proof *proof,
                       const char *checked) {
    sb_table table;
    sb_table_init(&table, "smoothbound/prove/1", column, sizeof column / sizeof column[0]);
    sb_table_row(&table);
    sb_table_setf(&table, GOAL, "%s %s 0", goal->expression_text, sb_relation_sign(goal->relation));
    sb_table_set(&table, VERDICT, sb_verdict_name(proof->verdict));
    sb_table_setf(&table, LEAVES, "%zu", proof->leaves);
    sb_table_setf(&table, DEPTH, "%u", proof->depth);
    sb_table_setf(&table, BOXES, "%zu", proof->boxes);
    if (proof->point) sb_table_set(&table, POINT, proof->point);
    if (proof->value) sb_table_set(&table, VALUE, proof->value);
    if (proof->residual) sb_table_set(&table, RESIDUAL, proof->residual);
    if (checked && o->certificate) sb_table_set(&table, CERTIFICATE, o->certificate);
    if (checked) sb_table_set(&table, CHECKER, checked);
    int status = sb_cli_write_table(&o->common, &table);
    sb_table_clear(&table);
    return status;
}

static int report(const prove_options *o, const sb_goal *goal, const sb_proof *proof, const char *checked) {
    int status;
    if (o->common.format == SB_FORMAT_TEXT) {
        sb_text out;
        sb_text_init(&out);
        print_text(&out, o, goal, proof, checked);
        status = sb_cli_write(&o->common, &out);
        sb_text_clear(&out);
    } else {
        status = print_table(o, goal, proof, checked);
    }
    if (status) return status;
    return proof->verdict == SB_PROVED    ? SB_EXIT_HOLDS
           : proof->verdict == SB_REFUTED ? SB_EXIT_DIFFERS
                                          : SB_EXIT_UNDECIDED;
}

/* ------------------------------------------------------------------ the command */
static int run(const prove_options *o) {
    sb_error error;
    sb_goal goal;
    sb_proof proof;
    watch w = {.calls = 0};
    uint64_t boxes = 0, depth = 0;
    char *checked = NULL;
    sb_goal_init(&goal);
    sb_proof_init(&proof);
    sb_status status = o->boxes ? sb_cli_read_whole("--boxes", o->boxes, MOST_BOXES, &boxes, &error) : SB_OK;
    if (!status && o->depth) status = sb_cli_read_whole("--depth", o->depth, MOST_DEPTH, &depth, &error);
    if (!status) status = read_goal(o, &goal, &error);
    if (!status) {
        sb_prover_limits limits = {
            .boxes = (size_t)boxes, .depth = (unsigned)depth, .proceed = proceed, .context = &w};
        sb_cli_catch_interrupts();
        sb_progress_start(&w.progress, sb_cli_progress(&o->common), "prove",
                          boxes ? (double)boxes : SB_PROVER_BOXES);
        status = sb_prove(&goal, &limits, &proof, &error);
        sb_progress_finish(&w.progress);
    }
    if (!status && proof.certificate) status = check(&proof, &checked, &error);
    if (!status && sb_cli_interrupted()) status = sb_fail(&error, SB_INTERRUPTED, "interrupted");
    if (!status && proof.certificate && o->certificate)
        status = sb_file_write(o->certificate, proof.certificate, strlen(proof.certificate), &error);
    int result = status ? sb_cli_fail(&error) : report(o, &goal, &proof, checked);
    free(checked);
    sb_proof_clear(&proof);
    sb_goal_clear(&goal);
    return result;
}

int sb_command_prove(int argc, char **argv) {
    prove_options options = {.range = calloc((size_t)argc + 1, sizeof *options.range)};
    if (!options.range) return sb_cli_trouble("out of memory");
    int status = sb_cli_parse(&argp, argc, argv, &options, &options.common);
    if (status < 0) status = run(&options);
    free(options.range);
    return status;
}
