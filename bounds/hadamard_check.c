/* Gram matrix: G = A A^T is order * identity. A block of 256 rows is expanded to single precision and
   multiplied with another. Kronecker: (A (x) B)(A (x) B)^T = (A A^T) (x) (B B^T). */
#include "bounds/hadamard_check.h"

#include "support/progress.h"
#include "support/random.h"

#include <cblas.h>
#include <stdlib.h>

enum { BLOCK = 256 }; /* rows */

void sb_hadamard_finding_init(sb_hadamard_finding *finding) {
    finding->verdict = SB_SKIPPED;
    sb_text_init(&finding->evidence);
}

void sb_hadamard_finding_clear(sb_hadamard_finding *finding) {
    sb_text_clear(&finding->evidence);
}

static void reach(sb_hadamard_finding *finding, sb_verdict verdict) {
    int settled = finding->verdict == SB_REFUTED || (finding->verdict == SB_PROVED && verdict != SB_REFUTED);
    if (!settled) finding->verdict = verdict;
    if (finding->evidence.length) sb_text_append(&finding->evidence, "; ");
}

static sb_status stop(const sb_check_watch *watch, sb_error *error) {
    return watch->proceed && !watch->proceed() ? sb_fail(error, SB_INTERRUPTED, "interrupted") : SB_OK;
}

/* ------------------------------------------------------------------ Gram matrices */
static void expand_block(float *out, const sb_sign_matrix *matrix, uint64_t first, uint64_t rows) {
    for (uint64_t i = 0; i < rows; i++) {
        const uint64_t *word = matrix->bits + (first + i) * matrix->words;
        for (uint64_t j = 0; j < matrix->order; j++) *out++ = word[j / 64] >> j % 64 & 1 ? -1.0f : 1.0f;
    }
}

/* Whether the product of two blocks, rows first.. and second.., is a block of order * identity. */
static int block_right(const float *product, const sb_sign_matrix *matrix, uint64_t first, uint64_t rows,
                       uint64_t second, uint64_t columns, uint64_t *row, uint64_t *other) {
    for (uint64_t i = 0; i < rows; i++) {
        for (uint64_t j = 0; j < columns; j++) {
            float wanted = first + i == second + j ? (float)matrix->order : 0.0f;
            if (product[i * BLOCK + j] == wanted) continue;
            *row = first + i;
            *other = second + j;
            return 0;
        }
    }
    return 1;
}

static uint64_t block_rows(const sb_sign_matrix *matrix, uint64_t first) {
    return matrix->order - first < BLOCK ? matrix->order - first : BLOCK;
}

sb_status sb_sign_gram(const sb_sign_matrix *matrix, const sb_check_watch *watch, int *orthogonal,
                       uint64_t *row, uint64_t *other, sb_error *error) {
    uint64_t n = matrix->order;
    float *a = malloc(BLOCK * (size_t)n * sizeof *a), *b = malloc(BLOCK * (size_t)n * sizeof *b);
    float *product = malloc(sizeof *product * BLOCK * BLOCK);
    sb_status status = a && b && product ? SB_OK : sb_fail_memory(error);
    sb_progress progress;
    double total = (double)((n + BLOCK - 1) / BLOCK), done = 0;
    sb_progress_start(&progress, watch->progress, "Gram matrix", total * (total + 1) / 2);
    *orthogonal = 1;
    for (uint64_t i = 0; i < n && *orthogonal && !status; i += BLOCK) {
        uint64_t rows = block_rows(matrix, i);
        expand_block(a, matrix, i, rows);
        for (uint64_t j = i; j < n && *orthogonal && !status; j += BLOCK) {
            uint64_t columns = block_rows(matrix, j);
            if (j > i) expand_block(b, matrix, j, columns);
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)columns, (int)n, 1.0f, a,
                        (int)n, j > i ? b : a, (int)n, 0.0f, product, BLOCK);
            *orthogonal = block_right(product, matrix, i, rows, j, columns, row, other);
            sb_progress_update(&progress, ++done, NULL);
            status = stop(watch, error);
        }
    }
    sb_progress_finish(&progress);
    free(a);
    free(b);
    free(product);
    return status;
}

