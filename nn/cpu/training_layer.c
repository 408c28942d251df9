/* A convolution in training mode, for the whole batch. What lies in memory are the convolutions' outputs z
   and the inputs x of the blocks; everything else is made from them where it is needed, in the cache: a
   worker spreads a few images into padded maps, normalising, adding and rectifying on the way, and convolves
   those. Backward it spreads the input in the same way, and the gradient of z,

     dz = factor g - factor/N (sum g + (z - mean)/(variance + epsilon) sum g (z - mean)),

   from the gradient g of the normalised z; it convolves dz with the turned filters, gathers on the output the
   sums that the previous layer's dz needs, and adds up the gradient of the filters. So a map is read and
   written once a pass. */
#include "nn/cpu/training_state.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------ chunks */
static size_t chunk_images(const sb_training_slot *slot) {
    size_t images = (slot->count + SB_MOST_CHUNKS - 1) / SB_MOST_CHUNKS;
    return images > SB_CHUNK_IMAGES ? images : SB_CHUNK_IMAGES;
}

static size_t chunk_count(const sb_training_slot *slot) {
    return (slot->count + chunk_images(slot) - 1) / chunk_images(slot);
}

void sb_cpu_training_chunk(const sb_training_slot *slot, size_t chunk, size_t *first, size_t *end) {
    *first = chunk * chunk_images(slot);
    *end = *first + chunk_images(slot) < slot->count ? *first + chunk_images(slot) : slot->count;
}

typedef struct {
    sb_cpu_task *task;
    void *context;
    size_t last; /* chunk, of a descending order */
} descending;

static void run_descending(void *context, size_t index, int worker) {
    const descending *d = context;
    d->task(d->context, d->last - index, worker);
}

void sb_cpu_training_run(sb_cpu_network *network, const sb_training_slot *slot, sb_cpu_task *task,
                         void *context) {
    size_t count = chunk_count(slot);
    int *turn = &network->training->descends;
    descending d = {task, context, count - 1};
    if (*turn)
        sb_cpu_workers_run(network->workers, count, run_descending, &d);
    else
        sb_cpu_workers_run(network->workers, count, task, context);
    *turn = !*turn;
}

void sb_cpu_training_total(const sb_cpu_network *network, const sb_training_slot *slot, int branch, int count,
                           double *sums) {
    memset(sums, 0, (size_t)count * sizeof *sums);
    for (size_t chunk = 0; chunk < chunk_count(slot); chunk++)
        for (int i = 0; i < count; i++) sums[i] += network->training->chunk_sums[branch][chunk][i];
}

/* ------------------------------------------------------------------ shapes */
static const sb_convolution *branch(const sb_training_layer *layer, int k) {
    return &layer->network->common.resnet->convolution[layer->convolution[k]];
}

static int in_side(const sb_training_layer *layer) {
    int channels = branch(layer, 0)->in_channels;
    return channels == SB_CHANNELS ? layer->network->common.size
                                   : sb_cpu_training_side(layer->network, channels);
}

static int out_side(const sb_training_layer *layer) {
    return sb_cpu_training_side(layer->network, branch(layer, 0)->out_channels);
}

/* Whether it is a convolution for Winograd's algorithm. */
static int is_square(const sb_convolution *c) {
    return c->stride == 1 && c->in_channels == c->out_channels;
}

static sb_column_shape column_shape(const sb_training_layer *layer, int k) {
    const sb_convolution *c = branch(layer, k);
    return (sb_column_shape){.side = c->side,
                             .in_channels = c->in_channels,
                             .out_channels = c->out_channels,
                             .stride = c->stride,
                             .in_side = in_side(layer),
                             .out_side = out_side(layer),
                             .columns = (c->side * c->side * c->in_channels + 15) / 16 * 16};
}

/* ------------------------------------------------------------------ weights */
/* weights[columns][out_channels], or its transpose. */
static void arrange_columns(const sb_column_shape *shape, const float *filter, int transposed,
                            float *weights) {
    int kernel = shape->side * shape->side, out = shape->out_channels, in = shape->in_channels;
    memset(weights, 0, (size_t)(shape->columns * out) * sizeof *weights);
    for (int o = 0; o < out; o++)
        for (int i = 0; i < in; i++)
            for (int j = 0; j < kernel; j++) {
                int column = j * in + i;
                weights[transposed ? o * shape->columns + column : column * out + o] =
                    filter[(o * in + i) * kernel + j];
            }
}

static void arrange_weights(const sb_training_layer *layer, int backward) {
    const struct sb_cpu_training *t = layer->network->training;
    for (int k = 0; k < layer->branches; k++) {
        const sb_convolution *c = branch(layer, k);
        const float *filter = layer->network->values + c->weight;
        size_t next_out = 9 * (size_t)c->in_channels;
        sb_column_shape shape = column_shape(layer, k);
        if (!is_square(c))
            arrange_columns(&shape, filter, backward, t->weights[k]);
        else if (backward)
            t->kernels->transform_filters(filter, next_out, 9, 1, c->in_channels, t->weights[k]);
        else
            t->kernels->transform_filters(filter, 9, next_out, 0, c->in_channels, t->weights[k]);
    }
}

