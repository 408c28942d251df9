/* A figure is drawn in a private folder: its tables and a driver.gp that sets what the script needs (term,
   name, out, style, data, bands, sentence, and the figure's own values) and loads it; one run of gnuplot for
   each format. Only finished pictures leave that folder. */
#include "plots/figures.h"

#include "nn/authors_logs.h"
#include "plots/gnuplot.h"
#include "plots/gnuplot_text.h"
#include "support/file.h"
#include "support/scratch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FORMATS = 3, PICTURE_LIMIT = 1 << 26 };

static const struct {
    unsigned bit;
    const char *ending;
} format[FORMATS] = {{SB_FIGURE_SVG, "svg"}, {SB_FIGURE_PDF, "pdf"}, {SB_FIGURE_PNG, "png"}};

const sb_figure sb_figures[] = {
    {"1", "figure_1", "A vector towards a corner of the cube is short in l_inf but long in l_2", 0,
     sb_figure_1_prepare},
    {"2", "figure_2",
     "With sigma in proportion to sqrt(d), three image sizes are certified alike in l_inf but not in l_2",
     SB_FIGURE_AUTHORS_LOGS, sb_figure_2_prepare},
    {"noise", "noise_against_dimension",
     "For p > 2 the noise that random smoothing needs grows with the dimension", 0,
     sb_noise_against_dimension_prepare},
    {"gap", "gap_against_delta",
     "Between the noise that is necessary and the noise that suffices, a factor of 16200 shrinks to 2.2", 0,
     sb_gap_against_delta_prepare},
    {"dimension", "gap_against_dimension",
     "In high dimension Gaussian noise is as small as any noise can be: the last factor tends to 1", 0,
     sb_gap_against_dimension_prepare},
    {"extremal", "extremal_noise",
     "Linear programs find the least noise: with the dimension it comes near Gaussian noise", 0,
     sb_extremal_noise_prepare},
    {"phase", "phase_diagram", "The noise that any smoothing must add grows with p and with the dimension", 0,
     sb_phase_diagram_prepare},
    {"families", "calibrated_noise",
     "No family escapes: whatever the noise, one promise in l_inf takes more of it in higher dimension", 0,
     sb_calibrated_noise_prepare},
    {"tails", "tail_sets", "Gaussian and even bounded noise satisfy the tail inequality of Theorem 1.3", 0,
     sb_tail_sets_prepare},
    {"hill", "tail_samples", "Samples tell a power tail from lighter ones", 0, sb_tail_samples_prepare},
    {"images", "noisy_images",
     "Noise in proportion to sqrt(d) drowns the pixels of a larger image, but not their averages",
     SB_FIGURE_NO_LOGS, sb_noisy_images_prepare},
    {"scaling", "scaling", "Certified accuracy of three image sizes from networks of our own, with a control",
     SB_FIGURE_EXPERIMENT_LOGS, sb_scaling_prepare},
    {NULL, NULL, NULL, 0, NULL}};

sb_status sb_figure_options_init(sb_figure_options *options, sb_error *error) {
    memset(options, 0, sizeof *options);
    options->formats = SB_FIGURE_ALL;
    options->image = UINT64_MAX;
    fmpq_init(options->radius);
    fmpq_init(options->delta);
    fmpq_init(options->range);
    fmpq_set_si(options->radius, 8, 255);
    fmpq_set_si(options->delta, 1, 10);
    fmpq_set_si(options->range, 1, 1);
    sb_exact_list_init(&options->norms);
    return sb_exact_list_parse("p", "2,4,8,inf", &options->norms, error);
}

void sb_figure_options_clear(sb_figure_options *options) {
    fmpq_clear(options->radius);
    fmpq_clear(options->delta);
    fmpq_clear(options->range);
    sb_exact_list_clear(&options->norms);
}

