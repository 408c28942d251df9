/* The cells are strings, row by row. Each format reads the same cells: the keys of the columns go to programs
   (JSON, CSV), their titles to people (text, Markdown, LaTeX). */
#include "support/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sb_status sb_format_parse(const char *text, sb_format_kind *format, sb_error *error) {
    static const char *const name[] = {"text", "json", "csv", "tex", "md", NULL};
    for (int i = 0; name[i]; i++) {
        if (strcmp(text, name[i]) == 0) {
            *format = (sb_format_kind)i;
            return SB_OK;
        }
    }
    const char *near = sb_nearest_word(text, name);
    if (near) return sb_fail(error, SB_BAD_INPUT, "--format '%.40s': did you mean %s?", text, near);
    return sb_fail(error, SB_BAD_INPUT, "--format '%.40s': must be text, json, csv, tex or md", text);
}

void sb_table_init(sb_table *table, const char *schema, const sb_column *column, size_t column_count) {
    *table = (sb_table){.schema = schema, .column = column, .column_count = column_count};
}

void sb_table_clear(sb_table *table) {
    for (size_t i = 0; i < table->row_count * table->column_count; i++) free(table->cell[i]);
    free(table->cell);
    table->cell = NULL;
    table->row_count = table->row_capacity = 0;
    table->failed = 0;
}

void sb_table_row(sb_table *table) {
    if (table->failed) return;
    if (table->row_count == table->row_capacity) {
        size_t capacity = table->row_capacity ? 2 * table->row_capacity : 16;
        char **cell = realloc(table->cell, capacity * table->column_count * sizeof *cell);
        if (!cell) {
            table->failed = 1;
            return;
        }
        table->cell = cell;
        table->row_capacity = capacity;
    }
    for (size_t j = 0; j < table->column_count; j++)
        table->cell[table->row_count * table->column_count + j] = NULL;
    table->row_count++;
}

void sb_table_own(sb_table *table, size_t column, char *value) {
    if (!value) table->failed = 1;
    if (table->failed || !table->row_count || column >= table->column_count) {
        free(value);
        return;
    }
    char **cell = &table->cell[(table->row_count - 1) * table->column_count + column];
    free(*cell);
    *cell = value;
}

void sb_table_set(sb_table *table, size_t column, const char *value) {
    sb_table_own(table, column, sb_duplicate(value));
}

void sb_table_setf(sb_table *table, size_t column, const char *format, ...) {
    sb_text text;
    sb_text_init(&text);
    va_list arguments;
    va_start(arguments, format);
    sb_text_vformat(&text, format, arguments);
    va_end(arguments);
    sb_table_own(table, column, sb_text_detach(&text));
}

/* ------------------------------------------------------------------ strings of the formats */
/* A JSON string with its quotes. */
static void json_string(sb_text *out, const char *string) {
    sb_text_append(out, "\"");
    for (const unsigned char *c = (const unsigned char *)string; *c; c++) {
        if (*c == '"' || *c == '\\')
            sb_text_format(out, "\\%c", *c);
        else if (*c == '\n')
            sb_text_append(out, "\\n");
        else if (*c == '\t')
            sb_text_append(out, "\\t");
        else if (*c < 0x20 || *c == 0x7f)
            sb_text_format(out, "\\u%04x", *c);
        else
            sb_text_append_bytes(out, (const char *)c, 1);
    }
    sb_text_append(out, "\"");
}

/* Quoted only where it must be. */
static void csv_field(sb_text *out, const char *string) {
    if (!strpbrk(string, ",\"\r\n")) {
        sb_text_append(out, string);
        return;
    }
    sb_text_append(out, "\"");
    for (; *string; string++) {
        if (*string == '"') sb_text_append(out, "\"");
        sb_text_append_bytes(out, string, 1);
    }
    sb_text_append(out, "\"");
}

