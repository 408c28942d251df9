/* Runs sbcheck as a process of its own: nothing that the prover believes reaches it but the file. */
#include "bounds/prover.h"

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

enum { LONGEST_REPLY = 1 << 16 };

/* $SMOOTHBOUND_SBCHECK, or sbcheck beside the running program. */
static sb_status find_checker(char **path, sb_error *error) {
    const char *chosen = getenv("SMOOTHBOUND_SBCHECK");
    if (!chosen || !*chosen) return sb_program_path("sbcheck", path, error);
    *path = sb_duplicate(chosen);
    return *path ? SB_OK : sb_fail_memory(error);
}

/* Starts the checker with both of its outputs on a pipe, whose other end is *output. */
static sb_status start(const char *checker, const char *path, const char *claims, pid_t *child, int *output,
                       sb_error *error) {
    char *free_words[] = {(char *)checker, "--free", "--", (char *)path, NULL};
    char *claim_words[] = {(char *)checker, "--claims", (char *)claims, "--", (char *)path, NULL};
    int ends[2];
    if (pipe(ends) != 0) return sb_fail(error, SB_IO, "%s: %s", checker, strerror(errno));
    fcntl(ends[0], F_SETFD, FD_CLOEXEC); /* another thread's child must not hold the pipe open */
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    posix_spawn_file_actions_t action;
    int cause = posix_spawn_file_actions_init(&action);
    if (!cause) {
        cause = posix_spawn_file_actions_addopen(&action, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (!cause) cause = posix_spawn_file_actions_adddup2(&action, ends[1], STDOUT_FILENO);
        if (!cause) cause = posix_spawn_file_actions_adddup2(&action, ends[1], STDERR_FILENO);
        if (!cause)
            cause = posix_spawn(child, checker, &action, NULL, claims ? claim_words : free_words, environ);
        posix_spawn_file_actions_destroy(&action);
    }
    close(ends[1]);
    *output = ends[0];
    if (!cause) return SB_OK;
    close(ends[0]);
    return sb_fail(error, SB_IO, "%s: %s", checker, strerror(cause));
}

static void read_reply(int output, sb_text *reply) {
    char block[4096];
    for (;;) {
        ssize_t count = read(output, block, sizeof block);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;
        if (reply->length < LONGEST_REPLY) sb_text_append_bytes(reply, block, (size_t)count);
    }
}

sb_status sb_check_certificate(const char *path, const char *claims, sb_verdict *verdict, char **line,
                               sb_error *error) {
    char *checker = NULL;
    pid_t child = 0;
    int output = -1, state = 0;
    *line = NULL;
    sb_status status = find_checker(&checker, error);
    if (!status) status = start(checker, path, claims, &child, &output, error);
    if (status) {
        free(checker);
        return status;
    }
    sb_text reply;
    sb_text_init(&reply);
    read_reply(output, &reply);
    close(output);
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR) state = -1;
    sb_text_truncate(&reply, strcspn(reply.data, "\n"));
    status = sb_text_status(&reply, error);
    if (!status && WIFSIGNALED(state) && (WTERMSIG(state) == SIGINT || WTERMSIG(state) == SIGTERM))
        status = sb_fail(error, SB_INTERRUPTED, "interrupted while sbcheck read %s", path);
    else if (!status && !(WIFEXITED(state) && WEXITSTATUS(state) <= 1))
        status = sb_fail(error, SB_INTERNAL, "sbcheck rejects the certificate: %s",
                         reply.length ? reply.data : "it ended without a word");
    if (!status) {
        *verdict = WEXITSTATUS(state) == 0 ? SB_PROVED : SB_REFUTED;
        *line = sb_text_detach(&reply);
        if (!*line) status = sb_fail_memory(error);
    }
    sb_text_clear(&reply);
    free(checker);
    return status;
}
