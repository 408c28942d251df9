/* Interval arithmetic with double ends. A sum, product, quotient or square root is rounded to nearest and its
   exact error term (two-sum, fused multiply-add) tells on which side the true value lies; the end moves to
   the neighbour only if it must. So what is exact in doubles stays exact, and every end is on the safe side
   in any rounding situation but overflow, which counts as no value. Needs IEEE doubles without excess
   precision. */
#include "bounds/expression_function.h"
#include "bounds/expression_workplace.h"

#include <float.h>
#include <math.h>

#if FLT_EVAL_METHOD != 0
#error "double arithmetic must round to double"
#endif

static const double TINY = 1e-270; /* below, an error term may underflow: always step outward */
enum { FUNCTION_PRECISION = 64 };

static double add_down(double a, double b) {
    double sum = a + b, part = sum - a;
    double error = (a - (sum - part)) + (b - part);
    return error < 0 ? nextafter(sum, -INFINITY) : sum;
}

static double multiply_down(double a, double b) {
    if (a == 0 || b == 0) return 0;
    double product = a * b;
    if (fabs(product) < TINY) return nextafter(product, -INFINITY);
    return fma(a, b, -product) < 0 ? nextafter(product, -INFINITY) : product;
}

static double divide_down(double a, double b) {
    if (a == 0) return 0;
    double quotient = a / b;
    if (fabs(quotient) < TINY || fabs(a) < TINY) return nextafter(quotient, -INFINITY);
    double rest = fma(-quotient, b, a);
    return (rest < 0) != (b < 0) && rest != 0 ? nextafter(quotient, -INFINITY) : quotient;
}

static double add_up(double a, double b) {
    return -add_down(-a, -b);
}

static double multiply_up(double a, double b) {
    return -multiply_down(-a, b);
}

static double divide_up(double a, double b) {
    return -divide_down(-a, b);
}

static double root_down(double a) {
    double root = sqrt(a);
    if (a == 0) return 0;
    if (a < TINY) return nextafter(root, 0);
    return fma(root, root, -a) > 0 ? nextafter(root, 0) : root;
}

static double root_up(double a) {
    double root = sqrt(a);
    if (a == 0) return 0;
    if (a < TINY) return nextafter(root, INFINITY);
    return fma(root, root, -a) < 0 ? nextafter(root, INFINITY) : root;
}

static sb_span nothing(void) {
    return (sb_span){NAN, NAN};
}

static int defined(sb_span a) {
    return !isnan(a.low);
}

static sb_span settle(sb_span a) {
    return isfinite(a.low) && isfinite(a.high) ? a : nothing();
}

static double least(double a, double b) {
    return a < b ? a : b;
}

static double greatest(double a, double b) {
    return a > b ? a : b;
}

static sb_span add(sb_span a, sb_span b) {
    return settle((sb_span){add_down(a.low, b.low), add_up(a.high, b.high)});
}

static sb_span negate(sb_span a) {
    return (sb_span){-a.high, -a.low};
}

static sb_span multiply(sb_span a, sb_span b) {
    if (a.low >= 0 && b.low >= 0)
        return settle((sb_span){multiply_down(a.low, b.low), multiply_up(a.high, b.high)});
    double low = least(least(multiply_down(a.low, b.low), multiply_down(a.low, b.high)),
                       least(multiply_down(a.high, b.low), multiply_down(a.high, b.high)));
    double high = greatest(greatest(multiply_up(a.low, b.low), multiply_up(a.low, b.high)),
                           greatest(multiply_up(a.high, b.low), multiply_up(a.high, b.high)));
    return settle((sb_span){low, high});
}

static sb_span divide(sb_span a, sb_span b) {
    if (b.low <= 0 && b.high >= 0) return nothing();
    double low = least(least(divide_down(a.low, b.low), divide_down(a.low, b.high)),
                       least(divide_down(a.high, b.low), divide_down(a.high, b.high)));
    double high = greatest(greatest(divide_up(a.low, b.low), divide_up(a.low, b.high)),
                           greatest(divide_up(a.high, b.low), divide_up(a.high, b.high)));
    return settle((sb_span){low, high});
}

static sb_span absolute(sb_span a) {
    if (a.low >= 0) return a;
    if (a.high <= 0) return negate(a);
    return (sb_span){0, greatest(-a.low, a.high)};
}

/* a^n for a >= 0, n >= 0, by squaring. */
static sb_span power_of_magnitude(sb_span a, unsigned long n) {
    sb_span result = {1, 1};
    unsigned long bit = 1;
    while (bit <= n / 2) bit *= 2;
    for (; n && bit; bit /= 2) {
        result = multiply(result, result);
        if (n & bit) result = multiply(result, a);
        if (!defined(result)) break;
    }
    return result;
}

