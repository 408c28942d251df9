/* What reading certification logs costs, on a generated log of 20 MB. The named peer counts the same images
   in awk, which checks nothing and keeps radii in double; the machine's limit is reading the file and doing
   nothing with it. */
#include "nn/certification_log.h"
#include "support/file.h"
#include "tests/bench/bench.h"

enum { LOG_BYTES = 20000000 };

typedef struct {
    char *path;
    size_t counted; /* images that are correct with radius >= 0.5 */
} log_case;

/* splitmix64 */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Lines as the field's programs write them: one image in ten an abstention, three in ten wrong. */
static size_t generate(const char *path) {
    sb_error error = {0};
    sb_text log;
    uint64_t state = 1;
    size_t images = 0;
    sb_text_init(&log);
    sb_text_append(&log, "idx\tlabel\tpredict\tradius\tcorrect\ttime\n");
    for (; log.length < LOG_BYTES && !log.failed; images++) {
        unsigned r = (unsigned)(next_random(&state) >> 40), label = r % 10, kind = r / 10 % 10;
        unsigned micro = r / 100 % 1000000, radius = (unsigned)(next_random(&state) % 100000);
        if (kind == 0)
            sb_text_format(&log, "%zu\t%u\t-1\t0.0\t0\t0:00:09.%06u\n", images, label, micro);
        else
            sb_text_format(&log, "%zu\t%u\t%u\t%u.%05u\t%d\t0:00:09.%06u\n", images, label,
                           kind < 4 ? (label + 1) % 10 : label, kind % 2, radius, kind >= 4, micro);
    }
    bench_need(sb_text_status(&log, &error), &error);
    bench_need(sb_file_write(path, log.data, log.length, &error), &error);
    sb_text_clear(&log);
    return images;
}

static void read_log(void *context) {
    log_case *at = context;
    sb_error error = {0};
    sb_certification_log log;
    fmpq_t half;
    fmpq_init(half);
    fmpq_set_si(half, 1, 2);
    bench_need(sb_certification_log_read(&log, at->path, &error), &error);
    at->counted = 0;
    for (size_t i = 0; i < log.count; i++)
        at->counted += log.image[i].correct && fmpq_cmp(log.image[i].radius, half) >= 0;
    sb_certification_log_clear(&log);
    fmpq_clear(half);
}

static void read_bytes(void *context) {
    const log_case *at = context;
    static char block[1 << 16];
    int file = open(at->path, O_RDONLY);
    if (file < 0) bench_fail("%s: %s", at->path, strerror(errno));
    while (read(file, block, sizeof block) > 0) continue;
    close(file);
}

static double count_in_awk(const log_case *at, const char *output) {
    char name[] = "awk", tabs[] = "-F\t",
         program[] = "NR > 1 && $5 == 1 && $4 >= 0.5 { n++ } END { print n + 0 }";
    char *argument[] = {name, tabs, program, at->path, NULL};
    double seconds = bench_process_least(argument, output, 0, 3);
    sb_error error = {0};
    char *text;
    size_t size;
    bench_need(sb_file_read(output, 100, &text, &size, &error), &error);
    if (strtoull(text, NULL, 10) != at->counted)
        bench_fail("awk counts %s images, the reader %zu", text, at->counted);
    free(text);
    return seconds;
}

static void add(sb_table *table, const char *what, size_t images, double seconds, double peer, double limit) {
    sb_table_row(table);
    sb_table_set(table, 0, what);
    sb_table_setf(table, 1, "%.1f", 1e3 * seconds);
    sb_table_setf(table, 2, "%.0f", LOG_BYTES * 1e-6 / seconds);
    sb_table_setf(table, 3, "%.0f", 1e9 * seconds / (double)images);
    sb_table_setf(table, 4, "%.2f", seconds / peer);
    sb_table_setf(table, 5, "%.1f", seconds / limit);
}

int main(void) {
    static const sb_column column[] = {
        {"what", "A log of 20 MB", 0},      {"ms", "ms", SB_COLUMN_RIGHT},
        {"speed", "MB/s", SB_COLUMN_RIGHT}, {"image", "ns per image", SB_COLUMN_RIGHT},
        {"awk", "/ awk", SB_COLUMN_RIGHT},  {"limit", "/ read", SB_COLUMN_RIGHT}};
    const char *folder = bench_temporary_folder();
    char *answer = sb_format("%s/answer", folder);
    log_case at = {sb_format("%s/log.tsv", folder), 0};
    if (!answer || !at.path) bench_fail("out of memory");
    size_t images = generate(at.path);
    double ours = bench_seconds(read_log, &at), limit = bench_seconds(read_bytes, &at);
    double awk = count_in_awk(&at, answer);
    sb_table table;
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    add(&table, "read(2) alone", images, limit, awk, limit);
    add(&table, "awk, the same count", images, awk, awk, limit);
    add(&table, "sb_certification_log_read and count", images, ours, awk, limit);
    bench_print(&table, "/ awk: times one awk pass that counts the same images and checks nothing. / read: "
                        "times bringing the bytes into memory.");
    free(at.path);
    free(answer);
    flint_cleanup();
    return 0;
}
