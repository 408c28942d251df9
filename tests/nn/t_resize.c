/* Resampling against Pillow: hashes of what Pillow 9.4 gives for random images, and, where python3 has
   Pillow, its bytes; and against the defining weighted mean in real numbers. */
#include "nn/resize.h"
#include "tests/test.h"

#include <unistd.h>

enum { CHANNELS = 3 };

static uint8_t *random_image(int size, uint64_t seed) {
    size_t bytes = (size_t)size * (size_t)size * CHANNELS;
    uint8_t *image = malloc(bytes);
    for (size_t i = 0; image && i < bytes; i++) image[i] = (uint8_t)sb_test_random(&seed);
    return image;
}

static uint8_t *resized(const uint8_t *image, int in, int out) {
    uint8_t *result = malloc((size_t)out * (size_t)out * CHANNELS);
    sb_resize resize;
    sb_error error;
    SB_CHECK(sb_resize_init(&resize, in, out, &error) == SB_OK, "%s", error.message);
    sb_resize_image(&resize, image, result);
    sb_resize_clear(&resize);
    return result;
}

static uint64_t fnv(const uint8_t *data, size_t size) { /* FNV-1a */
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++) hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Image.fromarray(random image of seed 1000 in + out).resize((out, out), Image.BILINEAR) of Pillow 9.4.0 */
static void pillow_hashes(void) {
    static const struct {
        int in, out;
        uint64_t hash;
        uint8_t first[9];
    } golden[] = {{32, 16, UINT64_C(0x2bb612430fe750f2), {144, 101, 106, 136, 116, 100, 153, 112, 143}},
                  {32, 24, UINT64_C(0xb2f679eab8a274fa), {81, 161, 199, 71, 166, 124, 65, 149, 169}},
                  {32, 48, UINT64_C(0x99757c8e72387a2a), {212, 106, 64, 182, 92, 77, 150, 75, 82}},
                  {32, 64, UINT64_C(0xdeaf3d7d22494d2f), {159, 110, 76, 152, 83, 105, 137, 28, 162}},
                  {16, 24, UINT64_C(0xdb91172d2c7d34ae), {69, 86, 231, 147, 146, 204, 209, 201, 174}},
                  {16, 32, UINT64_C(0xb9fadcefc26e97d5), {84, 8, 106, 111, 46, 90, 164, 122, 58}},
                  {32, 17, UINT64_C(0xe52c5fd54b6896ed), {112, 124, 91, 124, 84, 141, 125, 137, 142}},
                  {5, 7, UINT64_C(0xe393ab575d1c1b54), {116, 173, 168, 176, 169, 158, 166, 133, 112}},
                  {64, 9, UINT64_C(0xfe3abbd65235623b), {119, 118, 117, 120, 139, 134, 118, 132, 126}},
                  {33, 32, UINT64_C(0xe9581726942c33df), {194, 171, 106, 141, 27, 20, 89, 73, 100}},
                  {1, 6, UINT64_C(0x5f684a9e66342b21), {69, 43, 69, 69, 43, 69, 69, 43, 69}},
                  {7, 1, UINT64_C(0x9493e119678fe110), {125, 114, 126}}};
    for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
        int in = golden[i].in, out = golden[i].out;
        size_t bytes = (size_t)out * (size_t)out * CHANNELS;
        uint8_t *image = random_image(in, (uint64_t)(1000 * in + out)), *result = resized(image, in, out);
        for (size_t k = 0; k < 9 && k < bytes; k++)
            SB_CHECK(result[k] == golden[i].first[k], "%d to %d, byte %zu: %d for %d", in, out, k, result[k],
                     golden[i].first[k]);
        SB_CHECK(fnv(result, bytes) == golden[i].hash, "%d to %d: hash %016llx", in, out,
                 (unsigned long long)fnv(result, bytes));
        free(image);
        free(result);
    }
}

#define SCRIPT                                                                                               \
    "%s -c 'import sys\nfrom PIL import Image\na,b=int(sys.argv[1]),int(sys.argv[2])\n"                      \
    "x=Image.frombytes(\"RGB\",(a,a),open(sys.argv[3],\"rb\").read())\n"                                     \
    "sys.stdout.buffer.write(x.resize((b,b),Image.BILINEAR).tobytes())' %d %d %s"

