/* Finite mixtures: every coordinate is drawn, independently of the others, from the component number i with
   probability w_i. With f_i, F_i the density and distribution function of component i at unit scale and a_i
   its scale,

     density  sum w_i f_i(x/a_i)/a_i,   F(x) = sum w_i F_i(x/a_i),   E|X|^k = sum w_i a_i^k E|X_i|^k.

   A mixture has no scale of its own. Text: W*NAME:key=value,...+W*NAME:..., weights exact with sum 1. A '+'
   after 'e', '=' or '^' belongs to a number (1e+3). */
#include "distributions/family.h"

#include "distributions/law_numerics.h"
#include "distributions/mixture_affinity.h"
#include "distributions/mixture_density.h"
#include "distributions/noise.h"
#include "support/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { COMPONENTS = 1000 };

/* ------------------------------------------------------------------ text */
/* The length of the first component of `text`: up to a '+' that is no sign in a number. */
static size_t component_length(const char *text) {
    for (size_t i = 0; text[i]; i++) {
        if (text[i] != '+') continue;
        char before = i ? text[i - 1] : '\0';
        int exponent = i > 1 && (before == 'e' || before == 'E') &&
                       (isdigit((unsigned char)text[i - 2]) || text[i - 2] == '.');
        if (!exponent && before != '=' && before != '^') return i;
    }
    return strlen(text);
}

/* Whether the noise called `name` can be a component; an unknown name is the parser's business. */
static sb_status check_component(const char *name, sb_error *error) {
    const sb_noise_family *family = sb_noise_family_named(name);
    if (!family) return SB_OK;
    if (family->parse) return sb_fail(error, SB_BAD_INPUT, "mixture: a component cannot be a %s", name);
    if (!family->product)
        return sb_fail(error, SB_BAD_INPUT, "mixture: the coordinates of %s noise are not independent", name);
    int constant = family == &sb_staircase_family || family == &sb_lattice_family;
    if (!family->product->log_density && !constant)
        return sb_fail(error, SB_BAD_INPUT, "mixture: %s noise cannot be a component", name);
    return SB_OK;
}

/* Reads W*SPEC into the next component. */
static sb_status read_component(sb_noise_spec *spec, const char *text, sb_error *error) {
    const char *star = strchr(text, '*');
    if (!star)
        return sb_fail(error, SB_BAD_INPUT, "mixture: '%.60s' is not WEIGHT*NOISE (0.9*gaussian:sigma=1)",
                       text);
    char *weight = sb_format("%.*s", (int)(star - text), text);
    char *name = sb_format("%.*s", (int)strcspn(star + 1, ":"), star + 1);
    sb_exact number;
    sb_exact_init(&number);
    sb_status status =
        weight && name ? sb_exact_parse("mixture: weight", weight, &number, error) : sb_fail_memory(error);
    if (!status && (number.infinite || fmpq_sgn(number.value) <= 0))
        status = sb_fail(error, SB_BAD_INPUT, "mixture: weight '%.60s': must be a positive number", weight);
    sb_noise_spec *part = &spec->component[spec->component_count];
    if (!status) status = check_component(name, error);
    if (!status) status = sb_noise_spec_parse(part, star + 1, error);
    if (!status) fmpq_set(&spec->weight[spec->component_count], number.value);
    sb_exact_clear(&number);
    free(weight);
    free(name);
    return status;
}

static sb_status check_weights(const sb_noise_spec *spec, sb_error *error) {
    fmpq_t sum;
    sb_status status = SB_OK;
    fmpq_init(sum);
    for (size_t i = 0; i < spec->component_count; i++) fmpq_add(sum, sum, &spec->weight[i]);
    if (!fmpq_is_one(sum)) {
        char *text = sb_rational_print(sum);
        status =
            sb_fail(error, SB_BAD_INPUT, "mixture: the weights sum to %.60s, not to 1", text ? text : "?");
        free(text);
    }
    fmpq_clear(sum);
    return status;
}

static sb_status parse(sb_noise_spec *spec, const char *text, sb_error *error) {
    size_t most = 1;
    for (const char *c = text; *c; c++) most += *c == '+';
    if (!*text) return sb_fail(error, SB_BAD_INPUT, "noise mixture: needs WEIGHT*NOISE+WEIGHT*NOISE+...");
    if (most > COMPONENTS)
        return sb_fail(error, SB_BAD_INPUT, "mixture: more than %d components", COMPONENTS);
    spec->component = calloc(most, sizeof *spec->component);
    spec->weight = calloc(most, sizeof *spec->weight);
    if (!spec->component || !spec->weight) return sb_fail_memory(error);
    sb_status status = SB_OK;
    for (int more = 1; more && !status;) {
        size_t length = component_length(text);
        char *piece = sb_format("%.*s", (int)length, text);
        sb_noise_spec_init(&spec->component[spec->component_count]);
        fmpq_init(&spec->weight[spec->component_count]);
        status = piece ? read_component(spec, piece, error) : sb_fail_memory(error);
        spec->component_count++;
        free(piece);
        more = text[length] == '+';
        text += length + (size_t)more;
    }
    if (!status) status = check_weights(spec, error);
    return status ? status : sb_mixture_atoms_check(spec, error);
}

