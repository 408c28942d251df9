/* A .npy file: the magic bytes "\x93NUMPY", a version, the header's length (two bytes in version 1.0, four
   from 2.0 on), a Python dictionary {'descr': '<f8', 'fortran_order': False, 'shape': (n, d), } padded with
   blanks, and the numbers. The dictionary is read by a grammar of its own that admits nothing else. */
#include "support/npy.h"

#include "support/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PREAMBLE = 8,         /* magic and version */
    HEADER_LIMIT = 65535, /* what version 1.0 can have; ours are shorter than 128 bytes */
    AXES_LIMIT = 32
};
static const char magic[] = "\x93NUMPY";

/* ------------------------------------------------------------------ the dictionary */
typedef struct {
    const char *path;
    const char *at, *end;
    char dtype[24];
    int fortran_order;
    size_t axes;
    uint64_t axis[2]; /* of the first two */
    unsigned seen;    /* a bit per key */
} header;

static sb_status bad_header(const header *h, const char *wanted, sb_error *error) {
    int length = h->end - h->at < 20 ? (int)(h->end - h->at) : 20;
    return sb_fail(error, SB_BAD_INPUT, "%.300s: bad .npy header: %s expected before '%.*s'", h->path, wanted,
                   length, h->at);
}

static void skip_blanks(header *h) {
    while (h->at < h->end && (*h->at == ' ' || *h->at == '\t' || *h->at == '\n' || *h->at == '\r')) h->at++;
}

/* Skips blanks, and the character when it is next. */
static int take(header *h, char character) {
    skip_blanks(h);
    if (h->at == h->end || *h->at != character) return 0;
    h->at++;
    return 1;
}

/* A quoted string without escapes; cut to the room there is, which is more than any known word needs. */
static sb_status take_string(header *h, char *string, size_t room, const char *wanted, sb_error *error) {
    skip_blanks(h);
    if (h->at == h->end || (*h->at != '\'' && *h->at != '"')) return bad_header(h, wanted, error);
    const char *start = h->at + 1;
    const char *close = memchr(start, *h->at, (size_t)(h->end - start));
    if (!close || memchr(start, '\\', (size_t)(close - start))) return bad_header(h, wanted, error);
    size_t length = (size_t)(close - start);
    if (length >= room) length = room - 1;
    memcpy(string, start, length);
    string[length] = '\0';
    h->at = close + 1;
    return SB_OK;
}

static sb_status take_dtype(header *h, sb_error *error) {
    skip_blanks(h);
    if (h->at < h->end && *h->at == '[')
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: a structured dtype: only float32 '<f4' and float64 '<f8' are read", h->path);
    return take_string(h, h->dtype, sizeof h->dtype, "a dtype such as '<f8'", error);
}

static sb_status take_order(header *h, sb_error *error) {
    skip_blanks(h);
    size_t left = (size_t)(h->end - h->at);
    if (left >= 5 && memcmp(h->at, "False", 5) == 0) {
        h->at += 5;
    } else if (left >= 4 && memcmp(h->at, "True", 4) == 0) {
        h->at += 4;
        h->fortran_order = 1;
    } else {
        return bad_header(h, "True or False", error);
    }
    return SB_OK;
}

static sb_status take_length(header *h, uint64_t *length, sb_error *error) {
    skip_blanks(h);
    const char *start = h->at;
    *length = 0;
    while (h->at < h->end && *h->at >= '0' && *h->at <= '9') {
        uint64_t digit = (uint64_t)(*h->at - '0');
        if (*length > (UINT64_MAX - digit) / 10)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: an axis of the shape is longer than 2^64", h->path);
        *length = 10 * *length + digit;
        h->at++;
    }
    int leading_zero = h->at - start > 1 && *start == '0';
    if (h->at != start && !leading_zero) return SB_OK;
    h->at = start;
    return bad_header(h, "the length of an axis", error);
}

/* (), (d,), (n, d) and so on; the lengths of a third and later axes are read and dropped. */
static sb_status take_shape(header *h, sb_error *error) {
    if (!take(h, '(')) return bad_header(h, "a shape such as (n, d)", error);
    int comma = 1;
    for (h->axes = 0; !take(h, ')');) {
        uint64_t length;
        if (!comma || h->axes == AXES_LIMIT) return bad_header(h, "',' or ')'", error);
        sb_status status = take_length(h, &length, error);
        if (status) return status;
        if (h->axes < 2) h->axis[h->axes] = length;
        h->axes++;
        comma = take(h, ',');
        skip_blanks(h);
        if (h->axes == 1 && !comma) return bad_header(h, "',' (a shape of one axis is (d,))", error);
    }
    return SB_OK;
}

