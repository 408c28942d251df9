/* The figures: one table, a row for each. A figure is a C file that computes its numbers (with certified
   arithmetic; rounded for the picture only) and a gnuplot script of the same name beside it that draws them.
   To add one: write the two files, add a row. */
#ifndef SB_PLOTS_FIGURES_H
#define SB_PLOTS_FIGURES_H

#include "support/exact.h"
#include "support/status.h"
#include "support/text.h"

#include <stdint.h>

enum { SB_FIGURE_SVG = 1, SB_FIGURE_PDF = 2, SB_FIGURE_PNG = 4, SB_FIGURE_ALL = 7 };

typedef struct {
    const char *output_directory; /* made when missing; NULL: "." */
    const char *output_file;      /* not NULL: one picture, written here; its ending tells the format */
    unsigned formats;             /* of the pictures in output_directory */
    int write_data;             /* also a tab-separated file of the plotted numbers, named like the picture */
    const char *logs_directory; /* with the logs that the figure needs; NULL: none */
    const char *samples;        /* .npy file of the numbers that "hill" looks at; NULL: draws */
    const char *preset;         /* of an experiment, whose noise "images" shows; NULL: quick */
    const char *images;         /* that it shows: "shapes" or a folder (nn/image_set.h); NULL: shapes */
    uint64_t image;             /* number of the test image; UINT64_MAX: one that shows well */
    const char *gnuplot;        /* NULL: the environment's GNUPLOT, else "gnuplot" */
    fmpq_t radius;              /* eps > 0 */
    fmpq_t delta;               /* 0 < delta < 1 */
    fmpq_t range;               /* largest value of a pixel, in the units of eps; > 0 */
    sb_exact_list norms;        /* p of the panels of "noise", 1 to 4 of them, each >= 2 */
} sb_figure_options;

/* SVG, PDF and PNG into the working directory; eps = 8/255, delta = 1/10, range = 1, p = 2, 4, 8, inf. */
sb_status sb_figure_options_init(sb_figure_options *options, sb_error *error);
void sb_figure_options_clear(sb_figure_options *options);

/* Certification logs that a figure is drawn from. */
typedef enum {
    SB_FIGURE_NO_LOGS,
    SB_FIGURE_AUTHORS_LOGS,   /* those of the paper's authors */
    SB_FIGURE_EXPERIMENT_LOGS /* the folder of a finished experiment (docs/experiments.md) */
} sb_figure_logs;

/* What a figure hands to its script. */
typedef struct {
    sb_text title;  /* one sentence that depends on the numbers; empty: the one in the table */
    sb_text values; /* gnuplot assignments */
    sb_text data;   /* tab-separated, a heading line first; rows with the same first column are together */
    sb_text bands;  /* the same form, empty when the script needs no second table */
} sb_figure_input;

typedef struct {
    const char *name;   /* "1": what the user asks for; the files are figure-NAME.svg and so on */
    const char *script; /* "figure_1": the script is SCRIPT.gp */
    const char *title;  /* one sentence: what the figure shows; in the notation of plots/gnuplot_text.h */
    sb_figure_logs needs_logs;
    sb_status (*prepare)(const sb_figure_options *options, sb_figure_input *input, sb_error *error);
} sb_figure;

extern const sb_figure sb_figures[]; /* ends with a NULL name */

/* The figure of that name; SB_BAD_INPUT, with the nearest name, when there is none. */
sb_status sb_figure_find(const char *name, const sb_figure **figure, sb_error *error);

/* "svg,pdf": a mask. SB_BAD_INPUT names the word that is no format. */
sb_status sb_figure_formats_parse(const char *text, unsigned *formats, sb_error *error);

/* Draws the figure in the asked formats. No file is written before all of them are complete. SB_BAD_INPUT
   when it needs logs and there are none, SB_IO when gnuplot is missing (the message says how to name it) or
   fails, or a file cannot be written. */
sb_status sb_figure_write(const sb_figure *figure, const sb_figure_options *options, sb_error *error);

/* Appends the paths that sb_figure_write writes, one a line. */
void sb_figure_paths(const sb_figure *figure, const sb_figure_options *options, sb_text *out);

/* The rows of the table. */
sb_status sb_figure_1_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error);
sb_status sb_figure_2_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error);
sb_status sb_noise_against_dimension_prepare(const sb_figure_options *options, sb_figure_input *input,
                                             sb_error *error);
sb_status sb_calibrated_noise_prepare(const sb_figure_options *options, sb_figure_input *input,
                                      sb_error *error);
sb_status sb_gap_against_delta_prepare(const sb_figure_options *options, sb_figure_input *input,
                                       sb_error *error);
sb_status sb_gap_against_dimension_prepare(const sb_figure_options *options, sb_figure_input *input,
                                           sb_error *error);
sb_status sb_extremal_noise_prepare(const sb_figure_options *options, sb_figure_input *input,
                                    sb_error *error);
sb_status sb_phase_diagram_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error);
sb_status sb_tail_sets_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error);
sb_status sb_noisy_images_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error);
sb_status sb_scaling_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error);
sb_status sb_tail_samples_prepare(const sb_figure_options *options, sb_figure_input *input, sb_error *error);

#endif
