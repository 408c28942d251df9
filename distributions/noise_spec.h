/* Noise as people write it, NAME:key=value,...:   gaussian:sigma=0.5    uniform:r=2
   A family is one row of the table in noise_spec.c; its keys are positive scales, exact rationals, all of
   them required. */
#ifndef SB_DISTRIBUTIONS_NOISE_SPEC_H
#define SB_DISTRIBUTIONS_NOISE_SPEC_H

#include "support/exact.h"
#include "support/status.h"

#include <stddef.h>

typedef enum {
    SB_NOISE_GAUSSIAN, /* sigma: N(0, sigma^2 I) */
    SB_NOISE_UNIFORM   /* r: uniform on [-r, r]^d, the l_inf ball */
} sb_noise_kind;

enum { SB_NOISE_KEYS = 4 }; /* the most that a family has */

typedef struct {
    sb_noise_kind kind;
    const char *name;                   /* "gaussian" */
    const char *key[SB_NOISE_KEYS + 1]; /* "sigma", NULL */
    const char *description;            /* "N(0, sigma^2 I)" */
} sb_noise_family;

/* The families, in the order of the table. */
size_t sb_noise_family_count(void);
const sb_noise_family *sb_noise_family_at(size_t index);

typedef struct {
    const sb_noise_family *family; /* NULL before a successful parse */
    fmpq_t value[SB_NOISE_KEYS];   /* in the order of family->key */
} sb_noise_spec;

void sb_noise_spec_init(sb_noise_spec *spec);
void sb_noise_spec_clear(sb_noise_spec *spec);

/* SB_BAD_INPUT names the offending word: an unknown family or key (with "did you mean"), a key given twice or
   missing, a value that is not a positive finite number. */
sb_status sb_noise_spec_parse(sb_noise_spec *spec, const char *text, sb_error *error);

/* malloc'd canonical text with exact values, "gaussian:sigma=3/25"; NULL when memory is short. */
char *sb_noise_spec_print(const sb_noise_spec *spec);

#endif
