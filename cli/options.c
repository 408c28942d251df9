/* argp parses, but its own messages take several lines and its --help does not notice a full disk. So the
   words are looked at first, by the same option tables, and argp is run silently on what is left. */
#include "cli/options.h"

#include "support/file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *program =
    "smoothbound"; /* "smoothbound bound" once a command runs; set before any thread starts */

/* ------------------------------------------------------------------ shared options */
static const struct argp_option common_option[] = {
    {0, 0, 0, 0, "Output:", 90},
    {"format", SB_KEY_FORMAT, "FORMAT", 0, "text (default), json (one object a line), csv, md or tex", 0},
    {"digits", SB_KEY_DIGITS, "N", 0, "significant digits of bounds (6)", 0},
    {"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
    {"color", SB_KEY_COLOR, "WHEN", 0, "auto (default), always or never", 0},
    {"quiet", SB_KEY_QUIET, 0, 0, "no progress", 0},
    {"jobs", SB_KEY_JOBS, "N", 0, "threads (as many as processors); results never depend on it", 0},
    {"seed", SB_KEY_SEED, "N", 0, "seed of everything random (0)", 0},
    {0}};

static error_t parse_common(int key, char *text, struct argp_state *state) {
    sb_common_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        return 0;
    case SB_KEY_FORMAT:
        o->format_text = text;
        return 0;
    case SB_KEY_DIGITS:
        o->digits_text = text;
        return 0;
    case SB_KEY_SEED:
        o->seed_text = text;
        return 0;
    case SB_KEY_JOBS:
        o->jobs_text = text;
        return 0;
    case SB_KEY_COLOR:
        o->color_text = text;
        return 0;
    case SB_KEY_QUIET:
        o->quiet = 1;
        return 0;
    case 'o':
        o->output = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp sb_common_argp = {common_option, parse_common, 0, 0, 0, 0, 0};

static const struct argp_option parameter_option[] = {
    {0, 0, 0, 0, "Parameters (8/255, 1e-3, 2^10, 3x32x32, inf):", 10},
    {"dim", 'd', "D", 0, "input dimension, up to 2^62", 0},
    {"norm", 'p', "P", 0, "the attack is in the l_P ball; a rational >= 1, or inf", 0},
    {"eps", 'e', "EPS", 0, "its radius, in the units of the input", 0},
    {"delta", SB_KEY_DELTA, "DELTA", 0, "total variation bound (score gap), 0 < DELTA < 1", 0},
    {0}};

static error_t parse_parameters(int key, char *text, struct argp_state *state) {
    sb_parameter_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        return 0;
    case 'd':
        o->dimension = text;
        return 0;
    case 'p':
        o->norm = text;
        return 0;
    case 'e':
        o->radius = text;
        return 0;
    case SB_KEY_DELTA:
        o->delta = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp sb_parameter_argp = {parameter_option, parse_parameters, 0, 0, 0, 0, 0};

static sb_status read_small(const char *name, const char *text, unsigned long least, unsigned long most,
                            unsigned long *value, sb_error *error) {
    char *end;
    errno = 0;
    unsigned long v = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : (end = (char *)text, 0UL);
    if (end == text || *end || errno || v < least || v > most)
        return sb_fail(error, SB_BAD_INPUT, "%s '%.40s': must be a whole number from %lu to %lu", name, text,
                       least, most);
    *value = v;
    return SB_OK;
}

static sb_status read_color(sb_common_options *o, sb_error *error) {
    const char *when = o->color_text ? o->color_text : "auto";
    const char *none = getenv("NO_COLOR");
    if (strcmp(when, "always") == 0)
        o->color = 1;
    else if (strcmp(when, "never") == 0)
        o->color = 0;
    else if (strcmp(when, "auto") == 0)
        o->color = isatty(STDOUT_FILENO) && !o->output && !(none && *none);
    else
        return sb_fail(error, SB_BAD_INPUT, "--color '%.40s': must be auto, always or never", when);
    return SB_OK;
}

static sb_status read_common(sb_common_options *o, sb_error *error) {
    unsigned long value = 0;
    sb_status status = SB_OK;
    o->format = SB_FORMAT_TEXT;
    if (o->format_text) status = sb_format_parse(o->format_text, &o->format, error);
    o->digits = 6;
    if (!status && o->digits_text &&
        !(status = read_small("--digits", o->digits_text, 1, 1000, &value, error)))
        o->digits = (int)value;
    o->jobs = 0;
    if (!status && o->jobs_text && !(status = read_small("--jobs", o->jobs_text, 1, 4096, &value, error)))
        o->jobs = (int)value;
    o->seed = 0;
    if (!status && o->seed_text && !(status = read_small("--seed", o->seed_text, 0, ~0UL, &value, error)))
        o->seed = value;
    return status ? status : read_color(o, error);
}

sb_status sb_cli_check_positive(const char *name, const char *text, const sb_exact *number, sb_error *error) {
    if (!number->infinite && fmpq_sgn(number->value) > 0) return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be positive and finite", name, text);
}

sb_status sb_cli_read_whole(const char *name, const char *text, uint64_t most, uint64_t *value,
                            sb_error *error) {
    sb_status status = sb_dimension_parse(name, text, value, error);
    if (!status && *value > most)
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.40s': must be at most %llu", name, text,
                         (unsigned long long)most);
    return status;
}

/* ------------------------------------------------------------------ one-line errors on top of argp */
enum { MOST_OPTIONS = 200 };

/* All option rows of an argp and its children; returns how many. */
static size_t gather(const struct argp *argp, const struct argp_option **row, size_t count) {
    for (const struct argp_option *o = argp->options; o && (o->name || o->key || o->doc || o->group); o++)
        if (count < MOST_OPTIONS && (o->name || o->key)) row[count++] = o;
    for (const struct argp_child *c = argp->children; c && c->argp; c++) count = gather(c->argp, row, count);
    return count;
}

/* The row that --WORD means: exact, or the only one it abbreviates. *several: more than one. */
static const struct argp_option *find_long(const struct argp_option **row, size_t count, const char *word,
                                           size_t length, int *several) {
    const struct argp_option *found = NULL;
    *several = 0;
    for (size_t i = 0; i < count; i++) {
        if (!row[i]->name || strncmp(row[i]->name, word, length) != 0) continue;
        if (strlen(row[i]->name) == length) {
            *several = 0;
            return row[i];
        }
        *several |= found != NULL;
        found = row[i];
    }
    return found;
}

static int looks_negative_number(const char *text) {
    return text[0] == '-' && text[1] >= '0' && text[1] <= '9';
}

/* Looks at one long option; *skip := whether its value is the next word, *key := its key. Returns 0 or an
 * exit status. */
static int check_long(const struct argp_option **row, size_t count, const char *word, const char *next,
                      int *skip, int *key) {
    size_t length = strcspn(word, "=");
    int several;
    const struct argp_option *o = find_long(row, count, word, length, &several);
    if (!o || several) {
        const char *names[MOST_OPTIONS + 1];
        size_t n = 0;
        for (size_t i = 0; i < count; i++)
            if (row[i]->name) names[n++] = row[i]->name;
        names[n] = NULL;
        char copy[64];
        snprintf(copy, sizeof copy, "%.*s", (int)(length < 60 ? length : 60), word);
        const char *near = sb_nearest_word(copy, names);
        if (several) return sb_cli_trouble("option --%s could mean several options", copy);
        if (near) return sb_cli_trouble("unknown option --%s: did you mean --%s?", copy, near);
        return sb_cli_trouble("unknown option --%s (see --help)", copy);
    }
    *key = o->key;
    if (word[length] == '=' && !o->arg) return sb_cli_trouble("option --%s takes no value", o->name);
    if (word[length] != '=' && o->arg && !(o->flags & OPTION_ARG_OPTIONAL)) {
        if (!next) return sb_cli_trouble("option --%s needs a value (%s)", o->name, o->arg);
        *skip = 1;
    }
    return 0;
}

/* A cluster of short options, "-d3072" or "-d" "3072". */
static int check_short(const struct argp_option **row, size_t count, const char *word, const char *next,
                       int *skip, int *key) {
    for (const char *c = word; *c; c++) {
        const struct argp_option *o = NULL;
        for (size_t i = 0; i < count && !o; i++)
            if (row[i]->key == *c) o = row[i];
        if (!o) return sb_cli_trouble("unknown option -%.20s (see --help)", c);
        *key = o->key;
        if (!o->arg) continue;
        if (c[1]) return 0;
        if (!next) return sb_cli_trouble("option -%c needs a value (%s)", *c, o->arg);
        *skip = 1;
        return 0;
    }
    return 0;
}

/* Options of every command. argp's own would leave without looking whether the help could be written. */
enum { KEY_HELP = '?', KEY_USAGE = 1, KEY_VERSION = 'V' };
static const struct argp_option standard[] = {
    {"help", KEY_HELP, 0, 0, 0, 0}, {"usage", KEY_USAGE, 0, 0, 0, 0}, {"version", KEY_VERSION, 0, 0, 0, 0}};

static int print_help(const struct argp *argp, int key) {
    if (key == KEY_VERSION)
        printf("%s\n", argp_program_version);
    else
        argp_help(argp, stdout,
                  key == KEY_USAGE ? ARGP_HELP_USAGE : ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC,
                  (char *)(uintptr_t)program);
    if (fflush(stdout) != 0 || ferror(stdout)) return sb_cli_trouble("standard output: %s", strerror(errno));
    return SB_EXIT_HOLDS;
}

/* *help := the key of the first standard option among the words, or 0. */
static int check_words(const struct argp *argp, int argc, char **argv, int *help) {
    const struct argp_option *row[MOST_OPTIONS];
    size_t count = gather(argp, row, 0);
    for (size_t i = 0; i < 3 && count < MOST_OPTIONS; i++) row[count++] = &standard[i];
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        int skip = 0, key = 0, status;
        if (strcmp(word, "--") == 0) break;
        if (word[0] != '-' || !word[1]) continue;
        if (looks_negative_number(word)) return sb_cli_trouble("unexpected number %.40s", word);
        status = word[1] == '-' ? check_long(row, count, word + 2, argv[i + 1], &skip, &key)
                                : check_short(row, count, word + 1, argv[i + 1], &skip, &key);
        if (!status && !*help && (key == KEY_HELP || key == KEY_USAGE || key == KEY_VERSION)) *help = key;
        if (status) return status;
        i += skip;
    }
    return 0;
}

int sb_cli_parse(const struct argp *argp, int argc, char **argv, void *input, sb_common_options *common) {
    sb_cli_program(argv[0]);
    int help = 0, status = check_words(argp, argc, argv, &help);
    if (status) return status;
    if (help) return print_help(argp, help);
    int first_unread = argc;
    error_t error = argp_parse(argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, &first_unread, input);
    if (error == ENOMEM) return sb_cli_trouble("out of memory");
    if (error || first_unread < argc)
        return sb_cli_trouble("unexpected argument '%.60s'",
                              first_unread < argc ? argv[first_unread] : argv[argc - 1]);
    sb_error trouble;
    if (common && read_common(common, &trouble)) return sb_cli_fail(&trouble);
    return -1;
}

/* ------------------------------------------------------------------ errors and output */
void sb_cli_program(const char *name) {
    program = name;
}

int sb_cli_trouble(const char *format, ...) {
    char line[700];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
    fprintf(stderr, "%s: %s\n", program, line);
    return SB_EXIT_TROUBLE;
}

int sb_cli_fail(const sb_error *error) {
    sb_cli_trouble("%s", error->message);
    switch (error->status) {
    case SB_INTERRUPTED:
        return SB_EXIT_INTERRUPTED;
    case SB_UNDECIDED:
        return SB_EXIT_UNDECIDED;
    default:
        return SB_EXIT_TROUBLE;
    }
}

int sb_cli_write(const sb_common_options *common, const sb_text *out) {
    sb_error error;
    if (sb_text_status(out, &error)) return sb_cli_fail(&error);
    if (common && common->output)
        return sb_file_write(common->output, out->data, out->length, &error) ? sb_cli_fail(&error) : 0;
    errno = 0;
    if (fwrite(out->data, 1, out->length, stdout) != out->length || fflush(stdout) != 0)
        return sb_cli_trouble("standard output: %s", strerror(errno));
    return 0;
}

int sb_cli_write_table(const sb_common_options *common, const sb_table *table) {
    sb_error error;
    sb_text out;
    sb_text_init(&out);
    sb_status status = sb_table_print(table, common->format, sb_cli_width(common), &out, &error);
    int result = status ? sb_cli_fail(&error) : sb_cli_write(common, &out);
    sb_text_clear(&out);
    return result;
}

FILE *sb_cli_progress(const sb_common_options *common) {
    return common->quiet ? NULL : stderr;
}

int sb_cli_jobs(const sb_common_options *common) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return common->jobs ? common->jobs : processors > 0 ? (int)processors : 1;
}

size_t sb_cli_width(const sb_common_options *common) {
    struct winsize size;
    if (common->output) return 120;
    if (!isatty(STDOUT_FILENO)) return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return 80;
    return size.ws_col;
}

void sb_cli_coloured(sb_text *out, const sb_common_options *common, const char *sgr, const char *word) {
    if (common->color)
        sb_text_format(out, "\033[%sm%s\033[0m", sgr, word);
    else
        sb_text_append(out, word);
}

/* ------------------------------------------------------------------ interrupts */
static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal_number) {
    (void)signal_number;
    interrupted = 1;
}

void sb_cli_catch_interrupts(void) {
    struct sigaction action = {.sa_handler = note_interrupt};
    sigemptyset(&action.sa_mask);
    action.sa_flags = (int)SA_RESETHAND; /* a second interrupt ends the program at once */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int sb_cli_interrupted(void) {
    return interrupted;
}
