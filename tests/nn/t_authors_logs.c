/* The authors' logs are found under every name they go by, and what is said of them is consistent. */
#include "nn/authors_logs.h"
#include "support/file.h"
#include "support/text.h"
#include "tests/test.h"

#include <unistd.h>

static const char heading[] = "idx\tlabel\tpredict\tradius\tcorrect\ttime\n";

static char *new_folder(void) {
    const char *scratch = getenv("SCRATCH");
    char *folder = sb_format("%s/logs-XXXXXX", scratch && *scratch ? scratch : "/tmp");
    SB_CHECK(folder && mkdtemp(folder), "no folder");
    return folder;
}

/* Writes a log of one image as `name` and has it read as `which`; 1 when it was found. */
static int found_as(const char *folder, const char *name, sb_authors_log which) {
    sb_error error = {0};
    sb_certification_log log;
    char *path = sb_path_join(folder, name), *place = NULL;
    char *text = sb_format("%s7\t3\t3\t0.005\t1\t0:00:01\n", heading);
    int found = 0;
    SB_CHECK(sb_file_write(path, text, strlen(text), &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_authors_logs_check(folder, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_authors_log_path(folder, which, &place, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_authors_log_read(&log, folder, which, &found, &error) == SB_OK, "%s", error.message);
    int same = found && place && strcmp(place, path) == 0 && log.count == 1 && log.image[0].index == 7;
    sb_certification_log_clear(&log);
    unlink(path);
    free(path);
    free(place);
    free(text);
    return same;
}

static void every_name_is_found(void) {
    char *folder = new_folder();
    for (int i = 0; i < SB_AUTHORS_LOGS; i++) {
        sb_authors_log which = (sb_authors_log)i;
        const sb_authors_log_facts *facts = sb_authors_log_facts_of(which);
        char *bare = sb_format("%.*s", (int)strlen(facts->name) - 4, facts->name);
        SB_CHECK(found_as(folder, facts->name, which), "%s", facts->name);
        SB_CHECK(found_as(folder, bare, which), "%s", bare);
        if (facts->other) SB_CHECK(found_as(folder, facts->other, which), "%s", facts->other);
        free(bare);
    }
    rmdir(folder);
    free(folder);
}

static void what_is_not_there(void) {
    char *folder = new_folder(), *path = sb_path_join(folder, sb_authors_log_facts_of(SB_AUTHORS_48)->name);
    sb_error error = {0};
    sb_certification_log log;
    int found = 1;
    SB_CHECK(sb_authors_log_read(&log, folder, SB_AUTHORS_48, &found, &error) == SB_OK && !found &&
                 !log.count,
             "%s", error.message);
    SB_CHECK(sb_authors_logs_check(folder, &error) == SB_BAD_INPUT && strstr(error.message, folder), "%s",
             error.message);
    SB_CHECK(sb_authors_logs_check("/no/such/folder", &error) == SB_IO, "%s", error.message);
    SB_CHECK(sb_file_write(path, heading, strlen(heading), &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_authors_log_read(&log, folder, SB_AUTHORS_48, &found, &error) == SB_BAD_INPUT && !found &&
                 strstr(error.message, path),
             "%s", error.message);
    unlink(path);
    rmdir(folder);
    free(path);
    free(folder);
}

/* d = 3 s^2; the noise grows with the side of the image; one division by sqrt(d) and no other between an l_2
   radius and an l_inf radius. */
static void facts_fit(void) {
    for (int i = 0; i < SB_AUTHORS_LOGS; i++) {
        sb_authors_log which = (sb_authors_log)i;
        const sb_authors_log_facts *facts = sb_authors_log_facts_of(which);
        sb_sampling sampling;
        sb_divisor shown, total;
        fmpq_t ratio;
        sb_sampling_init(&sampling);
        sb_divisor_init(&shown);
        sb_divisor_init(&total);
        fmpq_init(ratio);
        sb_authors_log_sampling(&sampling, which);
        sb_authors_log_divisor(&shown, which);
        sb_divisor_product(&total, &shown, &sampling.logged);
        SB_CHECK(facts->dimension == 3u * facts->size * facts->size, "%s", facts->name);
        SB_CHECK(fmpz_equal_ui(fmpq_denref(total.square), 1) &&
                     fmpz_equal_ui(fmpq_numref(total.square), facts->dimension),
                 "%s", facts->name);
        fmpq_set_si(ratio, (slong)facts->size, 1);
        fmpq_div(ratio, sampling.sigma, ratio);
        SB_CHECK(fmpz_equal_ui(fmpq_numref(ratio), 3) && fmpz_equal_ui(fmpq_denref(ratio), 800), "%s",
                 facts->name);
        sb_sampling_clear(&sampling);
        sb_divisor_clear(&shown);
        sb_divisor_clear(&total);
        fmpq_clear(ratio);
    }
}

static const sb_test tests[] = {{"every name is found", every_name_is_found},
                                {"what is not there, or empty", what_is_not_there},
                                {"dimension, noise and divisors fit", facts_fit}};
SB_TEST_MAIN(tests)
