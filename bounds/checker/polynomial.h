/* Identities between rational functions, by expansion over the rationals. */
#ifndef SBCHECK_POLYNOMIAL_H
#define SBCHECK_POLYNOMIAL_H

#include "expression.h"

enum {
    POLYNOMIAL_TERMS = 1 << 17,  /* of a product before like terms are collected */
    POLYNOMIAL_DEGREE = 1 << 20, /* in one variable */
    POLYNOMIAL_BITS = 1 << 20    /* of a coefficient */
};

/* Is the expression, a rational function of its variables, the zero function? Then true: it is 0 wherever its
   denominators do not vanish. false, with the reason: it is not 0, it is not made of rationals, variables, +
   - * / and integer powers, some denominator is the zero polynomial, or it passes the limits above. */
bool identity_holds(const expression *e, fault *why);

#endif
