/* Logs that are not the shards of one run, each complete, are refused. That shards join to the log of the
   whole is in t_certify.c. */
#include "nn/certify_log.h"
#include "support/file.h"
#include "tests/test.h"

#include <unistd.h>

/* Joins the texts, NULL-terminated, and expects a message with these words. */
static void refuse(const char *base, const char *const *text, const char *says) {
    char path[4][610];
    const char *order[4];
    size_t count = 0;
    sb_error error = {SB_OK, ""};
    sb_text merged;
    sb_text_init(&merged);
    for (; text[count]; count++) {
        snprintf(path[count], sizeof path[count], "%s.%d", base, (int)count);
        SB_CHECK(!sb_file_write(path[count], text[count], strlen(text[count]), &error), "%s", error.message);
        order[count] = path[count];
    }
    SB_CHECK(sb_merge_logs(&merged, order, count, &error) == SB_BAD_INPUT && strstr(error.message, says),
             "'%s', not '%s'", error.message, says);
    for (size_t i = 0; i < count; i++) unlink(path[i]);
    sb_text_clear(&merged);
}

#define HEAD(shard, seed) "# seed " seed "\n# images 3\n# shard " shard "\n" SB_LOG_HEADING
#define ROW(index) index "\t3\t3\t0.5\t1\t0\t1\t1\n"

static void shards_that_do_not_fit(void) {
    const char *scratch = getenv("SCRATCH");
    char base[600];
    snprintf(base, sizeof base, "%s/t_merge_logs.%ld.tsv", scratch ? scratch : "/tmp", (long)getpid());
    const char *one = HEAD("1/2", "5") ROW("0") ROW("2"), *two = HEAD("2/2", "5") ROW("1");
    const char *cut = HEAD("1/2", "5") ROW("0") "2\t3\t3\t0.";
    static const char whole[] = "# images 3\n" SB_LOG_HEADING ROW("0");
#define REFUSE(says, ...) refuse(base, (const char *const[]){__VA_ARGS__, NULL}, says)
    REFUSE("2/2 is missing", one);
    REFUSE("1/2 is missing", two);
    REFUSE("is shard 1/2, as", one, one);
    REFUSE("is shard 2/2, as", one, two, two);
    REFUSE("seed is '6', but '5'", one, HEAD("2/2", "6") ROW("1"));
    REFUSE("one of 3 shards", one, HEAD("2/3", "5") ROW("1"));
    REFUSE("no line '# shard", whole);
    REFUSE("no line '# shard", HEAD("3/2", "5") ROW("1"));
    REFUSE("no line '# shard", HEAD("0/2", "5") ROW("1"));
    REFUSE("no line '# shard", HEAD("1/2x", "5") ROW("1"));
    REFUSE("no line '# images", "# shard 1/1\n# images 99999999999999999999\n" SB_LOG_HEADING);
    REFUSE("holds 1 of the 2 images", HEAD("1/2", "5") ROW("0"), two);
    REFUSE("holds 2 of the 1 images", one, HEAD("2/2", "5") ROW("1") ROW("3"));
    REFUSE("unfinished", cut, two);
    REFUSE("idx 2 stands on line", one, HEAD("2/2", "5") ROW("2"));
#undef REFUSE
    sb_error error;
    sb_text merged;
    sb_text_init(&merged);
    SB_CHECK(sb_merge_logs(&merged, NULL, 0, &error) == SB_BAD_INPUT, "no logs");
    const char *absent = "/nonexistent/a.tsv";
    SB_CHECK(sb_merge_logs(&merged, &absent, 1, &error) == SB_IO && strstr(error.message, absent), "%s",
             error.message);
    sb_text_clear(&merged);
}

static const sb_test tests[] = {
    {"shards that do not fit are refused", shards_that_do_not_fit},
};
SB_TEST_MAIN(tests)
