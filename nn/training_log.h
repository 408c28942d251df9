/* The table of a training: lines `# key value`, the heading `epoch loss accuracy rate seconds`, a line an
   epoch; tab-separated. */
#ifndef SB_NN_TRAINING_LOG_H
#define SB_NN_TRAINING_LOG_H

#include "support/text.h"

typedef struct {
    const char *path; /* NULL: no log */
    sb_text text;     /* all of it */
} sb_training_log;

void sb_training_log_init(sb_training_log *log);
void sb_training_log_clear(sb_training_log *log);

/* Begins a log with `identity`, lines KEY=VALUE of what determines it. With `resume` the first `epochs`
   epochs of the file at `path`, if there is one, are taken over and what follows them is left out.
   SB_BAD_INPUT when its head names another key or value ("data" aside, where the images lie), or when it has
   fewer epochs. Nothing is written. */
sb_status sb_training_log_open(sb_training_log *log, const char *path, const char *identity, int resume,
                               int epochs, sb_error *error);

typedef struct {
    int epoch; /* from 1 */
    double loss, accuracy, rate, seconds;
} sb_training_log_row;

/* Adds a row (NULL: none) and writes the file by rename. */
sb_status sb_training_log_write(sb_training_log *log, const sb_training_log_row *row, sb_error *error);

#endif
