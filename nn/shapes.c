/* Every point of the unit square shows one of a few materials (two of the figure's texture, two of the
   ground's, spots, a bar), each of one colour. A pixel counts the materials at k x k points and takes the
   mean of their colours, plus a slope that is linear in the pixel's place.

   Angles are unit vectors: a random point of the disc, divided by its length. So + - * / and sqrt are all
   that is used, which IEEE 754 rounds in one way only. */
#include "nn/shapes.h"

#include "nn/random_purpose.h"
#include "nn/resnet.h"
#include "support/parallel.h"
#include "support/random.h"

#include <math.h>
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc contracts nothing in ISO mode */
#endif

enum { POINTS = 96, SPOTS = 2, JOBS = 4, BLOCK = 250 };

typedef enum { DISC, SQUARE, TRIANGLE, RING, CROSS } figure;

/* Each texture's second material follows its first. */
enum { FIGURE, GROUND = FIGURE + 2, SPOT = GROUND + 2, BAR = SPOT + SPOTS, MATERIALS };

typedef struct {
    float x, y, offset; /* the function x u + y v + offset */
} linear;

/* Stripes: the parity of floor(a). Checks: that of floor(a) + floor(b). */
typedef struct {
    linear a, b;
    int checks;
} texture;

typedef struct {
    figure shape;
    linear x, y; /* coordinates in which the figure has area pi, like the unit disc */
    texture inside, ground;
    linear bar;           /* the bar is where it lies within -1 .. 1 */
    float spot[SPOTS][3]; /* centre and square of the radius */
    linear slope;         /* of brightness */
    float colour[MATERIALS][SB_CHANNELS];
} scene;

/* ------------------------------------------------------------------ random scenes */
static float between(sb_random *random, double low, double high) {
    return (float)(low + (high - low) * sb_random_uniform(random));
}

static void unit_vector(sb_random *random, float *x, float *y) {
    double a, b, square;
    do {
        a = 2 * sb_random_uniform(random) - 1;
        b = 2 * sb_random_uniform(random) - 1;
        square = a * a + b * b;
    } while (square > 1 || square < 0.01);
    *x = (float)(a / sqrt(square));
    *y = (float)(b / sqrt(square));
}

/* scale (x (u - cu) + y (v - cv)) */
static linear through(float cu, float cv, float x, float y, float scale) {
    return (linear){scale * x, scale * y, -scale * (x * cu + y * cv)};
}

/* Offsets are kept positive on the unit square, so that the cast to int is floor. */
static texture random_texture(sb_random *random, int checks, float period) {
    float x, y;
    unit_vector(random, &x, &y);
    float scale = 2 / period; /* cells are half a period wide */
    float shift_a = between(random, 64, 66), shift_b = between(random, 64, 66);
    return (texture){{scale * x, scale * y, shift_a}, {-scale * y, scale * x, shift_b}, checks};
}

static void random_colour(sb_random *random, float *colour, double low, double high) {
    for (int c = 0; c < SB_CHANNELS; c++) colour[c] = between(random, low, high);
}

/* Two colours around a mean, `contrast` apart in brightness and a little in hue. */
static void random_pair(sb_random *random, float colour[][SB_CHANNELS], const float *mean, float contrast) {
    for (int c = 0; c < SB_CHANNELS; c++) {
        float half = 0.5f * contrast * between(random, 0.6, 1.4);
        colour[0][c] = mean[c] - half;
        colour[1][c] = mean[c] + half;
    }
}

/* A level of brightness and a hue. */
static void random_mean(sb_random *random, float *colour, float level) {
    for (int c = 0; c < SB_CHANNELS; c++) colour[c] = level + between(random, -0.18, 0.18);
}

/* The figure is darker or lighter than the ground, by chance. */
static void random_colours(sb_random *random, scene *s) {
    float ground[SB_CHANNELS], inside[SB_CHANNELS];
    float dark = between(random, 0.15, 0.5), light = dark + between(random, 0.3, 0.45);
    int swap = (int)sb_random_below(random, 2);
    random_mean(random, ground, swap ? light : dark);
    random_mean(random, inside, swap ? dark : light);
    random_pair(random, &s->colour[GROUND], ground, between(random, 0, 0.06));
    random_pair(random, &s->colour[FIGURE], inside, between(random, 0.3, 0.45));
    for (int i = 0; i < SPOTS; i++) random_colour(random, s->colour[SPOT + i], 0.1, 0.9);
    random_colour(random, s->colour[BAR], 0.1, 0.9);
}

static void random_figure(sb_random *random, scene *s) {
    float radius = between(random, 0.3, 0.4), stretch = between(random, 0.9, 1.1), x, y;
    float cu = between(random, 0.4, 0.6), cv = between(random, 0.4, 0.6);
    unit_vector(random, &x, &y);
    s->x = through(cu, cv, x, y, stretch / radius);
    s->y = through(cu, cv, -y, x, 1 / (stretch * radius));
}

static scene random_scene(sb_random *random, int label) {
    scene s = {.shape = (figure)(label / 2)};
    random_figure(random, &s);
    int checks = label % 2;
    s.inside = random_texture(random, checks, between(random, 0.22, 0.34) * (checks ? 1.1f : 1.0f));
    checks = (int)(sb_random_bits(random) & 1);
    s.ground = random_texture(random, checks, between(random, 0.15, 0.4));
    random_colours(random, &s);
    for (int i = 0; i < SPOTS; i++) {
        float radius = between(random, 0.03, 0.08);
        s.spot[i][0] = between(random, 0, 1);
        s.spot[i][1] = between(random, 0, 1);
        s.spot[i][2] = radius * radius;
    }
    float x, y, cu = between(random, 0.1, 0.9), cv = between(random, 0.1, 0.9);
    unit_vector(random, &x, &y);
    s.bar = through(cu, cv, x, y, 1 / between(random, 0.015, 0.04));
    if (sb_random_bits(random) & 1) s.bar = (linear){0, 0, 2};
    unit_vector(random, &x, &y);
    s.slope = through(0.5f, 0.5f, x, y, between(random, 0, 0.25));
    return s;
}

