/* smoothbound certify: certified radii of a smoothed network, image by image, into a log; or the radius that
   given counts certify. */
#include "cli/certify_counts.h"
#include "cli/certify_run.h"
#include "distributions/binomial.h"

#include <string.h>

enum { KEY_SELECTION = SB_KEY_OWN, KEY_RULE, KEY_ADAPTIVE, KEY_RADIUS, KEY_COUNTS };

typedef struct {
    sb_certify_run run;
    sb_counts_options counts;
    const char *selection_text, *rule_text, *radius_text;
    int adaptive;
} certify_options;

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Certificate:", 5},
    {"n0", KEY_SELECTION, "N", 0, "samples that choose the class (100)", 0},
    {"rule", KEY_RULE, "RULE", 0,
     "cohen (default), two-class-bonferroni, or two-class-as-published, which is unsound", 0},
    {"adaptive", KEY_ADAPTIVE, 0, 0, "stop when it is settled whether --radius is certified", 0},
    {"radius", KEY_RADIUS, "R", 0, "target of --adaptive, in the norm of the log", 0},
    {0, 0, 0, 0, "Without a model:", 7},
    {"counts", KEY_COUNTS, "NA/N", 0,
     "the radius for NA of N samples in the class; NA,NB/N: NB in the largest other one", 0},
    {"dim", 'd', "D", 0, "with --counts: input dimension, where it matters", 0},
    {"norm", 'p', "P", 0, "with --counts: 2, or inf (divides by sqrt(d))", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    certify_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->run;
        return 0;
    case KEY_SELECTION:
        o->selection_text = text;
        return 0;
    case KEY_RULE:
        o->rule_text = text;
        return 0;
    case KEY_ADAPTIVE:
        o->adaptive = 1;
        return 0;
    case KEY_RADIUS:
        o->radius_text = text;
        return 0;
    case KEY_COUNTS:
        o->counts.counts_text = text;
        return 0;
    case 'd':
        o->counts.dimension_text = text;
        return 0;
    case 'p':
        o->counts.norm_text = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_certify_run_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    "MODEL",
    "CERTIFY of Cohen et al. for every image: N0 noisy copies choose a class, N more count, and a "
    "Clopper-Pearson bound at level A gives the radius, rounded down. The log (-o, else standard output) has "
    "a "
    "header that says how, the columns idx label predict radius correct time, and the counts of all classes; "
    "the same command writes the same bytes with any batch, threads and shards, and after an interrupt.\v"
    "smoothbound certify model.safetensors --data shapes --sigma 0.12 --max 100 -o log.tsv\n"
    "smoothbound certify model.safetensors --data DIR --sigma 0.12 --skip 20 --shard 1/4 -o part-1.tsv\n"
    "smoothbound certify model.safetensors --data DIR --sigma 0.12 --adaptive --radius 0.25 -o log.tsv "
    "--resume\n"
    "smoothbound certify --counts 99000/100000 --sigma 0.12 -d 3x32x32 -p inf",
    children,
    0,
    0};

static sb_status read_options(certify_options *o, sb_error *error) {
    sb_certify_options *options = &o->run.options;
    sb_status status =
        sb_certify_run_whole("--n0", o->selection_text, SB_TRIALS_LIMIT, &options->selection, error);
    if (!status && o->rule_text) status = sb_certificate_rule_parse(o->rule_text, &options->rule, error);
    if (!status && o->adaptive != (o->radius_text != NULL))
        status = sb_fail(error, SB_BAD_INPUT, "--adaptive and --radius R go together");
    if (status || !o->radius_text) return status;
    sb_exact radius;
    sb_exact_init(&radius);
    status = sb_exact_parse("--radius", o->radius_text, &radius, error);
    if (!status) status = sb_cli_check_positive("--radius", o->radius_text, &radius, error);
    if (!status) fmpq_set(options->radius, radius.value);
    options->adaptive = 1;
    sb_exact_clear(&radius);
    return status;
}

static int run(certify_options *o) {
    sb_error error;
    if (read_options(o, &error)) return sb_cli_fail(&error);
    if (o->counts.counts_text) {
        if (o->run.model || o->adaptive)
            return sb_cli_trouble("--counts takes neither a model nor --adaptive");
        if (o->run.samples_text) return sb_cli_trouble("--counts NA/N says N itself: leave --n out");
        return sb_certify_counts_print(&o->run, &o->counts);
    }
    if (o->counts.dimension_text || o->counts.norm_text)
        return sb_cli_trouble("-d and -p go with --counts: a log is in the norm of its noise");
    return sb_certify_run_all(&o->run);
}

int sb_command_certify(int argc, char **argv) {
    certify_options o;
    memset(&o, 0, sizeof o);
    int status = sb_cli_parse(&argp, argc, argv, &o, &o.run.common);
    if (status >= 0) return status;
    sb_certify_run_init(&o.run);
    status = run(&o);
    sb_certify_run_clear(&o.run);
    return status;
}
