/* CERTIFY and PREDICT of Cohen, Rosenfeld, Kolter, "Certified adversarial robustness via randomized
   smoothing" (ICML 2019), with the counts of all classes kept. n0 samples choose the class A (and, for the
   two-class rules, B); n further samples count. One-sided Clopper-Pearson bounds at level alpha, rounded
   outward. */
#ifndef SB_NN_CERTIFY_H
#define SB_NN_CERTIFY_H

#include "distributions/noise_spec.h"
#include "nn/backend.h"
#include "nn/certificate_rule.h"
#include "nn/image_set.h"
#include "nn/model.h"

typedef struct {
    const sb_noise_spec *noise; /* any family with a certified radius (gaussian:sigma=...) */
    sb_certificate_rule rule;
    fmpq_t alpha;                /* in (0, 1) */
    uint64_t selection, samples; /* n0, n; >= 1; n0 + n < 2^32 */
    uint64_t batch; /* samples between two looks at interrupts; the result does not depend on it */
    uint64_t seed;
    int size;            /* of the images the network sees */
    uint64_t skip, most; /* every skip-th image of the set, at most so many (0: all) */
    uint64_t shard,
        shards;    /* 1-based: images number shard - 1, shard - 1 + shards, ... of those; 1, 1: all */
    int adaptive;  /* stop when the verdict at `radius` is settled */
    fmpq_t radius; /* of `adaptive`, in the norm of the log: l_2 for isotropic noise, l_inf for other */
    int predict;   /* PREDICT: class or abstention by a two-sided binomial test; no radius, no selection */
} sb_certify_options;

void sb_certify_options_init(
    sb_certify_options *options); /* cohen, alpha 1/1000, n0 100, n 100000, batch 1000, skip 1 */
void sb_certify_options_clear(sb_certify_options *options);

typedef struct {
    int (*proceed)(void *context, uint64_t images_done, uint64_t images,
                   double samples_per_second); /* 0: stop */
    void *context;
} sb_certify_watch;

/* Certifies images of a set with a model and writes the log (docs/logs.md): lines `# key value` (model hash,
   noise, rule, seed, n0, n, alpha, what computed), the heading, then a line an image: idx label predict
   radius correct time counts0 counts. The file is appended to image by image; an unfinished last line is cut
   off on resume, and the log then ends in the same bytes as an undisturbed run, but for the times where they
   are asked for. SB_BAD_INPUT names the key in which an existing log differs; an existing log without resume
   is refused unless `replace`. SB_OUTSIDE: the noise has no certified radius. SB_INTERRUPTED: the watch
   stopped it; the log holds the images that were done. */
typedef struct {
    const sb_certify_options *options;
    const sb_model *model;
    const sb_backend *backend;
    sb_backend_options backend_options;
    const sb_image_set *images;
    const char *log_path;       /* NULL: no file; "-": standard output */
    int resume, replace, times; /* times: fill in the time column; else it is 0 */
    sb_certify_watch watch;
} sb_certification;

sb_status sb_certify(const sb_certification *certification, sb_error *error);

#endif
