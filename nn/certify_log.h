/* Writing a certification log (docs/logs.md): lines `# key value`, the heading, a line an image. The file is
   there with its whole header from the start (by rename), grows by whole lines, and can be continued. */
#ifndef SB_NN_CERTIFY_LOG_H
#define SB_NN_CERTIFY_LOG_H

#include "nn/image_set.h"
#include "support/text.h"

#define SB_LOG_HEADING "idx\tlabel\tpredict\tradius\tcorrect\ttime\tcounts0\tcounts\n"

/* The images of a log in their order: number first, first + step, ... of the set. */
typedef struct {
    const sb_image_set *set;
    uint64_t first, step, count;
} sb_chosen_images;

typedef struct {
    const char *path;
    int file;        /* descriptor; -1: no file */
    int can_be_cut;  /* a regular file */
    uint64_t length; /* of the whole lines */
    uint64_t rows;   /* images in it */
} sb_log_writer;

/* Opens a log for its next line. header: lines `# key value` and the heading. path NULL: nothing is written;
   "-": standard output. A file that exists: with `resume` it is continued, after an unfinished last line was
   cut off; SB_BAD_INPUT names the key in which its header differs, or the line that is none of this run's
   images. Otherwise `replace` starts anew, and without that the file is refused (SB_BAD_INPUT). A refused
   file is not touched. SB_BAD_INPUT also while another process writes it. */
sb_status sb_log_open(sb_log_writer *writer, const char *path, const char *header,
                      const sb_chosen_images *images, int resume, int replace, sb_error *error);

/* Appends one whole line. When the system refuses (a full disk), what was written of it is cut off again. */
sb_status sb_log_append(sb_log_writer *writer, const char *line, sb_error *error);

sb_status sb_log_close(sb_log_writer *writer, sb_error *error);

/* Joins the logs of all shards of one run into the log of the unsharded run. SB_BAD_INPUT: the header of a
   log differs in a key other than `shard`, has no such key, or a shard is missing, given twice or incomplete.
 */
sb_status sb_merge_logs(sb_text *merged, const char *const *path, size_t count, sb_error *error);

#endif
