/* Whatever is rounded is rounded up: larger second moments exclude less. */
#include "cli/check_noise_input.h"

#include "distributions/noise.h"
#include "support/file.h"
#include "support/npy.h"
#include "support/progress.h"
#include "support/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXTRA_DIGITS = 12 };
static const size_t most_text = (size_t)1 << 30;

/* ------------------------------------------------------------------ text */
static sb_status read_list(sb_coordinate_moments *moments, const char *text, sb_error *error) {
    sb_exact_list list;
    sb_exact_list_init(&list);
    sb_status status = sb_exact_list_parse("variances", text, &list, error);
    for (size_t i = 0; i < list.count && !status; i++)
        status = sb_coordinate_moments_add(moments, &list.item[i], error);
    sb_exact_list_clear(&list);
    return status;
}

/* The same failure, with where it was met in front. */
static sb_status fail_at(const char *place, sb_error *error) {
    sb_error met = *error;
    return sb_fail(error, met.status, "%.300s: %s", place, met.message);
}

/* One number between separators; `place` is "FILE line 3". */
static sb_status read_word(sb_coordinate_moments *moments, const char *place, const char *word,
                           sb_exact *number, sb_error *error) {
    sb_status status = sb_exact_parse(place, word, number, error);
    if (!status && sb_coordinate_moments_add(moments, number, error)) status = fail_at(place, error);
    return status;
}

static sb_status read_text(sb_coordinate_moments *moments, const char *path, const sb_sample_options *options,
                           sb_error *error) {
    static const char separators[] = " \t\r\n,;";
    char *data, place[120];
    size_t size;
    sb_progress progress;
    unsigned long long line = 1;
    sb_exact number;
    sb_status status = sb_file_read(path, most_text, &data, &size, error);
    if (status) return status;
    if (strlen(data) != size)
        status = sb_fail(error, SB_BAD_INPUT, "%.300s: not text (a .npy file must be named so)", path);
    sb_exact_init(&number);
    sb_progress_start(&progress, options->progress, "read", (double)size + 1);
    for (char *at = data; !status && *at;) {
        size_t length = strcspn(at, " \t\r\n,;#");
        char *end = at + length, kept = *end;
        if (length) {
            *end = '\0';
            snprintf(place, sizeof place, "%.80s line %llu", path, line);
            status = read_word(moments, place, at, &number, error);
            *end = kept;
        }
        if (moments->dimension % 4096 == 0) {
            sb_progress_update(&progress, (double)(at - data), NULL);
            if (!status && options->proceed && !options->proceed())
                status = sb_fail(error, SB_INTERRUPTED, "interrupted");
        }
        if (kept == '#') end += strcspn(end, "\n");
        for (at = end; *at && strchr(separators, *at); at++) line += *at == '\n';
    }
    sb_progress_finish(&progress);
    sb_exact_clear(&number);
    free(data);
    return status;
}

/* ------------------------------------------------------------------ .npy */
static int has_suffix(const char *path, const char *suffix) {
    size_t n = strlen(path), m = strlen(suffix);
    return n >= m && strcmp(path + n - m, suffix) == 0;
}

static sb_status read_npy(sb_coordinate_moments *moments, const char *path, sb_error *error) {
    sb_npy npy;
    sb_status status = sb_npy_open(&npy, path, error);
    if (status) return status;
    if (npy.rows != 1 && npy.columns != 1 && npy.rows != npy.columns)
        status = sb_fail(error, SB_BAD_INPUT,
                         "%.300s: shape (%llu, %llu) is neither a vector nor a square covariance (samples: "
                         "--samples)",
                         path, (unsigned long long)npy.rows, (unsigned long long)npy.columns);
    double *row = status ? NULL : malloc((size_t)npy.columns * sizeof *row);
    if (!status && !row) status = sb_fail_memory(error);
    for (uint64_t i = 0; i < npy.rows && !status; i++) {
        status = sb_npy_row(&npy, row, error);
        uint64_t first = npy.rows == 1 ? 0 : npy.columns == 1 ? 0 : i;
        uint64_t count = npy.rows == 1 ? npy.columns : 1;
        for (uint64_t j = first; j < first + count && !status; j++)
            if (sb_coordinate_moments_add_double(moments, row[j], error)) status = fail_at(path, error);
    }
    free(row);
    sb_npy_close(&npy);
    return status;
}