static sb_status count_bits(const sb_sign_matrix *matrix, const sb_check_watch *watch, int *orthogonal,
                            uint64_t *row, uint64_t *other, sb_error *error) {
    sb_progress progress;
    double n = (double)matrix->order;
    sb_status status = SB_OK;
    sb_progress_start(&progress, watch->progress, "inner products", n * n);
    *orthogonal = 1;
    for (*row = 0; *row < matrix->order && !status; ++*row) {
        *orthogonal = sb_sign_row_orthogonal(matrix, *row, other);
        if (!*orthogonal) break;
        double left = n - 1 - (double)*row;
        sb_progress_update(&progress, n * n - left * left, NULL);
        status = stop(watch, error);
    }
    sb_progress_finish(&progress);
    return status;
}

/* Both ways; `name`: of the matrix. */
static sb_status check_signs(const sb_sign_matrix *matrix, const char *name, const sb_check_watch *watch,
                             sb_hadamard_finding *finding, sb_error *error) {
    uint64_t row = 0, other = 0;
    int right = 1;
    sb_status status = sb_sign_gram(matrix, watch, &right, &row, &other, error);
    if (!status && right) status = count_bits(matrix, watch, &right, &row, &other, error);
    if (status) return status;
    reach(finding, right ? SB_PROVED : SB_REFUTED);
    if (right)
        sb_text_format(&finding->evidence, "%s: Gram matrix %llu I, by OpenBLAS and by counting bits", name,
                       (unsigned long long)matrix->order);
    else
        sb_text_format(&finding->evidence, "%s: rows %llu and %llu are not orthogonal", name,
                       (unsigned long long)row, (unsigned long long)other);
    return SB_OK;
}

sb_status sb_hadamard_check_gram(const sb_hadamard *hadamard, const sb_check_watch *watch,
                                 sb_hadamard_finding *finding, sb_error *error) {
    uint64_t order = hadamard->shape.order;
    if (order > SB_SIGN_ORDER_LIMIT)
        return sb_fail(error, SB_OUTSIDE,
                       "the Gram matrix of order %llu: the limit is %d (check the factors)",
                       (unsigned long long)order, (int)SB_SIGN_ORDER_LIMIT);
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    sb_status status = sb_hadamard_signs(hadamard, &matrix, error);
    char name[40];
    snprintf(name, sizeof name, "order %llu", (unsigned long long)order);
    if (!status) status = check_signs(&matrix, name, watch, finding, error);
    sb_sign_matrix_clear(&matrix);
    return status;
}

/* ------------------------------------------------------------------ factors */
static sb_status check_core(const sb_paley *core, const sb_check_watch *watch, sb_hadamard_finding *finding,
                            sb_error *error) {
    /* a matrix with one factor, which stays its owner's */
    sb_hadamard alone = {.shape = {.order = core->order, .core_count = 1, .core = {core->order}},
                         .core = {*core}};
    if (core->order <= SB_GRAM_AT_ONCE) return sb_hadamard_check_gram(&alone, watch, finding, error);
    int right = sb_paley_sums_hold(core);
    reach(finding, right ? SB_PROVED : SB_REFUTED);
    sb_text_format(&finding->evidence,
                   right ? "order %llu: the character sums of GF(%llu) are those of Paley's theorem"
                         : "order %llu: a character sum of GF(%llu) is wrong",
                   (unsigned long long)core->order, (unsigned long long)core->field.order);
    return SB_OK;
}

