/* The reader: what it accepts, and that everything else is refused with file, line and value. */
#include "nn/certification_log.h"
#include "support/file.h"
#include "support/text.h"
#include "tests/test.h"

#define HEAD "idx\tlabel\tpredict\tradius\tcorrect\ttime\n"

static sb_status parse(sb_certification_log *log, const char *text, sb_error *error) {
    return sb_certification_log_parse(log, "dir/a.tsv", text, strlen(text), error);
}

static int radius_is(const sb_certification_log *log, size_t i, long numerator, unsigned long denominator) {
    fmpq_t value;
    fmpq_init(value);
    fmpq_set_si(value, numerator, denominator);
    int equal = fmpq_equal(value, log->image[i].radius);
    fmpq_clear(value);
    return equal;
}

static void radii_are_exact(void) {
    sb_certification_log log;
    sb_error error;
    SB_CHECK(parse(&log,
                   HEAD "0\t3\t3\t0.00825\t1\t0:00:09.8\n20\t7\t-1\t0.0\t0\t0:00:06.5\n5\t1\t2\t7.92e-"
                        "04\t0\t1\n6\t1\t1\t1E+1\t1\t1\n7\t0\t0\t.5\t1\tx\n",
                   &error) == SB_OK,
             "%s", error.message);
    SB_CHECK(log.count == 5 && strcmp(log.name, "a.tsv") == 0 && strcmp(log.path, "dir/a.tsv") == 0,
             "%zu images", log.count);
    SB_CHECK(radius_is(&log, 0, 33, 4000), "0.00825 = 33/4000");
    SB_CHECK(radius_is(&log, 1, 0, 1), "0.0");
    SB_CHECK(radius_is(&log, 2, 99, 125000), "7.92e-04 = 99/125000");
    SB_CHECK(radius_is(&log, 3, 10, 1), "1E+1");
    SB_CHECK(radius_is(&log, 4, 1, 2), ".5");
    SB_CHECK(log.image[1].predict == SB_ABSTAIN && !log.image[1].correct && log.image[1].index == 20 &&
                 log.image[1].label == 7,
             "abstention");
    SB_CHECK(log.image[0].line == 2 && log.image[4].line == 6, "line numbers");
    sb_certification_log_clear(&log);
}

#define WIDE_HEAD "idx\tlabel\tpredict\tradius\tcorrect\ttime\tcounts\n"

static void line_ends_and_extra_columns(void) {
    static const char *const text[] = {
        (HEAD "0\t3\t3\t0.5\t1\t0:00:09\n1\t3\t2\t0.25\t0\t0:00:09"),
        ("idx\tlabel\tpredict\tradius\tcorrect\ttime\r\n0\t3\t3\t0.5\t1\t9\r\n1\t3\t2\t0.25\t0\t9\r\n"),
        (HEAD "0\t3\t3\t0.5\t1\t0:00:09\n1\t3\t2\t0.25\t0\t0:00:09\n\n\r\n"),
        (WIDE_HEAD "0\t3\t3\t0.5\t1\t9\t1,2\n1\t3\t2\t0.25\t0\t9\t\n")};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        sb_certification_log log;
        sb_error error;
        SB_CHECK(parse(&log, text[i], &error) == SB_OK, "text %zu: %s", i, error.message);
        SB_CHECK(log.count == 2 && log.image[0].correct && radius_is(&log, 1, 1, 4), "text %zu", i);
        sb_certification_log_clear(&log);
    }
}

/* Lines that begin with # before the heading are kept apart and can be asked by key. */
static void header_lines(void) {
    static const struct {
        const char *key, *value;
    } item[] = {{"rule", "cohen"}, {"data", "CIFAR-10 (a b), 10 test images"},
                {"empty", ""},     {"n", "100"},
                {"n0", "7"},       {"sigma", NULL}};
    sb_certification_log log;
    sb_error error;
    SB_CHECK(
        parse(&log,
              "# rule cohen\n#data  CIFAR-10 (a b), 10 test images\r\n# empty\n# n0 7\n# n 100\n#\n" WIDE_HEAD
              "0\t3\t3\t0.5\t1\t0\t1,2\n",
              &error) == SB_OK,
        "%s", error.message);
    SB_CHECK(log.count == 1 && log.image[0].line == 8 && strncmp(log.header, "# rule", 6) == 0, "%zu images",
             log.count);
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        char *value = sb_certification_log_value(&log, item[i].key);
        SB_CHECK(item[i].value ? value && strcmp(value, item[i].value) == 0 : !value, "%s is '%s'",
                 item[i].key, value ? value : "absent");
        free(value);
    }
    sb_certification_log_clear(&log);
    SB_CHECK(parse(&log, HEAD, &error) == SB_OK && strcmp(log.header, "") == 0, "without a header");
    char *none = sb_certification_log_value(&log, "rule");
    SB_CHECK(!none, "%s", none);
    sb_certification_log_clear(&log);
}