static sb_span power(sb_span a, slong n) {
    if (n < 0) {
        if (a.low <= 0 && a.high >= 0) return nothing();
        sb_span below = power(a, -n);
        return defined(below) ? divide((sb_span){1, 1}, below) : below;
    }
    unsigned long count = (unsigned long)n;
    if (n % 2 == 0) return power_of_magnitude(absolute(a), count);
    if (a.low >= 0) return power_of_magnitude(a, count);
    if (a.high <= 0) return negate(power_of_magnitude(negate(a), count));
    sb_span left = power_of_magnitude((sb_span){-a.low, -a.low}, count);
    sb_span right = power_of_magnitude((sb_span){a.high, a.high}, count);
    return settle((sb_span){-left.high, right.high});
}

static sb_span function(sb_evaluator *e, sb_operation operation, sb_span a) {
    if (operation == SB_SQRT) return a.low >= 0 ? (sb_span){root_down(a.low), root_up(a.high)} : nothing();
    arb_set_d(e->ball[0], a.low);
    int point = a.low == a.high;
    if (!point) arb_set_d(e->ball[1], a.high);
    if (!sb_function_range(operation, e->end[0], e->end[1], e->ball[0], e->ball[point ? 0 : 1],
                           FUNCTION_PRECISION))
        return nothing();
    return settle((sb_span){arf_get_d(e->end[0], ARF_RND_FLOOR), arf_get_d(e->end[1], ARF_RND_CEIL)});
}

static sb_span general_power(sb_evaluator *e, sb_span a, sb_span b) {
    if (b.low == b.high && b.low == rint(b.low) && fabs(b.low) < 1e6) return power(a, (slong)b.low);
    if (!(a.low > 0)) return nothing();
    sb_span exponent = function(e, SB_LOG, a);
    if (defined(exponent)) exponent = multiply(b, exponent);
    return defined(exponent) ? function(e, SB_EXP, exponent) : exponent;
}

static sb_span choose(sb_evaluator *e, sb_operation operation, sb_span a, sb_span b, sb_span above,
                      sb_span below) {
    if (!defined(a) || !defined(b)) return nothing();
    if (a.low >= b.high) return above;
    if (b.low >= a.high) return below;
    double slack = 1e-9 * greatest(greatest(fabs(a.low), fabs(a.high)), greatest(fabs(b.low), fabs(b.high)));
    if (b.high - a.low <= slack || a.high - b.low <= slack) e->delicate = e->epoch;
    if (operation == SB_BEND || !defined(above) || !defined(below)) return nothing();
    return (sb_span){least(above.low, below.low), greatest(above.high, below.high)};
}

static sb_span leaf(sb_evaluator *e, const sb_node *node) {
    if (node->operation == SB_VARIABLE) return e->fast_box[node->power];
    if (node->operation == SB_NUMBER)
        return settle((sb_span){sb_double_below(node->value), sb_double_above(node->value)});
    arb_const_pi(e->ball[0], FUNCTION_PRECISION);
    arb_get_lbound_arf(e->end[0], e->ball[0], FUNCTION_PRECISION);
    arb_get_ubound_arf(e->end[1], e->ball[0], FUNCTION_PRECISION);
    return (sb_span){arf_get_d(e->end[0], ARF_RND_FLOOR), arf_get_d(e->end[1], ARF_RND_CEIL)};
}

void sb_fast_node(sb_evaluator *e, int index) {
    const sb_node *node = &e->tree.node[index];
    int count = sb_operand_count(node->operation);
    sb_span a = count > 0 ? e->fast[node->operand[0]] : nothing(),
            b = count > 1 ? e->fast[node->operand[1]] : a, r;
    if (count == 4) {
        e->fast[index] =
            choose(e, node->operation, a, b, e->fast[node->operand[2]], e->fast[node->operand[3]]);
        return;
    }
    if (count && (!defined(a) || !defined(b))) {
        e->fast[index] = nothing();
        return;
    }
    switch (node->operation) {
    case SB_NUMBER:
    case SB_VARIABLE:
    case SB_PI:
        r = leaf(e, node);
        break;
    case SB_ADD:
        r = add(a, b);
        break;
    case SB_SUBTRACT:
        r = add(a, negate(b));
        break;
    case SB_MULTIPLY:
        r = multiply(a, b);
        break;
    case SB_DIVIDE:
        r = divide(a, b);
        break;
    case SB_NEGATE:
        r = negate(a);
        break;
    case SB_POWER:
        r = power(a, node->power);
        break;
    case SB_RAISE:
        r = general_power(e, a, b);
        break;
    case SB_MAXIMUM:
        r = (sb_span){greatest(a.low, b.low), greatest(a.high, b.high)};
        break;
    case SB_MINIMUM:
        r = (sb_span){least(a.low, b.low), least(a.high, b.high)};
        break;
    case SB_ABSOLUTE:
        r = absolute(a);
        break;
    default:
        r = function(e, node->operation, a);
        break;
    }
    e->fast[index] = r;
}
