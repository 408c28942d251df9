/* Mixtures. Reference values are integrals of the densities by mpmath at 35 to 45 digits, between the points
   where these are not smooth; total variation is the integral of |p - q|/2 between the zeros of p - q. */
#include "distributions/mixture_affinity.h"
#include "distributions/noise.h"
#include "tests/test.h"

#include <math.h>

#define CONTAMINATED "mixture:0.9*gaussian:sigma=1+0.1*cauchy:scale=2"
#define EDGED "mixture:1/2*laplace:b=1+1/2*uniform:r=3/2"
#define BRANCHED "mixture:1/2*gengauss:shape=1/2,scale=1+1/2*logistic:scale=1"
#define HOLED "mixture:1/4*pareto:alpha=2,xm=1/2+3/4*triangular:r=2"
#define STEPPED "mixture:1/2*staircase:ratio=1/2,gamma=1/3,step=1/2+1/2*laplace:b=1"
#define FAR_APART "mixture:99/100*gaussian:sigma=1/100+1/100*gaussian:sigma=10"
#define DOTTED "mixture:1/3*lattice:points=5,spacing=1/2+1/3*lattice:points=3,spacing=1+1/3*gaussian:sigma=1"

static const char *const names[] = {CONTAMINATED, EDGED, BRANCHED, HOLED, STEPPED, FAR_APART, DOTTED};
#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))

static const sb_product_law *parse(sb_noise_spec *noise, const char *text) {
    sb_error error;
    sb_noise_spec_init(noise);
    if (sb_noise_spec_parse(noise, text, &error)) {
        printf("# %s\n", error.message);
        abort();
    }
    return noise->family->product;
}

static double uniform(uint64_t *state) {
    return (double)(sb_test_random(state) >> 11) * 0x1p-53;
}

static double middle(const arb_t value) {
    return arf_get_d(arb_midref(value), ARF_RND_NEAR);
}

/* The ball agrees with a decimal of 27 digits to 24, and is as narrow. */
static int is_near(const arb_t value, const char *decimal) {
    arb_t wanted, slack;
    arb_init(wanted);
    arb_init(slack);
    if (arb_set_str(wanted, decimal, 200)) abort();
    arb_abs(slack, wanted);
    arb_mul_2exp_si(slack, slack, -80);
    arb_sub(wanted, wanted, value, 200);
    arb_abs(wanted, wanted);
    int near = arb_lt(wanted, slack);
    arb_clear(wanted);
    arb_clear(slack);
    return near;
}

static void values(void) {
    static const struct {
        const char *noise;
        char which; /* H(t), H(it), total variation */
        double t, shift;
        const char *value;
    } row[] = {{CONTAMINATED, 'H', 0, 0.5, "0.974133207876349812491371189349"},
               {CONTAMINATED, 'H', 1.25, 0.75, "0.641356780874546744669899335213"},
               {CONTAMINATED, 'H', 4, 3, "-0.0504544664979981498969553189079"},
               {CONTAMINATED, 'I', 0.25, 1.5, "0.843802560797741063912185485881"},
               {EDGED, 'H', 0, 0.5, "0.954171122305879095994110567238"},
               {EDGED, 'H', 1.25, 0.75, "0.597066959298055593346665247211"},
               {EDGED, 'H', 4, 3, "0.007424023849243437417235321308"},
               {EDGED, 'I', 0.25, 1.5, "0.81920488834163900471043407656"},
               {BRANCHED, 'H', 0, 0.5, "0.993387263554406942066643068093"},
               {BRANCHED, 'H', 1.25, 0.75, "0.898716183393833391447492406111"},
               {BRANCHED, 'H', 4, 3, "0.228969060086468502925888835951"},
               {BRANCHED, 'I', 0.25, 1.5, "0.961349857052652964631036967986"},
               {HOLED, 'H', 0, 0.5, "0.934995846308360701728476691775"},
               {HOLED, 'H', 1.25, 0.75, "0.469761704519198227230260502288"},
               {HOLED, 'H', 4, 3, "-0.00120436283851030882537283511645"},
               {HOLED, 'I', 0.25, 1.5, "0.731886739797943475406885860262"},
               {HOLED, 'V', 0, 0.75, "0.3469944317818754121789881279"},
               {HOLED, 'V', 0, 1.5, "0.5959201388888888888888888889"},
               {HOLED, 'V', 0, 4, "0.984375"},
               {HOLED, 'V', 0, 9, "0.9969135802469135802469135802"},
               {STEPPED, 'H', 1.25, 0.75, "0.4880846931942426651626491204"},
               {STEPPED, 'H', 0, 3, "0.4797076728286004396088505873"},
               {FAR_APART, 'H', 1.25, 0.0625, "0.01146553700180617149730874809"},
               {FAR_APART, 'H', 0.5, 3, "0.01423718285629771483293102751"}};
    arb_t t, shift, value;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    for (size_t i = 0; i < LENGTH(row); i++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, row[i].noise);
        arb_set_d(t, row[i].t);
        arb_set_d(shift, row[i].shift);
        if (row[i].which == 'H')
            law->affinity(value, &noise, t, shift, 100);
        else if (row[i].which == 'I')
            law->affinity_imaginary(value, &noise, t, shift, 100);
        else
            law->total_variation(value, &noise, shift, 100);
        SB_CHECK(is_near(value, row[i].value), "%s %c t = %g v = %g: %.17g, not %s", row[i].noise,
                 row[i].which, row[i].t, row[i].shift, middle(value), row[i].value);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
}

