/* Trials of the sharper bounds on finite laws on the line, in exact rationals: that they hold on the families
   of bounds/ledger_instances.h, that laws named in docs/theory/one-shift.md and robustness.md attain them,
   and that a constant one percent too strong fails for a law that is printed. */
#ifndef SB_BOUNDS_LEDGER_SHARP_TRIAL_H
#define SB_BOUNDS_LEDGER_SHARP_TRIAL_H

#include "bounds/ledger_instances.h"

/* quantity >= bound, or quantity <= bound for an upper bound. */
typedef struct {
    const char *quantity; /* "E eta^2" */
    int upper;
    const char *given; /* what else the bound is made of: "rho"; NULL: delta = TV(D, D + eps) alone */
    sb_status (*sides)(fmpq_t quantity, fmpq_t bound, fmpq_t given, const sb_instance *instance,
                       sb_error *error);
} sb_sharp_trial;

/* On all of sb_try_line and on 1000 random laws on lattices of spacing eps; percent: of the bound. Fills the
   finding: consistent or refuted. */
sb_status sb_try_sharp(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial, slong percent);

/* On one law with shift 1: refuted, with the law (or its name, where one is given) and both sides, or
   consistent. */
sb_status sb_try_sharp_law(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial, slong percent,
                           const sb_finite_law *law, const char *name);

/* law := (1 - share/of) U_n + (share/of) U_m, U_n uniform on n points of spacing 1 about 0. */
sb_status sb_centred_mixture(sb_finite_law *law, size_t n, size_t m, ulong share, ulong of, sb_error *error);

/* Equality for the mixtures of U_n and U_{n + step}, n = first, first + step, ..., last, with eight shares
   each. Appends to a consistent finding, or refutes it by the first law that gives no equality. */
sb_status sb_try_sharp_attained(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial,
                                size_t first, size_t last, size_t step);

/* The same as a control, on the mixture of U_n and U_m with that share of 7. */
sb_status sb_try_sharp_mixture(sb_finding *finding, sb_error *error, const sb_sharp_trial *trial,
                               slong percent, size_t n, size_t m, ulong share);

/* A consistent finding of sb_try_line, sb_try_space: only that it held, without the argument in general. */
sb_status sb_find_held(sb_finding *finding, sb_error *error);

/* Appends "; ..." to what the finding says. */
sb_status sb_find_more(sb_finding *finding, sb_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
