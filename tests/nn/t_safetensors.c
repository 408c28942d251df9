/* The file format: what is read exactly, what is written byte for byte, and that every damaged file is
   refused with one line. */
#include "nn/json.h"
#include "nn/safetensors.h"
#include "support/file.h"
#include "support/text.h"
#include "tests/test.h"

#include <math.h>

enum { LIMIT = 1 << 20 };

static char *scratch(const char *name) {
    const char *folder = getenv("SCRATCH");
    return folder && *folder ? sb_path_join(folder, name) : NULL;
}

/* Writes `size` bytes to the file and reads it as safetensors. */
static sb_status read_bytes(sb_safetensors *file, const char *bytes, size_t size, sb_error *error) {
    char *path = scratch("a.safetensors");
    error->message[0] = '\0';
    FILE *out = path ? fopen(path, "wb") : NULL;
    sb_status status = SB_INTERNAL;
    if (out) {
        size_t written = fwrite(bytes, 1, size, out);
        if (fclose(out) == 0 && written == size) status = sb_safetensors_read(file, path, LIMIT, error);
    }
    if (!out) sb_safetensors_init(file);
    free(path);
    return status;
}

/* The length, the header, and data bytes 0, 1, 2, ... */
static void compose(sb_text *text, uint64_t length, const char *header, size_t header_size,
                    size_t data_size) {
    sb_text_truncate(text, 0);
    for (int i = 0; i < 8; i++) sb_text_append_bytes(text, &(char){(char)(length >> 8 * i)}, 1);
    sb_text_append_bytes(text, header, header_size);
    for (size_t i = 0; i < data_size; i++) sb_text_append_bytes(text, &(char){(char)i}, 1);
}

static sb_status read_header(sb_safetensors *file, const char *header, size_t data_size, sb_error *error) {
    sb_text text;
    sb_text_init(&text);
    compose(&text, strlen(header), header, strlen(header), data_size);
    sb_status status = read_bytes(file, text.data, text.length, error);
    sb_text_clear(&text);
    return status;
}

/* ------------------------------------------------------------------ JSON */
static void utf8_is_exactly_utf8(void) {
    size_t two = 0, three = 0, four = 0, wrong = 0;
    char s[4];
    for (unsigned a = 0x80; a < 0x100; a++)
        for (unsigned b = 0; b < 0x100; b++) {
            s[0] = (char)a, s[1] = (char)b;
            two += sb_utf8_length(s, 2) == 2;
            for (unsigned c = 0; c < 0x100; c++) {
                s[2] = (char)c;
                three += sb_utf8_length(s, 3) == 3;
                if (c == 0x7f || c == 0x80 || c == 0xbf || c == 0xc0)
                    for (unsigned d = 0x7f; d < 0xff; d += 0x40)
                        s[3] = (char)d, four += sb_utf8_length(s, 4) == 4;
                s[3] = (char)0xbf;
                four += c == 0x80 && sb_utf8_length(s, 4) == 4;
                wrong += sb_utf8_length(s, 3) == 4;
            }
        }
    SB_CHECK(two == 0x800 - 0x80, "%zu two-byte characters", two);
    SB_CHECK(three == 0x10000 - 0x800 - 0x800, "%zu three-byte characters", three);
    /* 256 blocks of 4096; of the sampled ends: third byte 80 or bf with the last bf, once more with 80 */
    SB_CHECK(four == 256 * 3, "%zu of 768 four-byte characters", four);
    SB_CHECK(wrong == 0, "%zu read behind the end", wrong);
}

static int json_string_is(const char *json, const char *value) {
    sb_json at;
    sb_text text;
    sb_text_init(&text);
    sb_json_init(&at, json, strlen(json));
    int read = sb_json_string(&at, &text) && sb_json_end(&at);
    int same = value ? read && strcmp(text.data, value) == 0 : !read && at.wanted;
    sb_text_clear(&text);
    return same;
}

