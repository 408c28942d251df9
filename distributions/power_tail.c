/* At unit scale, G(s) = Pr(|X| > s):
     Pareto  G = min(1, s^-a): s^a G = min(s^a, 1), limit 1;       Lomax  G = (1+s)^-a: (s/(1+s))^a, limit 1;
     Student's t  s^nu G = 2C integral over y > 1 of (s^2/(1 + s^2 y^2/nu))^((nu+1)/2) dy (put x = sy in the
   tail's integral), and the integrand increases in s. Limit 2C nu^((nu-1)/2), C = Gamma((nu+1)/2)/(sqrt(nu
   pi) Gamma(nu/2)). Cauchy: nu = 1. Scale a multiplies the limit by a^index. */
#include "distributions/power_tail.h"

#include <string.h>

/* The value of a key of the noise; NULL: it has none of that name. */
static const fmpq *value_of(const sb_noise_spec *noise, const char *name) {
    const sb_noise_key *key = noise->family->key;
    for (int i = 0; key[i].name; i++)
        if (strcmp(key[i].name, name) == 0) return noise->value[i];
    return NULL;
}

/* 2 Gamma((nu+1)/2) nu^(nu/2-1) / (sqrt(pi) Gamma(nu/2)) */
static void student_limit(arb_t limit, const fmpq_t nu, slong precision) {
    arb_t half, x;
    arb_init(half);
    arb_init(x);
    arb_set_fmpq(x, nu, precision);
    arb_mul_2exp_si(half, x, -1);
    arb_sub_ui(limit, half, 1, precision);
    arb_pow(limit, x, limit, precision);
    arb_rgamma(x, half, precision);
    arb_mul(limit, limit, x, precision);
    arb_set_d(x, 0.5);
    arb_add(half, half, x, precision);
    arb_gamma(x, half, precision);
    arb_mul(limit, limit, x, precision);
    arb_const_sqrt_pi(x, precision);
    arb_div(limit, limit, x, precision);
    arb_mul_2exp_si(limit, limit, 1);
    arb_clear(half);
    arb_clear(x);
}

int sb_power_tail(fmpq_t index, arb_t limit, const sb_noise_spec *noise, slong precision) {
    const char *name = noise->family->name;
    int pareto = strcmp(name, "pareto") == 0 || strcmp(name, "lomax") == 0;
    int student = strcmp(name, "student-t") == 0, cauchy = strcmp(name, "cauchy") == 0;
    const fmpq *shape = pareto ? value_of(noise, "alpha") : student ? value_of(noise, "nu") : NULL;
    if (!shape && !cauchy) return 0;
    if (cauchy)
        fmpq_one(index);
    else
        fmpq_set(index, shape);
    arb_t scale;
    arb_init(scale);
    sb_noise_scale(scale, noise, 1, precision);
    arb_pow_fmpq(scale, scale, index, precision);
    if (pareto)
        arb_one(limit);
    else
        student_limit(limit, index, precision);
    arb_mul(limit, limit, scale, precision);
    arb_clear(scale);
    return 1;
}
