/* .npy files, written byte by byte as the format says (NumPy's own layout), read back; and everything that is
 * not one. */
#include "support/file.h"
#include "support/npy.h"
#include "support/text.h"
#include "tests/test.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static char *scratch_path(const char *name) {
    const char *scratch = getenv("SCRATCH");
    char *path = sb_format("%s/%s", scratch ? scratch : "/tmp", name);
    if (!path) abort();
    return path;
}

static void write_bytes(const char *path, const char *data, size_t size) {
    unlink(path); /* a file that is cut and written anew may be flushed to the disk at once, which is slow */
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0) abort();
}

/* Magic, version, length of the header, header, data. */
static void assemble(sb_text *file, int major, const char *header, const void *data, size_t size) {
    size_t length = strlen(header);
    char start[12] = {
        '\x93', 'N', 'U', 'M', 'P', 'Y', (char)major, 0, (char)(length & 255), (char)(length >> 8)};
    sb_text_init(file);
    sb_text_append_bytes(file, start, major == 1 ? 10 : 12);
    sb_text_append_bytes(file, header, length);
    sb_text_append_bytes(file, data, size);
}

#define DICTIONARY(descr, order, shape)                                                                      \
    "{'descr': " descr ", 'fortran_order': " order ", 'shape': " shape ", }"
#define VALID(descr, shape) DICTIONARY("'" descr "'", "False", shape)

/* 1, -2.5, 1e-3 in both widths */
static const double eight[] = {1, -2.5, 1e-3, 4, 5, 6};
static const float four[] = {1, -2.5F, 1e-3F, 4, 5, 6};

static void reads_what_numpy_writes(void) {
    static const struct {
        const char *header;
        int size;
        uint64_t rows, columns;
    } row[] = {
        {VALID("<f8", "(6,)") "                                                           \n", 8, 1, 6},
        {VALID("<f4", "(6,)") "\n", 4, 1, 6},
        {VALID("<f8", "(2, 3)") "\n", 8, 2, 3},
        {VALID("<f4", "(3, 2)"), 4, 3, 2},
        {VALID("<f8", "(6, 1)"), 8, 6, 1},
        {VALID("<f8", "()"), 8, 1, 1},
        {VALID("<f8", "(1,)"), 8, 1, 1},
        {"{\"shape\":(2,3,),\"descr\":\"<f4\",\"fortran_order\":False}", 4, 2, 3},
        {"  { 'shape' :( 2 , 3 ) , 'fortran_order' : False , 'descr':'<f8' } \n", 8, 2, 3},
    };
    char *path = scratch_path("good.npy");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        for (int version = 1; version <= 3; version++) {
            sb_text file;
            sb_npy npy;
            sb_error error = {0};
            double x[6];
            size_t count = (size_t)(row[i].rows * row[i].columns);
            assemble(&file, version, row[i].header, row[i].size == 4 ? (const void *)four : eight,
                     count * (size_t)row[i].size);
            write_bytes(path, file.data, file.length);
            sb_text_clear(&file);
            sb_status status = sb_npy_open(&npy, path, &error);
            SB_CHECK(status == SB_OK, "version %d, %s: %s", version, row[i].header, error.message);
            if (status) continue;
            SB_CHECK(npy.rows == row[i].rows && npy.columns == row[i].columns && npy.item_size == row[i].size,
                     "%s", row[i].header);
            for (uint64_t r = 0; r < npy.rows; r++) {
                SB_CHECK(sb_npy_row(&npy, x, &error) == SB_OK, "%s", error.message);
                for (uint64_t c = 0; c < npy.columns; c++) {
                    uint64_t at = r * npy.columns + c;
                    double wanted = row[i].size == 4 ? (double)four[at] : eight[at];
                    SB_CHECK(x[c] == wanted, "%s: number %d", row[i].header, (int)at);
                }
            }
            SB_CHECK(sb_npy_row(&npy, x, &error) == SB_BAD_INPUT && strstr(error.message, "has only"), "%s",
                     error.message);
            sb_npy_close(&npy);
            sb_npy_close(&npy);
        }
    unlink(path);
    free(path);
}