static void json_strings(void) {
    static const struct {
        const char *json, *value; /* NULL: refused */
    } item[] = {{" \"\" ", ""},
                {"\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\b\f\n\r\t"},
                {"\"\\u0041\\u00e9\\u20AC\\ud83d\\uDE00\"", "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
                {"\"\xf0\x9f\x98\x80\"", "\xf0\x9f\x98\x80"},
                {"\"", NULL},
                {"\"a", NULL},
                {"\"a\\", NULL},
                {"\"\\x\"", NULL},
                {"\"\\u12\"", NULL},
                {"\"\\u12g4\"", NULL},
                {"\"\\u0000\"", NULL},
                {"\"\\ud83d\"", NULL},
                {"\"\\ud83d\\n\"", NULL},
                {"\"\\ud83d\\u0041\"", NULL},
                {"\"\\ude00\"", NULL},
                {"\"\n\"", NULL},
                {"\"\xff\"", NULL},
                {"\"\xc3\"", NULL},
                {"'a'", NULL},
                {"\"a\" b", NULL},
                {"", NULL}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++)
        SB_CHECK(json_string_is(item[i].json, item[i].value), "%s", item[i].json);
}

static void json_numbers(void) {
    static const struct {
        const char *json;
        uint64_t value;
        int good;
    } item[] = {{"0", 0, 1},
                {" 18446744073709551615", UINT64_MAX, 1},
                {"18446744073709551616", 0, 0},
                {"99999999999999999999999", 0, 0},
                {"-1", 0, 0},
                {"+1", 0, 0},
                {"01", 0, 0},
                {"1.0", 0, 0},
                {"1e3", 0, 0},
                {"1E3", 0, 0},
                {"0x10", 0, 0},
                {"\"1\"", 0, 0},
                {"", 0, 0},
                {"null", 0, 0}};
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_json at;
        uint64_t value = 7;
        sb_json_init(&at, item[i].json, strlen(item[i].json));
        int good = sb_json_natural(&at, &value) && sb_json_end(&at);
        SB_CHECK(good == item[i].good && (!good || value == item[i].value), "%s: %d, %llu", item[i].json,
                 good, (unsigned long long)value);
    }
}

/* ------------------------------------------------------------------ reading */
#define FIRST "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}"

static void what_is_allowed(void) {
    static const struct {
        const char *header;
        size_t data_size, tensors, metadata;
    } item[] = {
        {"{}", 0, 0, 0},
        {"{}      ", 0, 0, 0},
        {"{" FIRST "}", 2, 1, 0},
        {"{ \"a\" : {\"data_offsets\":[ 0 , 2 ],\n\"shape\":[2],\t\"dtype\":\"U8\"} }", 2, 1, 0},
        {"{\"__metadata__\":{}," FIRST "}", 2, 1, 0},
        {"{" FIRST ",\"__metadata__\":{\"z\":\"1\",\"\":\"\"}}", 2, 1, 2},
        /* not in the order of the data; a single number, an empty tensor between */
        {"{\"b\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[2,10]}," FIRST
         ",\"c\":{\"dtype\":\"F32\",\"shape\":[18446744073709551615,0,9],\"data_offsets\":[2,2]}}",
         10, 3, 0},
        {"{\"\":{\"dtype\":\"F16\",\"shape\":[1,1,1,1,1,1,1,1],\"data_offsets\":[0,2]}}", 2, 1, 0},
        {"{\"x\":{\"dtype\":\"BF16\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, 1, 0},
    };
    sb_safetensors file;
    sb_error error;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_status status = read_header(&file, item[i].header, item[i].data_size, &error);
        SB_CHECK(status == SB_OK && file.tensor_count == item[i].tensors &&
                     file.metadata_count == item[i].metadata,
                 "%s: %s", item[i].header, error.message);
        sb_safetensors_clear(&file);
    }
    SB_CHECK(read_header(&file, item[6].header, 10, &error) == SB_OK, "%s", error.message);
    const sb_stored_tensor *b = sb_safetensors_find(&file, "b"), *c = sb_safetensors_find(&file, "c");
    uint64_t number = 0;
    if (b) memcpy(&number, b->data, sizeof number);
    SB_CHECK(b && b->rank == 0 && b->count == 1 && b->dtype == SB_DTYPE_I64 && number == 0x0908070605040302,
             "%llx", (unsigned long long)number);
    SB_CHECK(c && c->rank == 3 && c->count == 0, "an empty tensor");
    SB_CHECK(!sb_safetensors_find(&file, "d") && !sb_safetensors_find(&file, ""), "no such tensor");
    sb_safetensors_clear(&file);
}

