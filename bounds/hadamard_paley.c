/* Let X be the quadratic character of GF(q), with elements a_1, ..., a_q, and Q_ij = X(a_i - a_j). Then
   Q Q^T = q I - J (J: all ones), because the row sums of X are 0 and, for c != 0,

       sum over y of X(y) X(y + c) = sum over z of X(cz) X(cz + c) = sum over z of X(z) X(z + 1) = -1.

   Q^T = X(-1) Q. With 1 the column of q ones:

       I   (q = 3 mod 4, Q^T = -Q)   H = I + [0 1^T; -1 Q]
       II  (q = 1 mod 4, Q^T =  Q)   H = C (x) [1 1; 1 -1] + I (x) [1 -1; -1 -1],   C = [0 1^T; 1 Q] */
#include "bounds/hadamard_paley.h"

#include <stddef.h>
#include <string.h>

sb_paley_kind sb_paley_of_order(uint64_t order, uint64_t *q) {
    uint64_t p;
    unsigned k;
    if (order < 4 || order % 4) return SB_PALEY_NONE;
    *q = order - 1;
    if (sb_prime_power(*q, &p, &k)) return SB_PALEY_I;
    *q = order / 2 - 1;
    return order % 8 == 4 && sb_prime_power(*q, &p, &k) ? SB_PALEY_II : SB_PALEY_NONE;
}

sb_status sb_paley_make(sb_paley *paley, uint64_t order, sb_error *error) {
    uint64_t q = 0;
    *paley = (sb_paley){.kind = sb_paley_of_order(order, &q), .order = order};
    if (paley->kind == SB_PALEY_NONE)
        return sb_fail(error, SB_BAD_INPUT, "no matrix of Paley has order %llu", (unsigned long long)order);
    return sb_finite_field_make(&paley->field, q, error);
}

void sb_paley_clear(sb_paley *paley) {
    sb_finite_field_clear(&paley->field);
    *paley = (sb_paley){0};
}

/* Row i of [0 1^T; s Q], s = -1 (I) or 1 (II), or of its transpose. */
static void conference_row(const sb_paley *paley, uint64_t i, int transposed, int8_t *entry) {
    int8_t s = paley->kind == SB_PALEY_I ? -1 : 1;
    if (i == 0) {
        entry[0] = 0;
        memset(entry + 1, transposed ? s : 1, (size_t)paley->field.order);
    } else {
        entry[0] = transposed ? 1 : s;
        sb_finite_field_differences(&paley->field, i - 1, !transposed, entry + 1);
    }
}

void sb_paley_row(const sb_paley *paley, uint64_t row, int transposed, int8_t *sign) {
    if (paley->kind == SB_PALEY_I) {
        conference_row(paley, row, transposed, sign);
        sign[row] = 1; /* the diagonal of the rest is 0 */
        return;
    }
    uint64_t half = paley->order / 2, i = row / 2;
    int8_t second = row % 2 ? -1 : 1; /* [1 1] or [1 -1] */
    conference_row(paley, i, transposed, sign);
    for (uint64_t j = half; j-- > 0;) { /* from the end: an entry becomes two */
        int8_t c = sign[j];
        sign[2 * j] = c;
        sign[2 * j + 1] = (int8_t)(second * c);
    }
    sign[2 * i] = second;
    sign[2 * i + 1] = -1;
}

/* y + 1 and -1: the last digit alone. */
int sb_paley_sums_hold(const sb_paley *paley) {
    uint64_t q = paley->field.order, p = paley->field.characteristic;
    const int8_t *X = paley->field.character;
    int64_t sum = 0, shifted = 0;
    for (uint64_t y = 0; y < q; y += p) {
        for (uint64_t i = 0; i < p; i++) {
            sum += X[y + i];
            shifted += X[y + i] * X[y + (i + 1 < p ? i + 1 : 0)];
        }
    }
    return X[0] == 0 && X[p - 1] == (paley->kind == SB_PALEY_I ? -1 : 1) && sum == 0 && shifted == -1;
}
