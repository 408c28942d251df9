/* Noise as people write it, NAME:key=value,...:

     gaussian:sigma=0.5    student-t:nu=3,scale=1    laplace:sigma=1/2    mixture:0.9*gaussian:sigma=1+0.1*cauchy:scale=2

   A family is one file under distributions/families/ and one row of the list in noise_spec.c. Its keys are exact
   rationals, all of them required; the scale may be given as sigma= instead, the standard deviation of a
   coordinate, where that exists. Laws are written at unit scale; distributions/noise.h puts the scale in. */
#ifndef SB_DISTRIBUTIONS_NOISE_SPEC_H
#define SB_DISTRIBUTIONS_NOISE_SPEC_H

#include "support/exact.h"
#include "support/status.h"

#include <stddef.h>

enum { SB_NOISE_KEYS = 4 }; /* the most that a family has */

typedef enum {
    SB_KEY_POSITIVE,      /* a rational > 0 */
    SB_KEY_COUNT,         /* an integer from 2 to 1000000 */
    SB_KEY_OPEN_FRACTION, /* 0 < value < 1 */
    SB_KEY_FRACTION       /* 0 <= value <= 1 */
} sb_key_domain;

typedef struct {
    const char *name;    /* "nu"; NULL ends a list of keys */
    const char *meaning; /* "degrees of freedom" */
    sb_key_domain domain;
} sb_noise_key;

typedef struct sb_noise_family sb_noise_family; /* distributions/family.h */

typedef struct sb_noise_spec {
    const sb_noise_family *family; /* NULL before a successful parse */
    fmpq_t value[SB_NOISE_KEYS];   /* in the order of family->key */
    int scale_given;               /* the scale key: 0 left out, 1 as itself, 2 as sigma= */
    fmpq_t deviation;              /* sigma=, when scale_given is 2 */
    struct sb_noise_spec *component; /* of a mixture; else NULL */
    fmpq *weight;                    /* of the components; positive, sum 1 */
    size_t component_count;
} sb_noise_spec;

void sb_noise_spec_init(sb_noise_spec *spec);
void sb_noise_spec_clear(sb_noise_spec *spec);

/* Reads a noise with its scale. SB_BAD_INPUT names the offending word: an unknown family or key (with "did you
   mean"), a key given twice or missing, a value outside its domain, sigma= for a law without second moment. */
sb_status sb_noise_spec_parse(sb_noise_spec *spec, const char *text, sb_error *error);

/* The same, but the scale may be left out ("laplace", "student-t:nu=3"): scale_given is 0 then, and the noise
   stands for the unit-scale law. */
sb_status sb_noise_spec_parse_shape(sb_noise_spec *spec, const char *text, sb_error *error);

/* malloc'd canonical text with exact values, "gaussian:sigma=3/25"; NULL when memory is short. */
char *sb_noise_spec_print(const sb_noise_spec *spec);

/* The families in the order of the list; NULL beyond its end, or for an unknown name. */
size_t sb_noise_family_count(void);
const sb_noise_family *sb_noise_family_at(size_t index);
const sb_noise_family *sb_noise_family_named(const char *name);

#endif