#define TENSOR(name, dtype, shape, begin, end)                                                               \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":[" shape "],\"data_offsets\":[" begin "," end "]}"

static const struct {
    const char *header;
    size_t data_size;
    const char *words; /* of the message */
} bad_header[] = {
    {"", 0, "byte 0: '{' expected"},
    {" {}", 0, "byte 0: '{' expected"},
    {"[]", 0, "byte 0"},
    {"\xef\xbb\xbf{}", 0, "byte 0"},
    {"{", 0, "expected"},
    {"{}}", 0, "byte 2: the end expected"},
    {"{} {}", 0, "the end expected"},
    {"{\"a\"}", 0, "':' expected"},
    {"{a:1}", 0, "a string expected"},
    {"{\"a\":1}", 0, "'{' expected"},
    {"{\"a\":[]}", 0, "'{' expected"},
    {"{\"a\":null}", 0, "'{' expected"},
    {"{\"a\":{}}", 0, "a: has no dtype"},
    {"{\"a\":{\"dtype\":\"U8\"}}", 0, "a: has no shape"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}}", 0, "a: has no data_offsets"},
    {"{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", 0, "a: the key 'dtype' stands twice"},
    {"{\"a\":{\"stride\":[1]}}", 0, "a: the key 'stride' is unknown"},
    {"{\"a\":{\"dtype\":8}}", 0, "a string expected"},
    {"{" TENSOR("a", "F8", "1", "0", "1") "}", 1, "a: unknown dtype 'F8'"},
    {"{" TENSOR("a", "f32", "1", "0", "4") "}", 4, "unknown dtype 'f32'"},
    {"{" TENSOR("a", "U8", "-1", "0", "1") "}", 1, "an integer from 0"},
    {"{" TENSOR("a", "U8", "1.0", "0", "1") "}", 1, "an integer from 0"},
    {"{" TENSOR("a", "U8", "1,", "0", "1") "}", 1, "an integer from 0"},
    {"{" TENSOR("a", "U8", "1,1,1,1,1,1,1,1,1", "0", "1") "}", 1, "more than 8 axes"},
    {"{" TENSOR("a", "U8", "18446744073709551616", "0", "1") "}", 1, "an integer from 0"},
    {"{" TENSOR("a", "F32", "4611686018427387904", "0", "0") "}", 0, "over 2^64 bytes"},
    {"{" TENSOR("a", "U8", "4294967296,4294967296", "0", "0") "}", 0, "over 2^64 bytes"},
    {"{" TENSOR("a", "F64", "18446744073709551615,2", "0", "16") "}", 16, "over 2^64 bytes"},
    {"{" TENSOR("a", "U8", "3", "0", "2") "}", 2, "2 bytes between its offsets, its shape has 3"},
    {"{" TENSOR("a", "F32", "2", "0", "2") "}", 2, "2 bytes between its offsets, its shape has 8"},
    {"{" TENSOR("a", "U8", "", "0", "2") "}", 2, "its shape has 1"},
    {"{" TENSOR("a", "U8", "2", "2", "0") "}", 2, "offsets 2 to 0"},
    {"{" TENSOR("a", "U8", "2", "0", "2") "}", 1, "offsets 0 to 2 in 1 bytes"},
    {"{" TENSOR("a", "U8", "0", "3", "3") "}", 2, "offsets 3 to 3 in 2 bytes"},
    {"{" TENSOR("a", "U8", "2", "18446744073709551615", "1") "}", 2, "offsets 18446744073709551615"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0]}}", 2, "expected before"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2,2]}}", 2, "']' expected"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[]}}", 2, "two offsets expected"},
    {"{" FIRST "}", 3, "1 bytes behind the last tensor"},
    {"{}", 3, "3 bytes behind the last tensor"},
    {"{" TENSOR("a", "U8", "2", "1", "3") "}", 3, "a: begins at byte 1 of the data, leaving a hole from 0"},
    {"{" FIRST "," TENSOR("b", "U8", "2", "1", "3") "}", 3,
     "b: begins at byte 1 of the data, inside another"},
    {"{" FIRST "," TENSOR("b", "U8", "2", "0", "2") "}", 2, "inside another, which ends at 2"},
    {"{" FIRST "," TENSOR("b", "U8", "1", "3", "4") "}", 4,
     "b: begins at byte 3 of the data, leaving a hole"},
    {"{" FIRST "," TENSOR("b", "U8", "0", "1", "1") "}", 2, "begins at byte 1 of the data, inside another"},
    {"{" FIRST "," TENSOR("a", "U8", "1", "2", "3") "}", 3, "a: stands twice"},
    {"{" FIRST "," TENSOR("\\u0061", "U8", "1", "2", "3") "}", 3, "a: stands twice"},
    {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "__metadata__ stands twice"},
    {"{\"__metadata__\":{\"k\":\"1\",\"j\":\"2\",\"k\":\"1\"}}", 0, "the key 'k' stands twice"},
    {"{\"__metadata__\":{\"k\":1}}", 0, "a string expected"},
    {"{\"__metadata__\":{\"k\":{\"l\":\"m\"}}}", 0, "a string expected"},
    {"{\"__metadata__\":[]}", 0, "'{' expected"},
    {"{" FIRST ",}", 2, "a string expected"},
    {"{," FIRST "}", 2, "a string expected"},
    {"{" FIRST " " FIRST "}", 2, "',' or '}' expected"},
    {"{\"a\xff\":{}}", 0, "UTF-8 text expected"},
};