sb_status sb_figure_find(const char *name, const sb_figure **figure, sb_error *error) {
    const char *names[sizeof sb_figures / sizeof sb_figures[0]];
    size_t count = 0;
    for (const sb_figure *f = sb_figures; f->name; f++) {
        if (strcmp(f->name, name) == 0) {
            *figure = f;
            return SB_OK;
        }
        names[count++] = f->name;
    }
    names[count] = NULL;
    const char *near = sb_nearest_word(name, names);
    if (near) return sb_fail(error, SB_BAD_INPUT, "unknown figure '%.40s': did you mean %s?", name, near);
    return sb_fail(error, SB_BAD_INPUT, "unknown figure '%.40s' (see figure --list)", name);
}

/* The bit of a format's name, or 0. */
static unsigned format_bit(const char *name, size_t length) {
    for (size_t i = 0; i < FORMATS; i++)
        if (strlen(format[i].ending) == length && strncasecmp(format[i].ending, name, length) == 0)
            return format[i].bit;
    return 0;
}

sb_status sb_figure_formats_parse(const char *text, unsigned *formats, sb_error *error) {
    *formats = 0;
    for (const char *word = text;; word++) {
        size_t length = strcspn(word, ",");
        unsigned bit = format_bit(word, length);
        if (!bit)
            return sb_fail(error, SB_BAD_INPUT, "formats '%.60s': '%.*s' is none of svg, pdf and png", text,
                           (int)(length < 20 ? length : 20), word);
        *formats |= bit;
        word += length;
        if (!*word) return SB_OK;
    }
}

/* ------------------------------------------------------------------ names of files */
static sb_status asked_formats(const sb_figure_options *options, unsigned *formats, sb_error *error) {
    *formats = options->formats;
    if (!options->output_file) return SB_OK;
    const char *dot = strrchr(options->output_file, '.');
    *formats = dot ? format_bit(dot + 1, strlen(dot + 1)) : 0;
    if (*formats) return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "%s: the name of a picture must end in .svg, .pdf or .png",
                   options->output_file);
}

/* malloc'd path of the file with that ending; NULL when memory is short. */
static char *output_path(const sb_figure *figure, const sb_figure_options *options, const char *ending) {
    if (options->output_file) {
        const char *dot = strrchr(options->output_file, '.');
        size_t stem = dot ? (size_t)(dot - options->output_file) : strlen(options->output_file);
        if (dot && format_bit(ending, strlen(ending))) return sb_duplicate(options->output_file);
        return sb_format("%.*s.%s", (int)stem, options->output_file, ending);
    }
    char *file = sb_format("figure-%s.%s", figure->name, ending);
    char *path =
        file ? sb_path_join(options->output_directory ? options->output_directory : ".", file) : NULL;
    free(file);
    return path;
}

void sb_figure_paths(const sb_figure *figure, const sb_figure_options *options, sb_text *out) {
    unsigned formats;
    if (asked_formats(options, &formats, NULL)) return;
    for (size_t i = 0; i <= FORMATS; i++) {
        if (i < FORMATS ? !(formats & format[i].bit) : !options->write_data) continue;
        char *path = output_path(figure, options, i < FORMATS ? format[i].ending : "tsv");
        if (path)
            sb_text_format(out, "%s\n", path);
        else
            out->failed = 1;
        free(path);
    }
}

/* ------------------------------------------------------------------ one run of gnuplot */
typedef struct {
    const sb_figure *figure;
    const sb_figure_options *options;
    const sb_figure_input *input;
    char *scratch; /* our private folder: data, bands, driver.gp, messages and the pictures */
    char *scripts; /* the folder with style.gp */
    sb_text picture[FORMATS];
} drawing;

static const char *title_of(const drawing *d) {
    return d->input->title.length ? d->input->title.data : d->figure->title;
}

static sb_status put_file(const char *directory, const char *name, const sb_text *content, sb_error *error) {
    char *path = sb_path_join(directory, name);
    if (!path || content->failed) {
        free(path);
        return sb_fail_memory(error);
    }
    sb_status status = sb_file_write(path, content->data, content->length, error);
    free(path);
    return status;
}

