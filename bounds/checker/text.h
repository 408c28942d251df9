/* Reading: faults, whole files, folded lines, exact rationals. */
#ifndef SBCHECK_TEXT_H
#define SBCHECK_TEXT_H

#include <stdio.h> /* before gmp.h */

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    TEXT_FILE_LIMIT = 64 << 20, /* bytes of a file */
    TEXT_LINE_LIMIT = 64 << 10, /* bytes of a line */
    TEXT_WORD_SHOWN = 60        /* of an offending word, in a message */
};

/* What is wrong, in one line. */
typedef struct {
    char text[512];
} fault;

/* Writes the message and returns false, so that a caller can write `return fault_set(...)`. */
bool fault_set(fault *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* malloc and realloc that end the program with status 2 when memory runs out. */
void *allocate(void *old, size_t size);

/* A file in memory and the current line. Lines are folded: comments and leading and trailing blanks removed,
   each run of blanks turned into one space; empty lines are passed over. */
typedef struct {
    char *text;
    size_t size, position;
    long line_number;
    char *line; /* NULL at the end of the file */
} reader;

/* path "-" is standard input. reader_close also after a failed open. */
bool reader_open(reader *r, const char *path, fault *why);
void reader_close(reader *r);

/* Goes to the next line. At the end of the file the result is true and r->line is NULL. */
bool reader_next(reader *r, fault *why);

/* The same, but the end of the file is a fault: `expected` names what should have come. */
bool reader_need(reader *r, const char *expected, fault *why);

/* Cuts the first word off a folded line; NULL when none is left. */
char *next_word(char **line);

/* Digits, or digits '.' digits; *at moves behind it. false, *at unmoved: there is no number. */
bool read_decimal(mpq_t result, const char **at);

/* NUMBER, -NUMBER, NUMBER/NUMBER or -NUMBER/NUMBER, and nothing else. */
bool read_rational(mpq_t result, const char *word);

#endif
