/* Shard i of n has the images number i - 1, i - 1 + n, ... of a run: line j of the joined log is line j / n
   (rounded down) of shard j mod n + 1. The header says how many images the run has. */
#include "nn/certification_log.h"
#include "nn/certify_log.h"
#include "nn/log_header.h"
#include "support/file.h"

#include <stdlib.h>
#include <string.h>

static const size_t FILE_LIMIT = (size_t)1 << 28;

typedef struct {
    const char *path;
    char *text;
    size_t size, header; /* bytes; of the lines `# key value` */
    uint64_t shard, shards, images;
    const char *next; /* its next line */
    size_t rows;
} shard_log;

/* A whole number that counts images or shards; returns whether it is one, with *end behind it. */
static int read_number(const char *text, uint64_t *value, char **end) {
    if (*text < '0' || *text > '9') return 0;
    *value = strtoull(text, end, 10);
    return *value <= UINT32_MAX;
}

static sb_status read_keys(shard_log *log, sb_error *error) {
    char *shard = sb_log_header_value(log->text, log->header, "shard"), *end = NULL;
    char *images = sb_log_header_value(log->text, log->header, "images");
    sb_status status = SB_OK;
    if (!shard || !read_number(shard, &log->shard, &end) || *end++ != '/' ||
        !read_number(end, &log->shards, &end) || *end || log->shard < 1 || log->shard > log->shards)
        status =
            sb_fail(error, SB_BAD_INPUT, "%s: has no line '# shard i/n': not the log of a shard", log->path);
    else if (!images || !read_number(images, &log->images, &end) || *end)
        status = sb_fail(error, SB_BAD_INPUT, "%s: has no line '# images N'", log->path);
    free(shard);
    free(images);
    return status;
}

static sb_status read_shard(shard_log *log, sb_error *error) {
    sb_certification_log parsed;
    sb_certification_log_init(&parsed);
    sb_status status = sb_file_read(log->path, FILE_LIMIT, &log->text, &log->size, error);
    if (!status && log->size && log->text[log->size - 1] != '\n')
        status = sb_fail(error, SB_BAD_INPUT, "%s: its last line is unfinished; finish it with --resume",
                         log->path);
    if (!status) status = sb_certification_log_parse(&parsed, log->path, log->text, log->size, error);
    if (!status) {
        log->header = sb_log_header_length(log->text, log->size);
        log->rows = parsed.count;
        log->next = log->text + log->header;
        if (strncmp(log->next, SB_LOG_HEADING, strlen(SB_LOG_HEADING)) != 0)
            status = sb_fail(error, SB_BAD_INPUT, "%s: its heading is not that of this program", log->path);
        else
            log->next += strlen(SB_LOG_HEADING);
    }
    if (!status) status = read_keys(log, error);
    sb_certification_log_clear(&parsed);
    return status;
}

static int compare_shards(const void *a, const void *b) {
    const shard_log *x = a, *y = b;
    return x->shard < y->shard ? -1 : x->shard > y->shard;
}

/* The logs, in order of their shards, are shards 1 to n of one run, each complete. */
static sb_status check_shards(const shard_log *log, size_t count, sb_error *error) {
    for (size_t i = 1; i < count; i++) {
        sb_status status = sb_log_header_compare(log[i].path, log[i].text, log[i].header, log[0].path,
                                                 log[0].text, log[0].header, "shard", error);
        if (status) return status;
        if (log[i].shards != log[0].shards)
            return sb_fail(error, SB_BAD_INPUT, "%s: is one of %llu shards, %s one of %llu", log[i].path,
                           (unsigned long long)log[i].shards, log[0].path, (unsigned long long)log[0].shards);
        if (log[i].shard == log[i - 1].shard)
            return sb_fail(error, SB_BAD_INPUT, "%s: is shard %llu/%llu, as %s is", log[i].path,
                           (unsigned long long)log[i].shard, (unsigned long long)log[i].shards,
                           log[i - 1].path);
    }
    for (uint64_t i = 0; i < log[0].shards; i++) {
        if (i >= count || log[i].shard != i + 1)
            return sb_fail(error, SB_BAD_INPUT, "shard %llu/%llu is missing", (unsigned long long)i + 1,
                           (unsigned long long)log[0].shards);
        uint64_t rows = (log[i].images + log[i].shards - 1 - i) / log[i].shards;
        if (log[i].rows != rows)
            return sb_fail(error, SB_BAD_INPUT, "%s: holds %zu of the %llu images of its shard%s",
                           log[i].path, log[i].rows, (unsigned long long)rows,
                           log[i].rows < rows ? "; finish it with --resume" : "");
    }
    return SB_OK;
}

static void append_line(sb_text *merged, const char **next) {
    size_t length = strcspn(*next, "\n") + 1;
    sb_text_append_bytes(merged, *next, length);
    *next += length;
}

/* The header without its line about shards, the heading, and the lines of all shards in turn. */
static void join(sb_text *merged, shard_log *log, size_t count) {
    const char *line = log[0].text;
    while (line < log[0].text + log[0].header) {
        if (strncmp(line, "# shard ", 8) == 0)
            line += strcspn(line, "\n") + 1;
        else
            append_line(merged, &line);
    }
    sb_text_append(merged, SB_LOG_HEADING);
    for (uint64_t j = 0; j < log[0].images; j++) append_line(merged, &log[j % count].next);
}

sb_status sb_merge_logs(sb_text *merged, const char *const *path, size_t count, sb_error *error) {
    shard_log *log = calloc(count ? count : 1, sizeof *log);
    sb_status status = log ? SB_OK : sb_fail_memory(error);
    if (!status && !count) status = sb_fail(error, SB_BAD_INPUT, "no logs");
    for (size_t i = 0; i < count && !status; i++) {
        log[i].path = path[i];
        status = read_shard(&log[i], error);
    }
    if (!status) {
        qsort(log, count, sizeof *log, compare_shards);
        status = check_shards(log, count, error);
    }
    if (!status) {
        join(merged, log, count);
        status = sb_text_status(merged, error);
    }
    if (!status) { /* an index twice */
        sb_certification_log parsed;
        status = sb_certification_log_parse(&parsed, "the joined log", merged->data, merged->length, error);
        sb_certification_log_clear(&parsed);
    }
    for (size_t i = 0; log && i < count; i++) free(log[i].text);
    free(log);
    return status;
}
