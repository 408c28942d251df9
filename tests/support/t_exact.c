/* Laws of exact input: what is read equals the rational it denotes, computed here by other means. */
#include "support/exact.h"
#include "tests/test.h"

static int reads_as(const char *text, const char *fraction) {
    sb_exact number;
    sb_error error = {0};
    sb_exact_init(&number);
    char *shown = NULL;
    int same = sb_exact_parse("x", text, &number, &error) == SB_OK && (shown = sb_exact_print(&number)) &&
               strcmp(shown, fraction) == 0;
    if (!same) printf("# '%s' read as %s (%s), not %s\n", text, shown ? shown : "-", error.message, fraction);
    free(shown);
    sb_exact_clear(&number);
    return same;
}

static void numbers(void) {
    static const char *const pair[][2] = {{"8/255", "8/255"},
                                          {"1e-3", "1/1000"},
                                          {"0.031", "31/1000"},
                                          {"2^10", "1024"},
                                          {"3x32x32", "3072"},
                                          {"inf", "inf"},
                                          {"-inf", "-inf"},
                                          {"+5", "5"},
                                          {"-0.50", "-1/2"},
                                          {"2^-3", "1/8"},
                                          {"1.5e2/3", "50"},
                                          {".25", "1/4"},
                                          {"6/4", "3/2"},
                                          {"0", "0"},
                                          {"1E+2", "100"},
                                          {"3x32x32/2", "1536"},
                                          {"0.1^2", "1/100"},
                                          {"5.", "5"},
                                          {"1/3x3", "1/9"},
                                          {"infinity", "inf"},
                                          {"4611686018427387904", "4611686018427387904"},
                                          {"2^62", "4611686018427387904"}};
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++)
        SB_CHECK(reads_as(pair[i][0], pair[i][1]), "%s", pair[i][0]);
}

static void refused(void) {
    static const char *const text[] = {
        "",      "8//255", "1/0",  "nan",   "0x10",       "1e",    "1e999999999", "--1",
        "1 2",   "2^",     "2^^3", "2^1.5", "9^99999999", "x3",    "3x",          "abc",
        "1,2",   "1/",     "/2",   "0^-1",  "1e5e5",      "0.1.2", "e5",          "1e-999999999",
        "2^3^4", "infx",   ".",    "1/2/3", "\xff",       "1\t",   "+",           "-"};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        sb_exact number;
        sb_error error = {0};
        sb_exact_init(&number);
        SB_CHECK(sb_exact_parse("eps", text[i], &number, &error) == SB_BAD_INPUT, "'%s' was read", text[i]);
        SB_CHECK(strncmp(error.message, "eps '", 5) == 0 && !strchr(error.message, '\n'), "%s",
                 error.message);
        sb_exact_clear(&number);
    }
}

static void printed_fractions_read_back(void) {
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        sb_exact number, again;
        sb_error error;
        sb_exact_init(&number);
        sb_exact_init(&again);
        unsigned shift = (unsigned)(sb_test_random(&state) % 60);
        slong top = (slong)(sb_test_random(&state) >> 1 >> shift);
        fmpq_set_si(number.value, i % 3 ? top : -top,
                    1 + (sb_test_random(&state) >> (sb_test_random(&state) % 64)) / 2);
        char *shown = sb_exact_print(&number);
        SB_CHECK(shown && sb_exact_parse("x", shown, &again, &error) == SB_OK &&
                     sb_exact_compare(&number, &again) == 0,
                 "%s", shown);
        free(shown);
        sb_exact_clear(&number);
        sb_exact_clear(&again);
    }
}

static void dimensions(void) {
    uint64_t d = 0;
    sb_error error;
    SB_CHECK(sb_dimension_parse("d", "3x224x224", &d, &error) == SB_OK && d == 150528);
    SB_CHECK(sb_dimension_parse("d", "2^62", &d, &error) == SB_OK && d == (uint64_t)1 << 62);
    static const char *const text[] = {"0", "-1", "3072.5", "2^63", "inf", "1/2", "1e30", "", "32x"};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        SB_CHECK(sb_dimension_parse("d", text[i], &d, &error) == SB_BAD_INPUT &&
                     strstr(error.message, text[i]),
                 "%s", text[i]);
}

static void lists_and_ranges(void) {
    static const struct {
        const char *text, *items;
    } law[] = {{"2,4,8,inf", "2 4 8 inf"},
               {"2^6..2^10*2", "64 128 256 512 1024"},
               {"1..10*3", "1 3 9"},
               {"1..8", "1 2 4 8"},
               {"0.1:0.3:0.1", "1/10 1/5 3/10"}, /* exact: 0.3 is reached */
               {"0:1:1/3,7", "0 1/3 2/3 1 7"},
               {"-1:1:1", "-1 0 1"}};
    for (size_t i = 0; i < sizeof law / sizeof law[0]; i++) {
        sb_exact_list list;
        sb_error error = {0};
        char joined[200] = "";
        SB_CHECK(sb_exact_list_parse("x", law[i].text, &list, &error) == SB_OK, "%s", error.message);
        for (size_t j = 0; j < list.count; j++) {
            char *shown = sb_exact_print(&list.item[j]);
            snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s", j ? " " : "", shown);
            free(shown);
        }
        SB_CHECK(strcmp(joined, law[i].items) == 0, "%s gave %s", law[i].text, joined);
        sb_exact_list_clear(&list);
    }
    static const char *const bad[] = {"1,,2",  "1..",   "5..1*2", "1..9*1",   "0..9*2", "1:2",
                                      "1:2:0", "3:1:1", "1:2:-1", "1..inf*2", ",",      "0:1:1e-9"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sb_exact_list list;
        sb_error error;
        SB_CHECK(sb_exact_list_parse("x", bad[i], &list, &error) == SB_BAD_INPUT && !list.count && !list.item,
                 "%s", bad[i]);
    }
}