static char *print(const sb_noise_spec *spec) {
    sb_text out;
    sb_text_init(&out);
    sb_text_append(&out, spec->family->name);
    for (size_t i = 0; i < spec->component_count; i++) {
        char *weight = sb_rational_print(&spec->weight[i]), *part = sb_noise_spec_print(&spec->component[i]);
        sb_text_format(&out, "%c%s*%s", i ? '+' : ':', weight ? weight : "?", part ? part : "?");
        if (!weight || !part) out.failed = 1;
        free(weight);
        free(part);
    }
    return sb_text_detach(&out);
}

/* ------------------------------------------------------------------ the law of a coordinate */
static unsigned traits(const sb_noise_spec *spec) {
    unsigned all = SB_UNIMODAL, any = 0;
    for (size_t i = 0; i < spec->component_count; i++) {
        unsigned part = sb_noise_traits(&spec->component[i]);
        all &= part;
        any |= part;
    }
    return all | (any & SB_HAS_ATOMS);
}

/* value := sum of w_i times what `law` says of component i */
static void combine(arb_t value, void law(arb_t, const sb_noise_spec *, const arb_t, slong),
                    const sb_noise_spec *spec, const arb_t x, slong precision) {
    arb_t sum, term, weight;
    arb_init(sum);
    arb_init(term);
    arb_init(weight);
    for (size_t i = 0; i < spec->component_count; i++) {
        law(term, &spec->component[i], x, precision);
        arb_set_fmpq(weight, &spec->weight[i], precision);
        arb_addmul(sum, term, weight, precision);
    }
    arb_swap(value, sum);
    arb_clear(sum);
    arb_clear(term);
    arb_clear(weight);
}

static void density(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    combine(value, sb_noise_density, spec, x, precision);
}

static void component_cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    sb_noise_cdf(value, spec, 1, x, precision);
}

static void cdf(arb_t value, const sb_noise_spec *spec, const arb_t x, slong precision) {
    combine(value, component_cdf, spec, x, precision);
}

static void component_tail(arb_t value, const sb_noise_spec *part, const arb_t s, slong precision) {
    sb_noise_tail(value, part, 1, s, precision);
}

static void tail(arb_t value, const sb_noise_spec *spec, const arb_t s, slong precision) {
    combine(value, component_tail, spec, s, precision);
}

static void absolute_moment(arb_t value, const sb_noise_spec *spec, const fmpq_t order, slong precision) {
    arb_t sum, term, weight;
    arb_init(sum);
    arb_init(term);
    arb_init(weight);
    for (size_t i = 0; i < spec->component_count; i++) {
        sb_noise_absolute_moment(term, &spec->component[i], 1, order, precision);
        arb_set_fmpq(weight, &spec->weight[i], precision);
        arb_mul(term, term, weight, precision);
        arb_add(sum, sum, term, precision);
    }
    arb_swap(value, sum);
    arb_clear(sum);
    arb_clear(term);
    arb_clear(weight);
}

/* Whether F(x) < u (side -1) or F(x) >= u (side 1) is certain. */
static int lies_on(int side, const sb_noise_spec *spec, const arb_t x, const arb_t u, slong precision) {
    arb_t level;
    arb_init(level);
    cdf(level, spec, x, precision);
    int certain = side < 0 ? arb_lt(level, u) : arb_ge(level, u);
    arb_clear(level);
    return certain;
}

/* Bisects, from `beyond` on the other side, for the last point that certainly lies left of the quantile (side
   -1), or the first that does not. */
static void quantile_end(arb_t end, arb_t beyond, int side, const sb_noise_spec *spec, const arb_t u,
                         slong precision) {
    arb_t x;
    arb_init(x);
    for (slong k = 0; k < 2 * precision; k++) {
        arb_add(x, beyond, end, 2 * precision);
        arb_mul_2exp_si(x, x, -1);
        arb_get_mid_arb(x, x);
        arb_swap(lies_on(side, spec, x, u, precision) ? end : beyond, x);
    }
    arb_clear(x);
}

