/* Running gnuplot: without a shell, in a private folder, with what it complains about kept for one line of
 * error. */
#ifndef SB_PLOTS_GNUPLOT_H
#define SB_PLOTS_GNUPLOT_H

#include "support/status.h"

/* Runs `program script` to its end; NULL is the environment's GNUPLOT, else "gnuplot". What it prints goes to
   the file `messages`; on failure the last line of that is the error's. SB_IO, or SB_INTERRUPTED when an
   interrupt ended it. */
sb_status sb_gnuplot_run(const char *program, const char *script, const char *messages, sb_error *error);

/* malloc'd: the last line that says something in a file of messages, or "" (also when it cannot be read);
   NULL when memory is short. */
char *sb_gnuplot_last_message(const char *messages);

#endif
