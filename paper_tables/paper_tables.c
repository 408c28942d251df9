#include "paper_tables/paper_tables.h"

#include "nn/authors_logs.h"
#include "paper_tables/constants.h"
#include "paper_tables/errata.h"
#include "paper_tables/figure_2.h"
#include "paper_tables/gap.h"
#include "paper_tables/table_1.h"
#include "support/text.h"

#include <string.h>

const sb_paper_table sb_paper_tables[] = {
    {"1", "Certified l_inf accuracy at 2/255 on CIFAR-10, published and recomputed", sb_table_1, 1, 0},
    {"figure-2", "The values of Figure 2, plotted and recomputed", sb_table_figure_2, 1, 0},
    {"constants", "Constants of the paper, the best that its method gives, and the sharp ones",
     sb_table_constants, 0, 0},
    {"gap", "Necessary against sufficient noise: the paper and the sharp bounds", sb_table_gap, 0, 0},
    {"errata", "What is printed and what is right", sb_table_errata, 0, 1},
    {NULL, NULL, NULL, 0, 0}};

sb_status sb_paper_table_find(const char *name, const sb_paper_table **table, sb_error *error) {
    const char *names[sizeof sb_paper_tables / sizeof sb_paper_tables[0]];
    sb_text all;
    sb_text_init(&all);
    size_t count = 0;
    for (const sb_paper_table *t = sb_paper_tables; t->name; t++) {
        if (strcmp(t->name, name) == 0) {
            *table = t;
            sb_text_clear(&all);
            return SB_OK;
        }
        sb_text_format(&all, "%s%s", count ? ", " : "", t->name);
        names[count++] = t->name;
    }
    names[count] = NULL;
    const char *near = sb_nearest_word(name, names);
    if (near && strlen(name) > 1)
        sb_fail(error, SB_BAD_INPUT, "unknown table '%.40s': did you mean %s?", name, near);
    else
        sb_fail(error, SB_BAD_INPUT, "unknown table '%.40s': there are %s", name, all.data);
    sb_text_clear(&all);
    return SB_BAD_INPUT;
}

void sb_paper_table_note(sb_paper_table_outcome *outcome, sb_verdict verdict) {
    switch (verdict) {
    case SB_REPRODUCED:
        outcome->reproduced++;
        break;
    case SB_DIFFERS:
        outcome->differs++;
        break;
    case SB_QUOTED:
        outcome->quoted++;
        break;
    default:
        outcome->skipped++;
    }
}

/* Prose instead of columns: the first three cells of a row make its heading, the others titled paragraphs. */
static void print_blocks(const sb_table *table, size_t width, sb_text *out) {
    enum { INDENT = 14 };
    sb_text_format(out, "%s\n", table->caption);
    for (size_t i = 0; i < table->row_count; i++) {
        size_t seen = 0;
        for (size_t j = 0; j < table->column_count; j++) {
            const char *value = table->cell[i * table->column_count + j];
            if (table->column[j].flags & SB_COLUMN_DATA || !value) continue;
            seen++;
            if (seen == 1) {
                sb_text_format(out, "\n%-4s", value);
            } else if (seen == 2) {
                sb_text_append(out, value);
            } else if (seen == 3) {
                sb_text_format(out, " (%s)\n", value);
            } else {
                const char *title =
                    strcmp(table->column[j].key, "shown") == 0 ? "shown" : table->column[j].title;
                sb_text_format(out, "    %-*s", INDENT - 4, title);
                sb_text_paragraph(out, value, INDENT, width, 1);
            }
        }
    }
}

sb_status sb_paper_table_print(const sb_paper_table *paper_table, const sb_table *table,
                               const sb_paper_table_options *options, const sb_paper_table_outcome *outcome,
                               sb_format_kind format, size_t width, sb_text *out, sb_error *error) {
    int for_readers = format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN;
    sb_status status = SB_OK;
    if (table->failed) return sb_fail_memory(error);
    if (paper_table->prose && format == SB_FORMAT_TEXT)
        print_blocks(table, width ? width : 100, out);
    else
        status = sb_table_print(table, format, width, out, error);
    if (status || !paper_table->from_logs || !for_readers) return status;
    sb_text_append(out, "\n");
    sb_paper_table_outcome_print(out, outcome);
    if (!options->logs_directory) sb_text_format(out, "%s\n", sb_authors_logs_place);
    return sb_text_status(out, error);
}

void sb_paper_table_outcome_print(sb_text *out, const sb_paper_table_outcome *outcome) {
    sb_text_format(out, "%zu reproduced, %zu %s, %zu quoted, %zu skipped\n", outcome->reproduced,
                   outcome->differs, outcome->differs == 1 ? "differs" : "differ", outcome->quoted,
                   outcome->skipped);
}