/* One line that names the path and the value. */
static void check_refused(const char *path, const char *word, const char *what) {
    sb_npy npy;
    sb_error error = {0};
    sb_status status = sb_npy_open(&npy, path, &error);
    double x[64];
    for (uint64_t r = 0; status == SB_OK && npy.columns < 64 && r < npy.rows; r++)
        status = sb_npy_row(&npy, x, &error);
    SB_CHECK(status == SB_BAD_INPUT || status == SB_IO, "%s: accepted", what);
    SB_CHECK(strstr(error.message, path) && strstr(error.message, word) && !strchr(error.message, '\n'),
             "%s: '%s'", what, error.message);
    sb_npy_close(&npy);
}

static void refuses_what_is_none(void) {
    static const struct {
        const char *header, *word;
    } row[] = {{VALID(">f8", "(6,)"), "'>f8' (big endian)"},
               {VALID("=f8", "(6,)"), "'=f8'"},
               {VALID("|f8", "(6,)"), "'|f8'"},
               {VALID("<f2", "(6,)"), "'<f2'"},
               {VALID("<i8", "(6,)"), "'<i8'"},
               {VALID("<c16", "(6,)"), "'<c16'"},
               {VALID("|O", "(6,)"), "'|O'"},
               {VALID("", "(6,)"), "dtype ''"},
               {VALID("<f8 ", "(6,)"), "'<f8 '"},
               {VALID("<f88888888888888888888888888888888", "(6,)"), "'<f8888"},
               {DICTIONARY("[('a', '<f8'), ('b', '<f8')]", "False", "(3,)"), "structured"},
               {DICTIONARY("'<f8'", "True", "(2, 3)"), "fortran_order"},
               {DICTIONARY("'<f8'", "0", "(2, 3)"), "True or False"},
               {VALID("<f8", "(1, 2, 3)"), "3 axes"},
               {VALID("<f8", "(1, 1, 1, 1, 1, 1)"), "6 axes"},
               {VALID("<f8", "(0,)"), "no elements"},
               {VALID("<f8", "(0, 6)"), "no elements"},
               {VALID("<f8", "(6, 0)"), "no elements"},
               {VALID("<f8", "(6)"), "(d,)"},
               {VALID("<f8", "6"), "shape"},
               {VALID("<f8", "(-6,)"), "length of an axis"},
               {VALID("<f8", "(+6,)"), "length of an axis"},
               {VALID("<f8", "(06,)"), "length of an axis"},
               {VALID("<f8", "(6.0,)"), "expected before '.0"},
               {VALID("<f8", "(2,,3)"), "length of an axis"},
               {VALID("<f8", "(,)"), "length of an axis"},
               {VALID("<f8", "(2 3)"), "'3"},
               {VALID("<f8", "(2, 3"), "length of an axis"},
               {VALID("<f8", "(5,)"), "too long"},
               {VALID("<f8", "(7,)"), "truncated"},
               {VALID("<f8", "(2, 4)"), "truncated"},
               {VALID("<f8", "(99999999999999999999999,)"), "longer than 2^64"},
               {VALID("<f8", "(18446744073709551615,)"), "larger than any file"},
               {VALID("<f8", "(4294967296, 4294967296)"), "larger than any file"},
               {VALID("<f8", "(2305843009213693952, 1)"), "larger than any file"},
               {VALID("<f8", "(1000000000000, 3)"), "truncated"},
               {"{'descr': '<f8', 'fortran_order': False, }", "'shape' is missing"},
               {"{'descr': '<f8', 'shape': (6,), }", "'fortran_order' is missing"},
               {"{'fortran_order': False, 'shape': (6,), }", "'descr' is missing"},
               {"{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (6,), }", "stands twice"},
               {"{'descr': '<f8', 'fortran_order': False, 'shape': (6,), 'x': 1}", "'x' is unknown"},
               {"{'descr': '<f8' 'fortran_order': False, 'shape': (6,), }", "',' or '}'"},
               {"{'descr' '<f8', 'fortran_order': False, 'shape': (6,), }", "':'"},
               {"{descr: '<f8', 'fortran_order': False, 'shape': (6,), }", "a key"},
               {"{'descr\\': '<f8', 'fortran_order': False, 'shape': (6,), }", "a key"},
               {"'descr': '<f8', 'fortran_order': False, 'shape': (6,), }", "'{'"},
               {"{'descr': '<f8', 'fortran_order': False, 'shape': (6,), } {}", "its end"},
               {"{'descr': '<f8', 'fortran_order': False, 'shape': (6,),", "a key"},
               {"{'descr': '<f8", "dtype"},
               {"", "'{'"},
               {"{}", "missing"}};
    char *path = scratch_path("bad.npy");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
        for (int version = 1; version <= 3; version += 2) {
            sb_text file;
            assemble(&file, version, row[i].header, eight, sizeof eight);
            write_bytes(path, file.data, file.length);
            sb_text_clear(&file);
            check_refused(path, row[i].word, row[i].header);
        }
    free(path);
}