static void heading_only_is_a_log_of_nothing(void) {
    static const char *const text[] = {HEAD, "idx\tlabel\tpredict\tradius\tcorrect\ttime",
                                       "idx\tlabel\tpredict\tradius\tcorrect\ttime\r\n"};
    for (size_t i = 0; i < 3; i++) {
        sb_certification_log log;
        sb_error error;
        SB_CHECK(parse(&log, text[i], &error) == SB_OK && log.count == 0, "text %zu", i);
        sb_certification_log_clear(&log);
    }
}

static void bad_logs_name_line_and_value(void) {
    static const struct {
        const char *text, *line, *value;
    } item[] = {
        {"", "dir/a.tsv", "empty"},
        {"\n", "line 1", "idx"},
        {"idx\tlabel\tpredict\tcorrect\ttime\n", "line 1", "'correct'"},
        {"idx label predict radius correct time\n", "line 1", "idx label"},
        {"Idx\tlabel\tpredict\tradius\tcorrect\ttime\n", "line 1", "'Idx'"},
        {"0\t3\t3\t0.00825\t1\t9\n", "line 1", "'0'"},
        {"\xef\xbb\xbfidx\tlabel\tpredict\tradius\tcorrect\ttime\n", "line 1", "idx"},
        {"# rule cohen", "line 1", "# rule"},
        {"# rule cohen\n", "line 1", "# rule"},
        {"# rule cohen\n# n 3\nidx\n", "line 3", "''"},
        {HEAD "# rule cohen\n", "line 2", "1 fields"},
        {HEAD "0\t3\t3\tnan\t1\t9\n", "line 2", "'nan'"},
        {HEAD "0\t3\t3\t0.1\t1\t9\n1\t3\t3\tinf\t1\t9\n", "line 3", "'inf'"},
        {HEAD "0\t3\t3\t-inf\t1\t9\n", "line 2", "'-inf'"},
        {HEAD "0\t3\t3\t-0.1\t1\t9\n", "line 2", "'-0.1'"},
        {HEAD "0\t3\t3\t8/255\t1\t9\n", "line 2", "'8/255'"},
        {HEAD "0\t3\t3\t0x1p-3\t1\t9\n", "line 2", "'0x1p-3'"},
        {HEAD "0\t3\t3\t3x3\t1\t9\n", "line 2", "'3x3'"},
        {HEAD "0\t3\t3\t1e9999\t1\t9\n", "line 2", "'1e9999'"},
        {HEAD "0\t3\t3\t\t1\t9\n", "line 2", "radius ''"},
        {HEAD "0\t3\t3\t.\t1\t9\n", "line 2", "'.'"},
        {HEAD "0\t3\t3\t 0.1\t1\t9\n", "line 2", "' 0.1'"},
        {HEAD "0\t3\t-1\t0.1\t0\t9\n", "line 2", "abstention"},
        {HEAD "0\t3\t2\t0.1\t1\t9\n", "line 2", "label 3 and predict 2"},
        {HEAD "0\t3\t3\t0.1\t0\t9\n", "line 2", "label 3 and predict 3"},
        {HEAD "0\t3\t3\t0.1\t2\t9\n", "line 2", "'2'"},
        {HEAD "0\t3\t3\t0.1\ttrue\t9\n", "line 2", "'true'"},
        {HEAD "0\t3\t-2\t0.1\t0\t9\n", "line 2", "'-2'"},
        {HEAD "0\t-3\t3\t0.1\t0\t9\n", "line 2", "'-3'"},
        {HEAD "0.5\t3\t3\t0.1\t1\t9\n", "line 2", "'0.5'"},
        {HEAD "0\t3\t3\t0.1\t1\n", "line 2", "5 fields"},
        {HEAD "0\t3\t3\t0.1\t1\t9\textra\n", "line 2", "7 fields"},
        {HEAD "0\t3\t3\t0.1\t1\t9\n1\t3\t3\t0.", "line 3", "cut short"},
        {HEAD "0\t3\t3\t0.1\t1\t9\n1\t3\t3\t0.1\t1\t", "line 3", "cut short"},
        {HEAD "0\t3\t3\t0.1\t1\t9\n\n1\t3\t3\t0.1\t1\t9\n", "line 3", "1 fields"},
        {HEAD "4\t3\t3\t0.1\t1\t9\n5\t3\t3\t0.1\t1\t9\n4\t3\t3\t0.1\t1\t9\n", "line 4", "line 2"},
    };
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_certification_log log;
        sb_error error = {SB_OK, ""};
        sb_status status = parse(&log, item[i].text, &error);
        SB_CHECK(status == SB_BAD_INPUT && log.count == 0 && !log.image, "item %zu was accepted", i);
        SB_CHECK(strstr(error.message, item[i].line) && strstr(error.message, item[i].value) &&
                     strstr(error.message, "dir/a.tsv"),
                 "item %zu: %s", i, error.message);
        sb_certification_log_clear(&log);
    }
}

