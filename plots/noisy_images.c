/* One image at the three sizes of a preset (docs/experiments.md), under the noise of its arms: Gaussian with
   sigma in proportion to the size (scaled), or one sigma (fixed), on the image resized from one source; and,
   if the preset has arm detail, on an image that shows detail of its own at each size. Averaging a noisy
   image over the pixels of the smallest size leaves independent noise of sigma sqrt(sum of the squared
   weights): for k x k pixels sigma/k, which is the smallest size's own sigma. */
#include "experiments/preset.h"
#include "nn/cifar.h"
#include "nn/random_purpose.h"
#include "nn/resnet.h"
#include "nn/shapes.h"
#include "plots/figures.h"
#include "plots/gnuplot_text.h"
#include "support/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIZES = SB_SCALING_SIZES,
    LARGEST = 256,
    SHAPES_IMAGE = 25,
    CIFAR_IMAGE = 1
}; /* images that show well */

typedef enum { IMAGE, SCALED, AVERAGED, FIXED, DETAIL, DETAIL_SCALED, COLUMNS } panel;

static const char *const heading[COLUMNS] = {"image", "sigma in proportion to sqrt(d)",
                                             NULL,    "one sigma for all sizes",
                                             "image", "sigma in proportion to sqrt(d)"};

typedef struct {
    const sb_preset *preset;
    const char *data; /* "shapes" or a folder */
    uint64_t number;  /* of the image in the test split */
    int label;
    sb_figure_input *input;
    float *pixels, *detail, *noise, *sum, *averages; /* with room for the largest size */
} picture;

static int has_detail(const picture *p) {
    return p->preset->arms >> SB_ARM_DETAIL & 1;
}

static int is_shapes(const picture *p) {
    return strcmp(p->data, "shapes") == 0;
}

/* The test image as it is at source_size, resized to size: [0, 1], row by row. */
static sb_status read_image(picture *p, int source_size, int size, float *pixels, sb_error *error) {
    sb_image_set set;
    sb_image_source source = {p->data, source_size, p->preset->data_seed};
    sb_status status = sb_image_set_read(&set, &source, SB_SPLIT_TEST, p->number, 1, error);
    if (!status) {
        p->label = set.label[0];
        status = sb_image_batch(&set, NULL, 1, size, NULL, pixels, error);
    }
    sb_image_set_clear(&set);
    return status;
}

/* ------------------------------------------------------------------ panels */
/* sum := pixels + sigma * noise. */
static void add_noise(const picture *p, const float *pixels, double sigma, int size) {
    for (int k = 0; k < size * size * SB_CHANNELS; k++) p->sum[k] = pixels[k] + (float)sigma * p->noise[k];
}

/* The share of pixel `from` of n in pixel `to` of `least`. */
static double overlap(int from, int n, int to, int least) {
    double scale = (double)n / least, low = fmax(from, to * scale), high = fmin(from + 1, (to + 1) * scale);
    return high > low ? (high - low) / scale : 0;
}

/* One value: the average of p->sum over the area of a pixel of the smallest size. */
static float average(const picture *p, int size, int least, int row, int column, int channel) {
    double sum = 0;
    for (int y = row * size / least; y < size && y * least < (row + 1) * size; y++)
        for (int x = column * size / least; x < size && x * least < (column + 1) * size; x++)
            sum += overlap(y, size, row, least) * overlap(x, size, column, least) *
                   (double)p->sum[(y * size + x) * SB_CHANNELS + channel];
    return (float)sum;
}

/* What averaging leaves of sigma, as a factor: in root mean square over the pixels. */
static double noise_left(int size, int least) {
    double sum = 0;
    for (int to = 0; to < least; to++)
        for (int from = 0; from < size; from++)
            sum += overlap(from, size, to, least) * overlap(from, size, to, least);
    return sum / least;
}

static int level(float value) {
    return value < 0 ? 0 : value > 1 ? 255 : (int)(255 * value + 0.5f);
}

/* Rows panel, size, column, row, red, green, blue; and its caption. */
static void put_panel(picture *p, int row, panel column, const float *pixels, int size, double sigma) {
    sb_text *data = &p->input->data;
    for (int k = 0; k < size * size; k++, pixels += SB_CHANNELS)
        sb_text_format(data, "%d\t%d\t%d\t%d\t%d\t%d\t%d\n", row * COLUMNS + (int)column, size, k % size,
                       k / size, level(pixels[0]), level(pixels[1]), level(pixels[2]));
    char name[32], caption[64] = "";
    snprintf(name, sizeof name, "caption_%d_%d", row, (int)column);
    if (sigma > 0) snprintf(caption, sizeof caption, "sigma = %.3g", sigma);
    sb_gnuplot_set_label(&p->input->values, name, caption);
}