static void refuses_bad_numbers_and_files(void) {
    const double bad[][6] = {{1, 2, NAN, 4, 5, 6}, {1, 2, 3, 4, HUGE_VAL, 6}, {1, 2, 3, 4, 5, -HUGE_VAL}};
    static const char *const word[] = {"row 0, column 2: nan", "row 1, column 1: inf",
                                       "row 1, column 2: -inf"};
    char *path = scratch_path("bad.npy");
    sb_text file;
    for (size_t i = 0; i < 3; i++)
        for (int single = 0; single < 2; single++) {
            float narrow[6];
            for (int k = 0; k < 6; k++) narrow[k] = (float)bad[i][k];
            assemble(&file, 1, single ? VALID("<f4", "(2, 3)") : VALID("<f8", "(2, 3)"),
                     single ? (const void *)narrow : bad[i], single ? sizeof narrow : sizeof bad[i]);
            write_bytes(path, file.data, file.length);
            sb_text_clear(&file);
            check_refused(path, word[i], word[i]);
        }
    assemble(&file, 1, VALID("<f8", "(6,)"), eight, sizeof eight);
    for (size_t cut = 0; cut < file.length; cut++) { /* every truncation */
        write_bytes(path, file.data, cut);
        check_refused(path, "", "truncated");
    }
    file.data[6] = 4;
    write_bytes(path, file.data, file.length);
    check_refused(path, "version 4.0", "version");
    file.data[6] = 1;
    file.data[7] = 1;
    write_bytes(path, file.data, file.length);
    check_refused(path, "version 1.1", "version");
    file.data[7] = 0;
    file.data[1] = 'n';
    write_bytes(path, file.data, file.length);
    check_refused(path, "x93NUMPY", "magic");
    file.data[1] = 'N';
    file.data[9] = (char)200;
    write_bytes(path, file.data, file.length);
    check_refused(path, "a header of 512", "length of the header");
    sb_text_clear(&file);
    unlink(path);
    check_refused(path, "No such file", "missing");
    if (mkfifo(path, 0600) != 0) abort();
    check_refused(path, "not a regular file", "a pipe");
    unlink(path);
    if (mkdir(path, 0700) != 0) abort();
    check_refused(path, "directory", "a directory");
    rmdir(path);
    free(path);
}

/* An independent reading of an accepted header: without blanks outside quotes, with ' for ", it is one of the
   few words that the format allows, in any order, and the file is as long as it says. */
