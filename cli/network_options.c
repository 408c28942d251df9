#include "cli/network_options.h"

enum {
    KEY_DATA = 0x300, /* apart from the keys of a command's own options */
    KEY_SOURCE_SIZE,
    KEY_DATA_SEED,
    KEY_SIZE,
    KEY_DEVICE,
    KEY_PRECISION,
    KEY_UNPINNED
};

static const struct argp_option option[] = {
    {0, 0, 0, 0, "Images:", 20},
    {"data", KEY_DATA, "DIR", 0, "folder of CIFAR-10's binary files, or the word shapes: made by rule", 0},
    {"source-size", KEY_SOURCE_SIZE, "N", 0, "bring the images to N x N pixels first (32)", 0},
    {"data-seed", KEY_DATA_SEED, "N", 0, "seed of shapes (0)", 0},
    {"size", KEY_SIZE, "N", 0, "pixels along a side of what the network sees", 0},
    {0, 0, 0, 0, "Machine:", 30},
    {"device", KEY_DEVICE, "NAME", 0, "auto (default), cpu or reference", 0},
    {"precision", KEY_PRECISION, "NAME", 0, "f32 (default), or bf16: products of convolutions in bfloat16",
     0},
    {"unpinned", KEY_UNPINNED, 0, 0, "do not bind threads to processors", 0},
    {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    sb_network_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        return 0;
    case KEY_DATA:
        o->data = text;
        return 0;
    case KEY_SOURCE_SIZE:
        o->source_size_text = text;
        return 0;
    case KEY_DATA_SEED:
        o->data_seed_text = text;
        return 0;
    case KEY_SIZE:
        o->size_text = text;
        return 0;
    case KEY_DEVICE:
        o->device_text = text;
        return 0;
    case KEY_PRECISION:
        o->precision_text = text;
        return 0;
    case KEY_UNPINNED:
        o->unpinned = 1;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp sb_network_argp = {option, parse, 0, 0, 0, 0, 0};

/* Pixels along a side; 0 when not given. */
static sb_status read_side(const char *name, const char *text, int *side, sb_error *error) {
    uint64_t value = 0;
    sb_status status = text ? sb_cli_read_whole(name, text, SB_LARGEST_IMAGE_SIZE, &value, error) : SB_OK;
    if (!status && text && value < SB_LEAST_IMAGE_SIZE)
        status =
            sb_fail(error, SB_BAD_INPUT, "%s '%.40s': must be at least %d", name, text, SB_LEAST_IMAGE_SIZE);
    *side = (int)value;
    return status;
}

static sb_status read_seed(const char *name, const char *text, uint64_t *seed, sb_error *error) {
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(name, text, &number, error);
    if (!status && (number.infinite || !fmpz_is_one(fmpq_denref(number.value)) ||
                    fmpq_sgn(number.value) < 0 || !fmpz_abs_fits_ui(fmpq_numref(number.value))))
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.40s': must be a whole number below 2^64", name, text);
    if (!status) *seed = fmpz_get_ui(fmpq_numref(number.value));
    sb_exact_clear(&number);
    return status;
}

sb_status sb_cli_read_network(sb_network_options *o, const sb_common_options *common, sb_error *error) {
    if (!o->data)
        return sb_fail(error, SB_BAD_INPUT,
                       "the images are missing: give --data DIR (CIFAR-10's binary files) or --data shapes");
    o->source.data = o->data;
    o->backend_options.jobs = common->jobs;
    o->backend_options.unpinned = o->unpinned;
    sb_status status = read_side("--source-size", o->source_size_text, &o->source.size, error);
    if (!status) status = read_side("--size", o->size_text, &o->size, error);
    if (!status && o->data_seed_text)
        status = read_seed("--data-seed", o->data_seed_text, &o->source.seed, error);
    if (!status) status = sb_backend_find(o->device_text ? o->device_text : "auto", &o->backend, error);
    if (!status)
        status = sb_precision_parse(o->precision_text ? o->precision_text : "f32",
                                    &o->backend_options.precision, error);
    return status;
}
