/* Options on top of argp: options that commands share, one-line errors, "did you mean", and output. Every
   option only stores its text; a command reads the texts with support/exact.h after parsing, so that all
   errors have one form. */
#ifndef SB_CLI_OPTIONS_H
#define SB_CLI_OPTIONS_H

#include "cli/command.h"
#include "support/exact.h"
#include "support/status.h"
#include "support/table.h"
#include "support/text.h"

#include <argp.h>
#include <stdint.h>
#include <stdio.h>

/* Keys of the shared options; a command's own long options without a short form start at SB_KEY_OWN. */
enum {
    SB_KEY_FORMAT = 0x100,
    SB_KEY_DIGITS,
    SB_KEY_SEED,
    SB_KEY_JOBS,
    SB_KEY_COLOR,
    SB_KEY_QUIET,
    SB_KEY_DELTA,
    SB_KEY_NOISE,
    SB_KEY_OWN = 0x200
};

/* --format --digits --seed --jobs --color --quiet -o: child argp sb_common_argp, input sb_common_options. */
typedef struct {
    sb_format_kind format;
    int digits;    /* significant digits of printed bounds; 6 unless told */
    uint64_t seed; /* 0 unless told */
    int jobs;      /* threads; 0: as many as there are processors */
    int color;     /* after parsing: whether stdout may be coloured */
    int quiet;
    const char *output;                                                         /* NULL: stdout */
    const char *format_text, *digits_text, *seed_text, *jobs_text, *color_text; /* as given */
} sb_common_options;
extern const struct argp sb_common_argp;

/* -d -p -e --delta: child argp sb_parameter_argp, input sb_parameter_options. NULL: not given. */
typedef struct {
    const char *dimension, *norm, *radius, *delta;
} sb_parameter_options;
extern const struct argp sb_parameter_argp;

/* Parses argv by `argp` (whose parser hands the children their inputs at ARGP_KEY_INIT and stores texts).
   Unknown options ("did you mean"), missing values and superfluous arguments give one line on stderr. Then
   reads the texts of `common` (NULL: none). Returns -1 to go on, or the exit status to return at once.
   Positional arguments: collected by the command's own parser (ARGP_KEY_ARG); one that returns
   ARGP_ERR_UNKNOWN for them refuses them. --help and --version print on stdout and return SB_EXIT_HOLDS. */
int sb_cli_parse(const struct argp *argp, int argc, char **argv, void *input, sb_common_options *common);

/* The name that messages begin with; sb_cli_parse sets it to argv[0]. The string must outlive its use. */
void sb_cli_program(const char *name);

/* One line "smoothbound COMMAND: ..." on stderr; returns SB_EXIT_TROUBLE. */
int sb_cli_trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same from an error; returns the exit status that its sb_status calls for (130 interrupted, 3 undecided,
 * else 2). */
int sb_cli_fail(const sb_error *error);

/* Writes the finished output to -o FILE (whole, by rename) or stdout. Returns 0, or SB_EXIT_TROUBLE after one
 * line on stderr. */
int sb_cli_write(const sb_common_options *common, const sb_text *out);

/* Prints a table in the asked format and writes it. */
int sb_cli_write_table(const sb_common_options *common, const sb_table *table);

/* stderr for progress, or NULL when --quiet. */
FILE *sb_cli_progress(const sb_common_options *common);

/* Threads to use: --jobs, or as many as there are processors. */
int sb_cli_jobs(const sb_common_options *common);

/* Columns for text: 120 in a file (-o), else those of the terminal behind stdout; 0 when it is none (then
   text is not wrapped). */
size_t sb_cli_width(const sb_common_options *common);

/* Values of options; `name` opens the message. SB_BAD_INPUT: `number`, as given in `text`, is not positive
   and finite; `text` is not a whole number from 1 to `most`. */
sb_status sb_cli_check_positive(const char *name, const char *text, const sb_exact *number, sb_error *error);
sb_status sb_cli_read_whole(const char *name, const char *text, uint64_t most, uint64_t *value,
                            sb_error *error);

/* SGR codes around a word when colour is on, else the word alone: verdict words and the like. */
void sb_cli_coloured(sb_text *out, const sb_common_options *common, const char *sgr, const char *word);

/* An interrupt (SIGINT, SIGTERM) sets this flag once installed; long jobs look at it, finish the row at hand
 * and return 130. */
void sb_cli_catch_interrupts(void);
int sb_cli_interrupted(void);

#endif
