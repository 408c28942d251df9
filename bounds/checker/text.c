/* Files are read whole, so that a size limit can be held, and must be plain ASCII text: a byte that a person
   would not see could hide a difference between what is read and what is checked. */
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool fault_set(fault *why, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, format, arguments);
    va_end(arguments);
    return false;
}

void *allocate(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);
    if (!memory) {
        fputs("sbcheck: out of memory\n", stderr);
        exit(2);
    }
    return memory;
}

static bool read_all(reader *r, FILE *stream, fault *why) {
    size_t capacity = 0;
    for (;;) {
        if (r->size == capacity) {
            capacity = capacity ? 2 * capacity : 4096;
            r->text = allocate(r->text, capacity + 1);
        }
        errno = 0;
        size_t got = fread(r->text + r->size, 1, capacity - r->size, stream);
        r->size += got;
        if (r->size > TEXT_FILE_LIMIT)
            return fault_set(why, "the file is larger than %d MiB", TEXT_FILE_LIMIT >> 20);
        if (got == 0) break;
    }
    if (ferror(stream)) return fault_set(why, "cannot read: %s", strerror(errno));
    return true;
}

bool reader_open(reader *r, const char *path, fault *why) {
    *r = (reader){0};
    if (strcmp(path, "-") == 0) return read_all(r, stdin, why);
    FILE *stream = fopen(path, "rb");
    if (!stream) return fault_set(why, "cannot open: %s", strerror(errno));
    bool fine = read_all(r, stream, why);
    fclose(stream);
    return fine;
}

void reader_close(reader *r) {
    free(r->text);
    *r = (reader){0};
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Folds the `length` bytes at `line` in place; the byte behind them may be overwritten. */
static void fold(char *line, size_t length) {
    char *out = line;
    for (size_t i = 0; i < length && line[i] != '#'; i++) {
        if (!is_blank(line[i]))
            *out++ = line[i];
        else if (out > line && out[-1] != ' ')
            *out++ = ' ';
    }
    if (out > line && out[-1] == ' ') out--;
    *out = '\0';
}

bool reader_next(reader *r, fault *why) {
    while (r->position < r->size) {
        char *line = r->text + r->position;
        size_t left = r->size - r->position;
        char *newline = memchr(line, '\n', left);
        size_t length = newline ? (size_t)(newline - line) : left;
        r->position += newline ? length + 1 : length;
        r->line_number++;
        if (length > TEXT_LINE_LIMIT)
            return fault_set(why, "the line has more than %d bytes", TEXT_LINE_LIMIT);
        if (length > 0 && line[length - 1] == '\r') length--;
        for (size_t i = 0; i < length; i++) {
            if (!is_blank(line[i]) && (line[i] < 0x21 || line[i] > 0x7e))
                return fault_set(why, "byte 0x%02x is not plain text", (unsigned char)line[i]);
        }
        fold(line, length);
        r->line = line;
        if (*line) return true;
    }
    r->line = NULL;
    return true;
}

bool reader_need(reader *r, const char *expected, fault *why) {
    if (!reader_next(r, why)) return false;
    return r->line ? true : fault_set(why, "the file ends where %s should follow", expected);
}

char *next_word(char **line) {
    char *word = *line;
    if (*word == '\0') return NULL;
    char *space = strchr(word, ' ');
    *line = space ? space + 1 : word + strlen(word);
    if (space) *space = '\0';
    return word;
}

bool read_decimal(mpq_t result, const char **at) {
    static const char digits[] = "0123456789";
    size_t whole = strspn(*at, digits), fraction = 0;
    if (whole == 0) return false;
    if ((*at)[whole] == '.') {
        fraction = strspn(*at + whole + 1, digits);
        if (fraction == 0) return false;
    }
    char *text = allocate(NULL, whole + fraction + 1);
    memcpy(text, *at, whole);
    if (fraction) memcpy(text + whole, *at + whole + 1, fraction);
    text[whole + fraction] = '\0';
    mpz_set_str(mpq_numref(result), text, 10);
    mpz_ui_pow_ui(mpq_denref(result), 10, fraction);
    mpq_canonicalize(result);
    free(text);
    *at += whole + (fraction ? fraction + 1 : 0);
    return true;
}

bool read_rational(mpq_t result, const char *word) {
    bool negative = *word == '-';
    if (negative) word++;
    if (!read_decimal(result, &word)) return false;
    if (negative) mpq_neg(result, result);
    if (*word == '/') {
        word++;
        mpq_t below;
        mpq_init(below);
        bool fine = read_decimal(below, &word) && mpq_sgn(below) != 0;
        if (fine) mpq_div(result, result, below);
        mpq_clear(below);
        if (!fine) return false;
    }
    return *word == '\0';
}