static int is_sensible(const sb_text *file, const sb_npy *npy) {
    const unsigned char *byte = (const unsigned char *)file->data;
    size_t start = byte[6] == 1 ? 10 : 12, length = byte[8] | (size_t)byte[9] << 8;
    if (start == 12) length |= (size_t)byte[10] << 16 | (size_t)byte[11] << 24;
    if (start + length + npy->rows * npy->columns * (size_t)npy->item_size != file->length) return 0;
    char text[512], part[5][96];
    size_t used = 0;
    for (size_t i = start; i < start + length && used < sizeof text - 1; i++) {
        char c = file->data[i] == '"' ? '\'' : file->data[i];
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r') text[used++] = c;
    }
    text[used] = '\0';
    unsigned long r = (unsigned long)npy->rows, c = (unsigned long)npy->columns;
    snprintf(part[0], sizeof part[0], "'descr':'<f%d'", npy->item_size);
    snprintf(part[1], sizeof part[1], "'fortran_order':False");
    snprintf(part[2], sizeof part[2], "'shape':(%lu,%lu)", r, c);
    snprintf(part[3], sizeof part[3], r == 1 ? "'shape':(%lu,)" : "'shape':(%lu,%lu,)", r == 1 ? c : r, c);
    snprintf(part[4], sizeof part[4], r == 1 && c == 1 ? "'shape':()" : "'shape':(%lu,%lu,)", r, c);
    size_t total = 4, shape = 0; /* braces and two commas */
    for (int i = 0; i < 5; i++)
        if (strstr(text, part[i])) {
            if (i >= 2 && shape) continue;
            if (i >= 2) shape = 1;
            total += strlen(part[i]);
        }
    return shape && (used == total || (used == total + 1 && strstr(text, ",}")));
}

/* Bytes changed, inserted, removed, swapped: what is accepted is sensible, and nothing crashes. */
static void survives_mutations(void) {
    static const char *const header[] = {VALID("<f8", "(2, 3)") "\n", VALID("<f4", "(6,)"),
                                         VALID("<f8", "(1, 1)")};
    static const char letters[] = "'\"{}()[],: 0123456789<>=|f84bTrueFalse\n\\L-+.\x93\xff";
    char *path = scratch_path("mutant.npy");
    uint64_t state = 3;
    int accepted = 0;
    for (int trial = 0; trial < 20000; trial++) {
        sb_text file;
        sb_npy npy;
        sb_error error = {0};
        double x[64];
        int form = (int)(sb_test_random(&state) % 3);
        size_t data = form == 0 ? 48 : form == 1 ? 24 : 8;
        assemble(&file, 1 + (int)(sb_test_random(&state) % 3), header[form],
                 form == 1 ? (const void *)four : eight, data);
        for (uint64_t changes = sb_test_random(&state) % 4 + (trial % 8 != 0); changes > 0; changes--) {
            uint64_t random = sb_test_random(&state);
            size_t at = (size_t)(random >> 8) % (file.length - data);
            char byte = random & 64 ? letters[(random >> 40) % (sizeof letters - 1)] : (char)(random >> 40);
            if ((random & 7) < 5) {
                file.data[at] = byte;
            } else if ((random & 7) ==
                       5) { /* a blank that the length of the header counts: harmless in most places */
                char last = file.data[file.length - 1];
                sb_text_append_bytes(&file, &last, 1);
                memmove(file.data + at + 1, file.data + at, file.length - at - 1);
                file.data[at] = random & 128 ? ' ' : byte;
                if (at >= 12) file.data[8]++;
            } else if ((random & 7) == 6) {
                memmove(file.data + at, file.data + at + 1, file.length - at - 1);
                sb_text_truncate(&file, file.length - 1);
                if (at >= 12) file.data[8]--;
            } else {
                size_t other = (size_t)(random >> 24) % (file.length - data);
                char keep = file.data[at];
                file.data[at] = file.data[other];
                file.data[other] = keep;
            }
        }
        write_bytes(path, file.data, file.length);
        sb_status status = sb_npy_open(&npy, path, &error);
        if (status) {
            SB_CHECK(strstr(error.message, path) && !strchr(error.message, '\n'), "'%s'", error.message);
        } else {
            accepted++;
            SB_CHECK(is_sensible(&file, &npy), "accepted: %.*s", (int)file.length, file.data + 8);
            while (npy.columns <= 64 && npy.read < npy.rows && !status) status = sb_npy_row(&npy, x, &error);
        }
        sb_npy_close(&npy);
        sb_text_clear(&file);
    }
    SB_CHECK(accepted > 200 && accepted < 15000, "%d accepted", accepted);
    unlink(path);
    free(path);
}

