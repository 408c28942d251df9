/* Text for pictures. The C files and the table of figures write plain text in which these stand for their
   symbols: l_2 l_4 l_p l_inf  sqrt(d)  ||v||_2 ||v||_inf  eps delta sigma inf  p d v (letters that stand
   alone) Everything else stays as it is. */
#ifndef SB_PLOTS_GNUPLOT_TEXT_H
#define SB_PLOTS_GNUPLOT_TEXT_H

#include "support/text.h"

/* Appends the text as gnuplot's enhanced text: symbols drawn as such, its special characters escaped. */
void sb_gnuplot_markup(sb_text *out, const char *plain);

/* Appends the assignment NAME = 'TEXT'. Newlines in the text stay newlines. */
void sb_gnuplot_set_string(sb_text *out, const char *name, const char *text);

/* The same with sb_gnuplot_markup applied to the text. */
void sb_gnuplot_set_label(sb_text *out, const char *name, const char *plain);

/* Appends gnuplot's form of a tab-separated table: the heading becomes a comment, and two empty lines
   separate the blocks of rows that have the same first column. */
void sb_gnuplot_blocks(sb_text *out, const char *table);

/* Appends gnuplot's SVG with `title` as its title instead of the bare `name`, with fonts to fall back on, and
   with pixels of images drawn as squares. */
void sb_svg_finish(sb_text *out, const char *svg, const char *name, const char *title);

/* Appends a PDF with the date of its making blanked, so that the same figure is the same file. No offset
   changes. Cairo 1.18 and later compress the date; such a file passes unchanged and differs from run to run
   by it. */
void sb_pdf_finish(sb_text *out, const char *pdf, size_t size);

#endif
