/* What a noise family provides: one such row in distributions/families/NAME.c. Everything here is at UNIT scale and
   reads only the shape keys of the spec; arguments and values are balls, `precision` in bits. A function gives a ball
   that contains the true value (also when its argument is a wide ball), and a finer one for a larger precision. All laws
   are symmetric about 0.

   A family lives on one or both of
   - product: the coordinates are independent with the law below;
   - radial: the density is a non-increasing function of ||x||_2, or of ||x||_inf.

   Users go through distributions/noise.h, which puts the scale in. */
#ifndef SB_DISTRIBUTIONS_FAMILY_H
#define SB_DISTRIBUTIONS_FAMILY_H

#include "distributions/noise_spec.h"
#include "support/arb_compat.h"
#include "support/random.h"

#include <stdint.h>

/* Traits of the law of one coordinate of a product noise. */
enum {
    SB_UNIMODAL = 1,    /* a density that does not increase in |x|, and no atom */
    SB_LOG_CONCAVE = 2, /* a log-concave density (then also SB_UNIMODAL) */
    SB_HAS_ATOMS = 4
};

/* value := f(x) for the law that `spec` names. */
typedef void sb_law_function(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision);

typedef struct {
    unsigned (*traits)(const sb_noise_spec *spec);
    sb_law_function *density;  /* at an atom: what the absolutely continuous part has there */
    sb_law_function *cdf;      /* Pr(X <= x) */
    sb_law_function *tail;     /* Pr(|X| > s), s >= 0, with small relative error also far out */
    sb_law_function *quantile; /* inf{x: cdf(x) >= u}, 0 < u < 1; NULL: by root isolation of the cdf */
    /* E|X|^order for a rational order >= 0; +inf (arb_pos_inf) where it diverges. */
    void (*absolute_moment)(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision);
    /* One draw; uses nothing but `random`. */
    double (*draw)(const sb_noise_spec *spec, sb_random *random);

    /* Total variation of the law and its translate by shift >= 0. NULL for SB_UNIMODAL laws, where it is
       Pr(|X| <= shift/2). */
    sb_law_function *total_variation;

    /* docs/total-variation.md, with p the density and q that of the translate by shift > 0, l = log(p/q):
       affinity: H(t) = integral of sqrt(pq) cos(t l), real and even in t, for real t >= 0 (atoms: sums).
       affinity_imaginary: H(iy) = integral of p^(1/2-y) q^(1/2+y), y >= 0; +inf where it diverges. NULL: nothing is
       known beyond H(i/2) <= 1.
       affinity_supremum: a bound, as narrow as is easy, on sup |H(t)| over t >= from > 0; never below the truth, never
       above H(0). NULL: none is known. */
    void (*affinity)(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift, slong precision);
    void (*affinity_imaginary)(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision);
    void (*affinity_supremum)(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision);
    /* log H(t; shift + x) as a power series in x, `length` coefficients (they contain the derivatives for every shift
       in the ball); NULL when not in closed form. Serves vectors of many different shifts. A coefficient is NaN
       where H may vanish in the ball. */
    void (*log_affinity_series)(arb_poly_t series, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                                slong length, slong precision);
    /* Microseconds that an affinity takes, about; 0: a few with log_affinity_series, thousands without. */
    unsigned affinity_time;
    /* The integral of min(p, lambda q) for `dimension` coordinates with this shift > 0, lambda = e^log_lambda, without an
       integral over t: for laws whose H decays slowly. NULL: none. NaN where it does not apply. */
    void (*overlap_equal)(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t shift,
                          const arb_t log_lambda, slong precision);
    /* The log-density with its derivatives (law_numerics.h): for mixtures of this law, and for the lattice. NULL, or NULL for
       some specs: none. */
    const struct sb_log_density *(*log_density)(const sb_noise_spec *spec);
    /* value[i] := log of the density at x[i], up to a constant that depends on the spec alone; -infinity outside the support.
       In double, for sampled_tv.h. NULL: from `density`, a thousand times slower. Laws with atoms have none. */
    void (*log_density_at)(double *value, const sb_noise_spec *spec, const double *x, size_t count);
} sb_product_law;

typedef struct sb_shift sb_shift; /* distributions/shift.h */

typedef struct {
    int infinity_norm; /* level sets: 0 l_2 balls, 1 cubes */
    /* SB_OUTSIDE where no such law exists in this dimension (pow-linf needs a > d). NULL: always fine. */
    sb_status (*domain)(const sb_noise_spec *spec, uint64_t dimension, sb_error *error);
    void (*norm_moment)(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                        slong precision); /* E||X||^order in the norm of the level sets; +inf where it diverges */
    void (*norm_tail)(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                      slong precision); /* Pr(||X|| > s) */
    void (*coordinate_moment)(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const fmpq_t order,
                              slong precision); /* E|X_1|^order */
    void (*coordinate_tail)(arb_t value, const sb_noise_spec *spec, uint64_t dimension, const arb_t s,
                            slong precision); /* Pr(|X_1| > s); for l_2 laws any direction */
    /* 1 - TV(D, D + v) with small relative error; `factor` scales the shift (1/scale of the noise). l_2 laws:
       Pr(|X_1| > |v|_2/2). Cubes: E prod max{0, 1 - |v_i|/(2R)}, R the layer-cake radius. */
    void (*overlap)(arb_t value, const sb_noise_spec *spec, const sb_shift *shift, const arb_t factor,
                    slong precision);
    void (*draw)(const sb_noise_spec *spec, uint64_t dimension, uint64_t seed, uint64_t stream, double *x);
} sb_radial_law;

struct sb_noise_family {
    const char *name;        /* "student-t" */
    const char *description; /* one phrase: "Student's t with nu degrees of freedom in every coordinate" */
    const char *density;     /* plain text: "exp(-|x|/b)/(2b)" */
    const char *source;      /* who uses it, a citation or "" */
    const char *tail_class;  /* how Pr(|eta_1| > s) falls: "bounded", "exponential", "s^-nu" */
    const char *moments;     /* the orders k with E|eta_1|^k finite: "all", "below nu" */
    sb_noise_key key[SB_NOISE_KEYS + 1];
    int scale;                     /* index of the scale key; -1: none (mixture) */
    const sb_product_law *product; /* NULL: the coordinates are not independent */
    const sb_radial_law *radial;   /* NULL: level sets are neither cubes nor l_2 balls. Both: Gaussian, uniform */
    /* Families with a grammar of their own after "NAME:" (mixture); else NULL both. */
    sb_status (*parse)(sb_noise_spec *spec, const char *text, sb_error *error);
    char *(*print)(const sb_noise_spec *spec);
    /* Conditions that tie keys together; NULL: none. */
    sb_status (*check)(const sb_noise_spec *spec, sb_error *error);
};

/* One row per file of distributions/families/. */
extern const sb_noise_family sb_gaussian_family, sb_laplace_family, sb_uniform_family, sb_l2_ball_family,
    sb_logistic_family, sb_cauchy_family, sb_student_t_family, sb_gengauss_family, sb_pareto_family, sb_lomax_family,
    sb_triangular_family, sb_staircase_family, sb_lattice_family, sb_mixture_family, sb_exp_linf_family,
    sb_pow_linf_family, sb_exp_l2_family;

#endif
