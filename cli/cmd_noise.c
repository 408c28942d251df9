/* smoothbound noise: the families of noise, and one noise in numbers. */
#include "cli/options.h"
#include "distributions/noise.h"
#include "support/enclosure.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    sb_common_options common;
    const char *action, *name, *dimension_text;
    uint64_t dimension;
    sb_noise_spec noise;
} noise_options;

static const struct argp_option option[] = {
    {"dim", 'd', "D", 0, "with show: input dimension, such as 3072 or 3x32x32 (1)", 0}, {0}};

static error_t parse(int key, char *text, struct argp_state *state) {
    noise_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        return 0;
    case 'd':
        o->dimension_text = text;
        return 0;
    case ARGP_KEY_ARG:
        if (!o->action)
            o->action = text;
        else if (!o->name)
            o->name = text;
        else
            return ARGP_ERR_UNKNOWN;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{&sb_common_argp, 0, 0, 0}, {0}};
static const struct argp argp = {
    option,
    parse,
    "list\nshow NAME\nshow SPEC",
    "The families of noise. `list` is a table of all, `show NAME` describes one, and `show SPEC`, a noise "
    "with its "
    "parameters, prints its moments, tail probabilities and quantiles, each between certified ends.\v"
    "smoothbound noise list\n"
    "smoothbound noise show student-t\n"
    "smoothbound noise show student-t:nu=3,scale=1 -d 3072\n"
    "smoothbound noise show laplace:sigma=1/2 -d 3x32x32 --format json\n"
    "A noise is NAME:key=value,... with exact values; the scale may be given as sigma=, the standard "
    "deviation of a "
    "coordinate, where that exists.",
    children,
    0,
    0};

/* ------------------------------------------------------------------ families */
enum { NAME, KEYS, DESCRIPTION, DENSITY, COORDINATES, MOMENTS, TAIL, SOURCE };
static const sb_column family_column[] = {
    {"name", "noise", 0},
    {"keys", "keys", 0},
    {"description", "description", SB_COLUMN_DATA},
    {"density", "density", SB_COLUMN_WRAP},
    {"coordinates", "coordinates", 0},
    {"moments", "finite moments", 0},
    {"tail", "tail", 0},
    {"source", "source", SB_COLUMN_DATA},
};

/* "nu, scale" */
static char *key_list(const sb_noise_family *f) {
    sb_text text;
    sb_text_init(&text);
    for (const sb_noise_key *key = f->key; key->name; key++)
        sb_text_format(&text, "%s%s", key == f->key ? "" : ", ", key->name);
    if (f->parse) sb_text_append(&text, "of its own: see show");
    return sb_text_detach(&text);
}

static const char *coordinates(const sb_noise_family *f) {
    if (f->product) return "independent";
    return f->radial->infinity_norm ? "through ||x||_inf" : "through ||x||_2";
}

static void family_row(sb_table *table, const sb_noise_family *f) {
    sb_table_row(table);
    sb_table_set(table, NAME, f->name);
    sb_table_own(table, KEYS, key_list(f));
    sb_table_set(table, DESCRIPTION, f->description);
    sb_table_set(table, DENSITY, f->density);
    sb_table_set(table, COORDINATES, coordinates(f));
    sb_table_set(table, MOMENTS, f->moments);
    sb_table_set(table, TAIL, f->tail_class);
    if (*f->source) sb_table_set(table, SOURCE, f->source);
}

static const char *domain_text(sb_key_domain domain) {
    switch (domain) {
    case SB_KEY_POSITIVE:
        return "> 0";
    case SB_KEY_COUNT:
        return "whole, 2 to 1000000";
    case SB_KEY_OPEN_FRACTION:
        return "between 0 and 1";
    case SB_KEY_FRACTION:
        return "from 0 to 1";
    }
    return "";
}