static sb_status put_tables(const drawing *d, sb_error *error) {
    sb_text blocks;
    sb_text_init(&blocks);
    sb_gnuplot_blocks(&blocks, d->input->data.data);
    sb_status status = put_file(d->scratch, "data", &blocks, error);
    sb_text_clear(&blocks);
    sb_gnuplot_blocks(&blocks, d->input->bands.data);
    if (!status) status = put_file(d->scratch, "bands", &blocks, error);
    sb_text_clear(&blocks);
    return status;
}

static void set_path(sb_text *out, const char *name, const char *directory, const char *file) {
    char *path = sb_path_join(directory, file);
    if (path)
        sb_gnuplot_set_string(out, name, path);
    else
        out->failed = 1;
    free(path);
}

/* driver.gp: everything a script needs, then the script. */
static sb_status put_driver(const drawing *d, const char *ending, sb_error *error) {
    sb_text driver;
    sb_text_init(&driver);
    sb_gnuplot_set_string(&driver, "term", ending);
    sb_gnuplot_set_string(&driver, "name", d->figure->script);
    set_path(&driver, "out", d->scratch, ending);
    set_path(&driver, "style", d->scripts, "style.gp");
    char *script = sb_format("%s.gp", d->figure->script);
    set_path(&driver, "script", d->scripts, script ? script : "");
    free(script);
    set_path(&driver, "data", d->scratch, "data");
    set_path(&driver, "bands", d->scratch, "bands");
    sb_gnuplot_set_label(&driver, "sentence", title_of(d));
    sb_gnuplot_set_string(&driver, "foot_above", "");
    sb_text_append(&driver, d->input->values.data);
    sb_text_append(&driver, "load script\nset output\n");
    driver.failed |= d->input->values.failed;
    sb_status status = put_file(d->scratch, "driver.gp", &driver, error);
    sb_text_clear(&driver);
    return status;
}

/* Fetches what gnuplot has drawn into the picture. */
static sb_status take_picture(drawing *d, size_t which, const char *messages, sb_error *error) {
    char *path = sb_path_join(d->scratch, format[which].ending), *content = NULL;
    if (!path) return sb_fail_memory(error);
    size_t size = 0;
    sb_status status = SB_OK;
    if (sb_file_exists(path)) status = sb_file_read(path, PICTURE_LIMIT, &content, &size, error);
    free(path);
    if (status) return status;
    if (size == 0) {
        char *said = sb_gnuplot_last_message(messages);
        status = sb_fail(error, SB_IO, "gnuplot drew no %s picture%s%s", format[which].ending,
                         said && *said ? ": " : "", said ? said : "");
        free(said);
    } else if (format[which].bit == SB_FIGURE_SVG) {
        sb_svg_finish(&d->picture[which], content, d->figure->script, title_of(d));
    } else if (format[which].bit == SB_FIGURE_PDF) {
        sb_pdf_finish(&d->picture[which], content, size);
    } else {
        sb_text_append_bytes(&d->picture[which], content, size);
    }
    free(content);
    return status ? status : sb_text_status(&d->picture[which], error);
}

static sb_status draw(drawing *d, size_t which, sb_error *error) {
    sb_status status = put_driver(d, format[which].ending, error);
    if (status) return status;
    char *driver = sb_path_join(d->scratch, "driver.gp"), *messages = sb_path_join(d->scratch, "messages");
    status = driver && messages ? sb_gnuplot_run(d->options->gnuplot, driver, messages, error)
                                : sb_fail_memory(error);
    if (!status) status = take_picture(d, which, messages, error);
    free(driver);
    free(messages);
    return status;
}