static void bad_headers_are_refused(void) {
    sb_safetensors file;
    sb_error error;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    for (size_t i = 0; i < sizeof bad_header / sizeof bad_header[0]; i++) {
        sb_status status = read_header(&file, bad_header[i].header, bad_header[i].data_size, &error);
        SB_CHECK(status == SB_BAD_INPUT && strstr(error.message, bad_header[i].words) &&
                     strstr(error.message, "a.safetensors: "),
                 "%s: %s", bad_header[i].header, error.message);
        SB_CHECK(!file.tensor && !file.metadata && !file.bytes && !*file.hash, "the file is empty");
    }
}

static void lengths_are_refused(void) {
    static const uint64_t length[] = {3,         100,        100000000, 100000001, (uint64_t)1 << 32,
                                      INT64_MAX, UINT64_MAX, 1,         0};
    sb_safetensors file;
    sb_error error;
    sb_text text;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    sb_text_init(&text);
    for (size_t i = 0; i < sizeof length / sizeof length[0]; i++) {
        compose(&text, length[i], "{}", 2, 0);
        int longer = length[i] > 2;
        SB_CHECK(read_bytes(&file, text.data, text.length, &error) == SB_BAD_INPUT &&
                     (!longer || strstr(error.message, "a header of ")),
                 "%s", error.message);
    }
    for (size_t size = 0; size < 8; size++)
        SB_CHECK(read_bytes(&file, "\2\0\0\0\0\0\0", size, &error) == SB_BAD_INPUT &&
                     strstr(error.message, "too short"),
                 "%zu bytes: %s", size, error.message);
    char header[100];
    snprintf(header, sizeof header, "{" TENSOR("a", "U8", "%d", "0", "%d") "}", LIMIT + 1, LIMIT + 1);
    SB_CHECK(read_header(&file, header, LIMIT + 1, &error) == SB_BAD_INPUT &&
                 strstr(error.message, "more than the limit of 1048576"),
             "%s", error.message);
    sb_text_clear(&text);
}

