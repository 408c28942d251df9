/* Lemma 3.5, Corollary 3.6 and the matrix Q of Theorem 1.2 on integers. What is said for all n or all d rests
   on the induction of the paper and on the choice of the largest n with 2^n <= d; here every pair of rows is
   multiplied out for n = 0..12 and every d up to 5000 is tried. */
#include "bounds/hadamard.h"
#include "bounds/ledger_checks.h"
#include "distributions/finite_law.h"

enum { LARGEST_N = 12, LARGEST_DIMENSION = 5000, LARGEST_WHOLE = 8 };

/* ---------------------------------------- Lemma 3.5 */

/* Rows and columns of Sylvester's matrix are exchangeable, and entry (i, j) is the parity of i & j: a closed
 * form besides the induction. */
static int closed_form(const sb_sign_matrix *matrix) {
    for (uint64_t i = 0; i < matrix->order; i++) {
        for (uint64_t j = 0; j < matrix->order; j++) {
            uint64_t both = i & j;
            int sign = 1;
            for (; both; both &= both - 1) sign = -sign;
            if (sb_sign_matrix_entry(matrix, i, j) != sign) return 0;
        }
    }
    return 1;
}

/* damaged: one sign of the last row changed before the check */
static sb_status check_sylvester(int damaged, unsigned largest, sb_finding *finding, sb_error *error) {
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    uint64_t row = 0, other = 0, pairs = 0;
    sb_status status = SB_OK;
    int holds = 1;
    unsigned n = 0;
    for (; n <= largest && holds; n++) {
        status = sb_sylvester(&matrix, n, error);
        if (status) break;
        if (damaged && n > 0) matrix.bits[(matrix.order - 1) * matrix.words] ^= 1;
        holds = matrix.order == (uint64_t)1 << n && sb_sign_orthogonal(&matrix, &row, &other);
        if (holds && n <= LARGEST_WHOLE) holds = closed_form(&matrix);
        pairs += matrix.order * (matrix.order - 1) / 2;
    }
    sb_sign_matrix_clear(&matrix);
    if (status) return status;
    if (!holds)
        return sb_find(finding, error, SB_REFUTED, "order 2^%u: rows %llu and %llu are not orthogonal", n - 1,
                       (unsigned long long)row, (unsigned long long)other);
    return sb_find(finding, error, SB_PROVED,
                   "all n by the induction (hand step and certificate); exact inner products of all %llu "
                   "pairs for n = 0..%u are 0",
                   (unsigned long long)pairs, largest);
}

sb_status sb_check_sylvester(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_sylvester(0, LARGEST_N, finding, error);
}

sb_status sb_check_sylvester_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_sylvester(1, LARGEST_N, finding, error);
}

/* "the 2^(d+1) vectors a_1, ..., a_d, b_1, ..., b_d" */
sb_status sb_check_sylvester_count_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    sb_status status = SB_OK;
    for (unsigned n = 0; n < 5; n++) {
        status = sb_sylvester(&matrix, n + 1, error); /* what the step makes from d = 2^n vectors */
        if (status) break;
        uint64_t d = (uint64_t)1 << n, printed = (uint64_t)2 << d, made = matrix.order;
        if (made == printed) continue;
        status = sb_find(finding, error, SB_REFUTED,
                         "d = %llu: the step makes 2d = %llu vectors, not 2^(d+1) = %llu",
                         (unsigned long long)d, (unsigned long long)made, (unsigned long long)printed);
        break;
    }
    sb_sign_matrix_clear(&matrix);
    if (!status && !finding->evidence)
        status = sb_find(finding, error, SB_CONSISTENT, "the printed count agrees for d = 1..16");
    return status;
}

/* ---------------------------------------- 2^n > d/2, Corollary 3.6 */

/* Whether the largest power of two b <= d satisfies top * b > bottom * d. */
static sb_status check_power(uint64_t top, uint64_t bottom, sb_finding *finding, sb_error *error) {
    for (uint64_t k = 1; k <= LARGEST_DIMENSION + 3 * 60; k++) {
        uint64_t d = k; /* then 2^e - 1, 2^e, 2^e + 1 for e = 1..60 */
        if (k > LARGEST_DIMENSION)
            d = ((uint64_t)1 << ((k - LARGEST_DIMENSION - 1) / 3 + 1)) + (k - LARGEST_DIMENSION - 1) % 3 - 1;
        uint64_t b = sb_direction_count(d);
        int power = (b & (b - 1)) == 0 && b >= 1;
        if (!power || b > d || !(top * b > bottom * d))
            return sb_find(finding, error, SB_REFUTED, "d = %llu: the largest power of two is b = %llu",
                           (unsigned long long)d, (unsigned long long)b);
    }
    return sb_find(finding, error, SB_PROVED,
                   "all d by argument (2b <= d would contradict the choice of b); exact for d = 1..%d and "
                   "next to 2^1..2^60",
                   LARGEST_DIMENSION);
}

