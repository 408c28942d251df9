/* Certification logs of the field (docs/logs.md): tab-separated lines `idx label predict radius correct
   time`, as written by the CERTIFY programs of Cohen et al., Salman et al. and the paper. */
#ifndef SB_NN_CERTIFICATION_LOG_H
#define SB_NN_CERTIFICATION_LOG_H

#include "support/arb_compat.h"
#include "support/status.h"

#include <stddef.h>
#include <stdint.h>

enum { SB_ABSTAIN = -1 };

typedef struct {
    uint64_t index; /* of the image in its data set */
    int label;      /* 0, 1, ... */
    int predict;    /* a class, or SB_ABSTAIN */
    int correct;    /* predict == label */
    fmpq_t radius;  /* exactly the decimal that was printed; 0 for an abstention */
    size_t line;    /* in the file, from 1 */
} sb_certified_image;

typedef struct {
    char *name;   /* the file's name without its folders */
    char *path;   /* as given, for messages */
    char *header; /* the lines `# key value` before the heading; "" without */
    sb_certified_image *image;
    size_t count;
} sb_certification_log;

void sb_certification_log_init(sb_certification_log *log);
void sb_certification_log_clear(sb_certification_log *log);

/* Reads a log from disk ("-": standard input) or memory. Lines that begin with # may stand before the
   heading. Refused, each with path, line number and the
   offending value: an empty file; a heading other than the six columns (more may follow); NUL bytes; a line
   over 4096 bytes; a line with a field too few (a file cut short) or too many; an index, label or prediction
   that is not a whole number; a radius that is not a plain decimal (nan, inf, negative); `correct` other than
   0 or 1, or not label == predict; an abstention with a radius; an index that was seen before. Lines may end
   in CRLF, and the last one in nothing. A file with a heading only is a log of 0 images. On failure the log
   is empty. */
sb_status sb_certification_log_read(sb_certification_log *log, const char *path, sb_error *error);
sb_status sb_certification_log_parse(sb_certification_log *log, const char *path, const char *text,
                                     size_t size, sb_error *error);

/* malloc'd value of a key of the header (log_header.h); NULL when it is not there, or memory is short. */
char *sb_certification_log_value(const sb_certification_log *log, const char *key);

#endif
