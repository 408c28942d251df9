/* Progress of a job that may take over half a second: a line with ETA on a terminal, one line a minute
 * elsewhere, nothing when quiet. */
#ifndef SB_SUPPORT_PROGRESS_H
#define SB_SUPPORT_PROGRESS_H

#include <stdio.h>

typedef struct {
    FILE *stream; /* NULL: quiet */
    const char *label;
    double total;
    double started, shown; /* seconds on the monotonic clock */
    int terminal, visible;
} sb_progress;

/* total: units of work, > 0. stream NULL keeps silent. */
void sb_progress_start(sb_progress *progress, FILE *stream, const char *label, double total);
void sb_progress_update(sb_progress *progress, double done,
                        const char *what);      /* what: the item at hand, or NULL */
void sb_progress_finish(sb_progress *progress); /* erases the line */

double sb_seconds(void); /* monotonic clock */

#endif
