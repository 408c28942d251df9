/* The file is read whole and cut in place. */
#include "paper_tables/published.h"

#include "support/exact.h"
#include "support/file.h"
#include "support/text.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 1 << 20 };

void sb_published_clear(sb_published *published) {
    free(published->text);
    free(published->cell);
    *published = (sb_published){NULL, NULL, 0, 0};
}

const char *sb_published_cell(const sb_published *published, size_t row, size_t column) {
    return published->cell[row * published->columns + column];
}

/* Cuts one line at its tabs into `cell`; returns the number of fields, at most columns + 1. */
static size_t cut(char *line, const char **cell, size_t columns) {
    size_t count = 0;
    for (char *at = line; at; count++) {
        char *tab = strchr(at, '\t');
        if (tab) *tab++ = 0;
        if (count == columns) return columns + 1;
        cell[count] = at;
        at = tab;
    }
    return count;
}

static sb_status cut_lines(sb_published *p, const char *path, const char *const *heading, sb_error *error) {
    size_t line = 0;
    int headed = 0;
    for (char *at = p->text; *at;) {
        char *end = strchr(at, '\n'), *next = end ? end + 1 : at + strlen(at);
        if (end) *end = 0;
        line++;
        if (*at && *at != '#') {
            const char **row = p->cell + p->rows * p->columns;
            size_t count = cut(at, row, p->columns);
            if (count != p->columns)
                return sb_fail(error, SB_BAD_INPUT, "%s: line %zu: needs %zu fields", path, line, p->columns);
            for (size_t j = 0; !headed && j < p->columns; j++)
                if (strcmp(row[j], heading[j]) != 0)
                    return sb_fail(error, SB_BAD_INPUT,
                                   "%s: line %zu: '%.40s' stands where the heading needs '%s'", path, line,
                                   row[j], heading[j]);
            p->rows += (size_t)headed;
            headed = 1;
        }
        at = next;
    }
    return p->rows ? SB_OK : sb_fail(error, SB_BAD_INPUT, "%s: holds no numbers", path);
}

sb_status sb_published_read(sb_published *published, const char *name, const char *const *heading,
                            sb_error *error) {
    *published = (sb_published){NULL, NULL, 0, 0};
    char *inside = sb_path_join("paper_tables/published", name), *path = NULL;
    size_t size = 0, lines = 2;
    sb_status status = inside ? sb_data_path(inside, &path, error) : sb_fail_memory(error);
    if (!status) status = sb_file_read(path, FILE_LIMIT, &published->text, &size, error);
    if (!status) {
        while (heading[published->columns]) published->columns++;
        for (const char *c = published->text; *c; c++) lines += *c == '\n';
        published->cell = malloc(lines * published->columns * sizeof *published->cell);
        status = published->cell ? cut_lines(published, path, heading, error) : sb_fail_memory(error);
    }
    free(inside);
    free(path);
    if (status) sb_published_clear(published);
    return status;
}

sb_status sb_published_decimal(const char *text, fmpq_t value, int *places, sb_error *error) {
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse("published number", text, &number, error);
    if (!status && number.infinite)
        status = sb_fail(error, SB_BAD_INPUT, "published number '%.40s': must be finite", text);
    if (!status) {
        const char *point = strchr(text, '.');
        fmpq_set(value, number.value);
        *places = point ? (int)strspn(point + 1, "0123456789") : 0;
    }
    sb_exact_clear(&number);
    return status;
}

int sb_agrees_with_printed(const fmpq_t recomputed, const fmpq_t printed, int places) {
    fmpq_t difference, half;
    fmpq_init(difference);
    fmpq_init(half);
    fmpq_sub(difference, recomputed, printed);
    fmpq_abs(difference, difference);
    fmpq_set_si(half, 10, 1);
    fmpq_pow_si(half, half, -places);
    fmpq_div_2exp(half, half, 1);
    int agrees = fmpq_cmp(difference, half) <= 0;
    fmpq_clear(difference);
    fmpq_clear(half);
    return agrees;
}
