/* smoothbound: finds the command and runs it. */
#include "cli/command.h"
#include "cli/options.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

const char *argp_program_version = "smoothbound " SB_VERSION;
const char *argp_program_bug_address = NULL;

static const sb_command command[] = {
#define SB_COMMAND_NAMED(name, word, summary) {word, summary, sb_command_##name},
#include "cli/commands.def"
#undef SB_COMMAND_NAMED
    {NULL, NULL, NULL}};

static int print_help(void) {
    sb_text out;
    sb_text_init(&out);
    sb_text_append(&out, "usage: smoothbound COMMAND [OPTION...]\n\n"
                         "How much noise must random smoothing add before it can promise l_p robustness?\n"
                         "Computes and proves the bounds of Blum, Dick, Manoj and Zhang (2020).\n\n");
    for (const sb_command *c = command; c->name; c++)
        sb_text_format(&out, "  %-11s %s\n", c->name, c->summary);
    sb_text_append(&out, "\n  smoothbound COMMAND --help   options of a command\n"
                         "  smoothbound --version        the version\n\n"
                         "Exit status: 0 holds, or as expected; 1 refuted, or differs; 2 trouble; 3 "
                         "undecided; 130 interrupted.\n");
    int status = sb_cli_write(NULL, &out);
    sb_text_clear(&out);
    return status;
}

static int unknown_command(const char *word) {
    const char *name[sizeof command / sizeof command[0]];
    size_t count = 0;
    for (const sb_command *c = command; c->name; c++) name[count++] = c->name;
    name[count] = NULL;
    const char *near = sb_nearest_word(word, name);
    if (near) return sb_cli_trouble("unknown command '%.40s': did you mean %s?", word, near);
    return sb_cli_trouble("unknown command '%.40s' (see smoothbound --help)", word);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(), reported like any other */
    argp_err_exit_status = SB_EXIT_TROUBLE;
    if (argc < 2) return sb_cli_trouble("which command? (see smoothbound --help)");
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "help") == 0 || strcmp(word, "-?") == 0 ||
        strcmp(word, "-h") == 0)
        return print_help();
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        sb_text out;
        sb_text_init(&out);
        sb_text_format(&out, "%s\n", argp_program_version);
        int status = sb_cli_write(NULL, &out);
        sb_text_clear(&out);
        return status;
    }
    for (const sb_command *c = command; c->name; c++) {
        if (strcmp(word, c->name) != 0) continue;
        char *name = sb_format("smoothbound %s", c->name);
        if (!name) return sb_cli_trouble("out of memory");
        argv[1] = name;
        int status = c->run(argc - 1, argv + 1);
        /* what argp or a command left in the buffer of stdout */
        if (fflush(stdout) != 0 && status != SB_EXIT_TROUBLE)
            status = sb_cli_trouble("standard output: %s", strerror(errno));
        return status; /* `name` lives as long as the process: messages quote it */
    }
    return word[0] == '-'
               ? sb_cli_trouble("unknown option %.40s before a command (see smoothbound --help)", word)
               : unknown_command(word);
}