/* law: lower <= value <= upper, both within one unit of the last digit, nearest within half a unit; compared
 * in rationals. */
static void decimals_bracket(void) {
    uint64_t state = 7;
    fmpq_t value, difference, width;
    fmpq_init(value);
    fmpq_init(difference);
    fmpq_init(width);
    for (int i = 0; i < 20000; i++) {
        int digits = 1 + (int)(sb_test_random(&state) % 12);
        slong top = (slong)(sb_test_random(&state) >> (1 + sb_test_random(&state) % 63));
        fmpq_set_si(value, i & 1 ? top : -top,
                    1 + (sb_test_random(&state) >> (1 + sb_test_random(&state) % 63)));
        sb_exact end[3];
        for (int k = 0; k < 3; k++) {
            sb_error error;
            sb_exact_init(&end[k]);
            char *shown = sb_rational_decimal(value, digits, k - 1);
            SB_CHECK(shown && sb_exact_parse("x", shown, &end[k], &error) == SB_OK, "%s", shown);
            free(shown);
        }
        SB_CHECK(fmpq_cmp(end[0].value, value) <= 0 && fmpq_cmp(value, end[2].value) <= 0);
        SB_CHECK(fmpq_cmp(end[1].value, end[0].value) == 0 || fmpq_cmp(end[1].value, end[2].value) == 0);
        fmpq_sub(width, end[2].value, end[0].value);
        for (int j = 1; j < digits; j++) fmpq_mul_si(width, width, 10);
        fmpq_abs(difference, value);
        SB_CHECK(fmpq_cmp(width, difference) <= 0, "too wide at %d digits", digits);
        for (int k = 0; k < 3; k++) sb_exact_clear(&end[k]);
    }
    fmpq_clear(value);
    fmpq_clear(difference);
    fmpq_clear(width);
}

static void decimal_notation(void) {
    static const struct {
        const char *value;
        int digits, direction;
        const char *shown;
    } law[] = {{"1/3", 6, -1, "0.333333"},
               {"1/3", 6, 1, "0.333334"},
               {"-1/3", 3, -1, "-0.334"},
               {"1/2", 6, -1, "0.5"},
               {"9999999", 6, 1, "1.00000e+07"},
               {"9999999", 7, 1, "9999999"},
               {"1e-7", 3, 0, "1e-07"},
               {"2/3", 1, 0, "0.7"},
               {"0", 5, 1, "0"},
               {"1/8", 2, 0, "0.12"},
               {"3/8", 2, 0, "0.38"},
               {"123456", 3, 0, "123000"},
               {"999.9996", 6, 1, "1000.00"},
               {"1e-5", 4, 0, "0.00001"}};
    for (size_t i = 0; i < sizeof law / sizeof law[0]; i++) {
        sb_exact number;
        sb_error error;
        sb_exact_init(&number);
        SB_CHECK(sb_exact_parse("x", law[i].value, &number, &error) == SB_OK);
        char *shown = sb_rational_decimal(number.value, law[i].digits, law[i].direction);
        SB_CHECK(strcmp(shown, law[i].shown) == 0, "%s to %d digits: %s, not %s", law[i].value, law[i].digits,
                 shown, law[i].shown);
        free(shown);
        sb_exact_clear(&number);
    }
}

static void complements(void) {
    uint64_t state = 7;
    fmpq_t value, complement, sum;
    fmpq_init(value);
    fmpq_init(complement);
    fmpq_init(sum);
    for (int i = 0; i < 1000; i++) {
        fmpq_set_si(value, (slong)(sb_test_random(&state) % 2001) - 1000, 1 + sb_test_random(&state) % 999);
        sb_rational_complement(complement, value);
        fmpq_add(sum, value, complement);
        SB_CHECK(fmpq_is_one(sum) && fmpq_is_canonical(complement), "sum is not 1");
        sb_rational_complement(value, value);
        SB_CHECK(fmpq_equal(value, complement), "in place");
    }
    fmpq_clear(value);
    fmpq_clear(complement);
    fmpq_clear(sum);
}

static const sb_test tests[] = {{"numbers are read exactly", numbers},
                                {"what is no number is refused by name", refused},
                                {"printed fractions read back", printed_fractions_read_back},
                                {"dimensions", dimensions},
                                {"lists and ranges", lists_and_ranges},
                                {"decimals bracket the rational", decimals_bracket},
                                {"decimal notation", decimal_notation},
                                {"a rational and its complement make 1", complements}};
SB_TEST_MAIN(tests)
