/* The time that is left is estimated in proportion: elapsed (1 - f)/f at a share f of the work. */
#include "support/progress.h"

#include <time.h>
#include <unistd.h>

double sb_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void sb_progress_start(sb_progress *progress, FILE *stream, const char *label, double total) {
    double now = sb_seconds();
    *progress = (sb_progress){
        .stream = stream, .label = label, .total = total > 0 ? total : 1, .started = now, .shown = now};
    progress->terminal = stream && isatty(fileno(stream));
}

static void print_duration(FILE *stream, double seconds) {
    long s = (long)(seconds + 0.5);
    if (s < 60)
        fprintf(stream, "%ld s", s);
    else if (s < 3600)
        fprintf(stream, "%ld min %02ld s", s / 60, s % 60);
    else
        fprintf(stream, "%ld h %02ld min", s / 3600, s % 3600 / 60);
}

void sb_progress_update(sb_progress *progress, double done, const char *what) {
    if (!progress->stream) return;
    double now = sb_seconds(), elapsed = now - progress->started;
    if (progress->terminal ? elapsed < 0.5 || now - progress->shown < 0.1 : now - progress->shown < 60)
        return;
    progress->shown = now;
    double fraction = done / progress->total;
    if (fraction > 1) fraction = 1;
    fprintf(progress->stream, "%s%s  %3.0f%%", progress->terminal ? "\r\033[K" : "", progress->label,
            100 * fraction);
    if (fraction > 0 && fraction < 1) {
        fputs("  about ", progress->stream);
        print_duration(progress->stream, elapsed * (1 - fraction) / fraction);
        fputs(" left", progress->stream);
    }
    if (what) fprintf(progress->stream, "  %.60s", what);
    if (!progress->terminal) fputc('\n', progress->stream);
    fflush(progress->stream);
    progress->visible = progress->terminal;
}

void sb_progress_finish(sb_progress *progress) {
    if (progress->stream && progress->visible) {
        fputs("\r\033[K", progress->stream);
        fflush(progress->stream);
    }
    progress->visible = 0;
}