static sb_status parse_dictionary(header *h, sb_error *error) {
    static const char *const key[] = {"descr", "fortran_order", "shape"};
    static sb_status (*const take_value[])(header *, sb_error *) = {take_dtype, take_order, take_shape};
    if (!take(h, '{')) return bad_header(h, "'{'", error);
    for (int comma = 1; !take(h, '}');) {
        char word[24];
        unsigned i = 0;
        if (!comma) return bad_header(h, "',' or '}'", error);
        sb_status status = take_string(h, word, sizeof word, "a key", error);
        if (status) return status;
        while (i < 3 && strcmp(word, key[i]) != 0) i++;
        if (i == 3 || h->seen >> i & 1)
            return sb_fail(error, SB_BAD_INPUT, "%.300s: bad .npy header: the key '%s' %s", h->path, word,
                           i == 3 ? "is unknown" : "stands twice");
        h->seen |= 1u << i;
        if (!take(h, ':')) return bad_header(h, "':'", error);
        status = take_value[i](h, error);
        if (status) return status;
        comma = take(h, ',');
    }
    skip_blanks(h);
    if (h->at != h->end) return bad_header(h, "its end", error);
    for (unsigned i = 0; i < 3; i++)
        if (!(h->seen >> i & 1))
            return sb_fail(error, SB_BAD_INPUT, "%.300s: bad .npy header: the key '%s' is missing", h->path,
                           key[i]);
    return SB_OK;
}

/* ------------------------------------------------------------------ its meaning */
static sb_status check_dtype(const header *h, int *item_size, sb_error *error) {
    if (strcmp(h->dtype, "<f8") == 0 || strcmp(h->dtype, "<f4") == 0) {
        *item_size = h->dtype[2] - '0';
        return SB_OK;
    }
    const char *why = h->dtype[0] == '>'                         ? " (big endian)"
                      : h->dtype[0] == '=' || h->dtype[0] == '|' ? " (no byte order)"
                                                                 : "";
    return sb_fail(error, SB_BAD_INPUT,
                   "%.300s: dtype '%s'%s: only little-endian float32 '<f4' and float64 '<f8' are read",
                   h->path, h->dtype, why);
}

/* `data_size`: bytes of the file behind the header. */
static sb_status check_shape(sb_npy *npy, const header *h, uint64_t data_size, sb_error *error) {
    if (h->fortran_order)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: fortran_order is True: only C order is read (numpy.ascontiguousarray)",
                       h->path);
    if (h->axes > 2)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: shape of %zu axes: a vector (d,) or samples (n, d) are read; reshape it",
                       h->path, h->axes);
    npy->rows = h->axes == 2 ? h->axis[0] : 1;
    npy->columns = h->axes == 0 ? 1 : h->axis[h->axes - 1];
    uint64_t count, size;
    if (npy->rows == 0 || npy->columns == 0)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: shape (%" PRIu64 ", %" PRIu64 ") has no elements",
                       h->path, npy->rows, npy->columns);
    if (__builtin_mul_overflow(npy->rows, npy->columns, &count) ||
        __builtin_mul_overflow(count, (uint64_t)npy->item_size, &size))
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: shape (%" PRIu64 ", %" PRIu64 ") is larger than any file", h->path, npy->rows,
                       npy->columns);
    if (size != data_size)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: %s: %" PRIu64 " bytes of numbers where shape (%" PRIu64 ", %" PRIu64
                       ") of '%s' has %" PRIu64,
                       h->path, data_size < size ? "truncated" : "too long", data_size, npy->rows,
                       npy->columns, h->dtype, size);
    return SB_OK;
}

/* Reads exactly `size` bytes. */
static sb_status read_bytes(const sb_npy *npy, void *data, size_t size, sb_error *error) {
    if (fread(data, 1, size, npy->stream) == size) return SB_OK;
    if (ferror(npy->stream)) return sb_fail(error, SB_IO, "%.300s: %s", npy->path, strerror(errno));
    return sb_fail(error, SB_BAD_INPUT, "%.300s: the file ends early", npy->path);
}

