/* Shifts as people write them and as .npy files, against sums in exact rationals. */
#include "distributions/shift.h"
#include "support/file.h"
#include "support/scratch.h"
#include "support/text.h"
#include "tests/test.h"

#include <math.h>
#include <unistd.h>

/* ------------------------------------------------------------------ files */
static char *folder;

/* A version 1.0 file with this dictionary, then `size` bytes; malloc'd path. */
static char *write_npy(const char *dictionary, const void *data, size_t size) {
    sb_error error;
    char *path = sb_path_join(folder, "shift.npy");
    unsigned char bytes[65536] = "\x93NUMPY\x01";
    size_t length = strlen(dictionary), header = (10 + length) / 64 * 64 + 64 - 10;
    bytes[7] = 0;
    bytes[8] = (unsigned char)(header & 255);
    bytes[9] = (unsigned char)(header >> 8);
    memset(bytes + 10, ' ', header);
    memcpy(bytes + 10, dictionary, length);
    bytes[10 + header - 1] = '\n';
    memcpy(bytes + 10 + header, data, size);
    if (!path || sb_file_write(path, (const char *)bytes, 10 + header + size, &error)) {
        SB_CHECK(0, "%s", error.message);
    }
    return path;
}

static char *write_doubles(const double *x, size_t count) {
    char *dictionary = sb_format("{'descr': '<f8', 'fortran_order': False, 'shape': (%zu,), }", count);
    char *path = write_npy(dictionary, x, count * sizeof *x);
    free(dictionary);
    return path;
}

/* ------------------------------------------------------------------ */
static int group_is(const sb_shift *shift, size_t i, const char *base, uint64_t root, const char *exponent,
                    uint64_t count) {
    fmpq_t b, e;
    fmpq_init(b);
    fmpq_init(e);
    fmpq_set_str(b, base, 10);
    fmpq_set_str(e, exponent, 10);
    int same = i < shift->group_count && fmpq_equal(shift->group[i].base, b) &&
               shift->group[i].root == root && fmpq_equal(shift->group[i].exponent, e) &&
               shift->group[i].count == count;
    fmpq_clear(b);
    fmpq_clear(e);
    return same;
}

static void words_give_groups(void) {
    sb_shift shift;
    sb_error error;
    sb_shift_init(&shift);
    SB_CHECK(!sb_shift_parse(&shift, "linf:8/255", 3072, &error) && shift.group_count == 1 &&
             group_is(&shift, 0, "8/255", 1, "0", 3072));
    SB_CHECK(!sb_shift_parse(&shift, "linf:-8/255", 5, &error) && group_is(&shift, 0, "8/255", 1, "0", 5),
             "signs do not matter");
    SB_CHECK(!sb_shift_parse(&shift, "l2:3", 7, &error) && group_is(&shift, 0, "3", 7, "1/2", 7));
    SB_CHECK(!sb_shift_parse(&shift, "basis:0.5", 7, &error) && shift.group_count == 1 &&
             group_is(&shift, 0, "1/2", 1, "0", 1) && shift.dimension == 7);
    SB_CHECK(!sb_shift_parse(&shift, "2:1/2,1:1/4,3:-0.5", 9, &error) && shift.group_count == 2 &&
             group_is(&shift, 0, "1/4", 1, "0", 1) && group_is(&shift, 1, "1/2", 1, "0", 5));
    SB_CHECK(!sb_shift_parse(&shift, "linf:0", 9, &error) && shift.group_count == 0, "v = 0");
    SB_CHECK(!sb_shift_parse(&shift, "4:0,2:1", 9, &error) && shift.group_count == 1, "zeros are no group");
    sb_shift_clear(&shift);
}

static void lengths(void) {
    sb_shift shift;
    sb_error error;
    arb_t value, square;
    arb_init(value);
    arb_init(square);
    sb_shift_init(&shift);
    SB_CHECK(!sb_shift_parse(&shift, "l2:3", 7, &error));
    sb_shift_euclidean(value, &shift, 100);
    SB_CHECK(arb_contains_si(value, 3) && arb_rel_accuracy_bits(value) > 80, "|v|_2 = 3");
    sb_shift_length(value, &shift, 0, 100);
    arb_sqr(square, value, 100);
    arb_mul_ui(square, square, 7, 100);
    SB_CHECK(arb_contains_si(square, 9), "7 coordinates of length 3/sqrt 7");
    SB_CHECK(!sb_shift_parse(&shift, "4:1/2,1:2", 7, &error));
    sb_shift_euclidean(value, &shift, 100);
    arb_sqr(square, value, 100);
    SB_CHECK(arb_contains_si(square, 5));
    sb_shift_largest(value, &shift, 100);
    SB_CHECK(arb_equal_si(value, 2));
    arb_clear(value);
    arb_clear(square);
    sb_shift_clear(&shift);
}

