/* The noise that l_2 shifts demand (docs/theory/rotation.md). For U uniform on the unit sphere of R^d, d >=
   2, let F_d(x) = Pr(|U_1| <= x) and G_d(t) = F_d(1/(2 sqrt t)), G_d(0) = 1, and let T_d be the inverse of
   the convex minorant of G_d on t >= 0. Then

     TV(D, D + v) <= delta for all |v|_2 = eps   implies   E||eta||_2^2 >= eps^2 T_d(delta),

   the mean of TV over the sphere being enough; and four times as much for a score gap delta (criterion T0)
   and D symmetric about a point. T_d(delta)/d tends to T(delta) (bounds/sharp.h) as d grows: Gaussian noise
   is then the least there is, up to delta0 = .766. */
#ifndef SB_BOUNDS_ROTATION_H
#define SB_BOUNDS_ROTATION_H

#include "bounds/bound.h"

/* T_d(delta), 2 <= d <= 2^62, 0 < delta <= 1, to any precision. */
void sb_rotation_constant(arb_t value, uint64_t dimension, const fmpq_t delta, slong precision);

/* Where the line from (0, 1) touches G_d: t, and delta = G_d(t). T_d is linear on [delta, 1]. */
void sb_rotation_touch(arb_t t, arb_t delta, uint64_t dimension, slong precision);

/* Whether a - c t <= G_d(t) for all t >= 0 is proved, so that E||eta||_2^2 >= eps^2 (a - delta)/c for every
   delta; c > 0. No line with a - c t > G_d(t) somewhere is ever accepted. */
int sb_rotation_certify(uint64_t dimension, const fmpq_t a, const fmpq_t c);

/* Rows for p = 2, d >= 2. */
extern const sb_bound sb_rotation_bound[];
extern const size_t sb_rotation_bound_count;

#endif
