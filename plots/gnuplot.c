/* gnuplot is started by posix_spawn, without a shell, with nothing to read and both of its outputs in a file:
   the last line there that says something becomes the message. */
#include "plots/gnuplot.h"

#include "support/file.h"
#include "support/text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MESSAGES_LIMIT = 1 << 20, COULD_NOT_EXECUTE = 127 };

char *sb_gnuplot_last_message(const char *messages) {
    static const char blank[] = " \t\r";
    char *text;
    size_t size;
    if (sb_file_read(messages, MESSAGES_LIMIT, &text, &size, NULL)) return sb_duplicate("");
    const char *last = "";
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        line += strspn(line, blank);
        if (*line && strcmp(line, "^") != 0) last = line;
    }
    char *result = sb_duplicate(last);
    free(text);
    return result;
}

static sb_status cannot_run(const char *program, const char *why, sb_error *error) {
    return sb_fail(
        error, SB_IO,
        "%s: cannot run%s%s; figures are drawn by gnuplot (package gnuplot-nox; GNUPLOT names another "
        "program)",
        program, *why ? ": " : "", why);
}

/* The outcome of the program as an error. */
static sb_status judge(const char *program, int outcome, const char *messages, sb_error *error) {
    if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) return SB_OK;
    if (WIFSIGNALED(outcome)) {
        int interrupted = WTERMSIG(outcome) == SIGINT || WTERMSIG(outcome) == SIGTERM;
        return sb_fail(error, interrupted ? SB_INTERRUPTED : SB_IO, "%s: ended by signal %d", program,
                       WTERMSIG(outcome));
    }
    char *said = sb_gnuplot_last_message(messages);
    if (!said) return sb_fail_memory(error);
    sb_status status;
    if (*said)
        status = sb_fail(error, SB_IO, "%s: %s", program, said);
    else if (WEXITSTATUS(outcome) == COULD_NOT_EXECUTE) /* where spawning itself does not report it */
        status = cannot_run(program, "", error);
    else
        status =
            sb_fail(error, SB_IO, "%s: failed with status %d and no message", program, WEXITSTATUS(outcome));
    free(said);
    return status;
}

/* Starts `program -d script` with nothing to read and both outputs in a file. Returns 0 or the cause. */
static int spawn(pid_t *child, const char *program, const char *script, const char *messages) {
    posix_spawn_file_actions_t actions;
    int cause = posix_spawn_file_actions_init(&actions);
    if (cause) return cause;
    cause = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!cause)
        cause = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, messages,
                                                 O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!cause) cause = posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    /* -d: no start-up file of the user's, so that the picture is the same everywhere */
    char *const words[] = {(char *)program, (char *)"-d", (char *)script, NULL};
    if (!cause) cause = posix_spawnp(child, program, &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    return cause;
}

sb_status sb_gnuplot_run(const char *program, const char *script, const char *messages, sb_error *error) {
    if (!program || !*program) program = getenv("GNUPLOT");
    if (!program || !*program) program = "gnuplot";
    pid_t child = 0;
    int outcome = 0, cause = spawn(&child, program, script, messages);
    if (cause) return cannot_run(program, strerror(cause), error);
    while (waitpid(child, &outcome, 0) < 0)
        if (errno != EINTR) return sb_fail(error, SB_IO, "%s: %s", program, strerror(errno));
    return judge(program, outcome, messages, error);
}
