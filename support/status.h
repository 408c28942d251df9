/* Errors as values. A function that can fail returns an sb_status and, when it is not SB_OK, leaves one clear
   line in *error that names the offending value. The library never prints, exits or aborts. */
#ifndef SB_SUPPORT_STATUS_H
#define SB_SUPPORT_STATUS_H

typedef enum {
    SB_OK = 0,
    SB_BAD_INPUT, /* text, option or file that cannot be read as what it should be */
    SB_OUTSIDE,   /* well-formed, but outside the domain of the statement (p < 2, delta = 0, ...) */
    SB_UNDECIDED, /* the asked digits or decision were not reached within the precision limit */
    SB_IO,        /* the operating system refused */
    SB_NO_MEMORY,
    SB_INTERRUPTED,
    SB_INTERNAL /* a bug here */
} sb_status;

typedef struct {
    sb_status status;
    char message[600]; /* one line, no newline at its end */
} sb_error;

/* Fills *error (which may be NULL) and returns status, so that a caller can write `return sb_fail(...)`.
   Control characters in the finished message are shown as '?', and an over-long message is cut. */
sb_status sb_fail(sb_error *error, sb_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* SB_NO_MEMORY with a fixed message. */
sb_status sb_fail_memory(sb_error *error);

#endif