/* With the special characters of LaTeX escaped. */
static void tex_string(sb_text *out, const char *string) {
    for (; *string; string++) {
        switch (*string) {
        case '&':
        case '%':
        case '$':
        case '#':
        case '_':
        case '{':
        case '}':
            sb_text_format(out, "\\%c", *string);
            break;
        case '\\':
            sb_text_append(out, "\\textbackslash{}");
            break;
        case '~':
            sb_text_append(out, "\\textasciitilde{}");
            break;
        case '^':
            sb_text_append(out, "\\textasciicircum{}");
            break;
        case '|':
            sb_text_append(out, "\\textbar{}");
            break;
        case '<':
            sb_text_append(out, "\\textless{}");
            break;
        case '>':
            sb_text_append(out, "\\textgreater{}");
            break;
        default:
            sb_text_append_bytes(out, string, 1);
        }
    }
}

/* "E||eta||_2^2" as math: || becomes \|, Greek names become commands, spaces stay. */
static void tex_math(sb_text *out, const char *string) {
    static const struct {
        const char *from, *to;
    } word[] = {{"rms", "\\mathrm{rms}"},
                {"tail", "\\mathrm{tail}"},
                {"radius", "\\mathrm{radius}"},
                {"TV", "\\mathrm{TV}"},
                {"||", "\\|"},
                {"eta", "\\eta"},
                {"sigma", "\\sigma"},
                {"eps", "\\varepsilon"},
                {"delta", "\\delta"},
                {"inf", "\\infty"},
                {"max", "\\max"},
                {"sqrt", "\\sqrt"},
                {"<=", "\\le"},
                {">=", "\\ge"}};
    sb_text_append(out, "$");
    while (*string) {
        size_t i, count = sizeof word / sizeof word[0];
        for (i = 0; i < count; i++)
            if (strncmp(string, word[i].from, strlen(word[i].from)) == 0) break;
        if (i < count) {
            sb_text_append(out, word[i].to);
            string += strlen(word[i].from);
            if (word[i].to[1] != '|' && *string >= 'a' && *string <= 'z') sb_text_append(out, " ");
        } else {
            sb_text_append_bytes(out, string++, 1);
        }
    }
    sb_text_append(out, "$");
}

static void markdown_cell(sb_text *out, const char *string, int math) {
    if (math) sb_text_append(out, "`");
    for (; *string; string++) {
        if (*string == '|') sb_text_append(out, "\\");
        sb_text_append_bytes(out, *string == '\n' ? " " : string, 1);
    }
    if (math) sb_text_append(out, "`");
}

/* ------------------------------------------------------------------ the five printers */
static const char *cell_at(const sb_table *table, size_t row, size_t column) {
    return table->cell[row * table->column_count + column];
}

static int shown(const sb_table *table, size_t column, int reader) {
    return !(table->column[column].flags & (reader ? SB_COLUMN_DATA : SB_COLUMN_READER));
}

static int right(const sb_column *column) {
    return (column->flags & (SB_COLUMN_NUMBER | SB_COLUMN_RIGHT)) != 0;
}

static void print_json(const sb_table *table, sb_text *out) {
    for (size_t i = 0; i < table->row_count; i++) {
        const char *comma = "";
        sb_text_append(out, "{");
        if (table->schema) {
            sb_text_append(out, "\"schema\":");
            json_string(out, table->schema);
            comma = ",";
        }
        for (size_t j = 0; j < table->column_count; j++) {
            const char *value = cell_at(table, i, j);
            if (!value || !shown(table, j, 0)) continue;
            sb_text_append(out, comma);
            json_string(out, table->column[j].key);
            sb_text_append(out, ":");
            if (table->column[j].flags & SB_COLUMN_NUMBER)
                sb_text_append(out, value);
            else
                json_string(out, value);
            comma = ",";
        }
        sb_text_append(out, "}\n");
    }
}