static void bytes_that_are_no_text(void) {
    sb_certification_log log;
    sb_error error;
    char text[] = HEAD "0\t3\t3\t0.1\t1\t9\n1\t3\t3\t0.1\t1\t9\n";
    text[strlen(HEAD) + 20] = 0;
    SB_CHECK(sb_certification_log_parse(&log, "x", text, sizeof text - 1, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "NUL") && strstr(error.message, "line 3"),
             "%s", error.message);
    size_t size = strlen(HEAD) + 1000000;
    char *large = malloc(size);
    if (!large) return;
    memcpy(large, HEAD, strlen(HEAD));
    memset(large + strlen(HEAD), '7', 1000000);
    SB_CHECK(sb_certification_log_parse(&log, "x", large, size, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "line 2") && strstr(error.message, "1000000"),
             "%s", error.message);
    memset(large + strlen(HEAD), '\t', 1000000);
    SB_CHECK(sb_certification_log_parse(&log, "x", large, size, &error) == SB_BAD_INPUT &&
                 strlen(error.message) < 300,
             "%s", error.message);
    memset(large + strlen(HEAD) + 100, '\t', 200);
    SB_CHECK(sb_certification_log_parse(&log, "x", large, strlen(HEAD) + 300, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "64 fields"),
             "%s", error.message);
    free(large);
}

/* Every prefix of a good log is a good log or refused, and never crashes. */
static void prefixes_and_flips(void) {
    static const char text[] =
        HEAD "0\t3\t3\t0.00825\t1\t0:00:09.8\n20\t7\t-1\t0.0\t0\t0:00:06.5\n40\t1\t1\t7.92e-04\t1\t1\n";
    uint64_t state = 9;
    int accepted = 0;
    for (size_t n = 0; n < sizeof text; n++) {
        sb_certification_log log;
        sb_error error;
        if (sb_certification_log_parse(&log, "x", text, n, &error) == SB_OK) accepted++;
        sb_certification_log_clear(&log);
    }
    SB_CHECK(accepted >= 4 && accepted < 40, "%d prefixes accepted", accepted);
    for (int i = 0; i < 3000; i++) {
        char copy[sizeof text];
        memcpy(copy, text, sizeof text);
        copy[sb_test_random(&state) % (sizeof text - 1)] = (char)sb_test_random(&state);
        sb_certification_log log;
        sb_error error = {SB_OK, ""};
        sb_status status = sb_certification_log_parse(&log, "x", copy, sizeof text - 1, &error);
        SB_CHECK(status == SB_OK || (error.message[0] && !strchr(error.message, '\n')),
                 "a refusal has one line");
        sb_certification_log_clear(&log);
    }
}

static void files_that_are_none(void) {
    sb_certification_log log;
    sb_error error;
    SB_CHECK(sb_certification_log_read(&log, "/", &error) == SB_IO && strstr(error.message, "directory"),
             "%s", error.message);
    SB_CHECK(sb_certification_log_read(&log, "/no/such/log.tsv", &error) == SB_IO &&
                 strstr(error.message, "/no/such/log.tsv"),
             "%s", error.message);
}

static void authors_logs_are_read(void) {
    const char *directory = getenv("SMOOTHBOUND_LOGS");
    if (!directory || !*directory) SB_SKIP("SMOOTHBOUND_LOGS names no directory");
    static const struct {
        const char *name;
        size_t images, abstentions;
    } file[] = {{"output_noise12_size32_l2trades0435_beta6_full.tsv", 10000, 30},
                {"output_noise12_size32_l2trades0435_beta6.tsv", 500, 1},
                {"output_noise18_size48_l2trades06525_beta6.tsv", 500, 0},
                {"output_noise24_size64_l2trades087_beta6.tsv", 500, 0}};
    for (size_t i = 0; i < 4; i++) {
        sb_certification_log log;
        sb_error error;
        char *path = sb_path_join(directory, file[i].name);
        SB_CHECK(path && sb_certification_log_read(&log, path, &error) == SB_OK, "%s", error.message);
        free(path);
        size_t abstained = 0;
        for (size_t j = 0; j < log.count; j++) abstained += log.image[j].predict == SB_ABSTAIN;
        SB_CHECK(log.count == file[i].images && abstained == file[i].abstentions,
                 "%s: %zu images, %zu abstentions", file[i].name, log.count, abstained);
        sb_certification_log_clear(&log);
    }
}

static const sb_test tests[] = {{"radii are kept exactly", radii_are_exact},
                                {"CRLF, no last newline, extra columns", line_ends_and_extra_columns},
                                {"header lines before the heading", header_lines},
                                {"a heading only is a log of no images", heading_only_is_a_log_of_nothing},
                                {"bad logs are refused with line and value", bad_logs_name_line_and_value},
                                {"NUL bytes and long lines are refused", bytes_that_are_no_text},
                                {"prefixes and damaged bytes never crash", prefixes_and_flips},
                                {"a directory and a missing file are refused", files_that_are_none},
                                {"the authors' logs are read", authors_logs_are_read}};
SB_TEST_MAIN(tests)