/* Name, description, density and so on, as lines "title  text". */
static void describe(sb_text *out, const sb_noise_family *f, size_t width) {
    const char *const line[][2] = {{"density", f->density},
                                   {"coordinates", coordinates(f)},
                                   {"moments", f->moments},
                                   {"tail", f->tail_class},
                                   {"source", f->source}};
    sb_text_format(out, "%s: ", f->name);
    sb_text_paragraph(out, f->description, 2, width, 1);
    for (size_t i = 0; i < sizeof line / sizeof line[0]; i++) {
        if (!*line[i][1]) continue;
        sb_text_format(out, "  %-12s", line[i][0]);
        sb_text_paragraph(out, line[i][1], 14, width, 1);
    }
}

/* Keys with their meaning, and how to write it: "student-t:nu=VALUE,scale=VALUE". */
static void describe_keys(sb_text *out, const sb_noise_family *f, size_t width) {
    if (!f->parse) sb_text_format(out, "  %-12s%s", "write", f->name);
    for (const sb_noise_key *key = f->key; key->name; key++)
        sb_text_format(out, "%c%s=VALUE", key == f->key ? ':' : ',', key->name);
    if (!f->parse) sb_text_append(out, "\n");
    for (const sb_noise_key *key = f->key; key->name; key++) {
        char *meaning = sb_format("%s (%s)", key->meaning, domain_text(key->domain));
        sb_text_format(out, "  %-12s", key->name);
        sb_text_paragraph(out, meaning ? meaning : key->meaning, 14, width, 1);
        free(meaning);
    }
}

static int list(const noise_options *o) {
    sb_table table;
    sb_table_init(&table, "smoothbound/noise/1", family_column,
                  sizeof family_column / sizeof family_column[0]);
    for (size_t i = 0; i < sb_noise_family_count(); i++) family_row(&table, sb_noise_family_at(i));
    int result = sb_cli_write_table(&o->common, &table);
    sb_table_clear(&table);
    return result;
}

static int show_family(const noise_options *o, const sb_noise_family *f) {
    int result;
    if (o->common.format == SB_FORMAT_TEXT) {
        sb_text out;
        sb_text_init(&out);
        describe(&out, f, sb_cli_width(&o->common));
        describe_keys(&out, f, sb_cli_width(&o->common));
        result = sb_cli_write(&o->common, &out);
        sb_text_clear(&out);
    } else {
        sb_table table;
        sb_table_init(&table, "smoothbound/noise/1", family_column,
                      sizeof family_column / sizeof family_column[0]);
        family_row(&table, f);
        result = sb_cli_write_table(&o->common, &table);
        sb_table_clear(&table);
    }
    return result;
}

/* ------------------------------------------------------------------ one noise */
enum { SPEC, DIMENSION, QUANTITY, AT, LOW, HIGH };
static const sb_column number_column[] = {
    {"noise", "noise", SB_COLUMN_DATA},       {"d", "d", SB_COLUMN_DATA},
    {"quantity", "quantity", SB_COLUMN_MATH}, {"at", "at", SB_COLUMN_RIGHT},
    {"lo", "at least", SB_COLUMN_RIGHT},      {"hi", "at most", SB_COLUMN_RIGHT},
};

/* Quantities as ball functions: of the noise, of a dimension and of an argument. */
typedef struct {
    const sb_noise_spec *noise;
    uint64_t dimension;
    fmpq_t at;
} question;

static void moment(arb_t value, const void *context, slong precision) {
    const question *q = context;
    sb_noise_absolute_moment(value, q->noise, q->dimension, q->at, precision);
}

static void variance(arb_t value, const void *context, slong precision) {
    const question *q = context;
    sb_noise_variance(value, q->noise, q->dimension, precision);
}

static void deviation(arb_t value, const void *context, slong precision) {
    variance(value, context, precision);
    if (arb_is_finite(value)) arb_sqrt(value, value, precision);
}

static void square_of_norm(arb_t value, const void *context, slong precision) {
    const question *q = context;
    variance(value, context, precision);
    if (arb_is_finite(value)) arb_mul_ui(value, value, q->dimension, precision);
}