sb_status sb_hadamard_check_factors(const sb_hadamard *hadamard, const sb_check_watch *watch,
                                    sb_hadamard_finding *finding, sb_error *error) {
    const sb_hadamard_order *shape = &hadamard->shape;
    sb_status status = SB_OK;
    for (unsigned i = 0; i < shape->core_count && !status; i++)
        if (i == 0 || shape->core[i] != shape->core[i - 1])
            status = check_core(&hadamard->core[i], watch, finding, error);
    if (status) return status;
    if (shape->sylvester || !shape->core_count) {
        reach(finding, SB_PROVED);
        sb_text_format(&finding->evidence, "2^%u: Lemma 3.5", shape->sylvester);
    }
    if (shape->core_count + (shape->sylvester > 0) > 1)
        sb_text_append(&finding->evidence, "; Kronecker products of orthogonal rows are orthogonal");
    return SB_OK;
}

/* ------------------------------------------------------------------ probes */
/* Entries of x are at most this in modulus, so that ||H x||_2^2 <= order^2 most^2 stays under 2^62. */
static int64_t largest_entry(uint64_t order) {
    int64_t most = 127;
    while (most < 1 << 20 && (double)order * (double)order * 4 * (double)most * (double)most < 0x1p61)
        most *= 2;
    return most;
}

static sb_status probe(const sb_hadamard *hadamard, int64_t *x, uint64_t seed, uint64_t number,
                       const sb_check_watch *watch, int *right, sb_error *error) {
    uint64_t n = hadamard->shape.order;
    int64_t most = largest_entry(n);
    uint64_t length = 0, image = 0; /* modulo 2^64, should the matrix be wrong */
    sb_random random = sb_random_at(seed, number, 0);
    for (uint64_t i = 0; i < n; i++) {
        x[i] = (int64_t)(sb_random_bits(&random) % (uint64_t)(2 * most + 1)) - most;
        length += (uint64_t)(x[i] * x[i]);
    }
    sb_status status = sb_hadamard_product_int64(hadamard, 0, x, watch->proceed, error);
    for (uint64_t i = 0; i < n && !status; i++) image += (uint64_t)x[i] * (uint64_t)x[i];
    if (!status) status = sb_hadamard_product_int64(hadamard, 1, x, watch->proceed, error);
    if (status) return status;
    *right = image == n * length;
    random = sb_random_at(seed, number, 0); /* the same numbers again */
    for (uint64_t i = 0; i < n && *right; i++)
        *right = x[i] == (int64_t)n * ((int64_t)(sb_random_bits(&random) % (uint64_t)(2 * most + 1)) - most);
    return SB_OK;
}

sb_status sb_hadamard_check_transform(const sb_hadamard *hadamard, uint64_t probes, uint64_t seed,
                                      const sb_check_watch *watch, sb_hadamard_finding *finding,
                                      sb_error *error) {
    uint64_t order = hadamard->shape.order, done = 0;
    if (order > SB_PROBE_ORDER_LIMIT)
        return sb_fail(error, SB_OUTSIDE, "fast products of order %llu: the limit is %d (check the factors)",
                       (unsigned long long)order, (int)SB_PROBE_ORDER_LIMIT);
    int64_t *x = malloc((size_t)order * sizeof *x);
    if (!x) return sb_fail_memory(error);
    sb_status status = SB_OK;
    sb_progress progress;
    int right = 1;
    sb_progress_start(&progress, watch->progress, "fast products", (double)probes);
    for (; done < probes && right && !status; done++) {
        status = probe(hadamard, x, seed, done, watch, &right, error);
        sb_progress_update(&progress, (double)done + 1, NULL);
    }
    sb_progress_finish(&progress);
    free(x);
    if (status) return status;
    reach(finding, right ? SB_CONSISTENT : SB_REFUTED);
    sb_text_format(
        &finding->evidence,
        right ? "H^T (H x) = %llu x and ||H x||^2 = %llu ||x||^2 exactly for %llu random integer x, seed %llu"
              : "H^T (H x) = %llu x or ||H x||^2 = %llu ||x||^2 fails for random integer x number %llu, seed "
                "%llu",
        (unsigned long long)order, (unsigned long long)order, (unsigned long long)done,
        (unsigned long long)seed);
    return SB_OK;
}
