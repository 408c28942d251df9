/* What the authors' file names say (the side of the images, the noise), and what only their code says:
   whether the radii were divided by sqrt(d) before they were written. */
#include "nn/authors_logs.h"

#include "support/file.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

static const sb_authors_log_facts facts[SB_AUTHORS_LOGS] = {
    {"output_noise12_size32_l2trades0435_beta6_full.tsv", NULL, 32, 3072, 3, 25, 1},
    {"output_noise12_size32_l2trades0435_beta6.tsv", NULL, 32, 3072, 3, 25, 1},
    {"output_noise18_size48_l2trades06525_beta6.tsv", NULL, 48, 6912, 9, 50, 1},
    {"output_noise24_size64_l2trades087_beta6.tsv", NULL, 64, 12288, 6, 25, 1},
    {"Salman2019_best_result.tsv", "bubeck_best_result", 32, 3072, 3, 25, 1},
    {"sigma_0.12.tsv", NULL, 32, 3072, 3, 25, 0}};

const char *const sb_authors_logs_place =
    "the authors keep their certification logs in github.com/hongyanz/TRADES-smoothing, folder results: "
    "clone it and give "
    "--logs TRADES-smoothing/results";

const sb_authors_log_facts *sb_authors_log_facts_of(sb_authors_log which) {
    return &facts[which];
}

sb_status sb_authors_log_path(const char *directory, sb_authors_log which, char **path, sb_error *error) {
    char bare[80];
    snprintf(bare, sizeof bare, "%s", facts[which].name);
    char *ending = strstr(bare, ".tsv");
    if (ending) *ending = 0;
    const char *name[] = {facts[which].name, bare, facts[which].other};
    *path = NULL;
    for (size_t i = 0; i < 3 && name[i]; i++) {
        char *candidate = sb_path_join(directory, name[i]);
        if (!candidate) return sb_fail_memory(error);
        if (sb_file_exists(candidate)) {
            *path = candidate;
            return SB_OK;
        }
        free(candidate);
    }
    return SB_OK;
}

sb_status sb_authors_log_read(sb_certification_log *log, const char *directory, sb_authors_log which,
                              int *found, sb_error *error) {
    char *path = NULL;
    sb_certification_log_init(log);
    *found = 0;
    sb_status status = sb_authors_log_path(directory, which, &path, error);
    if (!status && path) status = sb_certification_log_read(log, path, error);
    if (!status && path && !log->count) {
        status = sb_fail(error, SB_BAD_INPUT, "%s: holds no images", path);
        sb_certification_log_clear(log);
    }
    *found = !status && path;
    free(path);
    return status;
}

sb_status sb_authors_logs_check(const char *directory, sb_error *error) {
    if (!sb_directory_exists(directory))
        return sb_fail(error, SB_IO, "%s: is no directory of certification logs", directory);
    for (int which = 0; which < SB_AUTHORS_LOGS; which++) {
        char *path = NULL;
        sb_status status = sb_authors_log_path(directory, (sb_authors_log)which, &path, error);
        int found = path != NULL;
        free(path);
        if (status || found) return status;
    }
    return sb_fail(error, SB_BAD_INPUT, "%s: holds none of the authors' logs (%s, ...)", directory,
                   facts[0].name);
}

void sb_authors_log_sampling(sb_sampling *sampling, sb_authors_log which) {
    fmpq_set_si(sampling->sigma, facts[which].sigma_numerator, facts[which].sigma_denominator);
    fmpq_set_si(sampling->alpha, 1, 1000);
    sampling->samples = 100000;
    sampling->classes = 10;
    sampling->radius_digits = 3;
    if (facts[which].divided)
        sb_divisor_sqrt_dimension(&sampling->logged, facts[which].dimension);
    else
        fmpq_one(sampling->logged.square);
}

void sb_authors_log_divisor(sb_divisor *divisor, sb_authors_log which) {
    if (facts[which].divided)
        fmpq_one(divisor->square);
    else
        sb_divisor_sqrt_dimension(divisor, facts[which].dimension);
}