static void norm(arb_t value, const void *context, slong precision) {
    const question *q = context;
    arb_t scale;
    arb_init(scale);
    sb_noise_scale(scale, q->noise, q->dimension, precision);
    q->noise->family->radial->norm_moment(value, q->noise, q->dimension, q->at, precision);
    if (arb_is_finite(value)) arb_mul(value, value, scale, precision);
    arb_clear(scale);
}

static void tail(arb_t value, const void *context, slong precision) {
    const question *q = context;
    arb_t s;
    arb_init(s);
    arb_set_fmpq(s, q->at, precision);
    sb_noise_tail(value, q->noise, q->dimension, s, precision);
    arb_clear(s);
}

static void quantile(arb_t value, const void *context, slong precision) {
    const question *q = context;
    arb_t u;
    arb_init(u);
    arb_set_fmpq(u, q->at, precision);
    sb_noise_quantile(value, q->noise, q->dimension, u, precision);
    arb_clear(u);
}

static int is_infinite(const arb_t value) {
    return arf_is_pos_inf(arb_midref(value)) && mag_is_finite(arb_radref(value));
}

/* One row; the word "infinite" for a moment that diverges. More precision while that narrows the ends. */
static void number_row(sb_table *table, const question *q, const char *spec, const char *name, int with_at,
                       sb_ball_function *function, int digits) {
    arb_t value;
    slong wanted = (slong)(digits * 3.33) + 8;
    arb_init(value);
    for (slong precision = wanted + 40; precision < 9 * (wanted + 40); precision *= 2) {
        function(value, q, precision);
        if (is_infinite(value) || arb_is_zero(value) || arb_rel_accuracy_bits(value) >= wanted) break;
    }
    sb_table_row(table);
    sb_table_set(table, SPEC, spec);
    sb_table_setf(table, DIMENSION, "%llu", (unsigned long long)q->dimension);
    sb_table_set(table, QUANTITY, name);
    if (with_at) sb_table_own(table, AT, sb_rational_print(q->at));
    if (is_infinite(value)) {
        sb_table_set(table, LOW, "infinite");
        sb_table_set(table, HIGH, "infinite");
    } else {
        sb_table_own(table, LOW, sb_decimal_lower(value, digits));
        sb_table_own(table, HIGH, sb_decimal_upper(value, digits));
    }
    arb_clear(value);
}

/* at := the number that tails are asked at multiples of: the scale or sigma, as given */
static void unit_length(fmpq_t at, const sb_noise_spec *noise) {
    if (noise->scale_given == 2)
        fmpq_set(at, noise->deviation);
    else if (noise->scale_given == 1)
        fmpq_set(at, noise->value[noise->family->scale]);
    else
        fmpq_one(at);
}

static void tail_rows(sb_table *table, question *q, const char *spec, int digits) {
    static const ulong multiple[] = {1, 2, 5, 10, 100};
    fmpq_t unit, factor;
    fmpq_init(unit);
    fmpq_init(factor);
    unit_length(unit, q->noise);
    for (size_t i = 0; i < sizeof multiple / sizeof multiple[0]; i++) {
        fmpq_set_ui(factor, multiple[i], 1);
        fmpq_mul(q->at, unit, factor);
        number_row(table, q, spec, "Pr(|eta_1| > s)", 1, tail, digits);
    }
    fmpq_clear(unit);
    fmpq_clear(factor);
}

static void quantile_rows(sb_table *table, question *q, const char *spec, int digits) {
    static const ulong level[][2] = {{3, 4}, {19, 20}, {99, 100}, {999, 1000}, {999999, 1000000}};
    for (size_t i = 0; i < sizeof level / sizeof level[0]; i++) {
        fmpq_set_ui(q->at, level[i][0], level[i][1]);
        number_row(table, q, spec, "quantile", 1, quantile, digits);
    }
}