static void deep_headers_are_refused(void) {
    enum { DEPTH = 1000000 };
    static const char *const piece[] = {"[", "{\"a\":", "{\"a\":{\"shape\":["};
    sb_safetensors file;
    sb_error error;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    for (size_t i = 0; i < 3; i++) {
        sb_text text;
        sb_text_init(&text);
        if (i != 1) sb_text_append(&text, "{\"a\":{\"shape\":");
        for (int k = 0; k < DEPTH; k++) sb_text_append(&text, piece[i]);
        SB_CHECK(!text.failed && read_header(&file, text.data, 0, &error) == SB_BAD_INPUT, "%s", piece[i]);
        sb_text_clear(&text);
    }
}

static void not_files(void) {
    sb_safetensors file;
    sb_error error;
    SB_CHECK(sb_safetensors_read(&file, "/", LIMIT, &error) == SB_IO && strstr(error.message, "directory"),
             "%s", error.message);
    SB_CHECK(sb_safetensors_read(&file, "/dev/zero", LIMIT, &error) == SB_IO &&
                 strstr(error.message, "not a regular file"),
             "%s", error.message);
    SB_CHECK(sb_safetensors_read(&file, "/no/such/file", LIMIT, &error) == SB_IO &&
                 strstr(error.message, "/no/such/file"),
             "%s", error.message);
}

/* ------------------------------------------------------------------ damage */
static const char sample[] = "{\"__metadata__\":{\"epoch\":\"3\"},\"conv1.weight\":{\"dtype\":\"F32\","
                             "\"shape\":[2,1],\"data_offsets\":"
                             "[0,8]},\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]}}   ";

static void every_truncation_is_refused(void) {
    sb_safetensors file;
    sb_error error;
    sb_text text;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    sb_text_init(&text);
    compose(&text, sizeof sample - 1, sample, sizeof sample - 1, 16);
    for (size_t size = 0; size < text.length; size++)
        SB_CHECK(read_bytes(&file, text.data, size, &error) == SB_BAD_INPUT && *error.message, "%zu bytes",
                 size);
    SB_CHECK(read_bytes(&file, text.data, text.length, &error) == SB_OK, "%s", error.message);
    sb_safetensors_clear(&file);
    sb_text_append(&text, "x");
    SB_CHECK(read_bytes(&file, text.data, text.length, &error) == SB_BAD_INPUT, "a byte too many");
    sb_text_clear(&text);
}

/* What is accepted covers its data; all else is refused with one line. */
static void check_damaged(const char *bytes, size_t size) {
    sb_safetensors file;
    sb_error error;
    sb_status status = read_bytes(&file, bytes, size, &error);
    uint64_t sum = 0;
    for (size_t i = 0; i < file.tensor_count; i++) {
        const unsigned char *data = file.tensor[i].data;
        uint64_t stored = file.tensor[i].count * sb_dtype_size(file.tensor[i].dtype);
        for (uint64_t k = 0; k < stored; k++) sum += data[k] < 16; /* touched: a sanitizer would object */
    }
    SB_CHECK(status == SB_OK ? sum == 16 : status == SB_BAD_INPUT && *error.message,
             "status %d, %llu bytes: %s", (int)status, (unsigned long long)sum, error.message);
    sb_safetensors_clear(&file);
}

