/* The product engine at the edges of its rules: lengths that agree to more bits than a double has, shifts at
   the kinks of a density and at the end of its support, extreme shapes. One coordinate has a formula that the
   engine does not use: 1 - TV = Pr(|X| > v/2). */
#include "distributions/product_overlap.h"
#include "distributions/shift_moments.h"
#include "support/enclosure.h"
#include "tests/test.h"

static void parse(sb_noise_spec *noise, const char *text) {
    sb_error error = {0};
    sb_noise_spec_init(noise);
    sb_status status = sb_noise_spec_parse(noise, text, &error);
    SB_CHECK(!status, "%s: %s", text, error.message);
}

/* The centre of a bin has 53 bits and would lie outside the hull of these lengths. */
static void lengths_nearly_equal(void) {
    enum { COUNT = 8, BITS = 400 };
    uint64_t multiplicity[COUNT];
    sb_noise_spec noise;
    sb_shift_moments moments;
    sb_error error = {0};
    arb_ptr length = _arb_vec_init(COUNT);
    arb_t t, value, expected, factor, width;
    arb_init(t);
    arb_init(value);
    arb_init(expected);
    arb_init(factor);
    arb_init(width);
    parse(&noise, "laplace:b=1");
    arb_one(width);
    for (ulong i = 0; i < COUNT; i++) {
        multiplicity[i] = i + 1;
        arb_set_ui(factor, i);
        arb_mul_2exp_si(factor, factor, -90);
        arb_set_ui(length + i, 1);
        arb_div_ui(length + i, length + i, 3, BITS);
        arb_add(length + i, length + i, factor, BITS);
    }
    arb_set_d(t, 0.75);
    sb_status status =
        sb_shift_moments_init(&moments, &noise, length, multiplicity, COUNT, width, 2, BITS, &error);
    SB_CHECK(!status, "%s", error.message);
    sb_shift_moments_value(value, &moments, t, BITS);
    arb_one(expected);
    for (slong i = 0; i < COUNT; i++) {
        noise.family->product->affinity(factor, &noise, t, length + i, BITS);
        arb_pow_ui(factor, factor, multiplicity[i], BITS);
        arb_mul(expected, expected, factor, BITS);
    }
    SB_CHECK(arb_overlaps(value, expected) && arb_rel_accuracy_bits(value) > 150, "%ld bits",
             (long)arb_rel_accuracy_bits(value));
    sb_shift_moments_clear(&moments);
    sb_noise_spec_clear(&noise);
    _arb_vec_clear(length, COUNT);
    arb_clear(t);
    arb_clear(value);
    arb_clear(expected);
    arb_clear(factor);
    arb_clear(width);
}

static void check_coordinate(const char *text, double shift, int digits) {
    sb_noise_spec noise;
    sb_error error = {0};
    arb_t length, zero, overlap, expected;
    arb_init(length);
    arb_init(zero);
    arb_init(overlap);
    arb_init(expected);
    parse(&noise, text);
    arb_set_d(length, shift);
    sb_status status = sb_product_overlap_equal(overlap, &noise, 1, length, zero, digits, &error);
    arb_mul_2exp_si(expected, length, -1);
    noise.family->product->tail(expected, &noise, expected, 200);
    SB_CHECK(!status && arb_overlaps(overlap, expected), "%s, shift %g: %.17g, not %.17g; %s", text, shift,
             arf_get_d(arb_midref(overlap), ARF_RND_NEAR), arf_get_d(arb_midref(expected), ARF_RND_NEAR),
             error.message);
    SB_CHECK(arb_is_exact(overlap) || arb_rel_accuracy_bits(overlap) > 3 * digits, "%s, shift %g: %ld bits",
             text, shift, (long)arb_rel_accuracy_bits(overlap));
    sb_noise_spec_clear(&noise);
    arb_clear(length);
    arb_clear(zero);
    arb_clear(overlap);
    arb_clear(expected);
}

/* Stairs that meet, supports that touch or separate. */
static void shifts_at_kinks(void) {
    static const double shift[] = {0x1p-40, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 20};
    static const char *const noise[] = {
        "staircase:ratio=1/2,gamma=0,step=1",   "staircase:ratio=1/2,gamma=1,step=1",
        "staircase:ratio=1/2,gamma=1/2,step=1", "staircase:ratio=1/100,gamma=1/3,step=1",
        "uniform:r=1",                          "laplace:b=1",
        "logistic:scale=1",
    };
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
        for (size_t j = 0; j < sizeof shift / sizeof *shift; j++) check_coordinate(noise[i], shift[j], 4);
}

static const sb_test tests[] = {{"lengths that agree to more than 53 bits", lengths_nearly_equal},
                                {"one coordinate, shifts at the kinks of the density", shifts_at_kinks}};

int main(void) {
    return sb_test_main(tests, sizeof tests / sizeof *tests);
}