static void files_are_exact(void) {
    static const double x[] = {0.1, -0.1, 0.0, -0.0, 0x1p-1074, 3.5, 0x1.fffffffffffffp1023, 0.1};
    sb_shift shift;
    sb_error error;
    sb_shift_init(&shift);
    char *path = write_doubles(x, 8);
    SB_CHECK(!sb_shift_parse(&shift, path, 0, &error), "%s", error.message);
    SB_CHECK(shift.dimension == 8 && shift.group_count == 4, "%llu, %zu groups",
             (unsigned long long)shift.dimension, shift.group_count);
    SB_CHECK(group_is(&shift, 1, "3602879701896397/36028797018963968", 1, "0", 3), "0.1 as a double");
    SB_CHECK(group_is(&shift, 2, "7/2", 1, "0", 1));
    if (shift.group_count == 4) {
        fmpq_t power;
        fmpq_init(power);
        fmpq_one(power);
        fmpq_div_2exp(power, power, 1074);
        SB_CHECK(fmpq_equal(shift.group[0].base, power), "the smallest double");
        fmpq_set_si(power, (slong)((UINT64_C(1) << 53) - 1), 1);
        fmpq_mul_2exp(power, power, 971);
        SB_CHECK(fmpq_equal(shift.group[3].base, power), "the largest double");
        fmpq_clear(power);
    }
    free(path);
    static const float y[] = {0.1f, 0.25f, -0.1f};
    path = write_npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }", y, sizeof y);
    SB_CHECK(!sb_shift_parse(&shift, path, 3, &error), "%s", error.message);
    SB_CHECK(shift.group_count == 2 && group_is(&shift, 0, "13421773/134217728", 1, "0", 2),
             "0.1 as a float");
    sb_shift_clear(&shift);
    free(path);
}

/* Groups of random vectors with many equal values: increasing, complete, and with the sum of squares of the
 * vector. */
static void random_files(void) {
    uint64_t state = 7;
    sb_shift shift;
    sb_error error;
    fmpq_t sum, square, term;
    arf_t exact;
    sb_shift_init(&shift);
    fmpq_init(sum);
    fmpq_init(square);
    fmpq_init(term);
    arf_init(exact);
    for (int round = 0; round < 40; round++) {
        double x[300];
        size_t count = 1 + (size_t)(sb_test_random(&state) % 300), zeros = 0;
        fmpq_zero(sum);
        for (size_t i = 0; i < count; i++) {
            x[i] = ldexp((double)(sb_test_random(&state) % 64) - 32, round % 2 ? -9 : 3);
            if (round % 3 == 0) x[i] *= 1 + 0x1p-52 * (double)(sb_test_random(&state) % 3);
            zeros += x[i] == 0;
            arf_set_d(exact, x[i]);
            arf_get_fmpq(term, exact);
            fmpq_addmul(sum, term, term);
        }
        char *path = write_doubles(x, count);
        SB_CHECK(!sb_shift_parse(&shift, path, count, &error), "%s", error.message);
        size_t total = zeros;
        fmpq_zero(square);
        for (size_t i = 0; i < shift.group_count; i++) {
            const sb_shift_group *g = &shift.group[i];
            total += g->count;
            SB_CHECK(fmpq_sgn(g->base) > 0 && (!i || fmpq_cmp(g[-1].base, g->base) < 0), "group %zu", i);
            fmpq_mul(term, g->base, g->base);
            fmpq_mul_si(term, term, (slong)g->count);
            fmpq_add(square, square, term);
        }
        SB_CHECK(total == count && fmpq_equal(sum, square), "round %d: %zu of %zu", round, total, count);
        free(path);
    }
    sb_shift_clear(&shift);
    fmpq_clear(sum);
    fmpq_clear(square);
    fmpq_clear(term);
    arf_clear(exact);
}

static void refused(const char *text, uint64_t dimension, const char *word) {
    sb_shift shift;
    sb_error error = {0};
    sb_shift_init(&shift);
    SB_CHECK(sb_shift_parse(&shift, text, dimension, &error), "accepted: %s", text);
    SB_CHECK(strstr(error.message, word), "'%s' not in '%s'", word, error.message);
    SB_CHECK(shift.group_count == 0, "a failed shift is 0");
    sb_shift_clear(&shift);
}

static void refused_file(const char *dictionary, const void *data, size_t size, uint64_t dimension,
                         const char *word) {
    char *path = write_npy(dictionary, data, size);
    refused(path, dimension, word);
    free(path);
}

static void bad_words_and_files(void) {
    static const double x[] = {1, 2, 3, 4};
    static const double nan_at_1[] = {1, (double)NAN, 3, 4}, infinite[] = {1, 2, -(double)INFINITY, 4};
    refused("linf:1", 0, "-d DIMENSION");
    refused("lin:1", 4, "'lin:1'");
    refused("linf:", 4, "linf");
    refused("linf:inf", 4, "finite");
    refused("l2:x", 4, "'x'");
    refused("5:1", 4, "d = 4");
    refused("3:1,2:1", 4, "d = 4");
    refused("3", 4, "'3'");
    refused("3:1,", 4, "''");
    refused("0:1", 4, "'0'");
    refused("absent.npy", 4, "absent.npy");
    refused_file("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", x, sizeof x, 5, "d = 5");
    refused_file("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", x, sizeof x, 0, "one vector");
    refused_file("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }", x, sizeof x, 0,
                 "fortran_order");
    refused_file("{'descr': '<i8', 'fortran_order': False, 'shape': (4,), }", x, sizeof x, 0, "<i8");
    refused_file("{'descr': '>f8', 'fortran_order': False, 'shape': (4,), }", x, sizeof x, 0, ">f8");
    refused_file("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", x, 31, 0, "shift.npy");
    refused_file("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", x, sizeof x, 0, "shift.npy");
    refused_file("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", nan_at_1, sizeof x, 0, "nan");
    refused_file("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", infinite, sizeof x, 0, "inf");
}

int main(void) {
    static const sb_test tests[] = {{"shift: words give groups", words_give_groups},
                                    {"shift: lengths", lengths},
                                    {"shift: files are read exactly", files_are_exact},
                                    {"shift: equal values of random files", random_files},
                                    {"shift: refuses what is wrong", bad_words_and_files}};
    sb_error error;
    if (sb_scratch_make(&folder, &error)) {
        printf("not ok - shift: %s\n", error.message);
        return 1;
    }
    int result = sb_test_main(tests, sizeof tests / sizeof tests[0]);
    sb_scratch_remove(folder);
    return result;
}