static void number_rows(sb_table *table, const noise_options *o, const char *spec) {
    const sb_radial_law *radial = o->noise.family->radial;
    question q = {.noise = &o->noise, .dimension = o->dimension};
    int digits = o->common.digits;
    fmpq_init(q.at);
    fmpq_one(q.at);
    number_row(table, &q, spec, "rms", 0, deviation, digits);
    number_row(table, &q, spec, "E|eta_1|", 0, moment, digits);
    number_row(table, &q, spec, "E[eta_i^2]", 0, variance, digits);
    number_row(table, &q, spec, "E||eta||_2^2", 0, square_of_norm, digits);
    if (radial)
        number_row(table, &q, spec, radial->infinity_norm ? "E||eta||_inf" : "E||eta||_2", 0, norm, digits);
    tail_rows(table, &q, spec, digits);
    quantile_rows(table, &q, spec, digits);
    fmpq_clear(q.at);
}

static int show_noise(const noise_options *o) {
    sb_table table;
    sb_text out;
    sb_error error;
    char *spec = sb_noise_spec_print(&o->noise);
    int result;
    sb_text_init(&out);
    sb_table_init(&table, "smoothbound/noise/1", number_column,
                  sizeof number_column / sizeof number_column[0]);
    number_rows(&table, o, spec ? spec : "?");
    if (o->common.format == SB_FORMAT_TEXT) {
        describe(&out, o->noise.family, sb_cli_width(&o->common));
        sb_text_format(&out, "\n%s, d = %llu\n", spec ? spec : "?", (unsigned long long)o->dimension);
    }
    if (sb_table_print(&table, o->common.format, sb_cli_width(&o->common), &out, &error))
        result = sb_cli_fail(&error);
    else
        result = sb_cli_write(&o->common, &out);
    free(spec);
    sb_table_clear(&table);
    sb_text_clear(&out);
    return result;
}

/* ------------------------------------------------------------------ the command */
static int show(noise_options *o) {
    sb_error error;
    const sb_noise_family *f = sb_noise_family_named(o->name);
    if (f && o->dimension_text)
        return sb_cli_trouble("-d '%.60s': goes with a noise that has its parameters, such as %s:%s=1",
                              o->dimension_text, f->name, f->key[0].name ? f->key[0].name : "...");
    if (f) return show_family(o, f);
    sb_status status = sb_noise_spec_parse(&o->noise, o->name, &error);
    if (!status && o->dimension_text)
        status = sb_dimension_parse("d", o->dimension_text, &o->dimension, &error);
    if (!status) status = sb_noise_domain(&o->noise, o->dimension, &error);
    return status ? sb_cli_fail(&error) : show_noise(o);
}

static int run(noise_options *o) {
    static const char *const actions[] = {"list", "show", NULL};
    if (!o->action) return sb_cli_trouble("list or show? (see --help)");
    if (strcmp(o->action, "list") == 0) {
        if (o->name || o->dimension_text)
            return sb_cli_trouble("'%.60s': list takes neither a name nor -d",
                                  o->name ? o->name : o->dimension_text);
        return list(o);
    }
    if (strcmp(o->action, "show") == 0)
        return o->name ? show(o) : sb_cli_trouble("which noise? show NAME or show NAME:key=value,...");
    const char *near = sb_nearest_word(o->action, actions);
    return near ? sb_cli_trouble("unknown action '%.60s': did you mean %s?", o->action, near)
                : sb_cli_trouble("unknown action '%.60s' (known: list, show)", o->action);
}

int sb_command_noise(int argc, char **argv) {
    noise_options o;
    memset(&o, 0, sizeof o);
    int result = sb_cli_parse(&argp, argc, argv, &o, &o.common);
    if (result >= 0) return result;
    o.dimension = 1;
    sb_noise_spec_init(&o.noise);
    result = run(&o);
    sb_noise_spec_clear(&o.noise);
    return result;
}
