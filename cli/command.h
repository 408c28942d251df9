/* The commands of the program: one row in commands.def and one file cmd_NAME.c each. */
#ifndef SB_CLI_COMMAND_H
#define SB_CLI_COMMAND_H

/* Exit statuses (DESIGN: the contract). */
enum {
    SB_EXIT_HOLDS = 0,
    SB_EXIT_DIFFERS = 1,
    SB_EXIT_TROUBLE = 2,
    SB_EXIT_UNDECIDED = 3,
    SB_EXIT_INTERRUPTED = 130
};

typedef struct {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv); /* argv[0] is "smoothbound NAME"; returns an exit status */
} sb_command;

#define SB_COMMAND_NAMED(name, word, summary) int sb_command_##name(int argc, char **argv);
#include "cli/commands.def"
#undef SB_COMMAND_NAMED

#endif