/* ------------------------------------------------------------------ forward */
static void spread_images(int images, int side, const float *from, float *to) {
    size_t padded = (size_t)sb_padded_side(side), row = (size_t)(side * SB_CHANNELS);
    memset(to, 0, (size_t)images * sb_padded_size(side, SB_CHANNELS) * sizeof *to);
    for (int i = 0; i < images; i++)
        for (int y = 0; y < side; y++)
            memcpy(to + (((size_t)i * padded + (size_t)y + 1) * padded + 1) * SB_CHANNELS,
                   from + ((size_t)i * (size_t)side + (size_t)y) * row, row * sizeof *to);
}

/* The combination from an image on. */
static sb_combination from_image(sb_combination combination, size_t image_size, size_t image) {
    combination.first += image * image_size;
    if (combination.second) combination.second += image * image_size;
    return combination;
}

static void spread_input(const sb_training_layer *layer, size_t image, const sb_map_shape *shape,
                         float *padded) {
    size_t size = (size_t)(shape->side * shape->side * shape->channels);
    if (layer->convolution[0] == 0) {
        spread_images(shape->images, shape->side, layer->slot->images + image * size, padded);
        return;
    }
    sb_combination input = from_image(layer->input, size, image);
    layer->network->training->kernels->combine(
        shape, &input, layer->kept_input ? layer->kept_input + image * size : NULL, padded);
}

static sb_map_shape in_shape(const sb_training_layer *layer, size_t image, size_t end) {
    sb_map_shape shape = {0, in_side(layer), branch(layer, 0)->in_channels};
    size_t group = (size_t)sb_cpu_training_group(shape.side, shape.channels);
    shape.images = (int)(end - image < group ? end - image : group);
    return shape;
}

static void forward_chunk(void *context, size_t chunk, int worker_index) {
    const sb_training_layer *layer = context;
    const struct sb_cpu_training *t = layer->network->training;
    const sb_training_worker *worker = &t->worker[worker_index];
    size_t image, end, side = (size_t)out_side(layer);
    sb_cpu_training_chunk(layer->slot, chunk, &image, &end);
    for (int k = 0; k < layer->branches; k++)
        memset(t->chunk_sums[k][chunk], 0, sizeof t->chunk_sums[k][chunk]);
    while (image < end) {
        sb_map_shape shape = in_shape(layer, image, end);
        spread_input(layer, image, &shape, worker->input);
        for (int k = 0; k < layer->branches; k++) {
            size_t size = side * side * (size_t)branch(layer, k)->out_channels;
            sb_column_shape columns = column_shape(layer, k);
            sb_outcome outcome = {.output = layer->slot->z[layer->convolution[k]] + image * size,
                                  .sums = t->chunk_sums[k][chunk]};
            if (is_square(branch(layer, k)))
                t->kernels->convolve(&shape, worker->input, t->weights[k], &outcome, &worker->scratch);
            else
                t->kernels->convolve_columns(shape.images, &columns, worker->input, t->weights[k], &outcome,
                                             &worker->scratch);
        }
        image += (size_t)shape.images;
    }
}

static void find_normalisation(const sb_training_layer *layer, int k) {
    const sb_convolution *c = branch(layer, k);
    const float *scale = layer->network->values + c->scale, *shift = layer->network->values + c->shift;
    sb_normalisation *n = &layer->slot->normalisation[layer->convolution[k]];
    double side = out_side(layer), count = (double)layer->slot->count * side * side, sums[SB_MOST_SUMS];
    sb_cpu_training_total(layer->network, layer->slot, k, 2 * c->out_channels, sums);
    for (int i = 0; i < c->out_channels; i++) {
        double mean = sums[i] / count, variance = sums[c->out_channels + i] / count - mean * mean;
        variance = variance < 0 ? 0 : variance;
        double factor = scale[i] / sqrt(variance + (double)SB_BATCH_NORM_EPSILON);
        n->exact_mean[i] = mean;
        n->variance[i] = variance;
        n->mean[i] = (float)mean;
        n->factor[i] = (float)factor;
        n->offset[i] = (float)(shift[i] - mean * factor);
    }
}

void sb_cpu_training_convolve(sb_training_layer *layer) {
    arrange_weights(layer, 0);
    sb_cpu_training_run(layer->network, layer->slot, forward_chunk, layer);
    for (int k = 0; k < layer->branches; k++) find_normalisation(layer, k);
}

/* ------------------------------------------------------------------ backward */
sb_outcome sb_outcome_from(sb_outcome outcome, size_t image_size, size_t image) {
    outcome.output += image * image_size;
    outcome.map += image * image_size;
    if (outcome.residual) outcome.residual += image * image_size;
    if (outcome.second) outcome.second += image * image_size;
    return outcome;
}

