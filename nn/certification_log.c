/* One pass over the bytes: lines, then fields between tabs. A radius keeps the decimal that was printed as a
   rational, so that "radius >= 2/255" is decided exactly. Indices seen twice are found by sorting at the end.
 */
#include "nn/certification_log.h"

#include "nn/log_header.h"
#include "support/exact.h"
#include "support/file.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 4096, FIELD_LIMIT = 64, COLUMNS = 6, RADIUS_LIMIT = 40, QUOTE = 40 };
static const size_t FILE_LIMIT = (size_t)1 << 28; /* 256 MiB: four million images */
static const char *const heading[COLUMNS] = {"idx", "label", "predict", "radius", "correct", "time"};

void sb_certification_log_init(sb_certification_log *log) {
    *log = (sb_certification_log){NULL, NULL, NULL, NULL, 0};
}

void sb_certification_log_clear(sb_certification_log *log) {
    for (size_t i = 0; i < log->count; i++) fmpq_clear(log->image[i].radius);
    free(log->image);
    free(log->name);
    free(log->path);
    free(log->header);
    sb_certification_log_init(log);
}

typedef struct {
    const char *start;
    size_t length;
} field;

typedef struct {
    const char *path, *at, *end; /* at: the next line */
    size_t line;                 /* the number of the line at hand */
    field text;                  /* the line at hand without its end */
    int cut;                     /* it had no end of line: the file's last */
    field column[FIELD_LIMIT];
    size_t column_count;
    sb_error *error;
} reader;

static sb_status bad(reader *r, const char *what, const field *value, const char *why) {
    int shown = value->length > QUOTE ? QUOTE : (int)value->length;
    return sb_fail(r->error, SB_BAD_INPUT, "%s: line %zu: %s '%.*s%s' %s", r->path, r->line, what, shown,
                   value->start, value->length > QUOTE ? "..." : "", why);
}

/* Takes the next line apart into fields. */
static sb_status next_line(reader *r) {
    const char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
    r->line++;
    r->cut = newline == NULL;
    r->text = (field){r->at, (size_t)((newline ? newline : r->end) - r->at)};
    r->at = newline ? newline + 1 : r->end;
    if (r->text.length > LINE_LIMIT)
        return sb_fail(r->error, SB_BAD_INPUT, "%s: line %zu: has %zu bytes, at most %d are read", r->path,
                       r->line, r->text.length, (int)LINE_LIMIT);
    if (memchr(r->text.start, 0, r->text.length))
        return sb_fail(r->error, SB_BAD_INPUT, "%s: line %zu: has a NUL byte: not a text file", r->path,
                       r->line);
    if (r->text.length && r->text.start[r->text.length - 1] == '\r') r->text.length--;
    const char *at = r->text.start, *end = at + r->text.length;
    for (r->column_count = 0; r->column_count < FIELD_LIMIT;) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        r->column[r->column_count++] = (field){at, (size_t)((tab ? tab : end) - at)};
        if (!tab) return SB_OK;
        at = tab + 1;
    }
    return sb_fail(r->error, SB_BAD_INPUT, "%s: line %zu: has over %d fields", r->path, r->line,
                   (int)FIELD_LIMIT);
}

static int is_word(const field *f, const char *word) {
    return f->length == strlen(word) && memcmp(f->start, word, f->length) == 0;
}

static sb_status read_heading(reader *r, sb_certification_log *log) {
    const char *start = r->at;
    sb_status status = next_line(r);
    while (!status && r->text.length && *r->text.start == '#' && r->at < r->end) status = next_line(r);
    if (status) return status;
    size_t header = (size_t)(r->text.start - start);
    log->header = malloc(header + 1);
    if (!log->header) return sb_fail_memory(r->error);
    memcpy(log->header, start, header);
    log->header[header] = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        char why[120];
        snprintf(why, sizeof why,
                 "stands where the heading needs '%s' (idx label predict radius correct time, by tabs)",
                 heading[i]);
        field none = {"", 0};
        if (i >= r->column_count) return bad(r, "column", &none, why);
        if (!is_word(&r->column[i], heading[i])) return bad(r, "column", &r->column[i], why);
    }
    return SB_OK;
}

/* A whole number of at most 18 digits. */
static int whole_number(const field *f, uint64_t *value) {
    if (f->length < 1 || f->length > 18) return 0;
    *value = 0;
    for (size_t i = 0; i < f->length; i++) {
        if (f->start[i] < '0' || f->start[i] > '9') return 0;
        *value = 10 * *value + (uint64_t)(f->start[i] - '0');
    }
    return 1;
}

static int class_number(const field *f, int *value) {
    uint64_t number;
    if (!whole_number(f, &number) || number > 999999) return 0;
    *value = (int)number;
    return 1;
}

/* digits [. digits] [e [sign] digits], in this form only */
static int is_decimal(const char *text) {
    size_t digits = strspn(text, "0123456789");
    text += digits;
    if (*text == '.') {
        size_t more = strspn(++text, "0123456789");
        digits += more;
        text += more;
    }
    if (!digits) return 0;
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '+' || *text == '-') text++;
        size_t exponent = strspn(text, "0123456789");
        if (exponent < 1 || exponent > 3) return 0;
        text += exponent;
    }
    return *text == 0;
}

