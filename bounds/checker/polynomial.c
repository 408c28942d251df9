/* Each node of the expression becomes a fraction of two polynomials, the lower one not the zero polynomial:

     a/b + c/d = (ad + cb)/(bd),  or (a + c)/b where b = d;    (a/b)(c/d) = (ac)/(bd);    (a/b)/(c/d) =
   (ad)/(bc), c not 0.

   The polynomials over the rationals have no zero divisors, so the fraction is the zero function exactly when
   its upper polynomial has no terms left. A polynomial is its terms with non-zero coefficients in decreasing
   lexicographic order of the exponents: a unique form. */
#include "polynomial.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    long exponent[EXPRESSION_VARIABLES];
    mpq_t coefficient;
} term;

typedef struct {
    term *terms;
    size_t count;
} polynomial;

typedef struct {
    polynomial above, below;
} fraction;

static void polynomial_clear(polynomial *p) {
    for (size_t i = 0; i < p->count; i++) mpq_clear(p->terms[i].coefficient);
    free(p->terms);
    *p = (polynomial){0};
}

static void fraction_clear(fraction *f) {
    polynomial_clear(&f->above);
    polynomial_clear(&f->below);
}

/* A polynomial with room for `count` terms, all with exponents and coefficient 0. */
static polynomial polynomial_new(size_t count) {
    polynomial p = {allocate(NULL, count * sizeof(term)), count};
    for (size_t i = 0; i < count; i++) {
        memset(p.terms[i].exponent, 0, sizeof p.terms[i].exponent);
        mpq_init(p.terms[i].coefficient);
    }
    return p;
}

static int compare_exponents(const void *a, const void *b) {
    const term *s = a, *t = b;
    for (int i = 0; i < EXPRESSION_VARIABLES; i++) {
        if (s->exponent[i] != t->exponent[i]) return s->exponent[i] > t->exponent[i] ? -1 : 1;
    }
    return 0;
}

/* Sorts the terms, adds those with equal exponents and drops those whose coefficient is 0. */
static void collect(polynomial *p) {
    size_t kept = 0;
    if (p->count > 1) qsort(p->terms, p->count, sizeof(term), compare_exponents);
    for (size_t i = 0; i < p->count;) {
        term sum = p->terms[i++];
        while (i < p->count && compare_exponents(&sum, &p->terms[i]) == 0) {
            mpq_add(sum.coefficient, sum.coefficient, p->terms[i].coefficient);
            mpq_clear(p->terms[i++].coefficient);
        }
        if (mpq_sgn(sum.coefficient) != 0)
            p->terms[kept++] = sum;
        else
            mpq_clear(sum.coefficient);
    }
    p->count = kept;
}

static polynomial copy_of(const polynomial *p) {
    polynomial copy = polynomial_new(p->count);
    for (size_t i = 0; i < p->count; i++) {
        memcpy(copy.terms[i].exponent, p->terms[i].exponent, sizeof copy.terms[i].exponent);
        mpq_set(copy.terms[i].coefficient, p->terms[i].coefficient);
    }
    return copy;
}

static polynomial constant(const mpq_t value) {
    polynomial p = polynomial_new(1);
    mpq_set(p.terms[0].coefficient, value);
    collect(&p);
    return p;
}

static polynomial constant_one(void) {
    polynomial p = polynomial_new(1);
    mpq_set_ui(p.terms[0].coefficient, 1, 1);
    return p;
}

static polynomial variable(int index) {
    polynomial p = constant_one();
    p.terms[0].exponent[index] = 1;
    return p;
}

static void negate(polynomial *p) {
    for (size_t i = 0; i < p->count; i++) mpq_neg(p->terms[i].coefficient, p->terms[i].coefficient);
}

static bool equal(const polynomial *p, const polynomial *q) {
    if (p->count != q->count) return false;
    for (size_t i = 0; i < p->count; i++) {
        if (compare_exponents(&p->terms[i], &q->terms[i]) != 0) return false;
        if (!mpq_equal(p->terms[i].coefficient, q->terms[i].coefficient)) return false;
    }
    return true;
}

static bool sum(polynomial *result, const polynomial *p, const polynomial *q, fault *why) {
    if (p->count + q->count > POLYNOMIAL_TERMS)
        return fault_set(why, "the identity has too many terms to expand");
    *result = polynomial_new(p->count + q->count);
    for (size_t i = 0; i < result->count; i++) {
        const term *from = i < p->count ? &p->terms[i] : &q->terms[i - p->count];
        memcpy(result->terms[i].exponent, from->exponent, sizeof from->exponent);
        mpq_set(result->terms[i].coefficient, from->coefficient);
    }
    collect(result);
    return true;
}

static size_t bits(const term *t) {
    return mpz_sizeinbase(mpq_numref(t->coefficient), 2) + mpz_sizeinbase(mpq_denref(t->coefficient), 2);
}

static bool product(polynomial *result, const polynomial *p, const polynomial *q, fault *why) {
    if (p->count && q->count > POLYNOMIAL_TERMS / p->count)
        return fault_set(why, "the identity has too many terms to expand");
    *result = polynomial_new(p->count * q->count);
    bool fine = true;
    for (size_t i = 0; i < result->count && fine; i++) {
        const term *a = &p->terms[i / q->count], *b = &q->terms[i % q->count];
        term *c = &result->terms[i];
        fine = bits(a) + bits(b) <= POLYNOMIAL_BITS;
        for (int k = 0; k < EXPRESSION_VARIABLES; k++) {
            c->exponent[k] = a->exponent[k] + b->exponent[k];
            fine = fine && c->exponent[k] <= POLYNOMIAL_DEGREE;
        }
        if (fine) mpq_mul(c->coefficient, a->coefficient, b->coefficient);
    }
    if (!fine) {
        polynomial_clear(result);
        return fault_set(why, "the identity has a degree or a coefficient too large to expand");
    }
    collect(result);
    return true;
}