/* ------------------------------------------------------------------ drawing */
static float value(const linear *l, float u, float v) {
    return l->x * u + l->y * v + l->offset;
}

static int parity(const texture *t, float u, float v) {
    int a = (int)value(&t->a, u, v), b = t->checks ? (int)value(&t->b, u, v) : 0;
    return (a ^ b) & 1;
}

/* Each shape has area pi and its centroid in the origin. */
static int is_inside(figure shape, float x, float y) {
    float square = x * x + y * y, a = fabsf(x), b = fabsf(y);
    switch (shape) {
    case DISC:
        return square < 1;
    case SQUARE:
        return a < 0.8862269f && b < 0.8862269f;
    case TRIANGLE:
        return y > -0.7775602f && y + 1.7320508f * a < 1.5551203f;
    case RING:
        return square < 1.44f && square > 0.44f;
    default: /* a cross of five squares */
        return (a < 0.3963327f && b < 1.1889982f) || (b < 0.3963327f && a < 1.1889982f);
    }
}

static int material(const scene *s, float u, float v) {
    if (fabsf(value(&s->bar, u, v)) < 1) return BAR;
    float x = value(&s->x, u, v), y = value(&s->y, u, v);
    if (x * x + y * y < 2.5f && is_inside(s->shape, x, y)) return FIGURE + parity(&s->inside, u, v);
    for (int i = 0; i < SPOTS; i++) {
        float du = u - s->spot[i][0], dv = v - s->spot[i][1];
        if (du * du + dv * dv < s->spot[i][2]) return SPOT + i;
    }
    return GROUND + parity(&s->ground, u, v);
}

static void draw(const scene *s, int size, uint8_t *pixel) {
    int side = size > POINTS / 2 ? 2 : (POINTS + size - 1) / size; /* of a pixel, in points */
    float step = 1.0f / (float)(size * side), share = 1.0f / (float)(side * side);
    for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++, pixel += SB_CHANNELS) {
            int count[MATERIALS] = {0};
            for (int i = 0; i < side; i++)
                for (int j = 0; j < side; j++)
                    count[material(s, ((float)(column * side + j) + 0.5f) * step,
                                   ((float)(row * side + i) + 0.5f) * step)]++;
            float slope =
                value(&s->slope, ((float)column + 0.5f) / (float)size, ((float)row + 0.5f) / (float)size);
            for (int c = 0; c < SB_CHANNELS; c++) {
                float sum = 0;
                for (int m = 0; m < MATERIALS; m++) sum += (float)count[m] * s->colour[m][c];
                float level = 255 * (sum * share + slope);
                pixel[c] = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level + 0.5f);
            }
        }
    }
}

/* ------------------------------------------------------------------ the data set */
/* Images 10k .. 10k + 9 are a random permutation of the classes. */
static int label_of(uint64_t key, sb_split split, uint32_t image) {
    int label[SB_CLASSES];
    sb_random random = sb_random_at(key, 2 + (uint64_t)split, image / SB_CLASSES);
    for (int i = 0; i < SB_CLASSES; i++) {
        int j = (int)sb_random_below(&random, (uint64_t)i + 1);
        label[i] = i;
        label[i] = label[j];
        label[j] = i;
    }
    return label[image % SB_CLASSES];
}

int sb_shapes_draw(uint64_t seed, sb_split split, uint32_t image, int size, uint8_t *pixel) {
    uint64_t key = sb_purpose_seed(seed, SB_PURPOSE_SHAPES);
    int label = label_of(key, split, image);
    sb_random random = sb_random_at(key, (uint64_t)split, image);
    scene s = random_scene(&random, label);
    draw(&s, size, pixel);
    return label;
}

const char *sb_shapes_class(int label) {
    static const char *const name[SB_CLASSES] = {
        "striped disc",       "chequered disc", "striped square", "chequered square", "striped triangle",
        "chequered triangle", "striped ring",   "chequered ring", "striped cross",    "chequered cross"};
    return name[label];
}

typedef struct {
    sb_image_set *set;
    uint64_t seed;
    sb_split split;
} job;

static void draw_block(void *context, size_t block) {
    const job *j = context;
    size_t bytes = (size_t)j->set->size * (size_t)j->set->size * SB_CHANNELS;
    for (size_t i = block * BLOCK; i < j->set->count && i < (block + 1) * BLOCK; i++)
        j->set->label[i] = (uint8_t)sb_shapes_draw(j->seed, j->split, (uint32_t)(j->set->first + i),
                                                   j->set->size, j->set->pixel + i * bytes);
}

sb_status sb_shapes_read(sb_image_set *set, uint64_t seed, int size, sb_split split, uint64_t first,
                         uint64_t most, sb_error *error) {
    uint64_t total = split == SB_SPLIT_TRAIN ? SB_SHAPES_TRAIN : SB_SHAPES_TEST;
    if (first >= total)
        return sb_fail(error, SB_BAD_INPUT, "shapes has %llu %s images, so none with number %llu (from 0)",
                       (unsigned long long)total, sb_split_name(split), (unsigned long long)first);
    uint64_t left = total - first;
    sb_status status = sb_image_set_allocate(set, most && most < left ? most : left, size, error);
    if (status) return status;
    set->first = first;
    job j = {set, seed, split};
    sb_parallel(JOBS, (set->count + BLOCK - 1) / BLOCK, draw_block, &j);
    return SB_OK;
}
