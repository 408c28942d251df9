/* Presets of the experiment `scaling` (docs/experiments.md): files of lines `key = value`. Keys of
   nn/training_options.h say how every network is trained; the keys here say which networks there are and how
   they are certified. */
#ifndef SB_EXPERIMENTS_PRESET_H
#define SB_EXPERIMENTS_PRESET_H

#include "nn/certificate_rule.h"
#include "nn/training_options.h"

enum { SB_SCALING_SIZES = 3 };

typedef enum {
    SB_ARM_SCALED, /* sigma and radius in proportion to the size; images resized from one source */
    SB_ARM_FIXED,  /* the same images, one sigma and radius for all sizes */
    SB_ARM_DETAIL, /* as scaled, but every size shows detail of its own */
    SB_ARMS
} sb_arm;

/* "scaled", "fixed", "detail" */
const char *sb_arm_name(sb_arm arm);
/* A list such as "scaled,fixed" as a mask of 1 << arm. SB_BAD_INPUT names key and word. */
sb_status sb_arms_parse(const char *key, const char *text, unsigned *arms, sb_error *error);

typedef struct {
    char *name; /* name: of letters, digits and . - _; else that of the file without folders and ".conf" */
    char *data; /* data: "shapes", or "cifar-10", whose folder the user names */
    uint64_t data_seed;              /* data-seed: of shapes */
    sb_training_options training;    /* size, sigma and radius aside: those belong to a network */
    int size[SB_SCALING_SIZES];      /* sizes: pixels along a side, increasing */
    int source_size;                 /* source-size: scaled and fixed show images of that size, resized */
    int reference_size;              /* reference-size: the size at which sigma and radius are meant */
    fmpq_t sigma, radius;            /* sigma, radius */
    fmpq_t control_sigma;            /* control-sigma: of arm fixed; its radius keeps radius/sigma */
    unsigned arms;                   /* arms: mask of 1 << sb_arm */
    sb_certificate_rule rule;        /* rule */
    fmpq_t alpha;                    /* alpha */
    uint64_t selection, samples;     /* n0, n */
    uint64_t test_images, test_skip; /* test-images of the test split, every test-skip-th */
    fmpq_t report_radius;            /* report-radius: l_inf, of the table; 0: chosen below the ceiling */
    fmpq_t margin;                   /* margin: a distance of curves that passes as "alike" */
    uint64_t permutations;           /* permutations: of the test */
} sb_preset;

void sb_preset_init(sb_preset *preset);
void sb_preset_clear(sb_preset *preset);

/* Reads the preset of that name (quick, cifar-small, paper) or the file of that path (with a "/" or ending in
   ".conf"). SB_BAD_INPUT names file, line, key and value: an unknown key (with the nearest one), a value that
   is not what the key takes, sizes that do not increase, a detail that the data do not have. */
sb_status sb_preset_read(sb_preset *preset, const char *name, sb_error *error);

/* Appends all keys, one a line, as a file that reads back to the same preset. */
void sb_preset_text(const sb_preset *preset, sb_text *text);

/* malloc'd sorted names of the installed presets, one a line; SB_IO when their folder is missing. */
sb_status sb_preset_names(char **names, sb_error *error);

#endif