/* H(i/2): 1 where all of the line has a density, but for the atoms. Also beyond it for bounded losses: H(iy),
   as an integral of p^(1/2-y) q^(1/2+y), is log-convex in y, so that H(i)^(1/2) H(0)^(1/2) >= H(i/2). */
static void imaginary(void) {
    arb_t y, shift, value, other;
    arb_init(y);
    arb_init(shift);
    arb_init(value);
    arb_init(other);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        arb_set_d(y, 0.5);
        arb_set_d(shift, 0.625);
        law->affinity_imaginary(value, &noise, y, shift, 64);
        int holed = strcmp(names[k], HOLED) == 0, dotted = strcmp(names[k], DOTTED) == 0;
        arb_mul_ui(value, value, dotted ? 3 : 1, 64);
        SB_CHECK(holed ? arb_is_positive(value)
                       : arb_contains_si(value, 1) && arb_rel_accuracy_bits(value) > 50,
                 "%s: %.17g", names[k], middle(value));
        arb_one(y);
        law->affinity_imaginary(value, &noise, y, shift, 64);
        if (arb_is_finite(value)) {
            arb_zero(y);
            law->affinity(other, &noise, y, shift, 64);
            arb_mul(value, value, other, 64);
            SB_CHECK(middle(value) > 1, "%s: %.17g", names[k], middle(value));
        } else {
            SB_CHECK(strcmp(names[k], BRANCHED), "%s has a bounded loss", names[k]);
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(y);
    arb_clear(shift);
    arb_clear(value);
    arb_clear(other);
}

/* Lattices on a common grid, by a table of the masses on it. */
static void atoms(void) {
    uint64_t state = 12;
    arb_t t, shift, value;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    for (int trial = 0; trial < 200; trial++) {
        int points[2], stride[2], apart = 1 + (int)(12 * uniform(&state)), w = 1 + (int)(6 * uniform(&state));
        double mass[400] = {0}, real = 0, overlap = 0, at = 4 * uniform(&state);
        char text[200];
        for (int i = 0; i < 2; i++) {
            points[i] = 2 + (int)(9 * uniform(&state));
            stride[i] = 1 + (int)(4 * uniform(&state));
            for (int j = 0; j < points[i]; j++) /* the grid is Z/8 */
                mass[200 + stride[i] * (2 * j - points[i] + 1)] += (i ? w / 7.0 : 1 - w / 7.0) / points[i];
        }
        snprintf(text, sizeof text,
                 "mixture:%d/7*lattice:points=%d,spacing=%d/4+%d/7*lattice:points=%d,spacing=%d/4", 7 - w,
                 points[0], stride[0], w, points[1], stride[1]);
        for (int x = 100; x < 300; x++) {
            double p = mass[x], q = mass[x - apart];
            if (p > 0 && q > 0) real += sqrt(p * q) * cos(at * log(p / q));
            overlap += fmin(p, q);
        }
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, text);
        arb_set_d(t, at);
        arb_set_d(shift, apart / 8.0);
        law->affinity(value, &noise, t, shift, 64);
        SB_CHECK(fabs(middle(value) - real) < 1e-13 && arb_rel_one_accuracy_bits(value) > 50,
                 "%s v = %d/8 t = %g: %g", text, apart, at, real);
        law->total_variation(value, &noise, shift, 64);
        SB_CHECK(fabs(middle(value) - 1 + overlap) < 1e-13 && arb_rel_one_accuracy_bits(value) > 50,
                 "%s v = %d/8: %g", text, apart, overlap);
        arb_add_error_2exp_si(shift, -40); /* perhaps no coincidence at all */
        law->total_variation(value, &noise, shift, 64);
        arb_set_d(t, 1 - overlap + 1e-13);
        SB_CHECK(arb_contains_si(value, 1) && !arb_gt(value, t), "%s v = %d/8 +- 2^-40", text, apart);
        arb_set_d(shift, apart / 8.0 + 1.0 / 64);
        law->total_variation(value, &noise, shift, 64);
        SB_CHECK(arb_is_one(value), "%s v = %d/8 + 1/64", text, apart);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
}

static void suprema(void) {
    uint64_t state = 3;
    arb_t t, shift, value, bound;
    arb_init(t);
    arb_init(shift);
    arb_init(value);
    arb_init(bound);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        double from = 1 + 4 * uniform(&state);
        arb_set_d(shift, 0.5 + 2 * uniform(&state));
        arb_set_d(t, from);
        law->affinity_supremum(bound, &noise, t, shift, 53);
        int decays = strcmp(names[k], CONTAMINATED) == 0 || strcmp(names[k], BRANCHED) == 0;
        arb_zero(t);
        law->affinity(value, &noise, t, shift, 40);
        SB_CHECK(decays ? arb_lt(bound, value) : !arb_gt(bound, value), "%s against H(0)", names[k]);
        for (int i = 0; i < 8; i++) {
            arb_set_d(t, from * (1 + 0.4 * i));
            law->affinity(value, &noise, t, shift, 40);
            arb_abs(value, value);
            SB_CHECK(!arb_gt(value, bound), "%s from %g at %g", names[k], from, from * (1 + 0.4 * i));
        }
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(value);
    arb_clear(bound);
}

/* H and the overlap at a point of a ball of shifts lie in what comes for the ball. */
static void wide_balls(void) {
    uint64_t state = 4;
    arb_t t, shift, wide, value, inside;
    arb_init(t);
    arb_init(shift);
    arb_init(wide);
    arb_init(value);
    arb_init(inside);
    for (size_t i = 0; i < 2 * LENGTH(names); i++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[i / 2]);
        double centre = 0.5 + uniform(&state), radius = exp(-14 * uniform(&state) - 2);
        arb_set_d(t, uniform(&state));
        arb_set_d(wide, centre);
        arb_set_d(shift, radius);
        arb_add_error(wide, shift);
        arb_set_d(shift, centre + radius * (2 * uniform(&state) - 1));
        law->affinity(value, &noise, t, wide, 40);
        law->affinity(inside, &noise, t, shift, 40);
        SB_CHECK(arb_overlaps(value, inside), "%s: H for %.17g +- %.17g", names[i / 2], centre, radius);
        law->total_variation(value, &noise, wide, 40);
        law->total_variation(inside, &noise, shift, 40);
        SB_CHECK(arb_overlaps(value, inside), "%s: TV for %.17g +- %.17g", names[i / 2], centre, radius);
        sb_noise_spec_clear(&noise);
    }
    arb_clear(t);
    arb_clear(shift);
    arb_clear(wide);
    arb_clear(value);
    arb_clear(inside);
}