/* ------------------------------------------------------------------ a figure */
/* A picture is laid out in double precision: what it shows must be a number of ordinary size. */
static sb_status check_size(const char *name, const fmpq_t value, sb_error *error) {
    fmpq_t bar;
    fmpq_init(bar);
    fmpz_ui_pow_ui(fmpq_numref(bar), 10, 60);
    int small = fmpq_sgn(value) <= 0 || fmpq_cmp(value, bar) > 0;
    fmpq_inv(bar, bar);
    small |= fmpq_cmp(value, bar) < 0;
    fmpq_clear(bar);
    return small ? sb_fail(error, SB_OUTSIDE, "%s: a figure shows numbers from 1e-60 to 1e60", name) : SB_OK;
}

static sb_status check_sizes(const sb_figure_options *options, sb_error *error) {
    fmpq_t rest;
    fmpq_init(rest);
    sb_rational_complement(rest, options->delta);
    sb_status status = check_size("eps", options->radius, error);
    if (!status) status = check_size("delta", options->delta, error);
    if (!status) status = check_size("1 - delta", rest, error);
    if (!status) status = check_size("range", options->range, error);
    fmpq_clear(rest);
    return status;
}

static sb_status put_outputs(const drawing *d, unsigned formats, sb_error *error) {
    const sb_figure_options *options = d->options;
    const char *directory = options->output_directory ? options->output_directory : ".";
    sb_status status = options->output_file ? SB_OK : sb_directory_make(directory, error);
    for (size_t i = 0; i <= FORMATS && !status; i++) {
        if (i < FORMATS ? !(formats & format[i].bit) : !options->write_data) continue;
        const sb_text *content = i < FORMATS ? &d->picture[i] : &d->input->data;
        char *path = output_path(d->figure, options, i < FORMATS ? format[i].ending : "tsv");
        status = path ? sb_file_write(path, content->data, content->length, error) : sb_fail_memory(error);
        free(path);
    }
    return status;
}

static sb_status draw_all(const sb_figure *figure, const sb_figure_options *options,
                          const sb_figure_input *input, unsigned formats, sb_error *error) {
    drawing d = {.figure = figure, .options = options, .input = input};
    for (size_t i = 0; i < FORMATS; i++) sb_text_init(&d.picture[i]);
    sb_status status = sb_data_path("plots", &d.scripts, error);
    if (!status) status = sb_scratch_make(&d.scratch, error);
    if (!status) status = put_tables(&d, error);
    for (size_t i = 0; i < FORMATS && !status; i++)
        if (formats & format[i].bit) status = draw(&d, i, error);
    sb_scratch_remove(d.scratch);
    if (!status) status = put_outputs(&d, formats, error);
    for (size_t i = 0; i < FORMATS; i++) sb_text_clear(&d.picture[i]);
    free(d.scripts);
    return status;
}

sb_status sb_figure_write(const sb_figure *figure, const sb_figure_options *options, sb_error *error) {
    unsigned formats;
    sb_status status = asked_formats(options, &formats, error);
    if (!status) status = check_sizes(options, error);
    if (status) return status;
    if (figure->needs_logs == SB_FIGURE_AUTHORS_LOGS && !options->logs_directory)
        return sb_fail(error, SB_BAD_INPUT, "figure %s is drawn from certification logs: %s", figure->name,
                       sb_authors_logs_place);
    if (figure->needs_logs == SB_FIGURE_EXPERIMENT_LOGS && !options->logs_directory)
        return sb_fail(error, SB_BAD_INPUT, "figure %s is drawn from the folder of an experiment: --logs DIR",
                       figure->name);
    sb_figure_input input;
    sb_text_init(&input.title);
    sb_text_init(&input.values);
    sb_text_init(&input.data);
    sb_text_init(&input.bands);
    status = figure->prepare(options, &input, error);
    if (!status) status = sb_text_status(&input.title, error);
    if (!status) status = sb_text_status(&input.values, error);
    if (!status) status = sb_text_status(&input.data, error);
    if (!status) status = sb_text_status(&input.bands, error);
    if (!status) status = draw_all(figure, options, &input, formats, error);
    sb_text_clear(&input.title);
    sb_text_clear(&input.values);
    sb_text_clear(&input.data);
    sb_text_clear(&input.bands);
    return status;
}