sb_status sb_check_power_of_two(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_power(2, 1, finding, error);
}

sb_status sb_check_power_of_two_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_power(3, 2, finding, error);
}

static const slong norms[][2] = {{2, 1}, {9, 4}, {5, 2},   {3, 1}, {7, 2},
                                 {4, 1}, {8, 1}, {100, 1}, {1, 0}}; /* {1, 0}: inf */

/* For one p: ||v||_p = b^0, and ||v||_2 = b^e with e = 1/2 - 1/p >= 0, so that b >= d/2 gives b^e >= (d/2)^e.
 */
static int lengths_hold(const slong *p) {
    sb_exact norm, two;
    fmpq_t exponent, expected;
    sb_exact_init(&norm);
    sb_exact_init(&two);
    fmpq_init(exponent);
    fmpq_init(expected);
    norm.infinite = p[1] == 0;
    fmpq_set_si(norm.value, p[0], p[1] ? (ulong)p[1] : 1);
    fmpq_set_si(two.value, 2, 1);
    sb_direction_length_exponent(exponent, &norm, &norm);
    int holds = fmpq_is_zero(exponent);
    sb_direction_length_exponent(exponent, &two, &norm);
    fmpq_set_si(expected, norm.infinite ? 1 : p[0] - 2 * p[1],
                norm.infinite ? 2 : (ulong)(2 * p[0])); /* (p-2)/(2p) */
    holds = holds && fmpq_equal(exponent, expected) && fmpq_sgn(exponent) >= 0;
    sb_exact_clear(&norm);
    sb_exact_clear(&two);
    fmpq_clear(exponent);
    fmpq_clear(expected);
    return holds;
}

static sb_status check_directions(uint64_t top, uint64_t bottom, sb_finding *finding, sb_error *error) {
    for (size_t i = 0; i < sizeof norms / sizeof norms[0]; i++)
        if (!lengths_hold(norms[i]))
            return sb_find(finding, error, SB_REFUTED, "norm number %zu: wrong exponent", i + 1);
    for (uint64_t d = 1; d <= LARGEST_DIMENSION; d++) {
        uint64_t b = sb_direction_count(d);
        if (b > d || 2 * b < d + 1 || top * b < bottom * d)
            return sb_find(finding, error, SB_REFUTED, "d = %llu has b = %llu directions",
                           (unsigned long long)d, (unsigned long long)b);
    }
    return sb_find(finding, error, SB_PROVED,
                   "all d and p by argument; exact: b <= d and 2b >= d+1 for d = 1..%d, lengths b^0 and "
                   "b^(1/2-1/p) as exponents for "
                   "p = 2, 9/4, 5/2, 3, 7/2, 4, 8, 100, inf; orthogonality is lemma-3.5",
                   LARGEST_DIMENSION);
}

sb_status sb_check_directions(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_directions(2, 1, finding, error);
}

sb_status sb_check_directions_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_directions(3, 2, finding, error);
}

/* ---------------------------------------- the matrix Q of Theorem 1.2 */

/* Q = b^(-1/2) (H | 0) with H Sylvester's matrix: Q Q^T = I is Lemma 3.5, and P = Q^T Q has the entries
   (column i . column j)/b in its corner of order b, 0 elsewhere. scale: P is compared with scale * I in that
   corner. */
