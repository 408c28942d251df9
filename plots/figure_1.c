/* Figure 1. The unit circle of l_p in the plane at angle t is the point (cos t, sin t) / (|cos t|^p + |sin
   t|^p)^(1/p). A vector v of equal coordinates has ||v||_2 = sqrt(d) ||v||_inf. */
#include "plots/figures.h"
#include "plots/gnuplot_text.h"
#include "support/enclosure.h"

#include <stdlib.h>

enum { POINTS = 240, PRECISION = 128, DIGITS = 10 }; /* a multiple of 8, so that axes and diagonals are met */

/* x, y := the point of the l_p circle, p even, at the angle 2 pi k / POINTS. */
static void circle_point(arb_t x, arb_t y, unsigned p, unsigned k) {
    arb_t a, b;
    fmpq_t turn;
    arb_init(a);
    arb_init(b);
    fmpq_init(turn);
    fmpq_set_si(turn, 2 * (slong)k, POINTS);
    arb_sin_cos_pi_fmpq(y, x, turn, PRECISION);
    arb_pow_ui(a, x, p, PRECISION);
    arb_pow_ui(b, y, p, PRECISION);
    arb_add(a, a, b, PRECISION);
    arb_root_ui(a, a, p, PRECISION);
    arb_div(x, x, a, PRECISION);
    arb_div(y, y, a, PRECISION);
    fmpq_clear(turn);
    arb_clear(a);
    arb_clear(b);
}

/* sqrt(d) to three digits, to nearest: for the text of the picture. */
static char *root_of_dimension(unsigned dimension) {
    arb_t root;
    arb_init(root);
    arb_sqrt_ui(root, dimension, PRECISION);
    char *result = sb_decimal_nearest(root, 3);
    arb_clear(root);
    return result;
}

static sb_status put_setting(sb_text *values, sb_error *error) {
    static const unsigned dimension[] = {2, 3, 3072, 150528};
    char *root[4] = {0};
    int failed = 0;
    for (size_t i = 0; i < 4; i++) failed |= (root[i] = root_of_dimension(dimension[i])) == NULL;
    char *setting =
        failed ? NULL
               : sb_format("||v||_2 = sqrt(d) ||v||_inf: %s times as long in the plane, %s in space, %s for "
                           "CIFAR-10, %s for ImageNet",
                           root[0], root[1], root[2], root[3]);
    if (setting) sb_gnuplot_set_label(values, "setting", setting);
    for (size_t i = 0; i < 4; i++) free(root[i]);
    sb_status status = setting ? SB_OK : sb_fail_memory(error);
    free(setting);
    return status;
}

sb_status sb_figure_1_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error) {
    (void)options;
    arb_t x, y;
    arb_init(x);
    arb_init(y);
    sb_text_append(&input->data, "p\tx\ty\n");
    for (unsigned p = 2; p <= 4; p += 2) {
        for (unsigned k = 0; k <= POINTS; k++) {
            circle_point(x, y, p, k);
            char *first = sb_decimal_nearest(x, DIGITS), *second = sb_decimal_nearest(y, DIGITS);
            if (first && second)
                sb_text_format(&input->data, "%u\t%s\t%s\n", p, first, second);
            else
                input->data.failed = 1;
            free(first);
            free(second);
        }
    }
    arb_clear(x);
    arb_clear(y);
    sb_gnuplot_set_label(
        &input->values, "foot",
        "Shown: balls of radius 1.  The largest vectors of an l_inf ball point to the corners of the cube.");
    return put_setting(&input->values, error);
}