/* The quantile is the first point where F reaches u; F(x) = 1 - Pr(|X| > x)/2 off the atoms; E|X|^k is a sum.
 */
static void distribution_functions(void) {
    arb_t u, x, value, other;
    fmpq_t order;
    arb_init(u);
    arb_init(x);
    arb_init(value);
    arb_init(other);
    fmpq_init(order);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        for (int i = 1; i < 16; i++) {
            arb_set_d(u, i / 16.0);
            law->quantile(x, &noise, u, 64);
            SB_CHECK(arb_is_finite(x), "%s u = %d/16", names[k], i);
            arb_get_ubound_arf(arb_midref(value), x, 200);
            mag_zero(arb_radref(value));
            law->cdf(value, &noise, value, 100);
            SB_CHECK(!arb_lt(value, u), "%s u = %d/16", names[k], i);
            arb_get_lbound_arf(arb_midref(other), x, 200);
            mag_zero(arb_radref(other));
            law->cdf(other, &noise, other, 100);
            SB_CHECK(!arb_gt(other, u), "%s u = %d/16", names[k], i);
            arb_set_d(x, 0.1 * i);
            law->cdf(value, &noise, x, 64);
            law->tail(other, &noise, x, 64);
            arb_mul_2exp_si(other, other, -1);
            arb_add(value, value, other, 64);
            SB_CHECK(arb_contains_si(value, 1), "%s at %g", names[k], 0.1 * i);
        }
        sb_noise_spec_clear(&noise);
    }
    sb_noise_spec noise;
    const sb_product_law *law = parse(&noise, "mixture:1/4*laplace:b=2+3/4*uniform:r=2");
    fmpq_set_si(order, 3, 1); /* 8 3!/4 + 3 8/(4 4) */
    law->absolute_moment(value, &noise, order, 64);
    arb_set_d(other, 13.5);
    SB_CHECK(arb_overlaps(value, other));
    sb_noise_spec_clear(&noise);
    law = parse(&noise, CONTAMINATED);
    law->absolute_moment(value, &noise, order, 64);
    SB_CHECK(arf_is_pos_inf(arb_midref(value)));
    sb_noise_spec_clear(&noise);
    arb_clear(u);
    arb_clear(x);
    arb_clear(value);
    arb_clear(other);
    fmpq_clear(order);
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov-Smirnov: sqrt(n) D > 2.9 has a probability below 1e-7, and a smaller one with atoms. */
static void draws(void) {
    enum { COUNT = 4000 };
    double x[COUNT];
    arb_t place, value;
    arb_init(place);
    arb_init(value);
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        double largest = 0;
        for (uint32_t i = 0; i < COUNT; i++) {
            sb_random random = sb_random_at(5, 6, i);
            x[i] = law->draw(&noise, &random);
        }
        qsort(x, COUNT, sizeof x[0], by_size);
        for (int i = 0; i < COUNT; i++) {
            if (i + 1 < COUNT && x[i + 1] == x[i])
                continue; /* F is right-continuous: the last of equal ones */
            arb_set_d(place, x[i]);
            law->cdf(value, &noise, place, 53);
            largest = fmax(largest, fabs(middle(value) - (i + 1.0) / COUNT));
        }
        SB_CHECK(sqrt(COUNT) * largest < 2.9, "%s: %g", names[k], sqrt(COUNT) * largest);
        sb_noise_spec_clear(&noise);
    }
    sb_noise_spec noise; /* components that cannot be confused */
    const sb_product_law *law =
        parse(&noise, "mixture:1/5*uniform:r=1/100+1/2*pareto:alpha=1,xm=1+3/10*lattice:points=2,spacing=1");
    double hits = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        sb_random random = sb_random_at(5, 6, i);
        hits += fabs(law->draw(&noise, &random)) < 0.25;
    }
    SB_CHECK(fabs(hits - COUNT / 5.0) < 5.5 * sqrt(COUNT * 0.16), "%g draws of the first component",
             hits); /* 1e-7 */
    sb_noise_spec_clear(&noise);
    arb_clear(place);
    arb_clear(value);
}