static sb_status check_rows(int64_t scale, sb_finding *finding, sb_error *error) {
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    sb_status status = SB_OK;
    int holds = 1;
    for (unsigned n = 0; n <= LARGEST_WHOLE && holds && !status; n++) {
        status = sb_sylvester(&matrix, n, error);
        for (uint64_t i = 0; i < matrix.order && holds && !status; i++) {
            for (uint64_t j = i; j < matrix.order && holds; j++) {
                int64_t product = 0;
                for (uint64_t k = 0; k < matrix.order; k++)
                    product += sb_sign_matrix_entry(&matrix, k, i) * sb_sign_matrix_entry(&matrix, k, j);
                holds = product == (i == j ? scale * (int64_t)matrix.order : 0);
            }
        }
    }
    uint64_t order = matrix.order;
    sb_sign_matrix_clear(&matrix);
    if (status) return status;
    if (!holds)
        return sb_find(finding, error, SB_REFUTED, "order %llu: Q^T Q is not %lld times the identity",
                       (unsigned long long)order, (long long)scale);
    return sb_find(finding, error, SB_PROVED,
                   "all d by argument ((Q^T Q)^2 = Q^T (Q Q^T) Q = Q^T Q); exact for b = 1, 2, 4, ..., 256: "
                   "Q^T Q is the identity on the "
                   "first b coordinates and 0 on the others");
}

sb_status sb_check_rows(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_rows(1, finding, error);
}

sb_status sb_check_rows_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_rows(2, finding, error);
}

/* "Q is the orthogonal projection matrix": d = 2 has Q = H/sqrt 2 and Q^2 = H^2/2. Squares of the entries are
 * rational: (Q^2)_11^2 against Q_11^2. */
sb_status sb_check_rows_as_printed(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    sb_status status = sb_sylvester(&matrix, 1, error);
    if (!status) {
        int64_t twice = 0, entry = sb_sign_matrix_entry(&matrix, 0, 0);
        for (uint64_t k = 0; k < 2; k++)
            twice += sb_sign_matrix_entry(&matrix, 0, k) * sb_sign_matrix_entry(&matrix, k, 0);
        /* (Q^2)_11^2 = (twice/2)^2, Q_11^2 = entry^2/2; times 4 */
        status = twice * twice == 2 * entry * entry
                     ? sb_find(finding, error, SB_CONSISTENT, "Q^2 = Q in the first entry for d = 2")
                     : sb_find(finding, error, SB_REFUTED,
                               "d = 2: Q = [1 1; 1 -1]/sqrt 2 has (Q^2)_11 = %lld and Q_11 = 1/sqrt 2; for b "
                               "< d (d = 3, b = 2) Q is not "
                               "even square",
                               (long long)(twice / 2));
    }
    sb_sign_matrix_clear(&matrix);
    return status;
}

/* sum_i (u_i.x)^2/b = x_1^2 + ... + x_b^2 <= ||x||^2 for integer x; the claimed bound is ||x||^2/divisor. */
static sb_status check_parseval(int64_t divisor, sb_finding *finding, sb_error *error) {
    enum { LONGEST = 40, TRIALS = 50 };
    sb_sign_matrix matrix;
    sb_sign_matrix_init(&matrix);
    uint64_t state = 36;
    sb_status status = SB_OK;
    int holds = 1;
    uint64_t d = 1;
    for (; d <= LONGEST && holds && !status; d++) {
        uint64_t b = sb_direction_count(d);
        unsigned n = 0;
        while ((uint64_t)1 << n < b) n++;
        status = sb_sylvester(&matrix, n, error);
        for (int t = 0; t < TRIALS && holds && !status; t++) {
            int64_t x[LONGEST], whole = 0, head = 0, projected = 0;
            for (uint64_t j = 0; j < d; j++) {
                x[j] = (int64_t)sb_finite_law_random_below(&state, 2001) - 1000;
                whole += x[j] * x[j];
                if (j < b) head += x[j] * x[j];
            }
            for (uint64_t i = 0; i < b; i++) {
                int64_t product = 0;
                for (uint64_t j = 0; j < b; j++) product += sb_sign_matrix_entry(&matrix, i, j) * x[j];
                projected += product * product;
            }
            holds = projected == (int64_t)b * head && divisor * projected <= (int64_t)b * whole;
        }
    }
    sb_sign_matrix_clear(&matrix);
    if (status) return status;
    if (!holds)
        return sb_find(finding, error, SB_REFUTED, "fails for an integer vector in dimension %llu",
                       (unsigned long long)(d - 1));
    return sb_find(finding, error, SB_PROVED,
                   "all x by argument (Q Q^T = I, Pythagoras); exact equality with x_1^2 + ... + x_b^2 for "
                   "%d integer vectors, d = 1..%d",
                   TRIALS * LONGEST, LONGEST);
}

sb_status sb_check_parseval(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_parseval(1, finding, error);
}

sb_status sb_check_parseval_control(const sb_claim *claim, sb_finding *finding, sb_error *error) {
    (void)claim;
    return check_parseval(2, finding, error);
}