/* Also where the distribution function jumps or is constant. */
static void quantile(arb_t value, const sb_noise_spec *spec, const arb_t u, slong precision) {
    slong work = precision + 20;
    int certain = 0;
    arb_t low, high, other;
    arb_init(low);
    arb_init(high);
    arb_init(other);
    for (slong k = 0; k < 1 << 20 && !certain; k += 1 + k / 4) { /* -2^k and 2^k */
        arb_one(high);
        arb_mul_2exp_si(high, high, k);
        arb_neg(low, high);
        certain = lies_on(-1, spec, low, u, work) && lies_on(1, spec, high, u, work);
    }
    if (certain) {
        arb_neg(other, low);
        quantile_end(low, other, -1, spec, u, work);
        arb_neg(other, high); /* the first low end again */
        quantile_end(high, other, 1, spec, u, work);
        arb_union(value, low, high, precision);
    } else {
        arb_indeterminate(value);
    }
    arb_clear(low);
    arb_clear(high);
    arb_clear(other);
}

static double draw(const sb_noise_spec *spec, sb_random *random) {
    double u = sb_random_uniform(random);
    size_t i = 0;
    arb_t scale;
    arb_init(scale);
    for (; i + 1 < spec->component_count; i++) {
        u -= fmpq_get_d(&spec->weight[i]);
        if (u < 0) break;
    }
    const sb_noise_spec *part = &spec->component[i];
    sb_noise_scale(scale, part, 1, 53);
    double x = arf_get_d(arb_midref(scale), ARF_RND_NEAR) * part->family->product->draw(part, random);
    arb_clear(scale);
    return x;
}

/* ------------------------------------------------------------------ affinity */
static void affinity(arb_t value, const sb_noise_spec *spec, const arb_t t, const arb_t shift,
                     slong precision) {
    sb_mixture_affinity(value, spec, SB_MIXTURE_REAL, t, shift, precision);
}

static void affinity_imaginary(arb_t value, const sb_noise_spec *spec, const arb_t y, const arb_t shift,
                               slong precision) {
    sb_mixture_affinity(value, spec, SB_MIXTURE_IMAGINARY, y, shift, precision);
}

static const sb_log_density kinked = {.log_density = sb_mixture_log_density,
                                      .tail = tail,
                                      .affinity = affinity},
                            smooth = {.log_density = sb_mixture_log_density,
                                      .tail = tail,
                                      .affinity = affinity,
                                      .analytic_at_zero = 1};

/* The log-density of the mixture, when all components have one on the whole line; else NULL. */
static const sb_log_density *log_density(const sb_noise_spec *spec) {
    int analytic = 1;
    for (size_t i = 0; i < spec->component_count; i++) {
        const sb_noise_spec *part = &spec->component[i];
        if (!part->family->product->log_density) return NULL;
        const sb_log_density *law = part->family->product->log_density(part);
        if (law->hole || law->edge) return NULL;
        analytic &= law->analytic_at_zero;
    }
    return analytic ? &smooth : &kinked;
}

static void affinity_supremum(arb_t value, const sb_noise_spec *spec, const arb_t from, const arb_t shift,
                              slong precision) {
    const sb_log_density *law = log_density(spec);
    arb_t zero;
    arb_init(zero);
    if (law)
        sb_law_affinity_supremum(value, law, spec, from, shift, precision);
    else
        affinity(value, spec, zero, shift, precision);
    arb_clear(zero);
}

static void total_variation(arb_t value, const sb_noise_spec *spec, const arb_t shift, slong precision) {
    if (traits(spec) & SB_UNIMODAL) {
        arb_mul_2exp_si(value, shift, -1);
        tail(value, spec, value, precision);
    } else if (arb_is_zero(shift)) {
        arb_one(value);
    } else {
        arb_t unused;
        arb_init(unused);
        sb_mixture_affinity(value, spec, SB_MIXTURE_OVERLAP, unused, shift, precision);
        arb_clear(unused);
    }
    arb_sub_ui(value, value, 1, precision);
    arb_neg(value, value);
}

static const sb_product_law product = {
    .traits = traits,
    .density = density,
    .cdf = cdf,
    .tail = tail,
    .quantile = quantile,
    .absolute_moment = absolute_moment,
    .draw = draw,
    .total_variation = total_variation,
    .affinity = affinity,
    .affinity_imaginary = affinity_imaginary,
    .affinity_supremum = affinity_supremum,
    .affinity_time = 50000,
    .log_density = log_density,
};

const sb_noise_family sb_mixture_family = {
    .name = "mixture",
    .description = "every coordinate, independently of the others, from a finite mixture of other noises",
    .density = "sum of WEIGHT times the densities in mixture:WEIGHT*NOISE+WEIGHT*NOISE+...",
    .source = "",
    .tail_class = "that of the heaviest component",
    .moments = "those of every component",
    .key = {{0}},
    .scale = -1,
    .product = &product,
    .parse = parse,
    .print = print,
};