static sb_status read_radius(reader *r, const field *f, fmpq_t radius) {
    char text[RADIUS_LIMIT + 1];
    if (f->length < 1 || f->length > RADIUS_LIMIT) return bad(r, "radius", f, "is not a decimal number");
    memcpy(text, f->start, f->length);
    text[f->length] = 0;
    const char *unsigned_text = text + (*text == '-' || *text == '+');
    if (!is_decimal(unsigned_text)) return bad(r, "radius", f, "is not a finite decimal number");
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse("radius", unsigned_text, &number, r->error);
    if (!status && *text == '-' && !fmpq_is_zero(number.value)) status = bad(r, "radius", f, "is negative");
    if (!status) fmpq_set(radius, number.value);
    sb_exact_clear(&number);
    return status;
}

static sb_status read_image(reader *r, sb_certified_image *image, size_t columns) {
    field *c = r->column;
    if (r->column_count != columns)
        return sb_fail(r->error, SB_BAD_INPUT, "%s: line %zu: has %zu fields, the heading has %zu%s", r->path,
                       r->line, r->column_count, columns,
                       r->cut && r->column_count < columns ? " (is the file cut short?)" : "");
    image->line = r->line;
    if (!whole_number(&c[0], &image->index)) return bad(r, "idx", &c[0], "is not a whole number");
    if (!class_number(&c[1], &image->label)) return bad(r, "label", &c[1], "is not a class");
    if (is_word(&c[2], "-1"))
        image->predict = SB_ABSTAIN;
    else if (!class_number(&c[2], &image->predict))
        return bad(r, "predict", &c[2], "is neither a class nor -1 (abstention)");
    sb_status status = read_radius(r, &c[3], image->radius);
    if (status) return status;
    if (image->predict == SB_ABSTAIN && !fmpq_is_zero(image->radius))
        return bad(r, "radius", &c[3], "for an abstention (predict -1)");
    if (!is_word(&c[4], "0") && !is_word(&c[4], "1")) return bad(r, "correct", &c[4], "is neither 0 nor 1");
    image->correct = c[4].start[0] == '1';
    if (image->correct != (image->predict == image->label)) {
        char why[80];
        snprintf(why, sizeof why, "contradicts label %d and predict %d", image->label, image->predict);
        return bad(r, "correct", &c[4], why);
    }
    if (c[5].length == 0)
        return sb_fail(r->error, SB_BAD_INPUT, "%s: line %zu: time is empty%s", r->path, r->line,
                       r->cut ? " (is the file cut short?)" : "");
    return SB_OK;
}

static int only_blank_lines(const reader *r) {
    for (const char *c = r->at; c < r->end; c++)
        if (*c != '\n' && *c != '\r') return 0;
    return 1;
}

static sb_status read_images(reader *r, sb_certification_log *log) {
    sb_status status = read_heading(r, log);
    size_t columns = r->column_count, capacity = 0;
    while (!status && !only_blank_lines(r)) {
        if (log->count == capacity) {
            capacity = capacity ? 2 * capacity : 512;
            sb_certified_image *image = realloc(log->image, capacity * sizeof *image);
            if (!image) return sb_fail_memory(r->error);
            log->image = image;
        }
        sb_certified_image *image = &log->image[log->count++];
        fmpq_init(image->radius);
        if (!(status = next_line(r))) status = read_image(r, image, columns);
    }
    return status;
}

static int compare_images(const void *a, const void *b) {
    const sb_certified_image *x = *(const sb_certified_image *const *)a,
                             *y = *(const sb_certified_image *const *)b;
    if (x->index != y->index) return x->index < y->index ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static sb_status refuse_duplicates(reader *r, const sb_certification_log *log) {
    if (log->count < 2) return SB_OK;
    const sb_certified_image **order = malloc(log->count * sizeof *order), *worst = NULL, *first = NULL;
    if (!order) return sb_fail_memory(r->error);
    for (size_t i = 0; i < log->count; i++) order[i] = &log->image[i];
    qsort(order, log->count, sizeof *order, compare_images);
    for (size_t i = 1; i < log->count; i++) {
        if (order[i]->index != order[i - 1]->index || (worst && worst->line < order[i]->line)) continue;
        first = order[i - 1];
        worst = order[i];
    }
    free(order);
    return worst ? sb_fail(r->error, SB_BAD_INPUT, "%s: line %zu: idx %llu stands on line %zu already",
                           r->path, worst->line, (unsigned long long)worst->index, first->line)
                 : SB_OK;
}

sb_status sb_certification_log_parse(sb_certification_log *log, const char *path, const char *text,
                                     size_t size, sb_error *error) {
    sb_certification_log_init(log);
    const char *slash = strrchr(path, '/');
    log->path = sb_duplicate(path);
    log->name = sb_duplicate(strcmp(path, "-") == 0 ? "standard input" : slash ? slash + 1 : path);
    reader r = {.path = path, .at = text, .end = text + size, .error = error};
    sb_status status = SB_OK;
    if (!log->path || !log->name)
        status = sb_fail_memory(error);
    else if (size == 0)
        status = sb_fail(error, SB_BAD_INPUT, "%s: is empty, without even a heading", path);
    if (!status) status = read_images(&r, log);
    if (!status) status = refuse_duplicates(&r, log);
    if (status) sb_certification_log_clear(log);
    return status;
}

sb_status sb_certification_log_read(sb_certification_log *log, const char *path, sb_error *error) {
    char *data = NULL;
    size_t size = 0;
    sb_certification_log_init(log);
    sb_status status = sb_file_read(path, FILE_LIMIT, &data, &size, error);
    if (!status) status = sb_certification_log_parse(log, path, data, size, error);
    free(data);
    return status;
}

char *sb_certification_log_value(const sb_certification_log *log, const char *key) {
    return log->header ? sb_log_header_value(log->header, strlen(log->header), key) : NULL;
}
