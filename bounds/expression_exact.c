/* Interval arithmetic with rational ends: exact for rational operations; a function's end is a dyadic
   rational of SB_EXACT_PRECISION bits on the safe side. An end whose numerator and denominator together pass
   SIZE_LIMIT bits is rounded outward to such a dyadic, so that powers of powers cannot exhaust the machine.
 */
#include "bounds/expression_function.h"
#include "bounds/expression_workplace.h"

enum { SIZE_LIMIT = 1 << 13 };

/* Rounds an overlong end down (direction -1) or up (+1). */
static void shorten(fmpq_t value, int direction) {
    if (fmpz_bits(fmpq_numref(value)) + fmpz_bits(fmpq_denref(value)) <= SIZE_LIMIT) return;
    arf_t rounded;
    arf_init(rounded);
    arf_fmpz_div_fmpz(rounded, fmpq_numref(value), fmpq_denref(value), SB_EXACT_PRECISION,
                      direction < 0 ? ARF_RND_FLOOR : ARF_RND_CEIL);
    arf_get_fmpq(value, rounded);
    arf_clear(rounded);
}

/* The ends of a span whose values are beyond all sense have none. */
static void settle(sb_exact_span *r) {
    shorten(r->low, -1);
    shorten(r->high, 1);
    fmpz *part[4] = {fmpq_numref(r->low), fmpq_denref(r->low), fmpq_numref(r->high), fmpq_denref(r->high)};
    for (int i = 0; i < 4; i++)
        if (fmpz_bits(part[i]) > 4 * SB_EXPONENT_LIMIT) r->defined = 0;
}

static int contains_zero(const sb_exact_span *a) {
    return fmpq_sgn(a->low) <= 0 && fmpq_sgn(a->high) >= 0;
}

static void copy(sb_exact_span *r, const sb_exact_span *a) {
    fmpq_set(r->low, a->low);
    fmpq_set(r->high, a->high);
    r->defined = a->defined;
}

static void negate(sb_exact_span *r, const sb_exact_span *a) {
    r->defined = a->defined;
    fmpq_set(r->low, a->low);
    fmpq_set(r->high, a->high);
    fmpq_swap(r->low, r->high);
    fmpq_neg(r->low, r->low);
    fmpq_neg(r->high, r->high);
}

static void take_hull(sb_exact_span *r, const fmpq_t value, int first) {
    if (first || fmpq_cmp(value, r->low) < 0) fmpq_set(r->low, value);
    if (first || fmpq_cmp(value, r->high) > 0) fmpq_set(r->high, value);
}

/* Products or quotients of the ends. r is neither a nor b. */
static void combine(sb_evaluator *e, sb_exact_span *r, const sb_exact_span *a, const sb_exact_span *b,
                    int dividing) {
    int wide_a = !fmpq_equal(a->low, a->high), wide_b = !fmpq_equal(b->low, b->high);
    if (dividing && contains_zero(b)) {
        r->defined = 0;
        return;
    }
    for (int i = 0; i <= wide_a; i++) {
        for (int j = 0; j <= wide_b; j++) {
            const fmpq *left = i ? a->high : a->low, *right = j ? b->high : b->low;
            if (dividing)
                fmpq_div(e->work, left, right);
            else
                fmpq_mul(e->work, left, right);
            take_hull(r, e->work, i + j == 0);
        }
    }
    r->defined = 1;
}

static void absolute(sb_exact_span *r, const sb_exact_span *a) {
    copy(r, a);
    int straddles = contains_zero(r);
    fmpq_abs(r->low, r->low);
    fmpq_abs(r->high, r->high);
    if (_fmpq_cmp(fmpq_numref(r->low), fmpq_denref(r->low), fmpq_numref(r->high), fmpq_denref(r->high)) > 0)
        fmpq_swap(r->low, r->high);
    if (straddles) fmpq_zero(r->low);
}

/* value := value^n for a value >= 0 and n >= 0, rounded to one side when long. */
static void power_of_end(fmpq_t value, ulong n, int direction) {
    fmpq_t base;
    fmpq_init(base);
    fmpq_set(base, value);
    fmpq_one(value);
    ulong bit = 1;
    while (bit <= n / 2) bit *= 2;
    for (; n && bit; bit /= 2) {
        fmpq_mul(value, value, value);
        if (n & bit) fmpq_mul(value, value, base);
        shorten(value, direction);
        if (fmpz_bits(fmpq_numref(value)) + fmpz_bits(fmpq_denref(value)) > 8 * SB_EXPONENT_LIMIT) break;
    }
    fmpq_clear(base);
}

static void power(sb_exact_span *r, const sb_exact_span *a, slong n) {
    ulong count = n < 0 ? 0 - (ulong)n : (ulong)n;
    int odd = count % 2 == 1;
    if (n < 0 && contains_zero(a)) {
        r->defined = 0;
        return;
    }
    if (odd)
        copy(r, a);
    else
        absolute(r, a);
    fmpq *end[2] = {r->low, r->high};
    for (int i = 0; i < 2; i++) {
        int sign = fmpq_sgn(end[i]) < 0 ? -1 : 1;
        fmpq_abs(end[i], end[i]);
        power_of_end(end[i], count,
                     (i ? 1 : -1) * sign); /* a reciprocal turns the side, and the ends change places */
        if (n < 0) fmpq_inv(end[i], end[i]);
        if (sign < 0) fmpq_neg(end[i], end[i]);
    }
    r->defined = 1;
    if (n < 0) fmpq_swap(r->low, r->high);
}