static void flipped_bits_never_crash(void) {
    sb_text text;
    if (!getenv("SCRATCH")) SB_SKIP("no SCRATCH folder");
    sb_text_init(&text);
    compose(&text, sizeof sample - 1, sample, sizeof sample - 1, 16);
    size_t header = text.length - 16;
    for (size_t bit = 0; bit < 8 * header; bit++) {
        text.data[bit / 8] ^= (char)(1 << bit % 8);
        check_damaged(text.data, text.length);
        text.data[bit / 8] ^= (char)(1 << bit % 8);
    }
    /* bytes replaced by those that mean something to the grammar */
    static const char token[] = "{}[]:,\"\\ 09-un";
    uint64_t state = 5;
    for (int run = 0; run < 4000; run++) {
        size_t place = 8 + sb_test_random(&state) % (header - 8),
               other = 8 + sb_test_random(&state) % (header - 8);
        char keep = text.data[place], keep_other = text.data[other];
        text.data[place] = token[sb_test_random(&state) % (sizeof token - 1)];
        text.data[other] = token[sb_test_random(&state) % (sizeof token - 1)];
        check_damaged(text.data, text.length);
        text.data[other] = keep_other;
        text.data[place] = keep;
    }
    sb_text_clear(&text);
}

/* ------------------------------------------------------------------ numbers and writing */
static sb_stored_tensor stored(sb_dtype dtype, const void *data, uint64_t count) {
    return (sb_stored_tensor){.dtype = dtype, .rank = 1, .shape = {count}, .count = count, .data = data};
}

static void sixteen_bit_floats_are_exact(void) {
    static uint16_t half[65536];
    static float value[65536];
    for (unsigned i = 0; i < 65536; i++) half[i] = (uint16_t)i;
    sb_stored_tensor tensor = stored(SB_DTYPE_F16, half, 65536);
    SB_CHECK(sb_stored_floats(&tensor, value), "F16");
    for (unsigned i = 0; i < 65536; i++) {
        int exponent = (int)(i >> 10 & 31), fraction = (int)(i & 1023);
        double wanted = exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
        if (exponent == 31) wanted = fraction ? NAN : INFINITY;
        if (i >> 15) wanted = -wanted;
        SB_CHECK(isnan(wanted) ? isnan(value[i])
                               : (double)value[i] == wanted && !signbit(value[i]) == !signbit(wanted),
                 "F16 %04x: %a, not %a", i, (double)value[i], wanted);
    }
    tensor.dtype = SB_DTYPE_BF16;
    SB_CHECK(sb_stored_floats(&tensor, value), "BF16");
    for (unsigned i = 0; i < 65536; i++) {
        int exponent = (int)(i >> 7 & 255), fraction = (int)(i & 127);
        double wanted = exponent ? ldexp(128 + fraction, exponent - 134) : ldexp(fraction, -133);
        if (exponent == 255) wanted = fraction ? NAN : INFINITY;
        if (i >> 15) wanted = -wanted;
        SB_CHECK(isnan(wanted) ? isnan(value[i])
                               : (double)value[i] == wanted && !signbit(value[i]) == !signbit(wanted),
                 "BF16 %04x: %a, not %a", i, (double)value[i], wanted);
    }
}

static void wide_floats_are_rounded(void) {
    static const double wide[] = {0.1, 1 + 0x1p-25, 1e-50, -3.0, 1e300};
    static const float wanted[] = {0.1f, 1, 0, -3, INFINITY};
    float value[5];
    unsigned char shifted[sizeof wide + 1]; /* not aligned */
    memcpy(shifted + 1, wide, sizeof wide);
    sb_stored_tensor tensor = stored(SB_DTYPE_F64, shifted + 1, 5);
    SB_CHECK(sb_stored_floats(&tensor, value), "F64");
    for (size_t i = 0; i < 5; i++)
        SB_CHECK(value[i] == wanted[i], "%g becomes %g", wide[i], (double)value[i]);
    tensor = stored(SB_DTYPE_I32, shifted + 1, 5);
    SB_CHECK(!sb_stored_floats(&tensor, value), "I32 is no float");
}