/* Whether it begins as a list does. */
static int looks_like_list(const char *given) {
    return strspn(given, "+-.0123456789") || strncmp(given, "inf", 3) == 0;
}

sb_status sb_check_noise_variances(sb_coordinate_moments *moments, const char *given,
                                   const sb_sample_options *options, sb_error *error) {
    sb_status status;
    if (has_suffix(given, ".npy"))
        status = read_npy(moments, given, error);
    else if (strcmp(given, "-") == 0 || sb_file_exists(given))
        status = read_text(moments, given, options, error);
    else if (looks_like_list(given))
        status = read_list(moments, given, error);
    else if (access(given, F_OK) == 0)
        status = read_text(moments, given, options, error); /* says what is wrong with it */
    else
        status = sb_fail(error, SB_BAD_INPUT, "variances '%.300s': neither a list of numbers nor a file",
                         given);
    if (!status && !moments->dimension)
        status = sb_fail(error, SB_BAD_INPUT, "%.300s: holds no numbers", given);
    if (!status) sb_coordinate_moments_sort(moments);
    return status;
}

/* ------------------------------------------------------------------ samples */
static sb_status next_row(void *context, double *x, sb_error *error) {
    return sb_npy_row(context, x, error);
}

sb_status sb_check_noise_samples(sb_coordinate_moments *moments, const char *path, double alpha,
                                 const sb_sample_options *options, uint64_t *samples, sb_error *error) {
    static const double threshold = 0; /* the tails are not used */
    sb_npy npy;
    sb_sample_statistics s;
    sb_status status = sb_npy_open(&npy, path, error);
    if (status) return status;
    memset(&s, 0, sizeof s);
    status = sb_sample_statistics_init(&s, npy.columns, &threshold, 1, 0, error);
    if (!status) status = sb_sample_statistics_read(&s, next_row, &npy, 0, npy.rows, options, error);
    *samples = npy.rows;
    for (uint64_t i = 0; i < npy.columns && !status; i++) {
        double upper = sb_mean_upper_bound(s.second[i], s.fourth[i], s.count, alpha / (double)s.dimension);
        int known = s.count >= SB_CHECK_NOISE_LEAST_SAMPLES && isfinite(upper);
        status = sb_coordinate_moments_add_double(moments, known ? upper : INFINITY, error);
    }
    if (!status) sb_coordinate_moments_sort(moments);
    sb_sample_statistics_clear(&s);
    sb_npy_close(&npy);
    return status;
}

/* ------------------------------------------------------------------ a law */
typedef struct {
    const sb_noise_spec *noise;
    uint64_t dimension;
} law;

static void law_variance(arb_t value, const void *context, slong precision) {
    const law *x = context;
    sb_noise_variance(value, x->noise, x->dimension, precision);
}

sb_status sb_check_noise_law(sb_coordinate_moments *moments, const sb_noise_spec *noise, uint64_t dimension,
                             int digits, sb_error *error) {
    law x = {noise, dimension};
    sb_exact value;
    arb_t ball;
    arf_t top;
    sb_status status = sb_noise_domain(noise, dimension, error);
    if (status) return status;
    sb_exact_init(&value);
    arb_init(ball);
    arf_init(top);
    law_variance(ball, &x, SB_PRECISION_START);
    if (noise->scale_given == 2) {
        fmpq_mul(value.value, noise->deviation, noise->deviation);
    } else if (noise->family == &sb_gaussian_family) {
        fmpq_mul(value.value, noise->value[noise->family->scale], noise->value[noise->family->scale]);
    } else if (!arb_is_finite(ball) && arf_is_pos_inf(arb_midref(ball))) {
        value.infinite = 1;
    } else {
        status = sb_enclose(ball, law_variance, &x, digits + EXTRA_DIGITS, error);
        arb_get_ubound_arf(top, ball, ARF_PREC_EXACT);
        if (!status) arf_get_fmpq(value.value, top);
    }
    if (!status) status = sb_coordinate_moments_equal(moments, &value, dimension, error);
    sb_exact_clear(&value);
    arb_clear(ball);
    arf_clear(top);
    return status;
}
