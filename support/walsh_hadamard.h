/* The Walsh-Hadamard transform x -> H x in place, H the 2^n x 2^n matrix of Sylvester (natural order, entry
   (-1)^popcount(i AND j), not normalised): H = H^T, H H = 2^n. n 2^n additions.

   x has 2^n entries, aligned as their type is, no more. Floating point: entries 1 apart are added first, then
   those 2, 4, ... apart, on every machine, so that the result is the same to the last bit; unless a sum
   overflows, ||error||_2 <= ((1 + u)^n - 1) 2^(n/2) ||x||_2, u = 2^-24 or 2^-53. int64: exact while
   sum |x_i| < 2^63, which no partial sum can exceed. */
#ifndef SB_SUPPORT_WALSH_HADAMARD_H
#define SB_SUPPORT_WALSH_HADAMARD_H

#include <stdint.h>

void sb_walsh_hadamard_float(float *x, unsigned n);
void sb_walsh_hadamard_double(double *x, unsigned n);
void sb_walsh_hadamard_int64(int64_t *x, unsigned n);

/* For the tests: the same with the code of one instruction set. Levels 0 (every processor) to
   sb_walsh_hadamard_levels() - 1; on x86-64: SSE2, AVX2 with FMA, AVX-512. */
int sb_walsh_hadamard_levels(void);
void sb_walsh_hadamard_float_at(int level, float *x, unsigned n);
void sb_walsh_hadamard_double_at(int level, double *x, unsigned n);
void sb_walsh_hadamard_int64_at(int level, int64_t *x, unsigned n);

#endif