static void texts(void) {
    static const struct {
        const char *text, *canonical;
    } good[] = {
        {"mixture:0.9*gaussian:sigma=1e+0+0.1*laplace:b=1e-3",
         "mixture:9/10*gaussian:sigma=1+1/10*laplace:b=1/1000"},
        {"mixture:1e-1*uniform:r=2.5E+1+9e-1*uniform:r=+3", "mixture:1/10*uniform:r=25+9/10*uniform:r=3"},
        {"mixture:1*staircase:ratio=1/2,gamma=0,step=2^+3", "mixture:1*staircase:ratio=1/2,gamma=0,step=8"},
        {"mixture:1/2*student-t:nu=3,sigma=2+1/2*lattice:points=4,spacing=1/10",
         "mixture:1/2*student-t:nu=3,sigma=2+1/2*lattice:points=4,spacing=1/10"}};
    static const struct {
        const char *text, *part;
    } bad[] = {{"mixture", "needs WEIGHT*NOISE"},
               {"mixture:", "needs WEIGHT*NOISE"},
               {"mixture:gaussian:sigma=1", "'gaussian:sigma=1' is not WEIGHT*NOISE"},
               {"mixture:0.5*gaussian:sigma=1", "sum to 1/2, not to 1"},
               {"mixture:0.5*gaussian:sigma=1+0.6*laplace:b=1", "sum to 11/10, not to 1"},
               {"mixture:1.5*gaussian:sigma=1+-0.5*laplace:b=1", "weight '-0.5'"},
               {"mixture:0*gaussian:sigma=1+1*laplace:b=1", "weight '0'"},
               {"mixture:inf*gaussian:sigma=1", "weight 'inf'"},
               {"mixture:x*gaussian:sigma=1", "'x'"},
               {"mixture:1*gausian:sigma=1", "did you mean gaussian?"},
               {"mixture:1*gaussian", "needs sigma=VALUE"},
               {"mixture:1*gaussian:sigma=-1", "'-1'"},
               {"mixture:1*gaussian:sigma=1+", "'' is not WEIGHT*NOISE"},
               {"mixture:+1*gaussian:sigma=1", "'' is not WEIGHT*NOISE"},
               {"mixture:1*mixture:1*gaussian:sigma=1", "a component cannot be a mixture"},
               {"mixture:0.5*mixture:0.5*laplace:b=1+0.5*laplace:b=2+0.5*laplace:b=3", "cannot be a mixture"},
               {"mixture:1*l2-ball:r=1", "coordinates of l2-ball noise are not independent"},
               {"mixture:1*lattice:points=3,sigma=1", "needs spacing=VALUE"},
               {"mixture:1*lattice:points=1000000,spacing=1", "1000000 points"},
               {"mixture:1/2*lattice:points=2,spacing=1e-9+1/2*lattice:points=2,spacing=1e9", "common grid"}};
    for (size_t i = 0; i < LENGTH(good); i++) {
        sb_noise_spec noise;
        parse(&noise, good[i].text);
        char *once = sb_noise_spec_print(&noise);
        SB_CHECK(once && strcmp(once, good[i].canonical) == 0, "%s prints as %s", good[i].text,
                 once ? once : "-");
        sb_noise_spec_clear(&noise);
        parse(&noise, once ? once : "");
        char *twice = sb_noise_spec_print(&noise);
        SB_CHECK(once && twice && strcmp(once, twice) == 0, "%s", good[i].text);
        free(once);
        free(twice);
        sb_noise_spec_clear(&noise);
    }
    for (size_t i = 0; i < LENGTH(bad); i++) {
        sb_noise_spec noise;
        sb_error error = {SB_OK, ""};
        sb_noise_spec_init(&noise);
        sb_status status = sb_noise_spec_parse(&noise, bad[i].text, &error);
        SB_CHECK(status == SB_BAD_INPUT && !noise.family && strstr(error.message, bad[i].part), "%s: %s",
                 bad[i].text, error.message);
        sb_noise_spec_clear(&noise);
    }
}

static void traits(void) {
    static const unsigned wanted[] = {SB_UNIMODAL, SB_UNIMODAL, SB_UNIMODAL, 0,
                                      SB_UNIMODAL, SB_UNIMODAL, SB_HAS_ATOMS};
    for (size_t k = 0; k < LENGTH(names); k++) {
        sb_noise_spec noise;
        const sb_product_law *law = parse(&noise, names[k]);
        SB_CHECK(law->traits(&noise) == wanted[k], "%s: %u", names[k], law->traits(&noise));
        sb_noise_spec_clear(&noise);
    }
}

static const sb_test tests[] = {{"mixtures: affinity and total variation against integrals", values},
                                {"mixtures: H on the imaginary axis", imaginary},
                                {"mixtures: atoms against a table", atoms},
                                {"mixtures: affinity suprema", suprema},
                                {"mixtures: wide balls", wide_balls},
                                {"mixtures: cdf, tail, quantile and moments", distribution_functions},
                                {"mixtures: draws", draws},
                                {"mixtures: text", texts},
                                {"mixtures: traits", traits}};
SB_TEST_MAIN(tests)