static void pillow_itself(void) {
    static const char *const candidate[] = {"python3", "/usr/bin/python3"};
    const char *python = NULL;
    char path[] = "/tmp/smoothbound-resize-XXXXXX", command[600];
    for (size_t i = 0; i < 2 && !python; i++) {
        snprintf(command, sizeof command, "%s -c 'import PIL' 2>/dev/null", candidate[i]);
        if (system(command) == 0) python = candidate[i];
    }
    if (!python) SB_SKIP("no python3 with Pillow");
    static const int size[][2] = {{32, 16}, {32, 24}, {32, 64}, {16, 32}, {61, 13}, {13, 61}, {100, 99}};
    int file = mkstemp(path);
    SB_CHECK(file >= 0, "%s", path);
    if (file >= 0) close(file);
    for (size_t i = 0; file >= 0 && i < sizeof size / sizeof size[0]; i++) {
        int in = size[i][0], out = size[i][1];
        size_t bytes = (size_t)out * (size_t)out * CHANNELS, got = 0;
        uint8_t *image = random_image(in, 77 + i), *result = resized(image, in, out), *pillow = malloc(bytes);
        FILE *f = fopen(path, "wb");
        if (f) fwrite(image, (size_t)in * (size_t)in * CHANNELS, 1, f);
        if (f) fclose(f);
        snprintf(command, sizeof command, SCRIPT, python, in, out, path);
        FILE *output = popen(command, "r");
        if (output) got = fread(pillow, 1, bytes, output);
        if (output) pclose(output);
        SB_CHECK(got == bytes && memcmp(pillow, result, bytes) == 0, "%d to %d: %zu bytes", in, out, got);
        free(image);
        free(result);
        free(pillow);
    }
    unlink(path);
}

/* The weight of source pixel k in pixel x of the result. */
static double tent(int k, int x, int in, int out) {
    double scale = (double)in / out, width = scale > 1 ? scale : 1;
    double distance = k + 0.5 - (x + 0.5) * scale;
    if (distance < 0) distance = -distance;
    return distance < width ? 1 - distance / width : 0;
}

static void real_numbers(void) {
    static const int size[][2] = {{8, 5}, {5, 8}, {12, 12}, {9, 3}, {3, 10}, {16, 24}};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        int in = size[i][0], out = size[i][1];
        uint8_t *image = random_image(in, i), *result = resized(image, in, out);
        for (int p = 0; p < out * out; p++) {
            double sum[CHANNELS] = {0}, weight = 0;
            for (int k = 0; k < in * in; k++) {
                double w = tent(k % in, p % out, in, out) * tent(k / in, p / out, in, out);
                if (in == out) w = k == p;
                weight += w;
                for (int c = 0; c < CHANNELS; c++) sum[c] += w * image[k * CHANNELS + c];
            }
            for (int c = 0; c < CHANNELS; c++) {
                double off = result[p * CHANNELS + c] - sum[c] / weight;
                SB_CHECK(off < 1.01 && off > -1.01, "%d to %d, pixel %d: off by %g", in, out, p, off);
            }
        }
        free(image);
        free(result);
    }
}

static void plain_images_stay(void) {
    for (int level = 0; level <= 255; level += 51) {
        uint8_t image[31 * 31 * CHANNELS];
        memset(image, level, sizeof image);
        for (int out = 1; out <= 64; out++) {
            uint8_t *result = resized(image, 31, out);
            for (int k = 0; k < out * out * CHANNELS; k++)
                SB_CHECK(result[k] == level, "31 to %d: %d for %d", out, result[k], level);
            free(result);
        }
    }
}

static const sb_test tests[] = {{"bytes as Pillow's, by hashes", pillow_hashes},
                                {"bytes as those of the Pillow that is here", pillow_itself},
                                {"within a level of the mean in real numbers", real_numbers},
                                {"a plain image stays what it is", plain_images_stay}};
SB_TEST_MAIN(tests)