/* The gradient of the input and sums for that of the filters, for images whose padded maps the worker has. */
static void reverse_group(const sb_training_layer *layer, const sb_map_shape *shape,
                          const sb_outcome *outcome, const sb_training_worker *worker, size_t chunk) {
    const struct sb_cpu_training *t = layer->network->training;
    if (is_square(branch(layer, 0))) {
        t->kernels->convolve(shape, worker->gradient[0], t->weights[0], outcome, &worker->scratch);
        t->kernels->weight_products(shape, worker->input, worker->gradient[0], worker->products,
                                    &worker->scratch);
        return;
    }
    float *input_gradient = layer->convolution[0] ? worker->input_gradient : NULL;
    size_t size = (size_t)shape->images * sb_padded_size(shape->side, shape->channels);
    if (input_gradient) memset(input_gradient, 0, size * sizeof *input_gradient);
    for (int k = 0; k < layer->branches; k++) {
        sb_column_shape columns = column_shape(layer, k);
        t->kernels->reverse_columns(shape->images, &columns, worker->input, worker->gradient[k],
                                    t->weights[k], t->chunk_filters[k] + chunk * SB_MOST_FILTERS,
                                    input_gradient, &worker->scratch);
    }
    if (input_gradient) t->kernels->conclude(shape, input_gradient, outcome);
}

static void backward_chunk(void *context, size_t chunk, int worker_index) {
    const sb_training_layer *layer = context;
    const struct sb_cpu_training *t = layer->network->training;
    const sb_training_worker *worker = &t->worker[worker_index];
    int side = out_side(layer), square = is_square(branch(layer, 0));
    size_t image, end;
    sb_cpu_training_chunk(layer->slot, chunk, &image, &end);
    memset(t->chunk_sums[0][chunk], 0, sizeof t->chunk_sums[0][chunk]);
    for (int k = 0; k < layer->branches; k++)
        if (square)
            memset(worker->products, 0, SB_MOST_WEIGHTS * sizeof *worker->products);
        else
            memset(t->chunk_filters[k] + chunk * SB_MOST_FILTERS, 0, SB_MOST_FILTERS * sizeof(float));
    while (image < end) {
        sb_map_shape shape = in_shape(layer, image, end);
        size_t size = (size_t)(shape.side * shape.side * shape.channels);
        sb_outcome outcome = {0};
        spread_input(layer, image, &shape, worker->input);
        for (int k = 0; k < layer->branches; k++) {
            sb_map_shape out = {shape.images, side, branch(layer, k)->out_channels};
            sb_combination gradient =
                from_image(layer->gradient[k], (size_t)(side * side * out.channels), image);
            t->kernels->combine(&out, &gradient, NULL, worker->gradient[k]);
        }
        if (layer->convolution[0]) outcome = sb_outcome_from(layer->outcome, size, image);
        outcome.activation = worker->input;
        outcome.sums = t->chunk_sums[0][chunk];
        reverse_group(layer, &shape, &outcome, worker, chunk);
        image += (size_t)shape.images;
    }
    if (square)
        t->kernels->transform_products(branch(layer, 0)->in_channels, worker->products,
                                       t->chunk_filters[0] + chunk * SB_MOST_FILTERS);
}

typedef struct {
    const sb_training_layer *layer;
    int k;
} filters;

/* Adds what the chunks found to the gradient of the filters, for an input channel. */
static void collect_filters(void *context, size_t in, int worker) {
    const filters *f = context;
    const struct sb_cpu_training *t = f->layer->network->training;
    const sb_convolution *c = branch(f->layer, f->k);
    size_t kernel = (size_t)(c->side * c->side), in_channels = (size_t)c->in_channels;
    size_t out_channels = (size_t)c->out_channels;
    (void)worker;
    for (size_t j = 0; j < kernel; j++) {
        float sum[SB_MOST_CHANNELS] = {0};
        const float *part = t->chunk_filters[f->k] + (j * in_channels + in) * out_channels;
        for (size_t chunk = 0; chunk < chunk_count(f->layer->slot); chunk++, part += SB_MOST_FILTERS)
            for (size_t o = 0; o < out_channels; o++) sum[o] += part[o];
        for (size_t o = 0; o < out_channels; o++)
            t->gradient[c->weight + (o * in_channels + in) * kernel + j] += sum[o];
    }
}

void sb_cpu_training_reverse(sb_training_layer *layer) {
    if (layer->convolution[0]) arrange_weights(layer, 1);
    sb_cpu_training_run(layer->network, layer->slot, backward_chunk, layer);
    for (int k = 0; k < layer->branches; k++) {
        filters f = {layer, k};
        sb_cpu_workers_run(layer->network->workers, (size_t)branch(layer, k)->in_channels, collect_filters,
                           &f);
    }
    sb_cpu_training_total(layer->network, layer->slot, 0, 3 * branch(layer, 0)->in_channels, layer->sums);
}