static void print_csv(const sb_table *table, sb_text *out) {
    for (size_t i = 0; i <= table->row_count; i++) {
        const char *comma = "";
        for (size_t j = 0; j < table->column_count; j++) {
            if (!shown(table, j, 0)) continue;
            sb_text_append(out, comma);
            const char *value = i ? cell_at(table, i - 1, j) : table->column[j].key;
            if (value) csv_field(out, value);
            comma = ",";
        }
        sb_text_append(out, "\n");
    }
}

static void print_markdown(const sb_table *table, sb_text *out) {
    if (table->caption) sb_text_format(out, "**%s**\n\n", table->caption);
    for (size_t i = 0; i <= table->row_count; i++) {
        for (size_t j = 0; j < table->column_count; j++) {
            if (!shown(table, j, 1)) continue;
            const char *value = i ? cell_at(table, i - 1, j) : table->column[j].title;
            sb_text_append(out, "| ");
            if (value) markdown_cell(out, value, i && table->column[j].flags & SB_COLUMN_MATH);
            sb_text_append(out, " ");
        }
        sb_text_append(out, "|\n");
        for (size_t j = 0; !i && j < table->column_count; j++)
            if (shown(table, j, 1)) sb_text_append(out, right(&table->column[j]) ? "|---:" : "|---");
        if (!i) sb_text_append(out, "|\n");
    }
    sb_text_append(out, "\n");
}

static void print_tex(const sb_table *table, sb_text *out) {
    if (table->caption) sb_text_format(out, "%% %s\n", table->caption);
    sb_text_append(out, "\\begin{tabular}{");
    for (size_t j = 0; j < table->column_count; j++)
        if (shown(table, j, 1)) sb_text_append(out, right(&table->column[j]) ? "r" : "l");
    sb_text_append(out, "}\n\\toprule\n");
    for (size_t i = 0; i <= table->row_count; i++) {
        const char *separator = "";
        for (size_t j = 0; j < table->column_count; j++) {
            if (!shown(table, j, 1)) continue;
            const char *value = i ? cell_at(table, i - 1, j) : table->column[j].title;
            sb_text_append(out, separator);
            if (value && i && table->column[j].flags & SB_COLUMN_MATH)
                tex_math(out, value);
            else if (value)
                tex_string(out, value);
            separator = " & ";
        }
        sb_text_append(out, i ? " \\\\\n" : " \\\\\n\\midrule\n");
    }
    sb_text_append(out, "\\bottomrule\n\\end{tabular}\n");
}

/* Appends `value` from *at on, as much as fits into `width` columns, breaking at a blank; moves *at behind
 * it. */
static size_t append_wrapped(sb_text *out, const char **at, size_t width) {
    const char *start = *at, *end = start, *blank = NULL;
    size_t columns = 0;
    while (*end && *end != '\n' && (columns < width || ((unsigned char)*end & 0xc0) == 0x80)) {
        if (*end == ' ') blank = end;
        columns += ((unsigned char)*end & 0xc0) != 0x80;
        end++;
    }
    if (*end && *end != '\n' && *end != ' ' && blank && blank > start) end = blank;
    sb_text_append_bytes(out, start, (size_t)(end - start));
    size_t used = 0;
    for (const char *c = start; c < end; c++) used += ((unsigned char)*c & 0xc0) != 0x80;
    while (*end == ' ' || *end == '\n') end++;
    *at = end;
    return used;
}

/* Visible columns of a cell that may carry colour (ESC [ ... m). */
static size_t visible_width(const char *value) {
    size_t hidden = 0;
    for (const char *c = strchr(value, '\033'); c; c = strchr(c + 1, '\033')) hidden += strcspn(c, "m") + 1;
    return sb_text_width(value) - hidden;
}