/* The bytes as the format prescribes them, and the hash that sha256sum prints for them. */
static void written_bytes(void) {
    static const char header[] =
        "{\"__metadata__\":{\"a "
        "\\\"b\\\"\":\"c\\\\\\u000a?\xc3\xa9\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2,1],"
        "\"data_offsets\":[0,8]},\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[8,16]}}";
    static const unsigned char data[] = {0,    0,    0x80, 0x3f, 0,    0,    0,    0xc0,
                                         0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    static const float w[] = {1, -2};
    static const int64_t n = -2;
    char name_w[] = "w", name_n[] = "n", key[] = "a \"b\"", value[] = "c\\\n\xff\xc3\xa9";
    sb_stored_tensor tensor[] = {
        {.name = name_w, .dtype = SB_DTYPE_F32, .rank = 2, .shape = {2, 1}, .count = 2, .data = w},
        {.name = name_n, .dtype = SB_DTYPE_I64, .count = 1, .data = &n}};
    sb_metadata_item metadata[] = {{key, value}};
    sb_safetensors file = {.tensor = tensor, .tensor_count = 2, .metadata = metadata, .metadata_count = 1};
    char *path = scratch("w.safetensors"), *bytes = NULL;
    if (!path) SB_SKIP("no SCRATCH folder");
    size_t size = 0, length = (sizeof header - 1 + 7) / 8 * 8;
    sb_error error = {0};
    SB_CHECK(sb_safetensors_write(&file, path, &error) == SB_OK, "%s", error.message);
    SB_CHECK(sb_file_read(path, 1000, &bytes, &size, &error) == SB_OK, "%s", error.message);
    SB_CHECK(size == 8 + length + 16 && (unsigned char)bytes[0] == length &&
                 memcmp(bytes + 1, "\0\0\0\0\0\0", 7) == 0 &&
                 memcmp(bytes + 8, header, sizeof header - 1) == 0 &&
                 memcmp(bytes + 8 + length, data, 16) == 0,
             "%zu bytes: %.*s", size, (int)length, bytes ? bytes + 8 : "");
    for (size_t i = 8 + sizeof header - 1; i < 8 + length; i++) SB_CHECK(bytes[i] == ' ', "padding");
    SB_CHECK(strcmp(file.hash, "64685aab6f749d1b7fd1ca6d50583990296cfd5bd7957f9d1234d82cb7a2ab93") == 0, "%s",
             file.hash);
    sb_safetensors again;
    SB_CHECK(sb_safetensors_read(&again, path, LIMIT, &error) == SB_OK, "%s", error.message);
    SB_CHECK(strcmp(again.hash, file.hash) == 0, "%s after reading", again.hash);
    SB_CHECK(again.metadata_count == 1 && strcmp(again.metadata[0].key, key) == 0 &&
                 strcmp(again.metadata[0].value, "c\\\n?\xc3\xa9") == 0,
             "metadata");
    const sb_stored_tensor *read = sb_safetensors_find(&again, "w");
    SB_CHECK(read && read->shape[0] == 2 && memcmp(read->data, w, sizeof w) == 0, "w");
    SB_CHECK(sb_safetensors_write(&file, "/dev/full", &error) == SB_IO, "/dev/full");
    sb_safetensors_clear(&again);
    free(bytes);
    free(path);
}

static const sb_test tests[] = {
    {"UTF-8 is exactly that of RFC 3629", utf8_is_exactly_utf8},
    {"strings of JSON", json_strings},
    {"numbers of JSON", json_numbers},
    {"what the format allows is read", what_is_allowed},
    {"bad headers are refused with what is wrong", bad_headers_are_refused},
    {"impossible lengths are refused", lengths_are_refused},
    {"deep headers are refused", deep_headers_are_refused},
    {"what is no file is refused", not_files},
    {"every truncation is refused", every_truncation_is_refused},
    {"flipped bits and damaged grammar never crash", flipped_bits_never_crash},
    {"F16 and BF16 are exact", sixteen_bit_floats_are_exact},
    {"F64 is rounded", wide_floats_are_rounded},
    {"written bytes and their hash", written_bytes},
};
SB_TEST_MAIN(tests)