/* p^n by squaring: n >= 0, p^0 = 1. */
static bool power(polynomial *result, const polynomial *p, unsigned long n, fault *why) {
    *result = constant_one();
    polynomial square = copy_of(p), next;
    bool fine = true;
    while (n && fine) {
        if (n & 1) {
            fine = product(&next, result, &square, why);
            if (fine) {
                polynomial_clear(result);
                *result = next;
            }
        }
        n >>= 1;
        if (n && fine) {
            fine = product(&next, &square, &square, why);
            if (fine) {
                polynomial_clear(&square);
                square = next;
            }
        }
    }
    polynomial_clear(&square);
    if (!fine) polynomial_clear(result);
    return fine;
}

/* --- fractions --- */

static bool fraction_sum(fraction *result, const fraction *f, const fraction *g, fault *why) {
    if (equal(&f->below, &g->below)) {
        result->below = copy_of(&f->below);
        return sum(&result->above, &f->above, &g->above, why);
    }
    polynomial left = {0}, right = {0};
    bool fine = product(&left, &f->above, &g->below, why) && product(&right, &g->above, &f->below, why) &&
                sum(&result->above, &left, &right, why) && product(&result->below, &f->below, &g->below, why);
    polynomial_clear(&left);
    polynomial_clear(&right);
    return fine;
}

static bool fraction_quotient(fraction *result, const fraction *f, const fraction *g, fault *why) {
    if (g->above.count == 0) return fault_set(why, "the identity divides by zero");
    return product(&result->above, &f->above, &g->below, why) &&
           product(&result->below, &f->below, &g->above, why);
}

/* The exponent must be an integer once expanded: a constant polynomial over a constant polynomial. */
static bool integer_value(long *n, const fraction *f) {
    static const term unit;
    mpq_t value;
    mpq_init(value);
    bool fine =
        f->above.count <= 1 && f->below.count == 1 && compare_exponents(&f->below.terms[0], &unit) == 0;
    if (fine && f->above.count == 1) {
        fine = compare_exponents(&f->above.terms[0], &unit) == 0;
        mpq_div(value, f->above.terms[0].coefficient, f->below.terms[0].coefficient);
    }
    fine = fine && mpz_cmp_ui(mpq_denref(value), 1) == 0 &&
           mpz_cmpabs_ui(mpq_numref(value), POLYNOMIAL_DEGREE) <= 0;
    if (fine) *n = mpz_get_si(mpq_numref(value));
    mpq_clear(value);
    return fine;
}

static bool fraction_power(fraction *result, const fraction *f, const fraction *exponent, fault *why) {
    long n;
    if (!integer_value(&n, exponent))
        return fault_set(why, "an exponent of the identity is not an integer between -%d and %d",
                         POLYNOMIAL_DEGREE, POLYNOMIAL_DEGREE);
    if (n < 0 && f->above.count == 0) return fault_set(why, "the identity divides by zero");
    unsigned long size = (unsigned long)labs(n);
    return power(&result->above, n < 0 ? &f->below : &f->above, size, why) &&
           power(&result->below, n < 0 ? &f->above : &f->below, size, why);
}

static bool expand_node(fraction *result, const node *n, fraction *fractions, fault *why) {
    fraction *f = n->left < 0 ? NULL : &fractions[n->left], *g = n->right < 0 ? NULL : &fractions[n->right];
    switch (n->op) {
    case NUMBER:
    case VARIABLE:
        result->above = n->op == NUMBER ? constant(n->number) : variable(n->which);
        result->below = constant_one();
        return true;
    case NEGATE:
        result->above = copy_of(&f->above);
        result->below = copy_of(&f->below);
        negate(&result->above);
        return true;
    case SUBTRACT:
        negate(&g->above);
        return fraction_sum(result, f, g, why); /* g is not used again */
    case ADD:
        return fraction_sum(result, f, g, why);
    case MULTIPLY:
        return product(&result->above, &f->above, &g->above, why) &&
               product(&result->below, &f->below, &g->below, why);
    case DIVIDE:
        return fraction_quotient(result, f, g, why);
    case POWER:
        return fraction_power(result, f, g, why);
    default:
        return fault_set(why, "an identity may use rationals, variables, + - * / and integer powers only");
    }
}

bool identity_holds(const expression *e, fault *why) {
    fraction *fractions = allocate(NULL, (size_t)e->count * sizeof *fractions);
    for (int i = 0; i < e->count; i++) fractions[i] = (fraction){0};
    bool fine = e->count > 0;
    for (int i = 0; i < e->count && fine; i++) {
        const node *n = &e->nodes[i];
        fine = expand_node(&fractions[i], n, fractions, why);
        if (n->left >= 0)
            fraction_clear(&fractions[n->left]); /* a node is the argument of one other at most */
        if (n->right >= 0) fraction_clear(&fractions[n->right]);
    }
    if (fine && fractions[e->count - 1].above.count != 0)
        fine = fault_set(why, "the identity does not hold: %zu terms remain",
                         fractions[e->count - 1].above.count);
    for (int i = 0; i < e->count; i++) fraction_clear(&fractions[i]);
    free(fractions);
    return fine;
}