/* The square root of the square of a rational is exact. */
static void exact_root(fmpq_t root, const fmpq_t a) {
    if (!fmpz_is_square(fmpq_numref(a)) || !fmpz_is_square(fmpq_denref(a))) return;
    fmpz_sqrt(fmpq_numref(root), fmpq_numref(a));
    fmpz_sqrt(fmpq_denref(root), fmpq_denref(a));
}

static void function(sb_evaluator *e, sb_exact_span *r, sb_operation operation, const sb_exact_span *a) {
    int point = fmpq_equal(a->low, a->high);
    arb_set_fmpq(e->ball[0], a->low, SB_EXACT_PRECISION + 32);
    if (!point) arb_set_fmpq(e->ball[1], a->high, SB_EXACT_PRECISION + 32);
    r->defined = sb_function_range(operation, e->end[0], e->end[1], e->ball[0], e->ball[point ? 0 : 1],
                                   SB_EXACT_PRECISION);
    if (!r->defined) return;
    arf_get_fmpq(r->low, e->end[0]);
    arf_get_fmpq(r->high, e->end[1]);
    if (operation == SB_SQRT) {
        exact_root(r->low, a->low);
        exact_root(r->high, a->high);
    }
}

static void general_power(sb_evaluator *e, sb_exact_span *r, const sb_exact_span *a, const sb_exact_span *b) {
    if (fmpq_equal(b->low, b->high) && fmpz_is_one(fmpq_denref(b->low)) &&
        fmpz_cmpabs(fmpq_numref(b->low), (fmpz_t){1000000}) < 0) {
        power(r, a, fmpz_get_si(fmpq_numref(b->low)));
        return;
    }
    r->defined = 0;
    if (fmpq_sgn(a->low) <= 0) return;
    sb_exact_span exponent;
    fmpq_init(exponent.low);
    fmpq_init(exponent.high);
    function(e, r, SB_LOG, a);
    if (r->defined) combine(e, &exponent, b, r, 0);
    if (r->defined) function(e, r, SB_EXP, &exponent);
    fmpq_clear(exponent.low);
    fmpq_clear(exponent.high);
}

static void choose(sb_exact_span *r, sb_operation operation, const sb_exact_span *a, const sb_exact_span *b,
                   const sb_exact_span *above, const sb_exact_span *below) {
    r->defined = 0;
    if (!a->defined || !b->defined) return;
    if (fmpq_cmp(a->low, b->high) >= 0) {
        copy(r, above);
    } else if (fmpq_cmp(b->low, a->high) >= 0) {
        copy(r, below);
    } else if (operation == SB_CHOOSE && above->defined && below->defined) {
        copy(r, above);
        take_hull(r, below->low, 0);
        take_hull(r, below->high, 0);
    }
}

static void extreme(sb_exact_span *r, const sb_exact_span *a, const sb_exact_span *b, int sign) {
    r->defined = 1;
    fmpq_set(r->low, sign * fmpq_cmp(a->low, b->low) >= 0 ? a->low : b->low);
    fmpq_set(r->high, sign * fmpq_cmp(a->high, b->high) >= 0 ? a->high : b->high);
}

static void set_ends(sb_exact_span *r, const fmpq_t low, const fmpq_t high) {
    fmpq_set(r->low, low);
    fmpq_set(r->high, high);
}

static void number_pi(sb_evaluator *e, sb_exact_span *r) {
    arb_const_pi(e->ball[0], SB_EXACT_PRECISION);
    arb_get_lbound_arf(e->end[0], e->ball[0], SB_EXACT_PRECISION);
    arb_get_ubound_arf(e->end[1], e->ball[0], SB_EXACT_PRECISION);
    arf_get_fmpq(r->low, e->end[0]);
    arf_get_fmpq(r->high, e->end[1]);
}

void sb_exact_node(sb_evaluator *e, int index) {
    const sb_node *node = &e->tree.node[index];
    int count = sb_operand_count(node->operation);
    sb_exact_span *r = &e->exact[index], *a = count ? &e->exact[node->operand[0]] : NULL;
    sb_exact_span *b = count > 1 ? &e->exact[node->operand[1]] : a;
    r->defined = 0;
    if (count == 4) {
        choose(r, node->operation, a, b, &e->exact[node->operand[2]], &e->exact[node->operand[3]]);
        return;
    }
    if (count && (!a->defined || !b->defined)) return;
    r->defined = 1;
    switch (node->operation) {
    case SB_NUMBER:
        set_ends(r, node->value, node->value);
        return;
    case SB_VARIABLE:
        set_ends(r, e->box.low[node->power], e->box.high[node->power]);
        return;
    case SB_PI:
        number_pi(e, r);
        return;
    case SB_ADD:
        fmpq_add(r->low, a->low, b->low);
        fmpq_add(r->high, a->high, b->high);
        break;
    case SB_SUBTRACT:
        fmpq_sub(r->low, a->low, b->high);
        fmpq_sub(r->high, a->high, b->low);
        break;
    case SB_MULTIPLY:
        combine(e, r, a, b, 0);
        break;
    case SB_DIVIDE:
        combine(e, r, a, b, 1);
        break;
    case SB_NEGATE:
        negate(r, a);
        return;
    case SB_POWER:
        power(r, a, node->power);
        break;
    case SB_RAISE:
        general_power(e, r, a, b);
        break;
    case SB_MAXIMUM:
        extreme(r, a, b, 1);
        return;
    case SB_MINIMUM:
        extreme(r, a, b, -1);
        return;
    case SB_ABSOLUTE:
        absolute(r, a);
        return;
    default:
        function(e, r, node->operation, a);
        return;
    }
    if (r->defined) settle(r);
}