static sb_status read_header(sb_npy *npy, uint64_t file_size, sb_error *error) {
    unsigned char start[PREAMBLE + 4];
    sb_status status = SB_OK;
    if (file_size < PREAMBLE + 2)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: no .npy file: too short", npy->path);
    if ((status = read_bytes(npy, start, PREAMBLE, error)) != SB_OK) return status;
    if (memcmp(start, magic, 6) != 0)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: no .npy file: it does not begin with \\x93NUMPY",
                       npy->path);
    if (start[6] < 1 || start[6] > 3 || start[7] != 0)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: .npy version %d.%d: 1.0, 2.0 and 3.0 are read",
                       npy->path, start[6], start[7]);
    size_t width = start[6] == 1 ? 2 : 4;
    if ((status = read_bytes(npy, start + PREAMBLE, width, error)) != SB_OK) return status;
    uint32_t length = 0;
    for (size_t i = width; i > 0; i--) length = length << 8 | start[PREAMBLE + i - 1];
    if (length > HEADER_LIMIT || length > file_size - PREAMBLE - width)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: a header of %" PRIu32 " bytes in a file of %" PRIu64,
                       npy->path, length, file_size);
    char *text = malloc((size_t)length + 1);
    if (!text) return sb_fail_memory(error);
    header h = {.path = npy->path, .at = text, .end = text + length};
    status = read_bytes(npy, text, length, error);
    if (!status) status = parse_dictionary(&h, error);
    if (!status) status = check_dtype(&h, &npy->item_size, error);
    if (!status) status = check_shape(npy, &h, file_size - PREAMBLE - width - length, error);
    free(text);
    return status;
}