static void writes_what_it_reads(void) {
    char *path = scratch_path("made.npy"), *temporary = scratch_path("made.npy.tmp"), *data = NULL;
    sb_npy_writer writer;
    sb_npy npy;
    sb_error error = {0};
    size_t size;
    for (int width = 4; width <= 8; width += 4) {
        double x[3];
        SB_CHECK(sb_npy_create(&writer, path, width, 2, 3, &error) == SB_OK, "%s", error.message);
        SB_CHECK(sb_npy_write_row(&writer, eight, &error) == SB_OK &&
                     sb_npy_write_row(&writer, eight + 3, &error) == SB_OK,
                 "%s", error.message);
        SB_CHECK(sb_npy_write_row(&writer, eight, &error) == SB_BAD_INPUT, "a third row");
        SB_CHECK(sb_npy_finish(&writer, &error) == SB_OK && !sb_file_exists(temporary), "%s", error.message);
        SB_CHECK(sb_file_read(path, 1000, &data, &size, &error) == SB_OK && size == 128 + 6 * (size_t)width &&
                     memcmp(data, "\x93NUMPY\1\0v\0", 10) == 0 && data[127] == '\n',
                 "%zu bytes", size);
        free(data);
        SB_CHECK(sb_npy_open(&npy, path, &error) == SB_OK && npy.rows == 2 && npy.columns == 3, "%s",
                 error.message);
        for (int r = 0; r < 2; r++) {
            SB_CHECK(sb_npy_row(&npy, x, &error) == SB_OK, "%s", error.message);
            for (int c = 0; c < 3; c++) {
                double wanted = width == 4 ? (double)four[3 * r + c] : eight[3 * r + c];
                SB_CHECK(x[c] == wanted, "%d %d: %g", r, c, x[c]);
            }
        }
        sb_npy_close(&npy);
    }
    /* what fails leaves the old file and no temporary one */
    SB_CHECK(sb_npy_create(&writer, path, 8, 2, 3, &error) == SB_OK &&
             sb_npy_write_row(&writer, eight, &error) == SB_OK);
    SB_CHECK(sb_npy_finish(&writer, &error) == SB_BAD_INPUT && strstr(error.message, "1 rows of 2"), "%s",
             error.message);
    SB_CHECK(sb_npy_create(&writer, path, 4, 1, 1, &error) == SB_OK);
    SB_CHECK(sb_npy_write_row(&writer, &(double){1e300}, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "1e+300"),
             "%s", error.message);
    SB_CHECK(sb_npy_write_row(&writer, &(double){NAN}, &error) == SB_BAD_INPUT, "nan written");
    sb_npy_abandon(&writer);
    SB_CHECK(!sb_file_exists(temporary) && sb_npy_open(&npy, path, &error) == SB_OK && npy.rows == 2, "%s",
             error.message);
    sb_npy_close(&npy);
    SB_CHECK(sb_npy_create(&writer, path, 2, 1, 1, &error) == SB_BAD_INPUT, "float16");
    SB_CHECK(sb_npy_create(&writer, path, 8, 0, 1, &error) == SB_BAD_INPUT, "no rows");
    SB_CHECK(sb_npy_create(&writer, "/nonexistent/x.npy", 8, 1, 1, &error) == SB_IO, "no folder");
    sb_status status = sb_npy_create(&writer, "/dev/full", 8, 1, 3, &error);
    if (!status) status = sb_npy_write_row(&writer, eight, &error);
    if (!status) status = sb_npy_finish(&writer, &error);
    sb_npy_abandon(&writer);
    SB_CHECK(status == SB_IO && strstr(error.message, "/dev/full"), "%s", error.message);
    unlink(path);
    free(path);
    free(temporary);
}

static const sb_test tests[] = {{"reads what NumPy writes", reads_what_numpy_writes},
                                {"refuses other headers, naming the value", refuses_what_is_none},
                                {"refuses bad numbers and files", refuses_bad_numbers_and_files},
                                {"20000 mutations: no crash, no nonsense", survives_mutations},
                                {"writes what it reads", writes_what_it_reads}};
SB_TEST_MAIN(tests)
