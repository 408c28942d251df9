/* The file of a certification run: cut, interrupted and resumed, or joined from shards it has the same bytes;
   a log of another run, a damaged one and one that cannot be written are refused and left as they were. */
#include "tests/nn/certify_bench.h"

/* ------------------------------------------------------------------ the same bytes */
/* Cut anywhere behind the header and continued, a log ends in the same bytes; cut within it, it is refused.
 */
static void cut_anywhere_and_resumed(void) {
    bench b;
    size_t size, other_size;
    sb_error error;
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.samples = 40;
    char *log = log_of(&b, &size);
    size_t header = (size_t)(strstr(log, SB_LOG_HEADING) - log) + strlen(SB_LOG_HEADING);
    b.task.resume = 1;
    b.task.replace = 0;
    for (size_t length = header; length <= size; length += 2) {
        write_file(b.path, log, length);
        char *other = log_of(&b, &other_size);
        SB_CHECK(same(log, size, other, other_size), "cut to %zu of %zu bytes", length, size);
        free(other);
    }
    for (size_t length = 0; length < header; length += 9) {
        write_file(b.path, log, length);
        SB_CHECK(sb_certify(&b.task, &error) == SB_BAD_INPUT, "cut to %zu bytes", length);
        char *other = read_file(b.path, &other_size);
        SB_CHECK(same(log, length, other, other_size), "what was refused is intact");
        free(other);
    }
    unlink(b.path);
    char *other = log_of(&b, &other_size); /* resume without a log starts one */
    SB_CHECK(same(log, size, other, other_size), "from nothing");
    free(other);
    free(log);
    bench_close(&b);
}

static int stop_after(void *context, uint64_t done, uint64_t images, double rate) {
    (void)done;
    (void)rate;
    SB_CHECK(images == IMAGES, "%d", (int)images);
    return --*(int *)context > 0;
}

static void interrupted_and_resumed(void) {
    bench b;
    size_t size, other_size;
    sb_error error;
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.batch = 100;
    char *log = log_of(&b, &size);
    for (int calls = 1; calls < 40; calls += 6) {
        int left = calls;
        b.task.watch = (sb_certify_watch){stop_after, &left};
        b.task.resume = 0;
        b.task.replace = 1;
        SB_CHECK(sb_certify(&b.task, &error) == SB_INTERRUPTED, "%d calls", calls);
        b.task.watch = (sb_certify_watch){0};
        b.task.resume = 1;
        b.task.replace = 0;
        char *other = log_of(&b, &other_size);
        SB_CHECK(same(log, size, other, other_size), "%d calls", calls);
        free(other);
    }
    free(log);
    bench_close(&b);
}

/* ------------------------------------------------------------------ shards */
enum { SHARDS = 3 };

static void shards_join_to_the_whole(void) {
    bench b;
    size_t size;
    sb_error error = {SB_OK, ""};
    bench_open(&b, "gaussian:sigma=1/4");
    b.options.samples = 50;
    for (uint64_t skip = 1; skip <= 3; skip += 2) { /* 7 and 3 images */
        b.options.skip = skip;
        b.options.shard = b.options.shards = 1;
        char *whole = log_of(&b, &size), path[SHARDS][610];
        const char *order[SHARDS] = {path[2], path[0], path[1]};
        for (uint64_t i = 0; i < SHARDS; i++) {
            b.options.shard = i + 1;
            b.options.shards = SHARDS;
            snprintf(path[i], sizeof path[i], "%s.%d", b.path, (int)i);
            b.task.log_path = path[i];
            SB_CHECK(!sb_certify(&b.task, &error), "%s", error.message);
        }
        b.task.log_path = b.path;
        sb_text merged;
        sb_text_init(&merged);
        SB_CHECK(!sb_merge_logs(&merged, order, SHARDS, &error), "%s", error.message);
        SB_CHECK(same(whole, size, merged.data, merged.length), "%s", merged.data);
        sb_text_clear(&merged);
        for (int i = 0; i < SHARDS; i++) unlink(path[i]);
        free(whole);
    }
    bench_close(&b);
}

/* ------------------------------------------------------------------ refusals */
static void change_rule(bench *b) {
    b->options.rule = SB_RULE_TWO_CLASS_BONFERRONI;
}
static void change_seed(bench *b) {
    b->options.seed++;
}
static void change_samples(bench *b) {
    b->options.samples++;
}
static void change_selection(bench *b) {
    b->options.selection++;
}
static void change_alpha(bench *b) {
    fmpq_set_si(b->options.alpha, 1, 100);
}
static void change_model(bench *b) {
    b->model.hash[9] = 'f';
}
static void change_noise(bench *b) {
    fmpq_set_si(b->noise.value[0], 1, 8);
}
static void change_skip(bench *b) {
    b->options.skip = 2;
}
static void change_most(bench *b) {
    b->options.most = 6;
}
static void change_shard(bench *b) {
    b->options.shards = 2;
}
static void change_adaptive(bench *b) {
    b->options.adaptive = 1;
    fmpq_set_si(b->options.radius, 1, 2);
}
static void change_data(bench *b) {
    b->images.description[0] = 'N';
}
static void change_label(bench *b) {
    b->images.label[2] = 0;
}
static void change_first(bench *b) {
    b->images.first++;
}