static sb_status open_checked(sb_npy *npy, const char *path, sb_error *error) {
    struct stat about;
    npy->path = sb_duplicate(path);
    if (!npy->path) return sb_fail_memory(error);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without writer would block for ever */
    if (file < 0) return sb_fail(error, SB_IO, "%.300s: %s", path, strerror(errno));
    npy->stream = fdopen(file, "rb");
    if (!npy->stream) {
        close(file);
        return sb_fail_memory(error);
    }
    if (fstat(file, &about) != 0) return sb_fail(error, SB_IO, "%.300s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode)) return sb_fail(error, SB_IO, "%.300s: is a directory, not a file", path);
    if (!S_ISREG(about.st_mode))
        return sb_fail(error, SB_IO, "%.300s: not a regular file, so its size cannot be checked", path);
    sb_status status = read_header(npy, (uint64_t)about.st_size, error);
    if (status) return status;
    npy->buffer = npy->columns > SIZE_MAX / 8 ? NULL : malloc((size_t)npy->columns * (size_t)npy->item_size);
    return npy->buffer ? SB_OK : sb_fail_memory(error);
}

sb_status sb_npy_open(sb_npy *npy, const char *path, sb_error *error) {
    *npy = (sb_npy){0};
    sb_status status = open_checked(npy, path, error);
    if (status) sb_npy_close(npy);
    return status;
}

void sb_npy_close(sb_npy *npy) {
    if (npy->stream) fclose(npy->stream);
    free(npy->path);
    free(npy->buffer);
    *npy = (sb_npy){0};
}

/* ------------------------------------------------------------------ rows */
static uint64_t little_endian(const unsigned char *byte, int size) {
    uint64_t value = 0;
    for (int i = size; i > 0; i--) value = value << 8 | byte[i - 1];
    return value;
}

static double number_at(const unsigned char *byte, int size) {
    uint64_t bits = little_endian(byte, size);
    if (size == 4) {
        float value;
        memcpy(&value, &(uint32_t){(uint32_t)bits}, 4);
        return (double)value;
    }
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

sb_status sb_npy_row(sb_npy *npy, double *x, sb_error *error) {
    if (npy->read == npy->rows)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: has only %" PRIu64 " rows", npy->path, npy->rows);
    size_t columns = (size_t)npy->columns, size = (size_t)npy->item_size;
    sb_status status = read_bytes(npy, npy->buffer, columns * size, error);
    if (status) return status;
    for (size_t i = 0; i < columns; i++) {
        x[i] = number_at((const unsigned char *)npy->buffer + i * size, npy->item_size);
        if (!isfinite(x[i]))
            return sb_fail(error, SB_BAD_INPUT,
                           "%.300s: row %" PRIu64 ", column %zu: %g is not a finite number", npy->path,
                           npy->read, i, x[i]);
    }
    npy->read++;
    return SB_OK;
}

/* ------------------------------------------------------------------ writing */
static sb_status write_failed(const sb_npy_writer *writer, int cause, sb_error *error) {
    return sb_fail(error, SB_IO, "%.300s: %s", writer->path, strerror(cause));
}

static sb_status write_header(sb_npy_writer *writer, sb_error *error) {
    enum { TOTAL = 128 }; /* a multiple of 64, for memory maps */
    char text[TOTAL + 1];
    int used =
        snprintf(text, sizeof text,
                 "%s%c%c%c%c{'descr': '<f%d', 'fortran_order': False, 'shape': (%" PRIu64 ", %" PRIu64 "), }",
                 magic, 1, 0, TOTAL - PREAMBLE - 2, 0, writer->item_size, writer->rows, writer->columns);
    memset(text + used, ' ', (size_t)(TOTAL - used));
    text[TOTAL - 1] = '\n';
    return fwrite(text, 1, TOTAL, writer->stream) == TOTAL ? SB_OK : write_failed(writer, errno, error);
}

static sb_status create(sb_npy_writer *writer, const char *path, sb_error *error) {
    struct stat about;
    int direct = 0;
    writer->path = sb_duplicate(path);
    if (!writer->path) return sb_fail_memory(error);
    if (stat(path, &about) == 0) {
        if (S_ISDIR(about.st_mode)) return sb_fail(error, SB_IO, "%.300s: is a directory, not a file", path);
        direct = !S_ISREG(about.st_mode);
    }
    if (!direct && !(writer->temporary = sb_format("%s.tmp", path))) return sb_fail_memory(error);
    writer->stream = fopen(direct ? path : writer->temporary, "wbe");
    if (!writer->stream) {
        int cause = errno;
        free(writer->temporary); /* not ours to remove */
        writer->temporary = NULL;
        return write_failed(writer, cause, error);
    }
    writer->buffer = writer->columns > SIZE_MAX / 8 ? NULL : malloc((size_t)writer->columns * 8);
    return writer->buffer ? write_header(writer, error) : sb_fail_memory(error);
}

sb_status sb_npy_create(sb_npy_writer *writer, const char *path, int item_size, uint64_t rows,
                        uint64_t columns, sb_error *error) {
    *writer = (sb_npy_writer){.item_size = item_size, .rows = rows, .columns = columns};
    if ((item_size != 4 && item_size != 8) || rows == 0 || columns == 0)
        return sb_fail(error, SB_BAD_INPUT,
                       "%.300s: no .npy file has %" PRIu64 " x %" PRIu64 " numbers of %d bytes", path, rows,
                       columns, item_size);
    sb_status status = create(writer, path, error);
    if (status) sb_npy_abandon(writer);
    return status;
}

sb_status sb_npy_write_row(sb_npy_writer *writer, const double *x, sb_error *error) {
    if (writer->written == writer->rows)
        return sb_fail(error, SB_BAD_INPUT, "%.300s: more than the %" PRIu64 " rows of its shape",
                       writer->path, writer->rows);
    size_t columns = (size_t)writer->columns, size = (size_t)writer->item_size;
    unsigned char *byte = writer->buffer;
    for (size_t i = 0; i < columns; i++) {
        uint64_t bits = 0;
        float narrow = (float)x[i];
        if (!isfinite(size == 4 ? (double)narrow : x[i]))
            return sb_fail(error, SB_BAD_INPUT,
                           "%.300s: row %" PRIu64 ", column %zu: %g is no finite float%zu", writer->path,
                           writer->written, i, x[i], 8 * size);
        if (size == 4) {
            uint32_t narrow_bits;
            memcpy(&narrow_bits, &narrow, 4);
            bits = narrow_bits;
        } else {
            memcpy(&bits, &x[i], 8);
        }
        for (size_t k = 0; k < size; k++) *byte++ = (unsigned char)(bits >> 8 * k);
    }
    if (fwrite(writer->buffer, size, columns, writer->stream) != columns)
        return write_failed(writer, errno, error);
    writer->written++;
    return SB_OK;
}

sb_status sb_npy_finish(sb_npy_writer *writer, sb_error *error) {
    sb_status status = SB_OK;
    if (writer->written != writer->rows) {
        status = sb_fail(error, SB_BAD_INPUT, "%.300s: %" PRIu64 " rows of %" PRIu64 " were written",
                         writer->path, writer->written, writer->rows);
    } else {
        int bad = fflush(writer->stream) != 0 || (writer->temporary && fsync(fileno(writer->stream)) != 0);
        int cause = errno;
        if (fclose(writer->stream) != 0 && !bad) {
            bad = 1;
            cause = errno;
        }
        writer->stream = NULL;
        if (!bad && writer->temporary && rename(writer->temporary, writer->path) != 0) {
            bad = 1;
            cause = errno;
        }
        if (bad) {
            status = write_failed(writer, cause, error);
        } else {
            free(writer->temporary);
            writer->temporary = NULL;
        }
    }
    sb_npy_abandon(writer);
    return status;
}

void sb_npy_abandon(sb_npy_writer *writer) {
    if (writer->stream) fclose(writer->stream);
    if (writer->temporary) unlink(writer->temporary);
    free(writer->temporary);
    free(writer->path);
    free(writer->buffer);
    *writer = (sb_npy_writer){0};
}