static sb_status put_row(picture *p, int row, sb_error *error) {
    const sb_preset *s = p->preset;
    int size = s->size[row], least = s->size[0];
    double sigma = fmpq_get_d(s->sigma) * size / s->reference_size, control = fmpq_get_d(s->control_sigma);
    sb_status status = read_image(p, s->source_size, size, p->pixels, error);
    if (!status && has_detail(p)) status = read_image(p, size, size, p->detail, error);
    if (status) return status;
    sb_random_normals_float(p->noise, (size_t)(size * size * SB_CHANNELS),
                            sb_purpose_seed(s->training.seed, SB_PURPOSE_CERTIFICATION), p->number, 0);
    put_panel(p, row, IMAGE, p->pixels, size, 0);
    add_noise(p, p->pixels, sigma, size);
    put_panel(p, row, SCALED, p->sum, size, sigma);
    for (int k = 0; k < least * least * SB_CHANNELS; k++)
        p->averages[k] =
            average(p, size, least, k / SB_CHANNELS / least, k / SB_CHANNELS % least, k % SB_CHANNELS);
    put_panel(p, row, AVERAGED, p->averages, least, sigma * noise_left(size, least));
    add_noise(p, p->pixels, control, size);
    put_panel(p, row, FIXED, p->sum, size, control);
    if (!has_detail(p)) return SB_OK;
    put_panel(p, row, DETAIL, p->detail, size, 0);
    add_noise(p, p->detail, sigma, size);
    put_panel(p, row, DETAIL_SCALED, p->sum, size, sigma);
    return SB_OK;
}

/* ------------------------------------------------------------------ words */
static sb_status put_words(const picture *p, sb_error *error) {
    const sb_preset *s = p->preset;
    sb_text *values = &p->input->values;
    sb_text_format(values, "columns = %d\nleast = %d\nsizes = '%d %d %d'\n", has_detail(p) ? COLUMNS : DETAIL,
                   s->size[0], s->size[0], s->size[1], s->size[2]);
    for (int c = 0; c < COLUMNS; c++) {
        char name[32];
        snprintf(name, sizeof name, "heading_%d", c);
        if (heading[c])
            sb_gnuplot_set_label(values, name, heading[c]);
        else
            sb_text_format(values, "%s = 'averaged to %d × %d'\n", name, s->size[0], s->size[0]);
    }
    char *setting =
        sb_format("preset %s: sigma = %.3g at %d × %d pixels; one l_inf radius for all sizes takes "
                  "sigma in proportion to sqrt(d)",
                  s->name, fmpq_get_d(s->sigma), s->reference_size, s->reference_size);
    char *source = sb_format("resized from %d × %d pixels", s->source_size, s->source_size);
    char *data = is_shapes(p) ? sb_format("shapes (seed %llu)", (unsigned long long)s->data_seed)
                              : sb_duplicate("CIFAR-10");
    char *foot =
        sb_format("Data: %s, test image %llu (%s).  Values beyond black and white are cut off in the "
                  "picture only.",
                  data ? data : "", (unsigned long long)p->number,
                  is_shapes(p) ? sb_shapes_class(p->label) : sb_cifar_class(p->label));
    int complete = setting && source && data && foot;
    if (complete) {
        sb_gnuplot_set_label(values, "setting", setting);
        sb_gnuplot_set_label(values, "group_resized", source);
        sb_gnuplot_set_label(values, "group_detail",
                             is_shapes(p) ? "drawn at each size" : "reduced from 32 × 32 pixels");
        sb_gnuplot_set_label(values, "foot", foot);
    }
    free(setting);
    free(source);
    free(data);
    free(foot);
    return complete ? SB_OK : sb_fail_memory(error);
}

/* ------------------------------------------------------------------ the figure */
static sb_status choose_data(picture *p, const sb_figure_options *options, sb_error *error) {
    int shapes = strcmp(p->preset->data, "shapes") == 0;
    if (!options->images && !shapes)
        return sb_fail(
            error, SB_BAD_INPUT,
            "preset %s shows CIFAR-10: --images DIR names its folder (`make data` says where it is)",
            p->preset->name);
    if (p->preset->size[SIZES - 1] > LARGEST)
        return sb_fail(error, SB_OUTSIDE, "preset %s: figure images shows sizes up to %d pixels",
                       p->preset->name, LARGEST);
    p->data = options->images ? options->images : "shapes";
    p->number = options->image != UINT64_MAX ? options->image : is_shapes(p) ? SHAPES_IMAGE : CIFAR_IMAGE;
    return SB_OK;
}

static sb_status put_all(picture *p, sb_error *error) {
    size_t bytes =
        (size_t)(p->preset->size[SIZES - 1] * p->preset->size[SIZES - 1] * SB_CHANNELS) * sizeof(float);
    p->pixels = malloc(bytes);
    p->detail = malloc(bytes);
    p->noise = malloc(bytes);
    p->sum = malloc(bytes);
    p->averages = malloc(bytes);
    int complete = p->pixels && p->detail && p->noise && p->sum && p->averages;
    sb_status status = complete ? SB_OK : sb_fail_memory(error);
    sb_text_append(&p->input->data, "panel\tsize\tcolumn\trow\tred\tgreen\tblue\n");
    for (int row = 0; row < SIZES && !status; row++) status = put_row(p, row, error);
    if (!status) status = put_words(p, error);
    free(p->pixels);
    free(p->detail);
    free(p->noise);
    free(p->sum);
    free(p->averages);
    return status;
}

sb_status sb_noisy_images_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error) {
    sb_preset preset;
    sb_preset_init(&preset);
    picture p = {.preset = &preset, .input = input};
    sb_status status = sb_preset_read(&preset, options->preset ? options->preset : "quick", error);
    if (!status) status = choose_data(&p, options, error);
    if (!status) status = put_all(&p, error);
    sb_preset_clear(&preset);
    return status;
}
