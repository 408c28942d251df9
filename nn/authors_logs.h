/* The certification logs behind the paper's section 4, by the names that their authors gave them. */
#ifndef SB_NN_AUTHORS_LOGS_H
#define SB_NN_AUTHORS_LOGS_H

#include "nn/certified_accuracy.h"

typedef enum {
    SB_AUTHORS_FULL_32, /* Table 1: all 10000 test images */
    SB_AUTHORS_32,      /* Figure 2: every 20th image, three input sizes */
    SB_AUTHORS_48,
    SB_AUTHORS_64,
    SB_AUTHORS_BROKEN_SALMAN, /* a failed run beside them, not used by the paper */
    SB_AUTHORS_SALMAN,        /* Table 1, row 2: Salman et al.'s own log; radii not divided */
    SB_AUTHORS_LOGS
} sb_authors_log;

typedef struct {
    const char *name;  /* "output_noise12_size32_l2trades0435_beta6_full.tsv"; read without ".tsv" too */
    const char *other; /* another name of the same file, or NULL */
    unsigned size;     /* side of the image */
    uint64_t dimension;
    long sigma_numerator;
    unsigned long sigma_denominator;
    int divided; /* radii in the log are divided by sqrt(dimension) */
} sb_authors_log_facts;

const sb_authors_log_facts *sb_authors_log_facts_of(sb_authors_log which);

/* Where they are kept: one line for people. */
extern const char *const sb_authors_logs_place;

/* *path := the malloc'd path of one in a directory: DIRECTORY/NAME, or without its ".tsv", or under its other
   name; NULL and SB_OK when the directory has none of them. */
sb_status sb_authors_log_path(const char *directory, sb_authors_log which, char **path, sb_error *error);

/* Reads one from a directory. *found := 0 and SB_OK when the directory does not have it; then the log is
   empty. A file that is there but is no log is an error. */
sb_status sb_authors_log_read(sb_certification_log *log, const char *directory, sb_authors_log which,
                              int *found, sb_error *error);

/* SB_IO unless `directory` is one; SB_BAD_INPUT when it holds none of the logs. */
sb_status sb_authors_logs_check(const char *directory, sb_error *error);

/* How a log was sampled: sigma, the divisor of its radii, n = 100000, alpha = 0.001, 3 digits. `sampling`
 * must be initialised. */
void sb_authors_log_sampling(sb_sampling *sampling, sb_authors_log which);

/* divisor := what turns the logged radii into l_inf radii: 1, or sqrt(dimension) where they are not divided.
 */
void sb_authors_log_divisor(sb_divisor *divisor, sb_authors_log which);

#endif