static void text_row(const sb_table *table, sb_text *out, size_t row, const size_t *column_width,
                     size_t last) {
    size_t indent = 0;
    for (size_t j = 0; j < table->column_count; j++) {
        if (!shown(table, j, 1)) continue;
        const char *value = row ? cell_at(table, row - 1, j) : table->column[j].title;
        if (!value) value = "";
        size_t width = column_width[j], used = visible_width(value);
        if (right(&table->column[j]) && used < width) sb_text_repeat(out, ' ', width - used);
        if (used > width) {
            const char *at = value;
            append_wrapped(out, &at, width);
            while (*at) {
                sb_text_append(out, "\n");
                sb_text_repeat(out, ' ', indent);
                append_wrapped(out, &at, width);
            }
        } else {
            sb_text_append(out, value);
        }
        if (j == last) break;
        if (!right(&table->column[j]) && used < width) sb_text_repeat(out, ' ', width - used);
        sb_text_append(out, "  ");
        indent += width + 2;
    }
    while (out->length && out->data[out->length - 1] == ' ') sb_text_truncate(out, out->length - 1);
    sb_text_append(out, "\n");
}

enum { LEAST_WRAPPED = 24 };

/* For a terminal too narrow for columns: a row is a block of titled lines. */
static void text_records(const sb_table *table, sb_text *out, size_t width) {
    size_t title_width = 0;
    for (size_t j = 0; j < table->column_count; j++)
        if (shown(table, j, 1) && sb_text_width(table->column[j].title) > title_width)
            title_width = sb_text_width(table->column[j].title);
    for (size_t i = 0; i < table->row_count; i++) {
        if (i) sb_text_append(out, "\n");
        for (size_t j = 0; j < table->column_count; j++) {
            const char *value = cell_at(table, i, j), *title = table->column[j].title;
            if (!shown(table, j, 1) || !value) continue;
            sb_text_append(out, title);
            sb_text_repeat(out, ' ', title_width + 2 - sb_text_width(title));
            sb_text_paragraph(out, value, title_width + 2, width, 1);
        }
    }
}

static sb_status print_text(const sb_table *table, size_t width, sb_text *out, sb_error *error) {
    size_t *column_width = calloc(table->column_count ? table->column_count : 1, sizeof *column_width);
    if (!column_width) return sb_fail_memory(error);
    size_t last = 0, total = 0;
    for (size_t j = 0; j < table->column_count; j++) {
        if (!shown(table, j, 1)) continue;
        last = j;
        column_width[j] = sb_text_width(table->column[j].title);
        for (size_t i = 0; i < table->row_count; i++) {
            const char *value = cell_at(table, i, j);
            size_t need = value ? visible_width(value) : 0;
            if (need > column_width[j]) column_width[j] = need;
        }
        total += column_width[j] + 2;
    }
    /* What does not fit on the line is taken from the last column, if it may wrap and enough is left of it.
     */
    size_t others = total - column_width[last] - 2;
    int fits = !width || total <= width + 2;
    if (!fits && table->column[last].flags & SB_COLUMN_WRAP && width >= others + LEAST_WRAPPED) {
        column_width[last] = width - others;
        fits = 1;
    }
    if (table->caption) sb_text_format(out, "%s\n\n", table->caption);
    if (fits)
        for (size_t i = 0; i <= table->row_count; i++) text_row(table, out, i, column_width, last);
    else
        text_records(table, out, width);
    free(column_width);
    return SB_OK;
}

sb_status sb_table_print(const sb_table *table, sb_format_kind format, size_t width, sb_text *out,
                         sb_error *error) {
    if (table->failed) return sb_fail_memory(error);
    sb_status status = SB_OK;
    switch (format) {
    case SB_FORMAT_JSON:
        print_json(table, out);
        break;
    case SB_FORMAT_CSV:
        print_csv(table, out);
        break;
    case SB_FORMAT_MARKDOWN:
        print_markdown(table, out);
        break;
    case SB_FORMAT_TEX:
        print_tex(table, out);
        break;
    case SB_FORMAT_TEXT:
        status = print_text(table, width, out, error);
        break;
    }
    return status ? status : sb_text_status(out, error);
}