static void logs_of_other_runs_are_refused(void) {
    static const struct {
        void (*change)(bench *b);
        const char *says;
    } item[] = {{change_rule, "rule"},      {change_seed, "seed"},         {change_samples, " n "},
                {change_selection, " n0 "}, {change_alpha, "alpha"},       {change_model, "model"},
                {change_noise, "noise"},    {change_skip, "skip"},         {change_most, "max"},
                {change_shard, "shard"},    {change_adaptive, "adaptive"}, {change_data, "data"},
                {change_label, "label"},    {change_first, "idx 100"}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        bench b;
        size_t size, after_size;
        sb_error error = {SB_OK, ""};
        bench_open(&b, "gaussian:sigma=1/4");
        char *log = log_of(&b, &size);
        write_file(b.path, log, --size); /* without its last end of line: that would be cut off */
        item[i].change(&b);
        b.task.replace = 0;
        for (b.task.resume = 0; b.task.resume < 2; b.task.resume++) {
            SB_CHECK(sb_certify(&b.task, &error) == SB_BAD_INPUT &&
                         strstr(error.message, b.task.resume ? item[i].says : "exists") &&
                         strstr(error.message, b.path),
                     "item %zu: %s", i, error.message);
            char *after = read_file(b.path, &after_size);
            SB_CHECK(same(log, size, after, after_size), "item %zu: the log has changed", i);
            free(after);
        }
        free(log);
        bench_close(&b);
    }
}

static void damaged_logs_are_refused(void) {
    bench b;
    size_t size, after_size;
    sb_error error = {SB_OK, ""};
    bench_open(&b, "gaussian:sigma=1/4");
    char *log = log_of(&b, &size);
    b.task.resume = 1;
    char *row2 = strchr(strstr(log, "\n101\t"), '\t');
    *row2 = ' ';
    write_file(b.path, log, size);
    SB_CHECK(sb_certify(&b.task, &error) == SB_BAD_INPUT && strstr(error.message, "line"), "%s",
             error.message);
    char *after = read_file(b.path, &after_size);
    SB_CHECK(same(log, size, after, after_size), "the log has changed");
    free(after);
    write_file(b.path, "idx\tlabel\tpredict\tradius\tcorrect\ttime\n", 38);
    SB_CHECK(sb_certify(&b.task, &error) == SB_BAD_INPUT && strstr(error.message, "header"), "%s",
             error.message);
    free(log);
    bench_close(&b);
}

static void full_disks_and_second_writers(void) {
    bench b;
    size_t size;
    sb_error error = {SB_OK, ""};
    bench_open(&b, "gaussian:sigma=1/4");
    b.task.log_path = "/dev/full";
    SB_CHECK(sb_certify(&b.task, &error) == SB_IO && strstr(error.message, "/dev/full"), "%s", error.message);
    b.task.log_path = "/nonexistent/log.tsv";
    SB_CHECK(sb_certify(&b.task, &error) == SB_IO && strstr(error.message, "/nonexistent"), "%s",
             error.message);
    b.task.log_path = b.path;
    free(log_of(&b, &size));
    sb_log_writer writer;
    sb_chosen_images none = {&b.images, 0, 1, 0};
    SB_CHECK(!sb_log_open(&writer, b.path, "# a b\n" SB_LOG_HEADING, &none, 0, 1, &error), "%s",
             error.message);
    SB_CHECK(sb_certify(&b.task, &error) == SB_BAD_INPUT && strstr(error.message, "another process"), "%s",
             error.message);
    SB_CHECK(!sb_log_close(&writer, &error), "%s", error.message);
    free(log_of(&b, &size));
    bench_close(&b);
}

static const sb_test tests[] = {
    {"cut anywhere and resumed: the same bytes", cut_anywhere_and_resumed},
    {"interrupted and resumed: the same bytes", interrupted_and_resumed},
    {"shards join to the whole", shards_join_to_the_whole},
    {"logs of other runs are refused, and intact", logs_of_other_runs_are_refused},
    {"damaged logs are refused, and intact", damaged_logs_are_refused},
    {"full disks and second writers", full_disks_and_second_writers},
};
SB_TEST_MAIN(tests)
