/* Points of a certified-accuracy curve: which radii, and at each the count, the accuracy and its 95 %
 * Clopper-Pearson interval. */
#ifndef SB_NN_ACCURACY_CURVE_H
#define SB_NN_ACCURACY_CURVE_H

#include "nn/certificate_rule.h"

typedef struct {
    char *label;  /* as the user gave it: "2/255", "natural"; members of a range as decimals */
    int natural;  /* radius-free: every correct image counts */
    fmpq_t value; /* 0 for natural */
} sb_curve_radius;

typedef struct {
    sb_curve_radius *item;
    size_t count;
} sb_curve_radii;

void sb_curve_radii_init(sb_curve_radii *radii);
void sb_curve_radii_clear(sb_curve_radii *radii);

/* Reads a list such as "natural,0,2/255,0.001:0.009:0.001". SB_BAD_INPUT for what is not a finite number >=
 * 0. On failure the list is empty. */
sb_status sb_curve_radii_parse(sb_curve_radii *radii, const char *name, const char *text, sb_error *error);

/* natural and about ten round values from 0 to just above `largest`. */
sb_status sb_curve_radii_default(sb_curve_radii *radii, double largest, sb_error *error);

/* Decimals are malloc'd with a fixed number of places. For a log read as printed the two counts are equal. */
typedef struct {
    size_t images, lowest, highest;
    char *accuracy_lowest, *accuracy_highest; /* counts / images, to nearest */
    char *low,
        *high; /* lower end of the interval for `lowest`, upper end of that for `highest`; rounded outward */
} sb_curve_point;

void sb_curve_point_clear(sb_curve_point *point);

/* reread NULL: the log as printed, its radii divided by `shown`. Otherwise its l_2 radii, divided by `shown`.
   SB_BAD_INPUT for a log of no images. */
sb_status sb_curve_point_compute(sb_curve_point *point, const sb_certification_log *log,
                                 const sb_reread_log *reread, const sb_divisor *shown,
                                 const sb_curve_radius *radius, int decimals, sb_error *error);

#endif
