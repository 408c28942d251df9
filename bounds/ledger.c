/* The ledger as one list: the tables in the paper's order and those of sharper results, and finding claims by
   what people call them. */
#include "bounds/ledger.h"

#include "support/text.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SECTIONS = 6 };

static const sb_ledger_section *const section[SECTIONS] = {&sb_ledger_introduction, &sb_ledger_analysis,
                                                           &sb_ledger_experiments,  &sb_ledger_appendices,
                                                           &sb_ledger_sharp,        &sb_ledger_sharp_space};
static const char *const section_title[SECTIONS] = {"Abstract, sections 1 and 2",
                                                    "Section 3: analysis",
                                                    "Sections 4 and 5: experiments",
                                                    "Appendices A, B and C",
                                                    "Sharper than the paper: one shift, robustness",
                                                    "Sharper than the paper: every dimension"};

const char *sb_check_kind_name(sb_check_kind kind) {
    static const char *const name[] = {"interval",   "exact", "evaluation", "statistics",
                                       "experiment", "log",   "definition"};
    return name[kind];
}

size_t sb_ledger_size(void) {
    size_t size = 0;
    for (size_t s = 0; s < SECTIONS; s++) size += section[s]->count;
    return size;
}

static size_t find_section(size_t *index) {
    size_t s = 0;
    while (s < SECTIONS - 1 && *index >= section[s]->count) *index -= section[s++]->count;
    return s;
}

const sb_claim *sb_ledger_claim(size_t index) {
    size_t s = find_section(&index);
    return &section[s]->claim[index];
}

const char *sb_ledger_section_title(size_t index) {
    return section_title[find_section(&index)];
}

sb_status sb_find(sb_finding *finding, sb_error *error, sb_verdict verdict, const char *format, ...) {
    sb_text text;
    sb_text_init(&text);
    va_list arguments;
    va_start(arguments, format);
    sb_text_vformat(&text, format, arguments);
    va_end(arguments);
    free(finding->evidence);
    finding->verdict = verdict;
    finding->evidence = sb_text_detach(&text);
    return finding->evidence ? SB_OK : sb_fail_memory(error);
}

/* Whether `word` is the whole label or one of its parts ("R5" and "E1" in "R5 E1"). */
static int has_label(const char *label, const char *word) {
    size_t length = strlen(word);
    if (!length) return 0;
    if (strcasecmp(label, word) == 0) return 1;
    for (const char *part = label; *part;) {
        size_t size = strcspn(part, " ");
        if (size == length && strncasecmp(part, word, size) == 0) return 1;
        part += size;
        while (*part == ' ') part++;
    }
    return 0;
}

static sb_status no_such_claim(const char *word, sb_error *error) {
    size_t size = sb_ledger_size();
    const char **id = calloc(size + 1, sizeof *id);
    if (!id) return sb_fail_memory(error);
    for (size_t i = 0; i < size; i++) id[i] = sb_ledger_claim(i)->id;
    const char *near = sb_nearest_word(word, id);
    sb_status status =
        near ? sb_fail(error, SB_BAD_INPUT, "claim '%s': no such claim; did you mean '%s'?", word, near)
             : sb_fail(error, SB_BAD_INPUT, "claim '%s': no such claim; --list shows them", word);
    free(id);
    return status;
}

static sb_status several(const char *word, sb_error *error) {
    sb_text list;
    sb_text_init(&list);
    size_t length = strlen(word), shown = 0;
    for (size_t i = 0; i < sb_ledger_size(); i++) {
        if (strncmp(sb_ledger_claim(i)->id, word, length) != 0) continue;
        if (++shown <= 6) sb_text_format(&list, "%s%s", shown > 1 ? ", " : "", sb_ledger_claim(i)->id);
    }
    if (shown > 6) sb_text_append(&list, ", ...");
    sb_status status =
        sb_fail(error, SB_BAD_INPUT, "claim '%s': %zu claims begin so (%s); '%s*' means them all", word,
                shown, list.data, word);
    sb_text_clear(&list);
    return status;
}

sb_status sb_ledger_select(const char *word, char *selected, sb_error *error) {
    size_t size = sb_ledger_size(), found = 0, begins = 0, beginning = 0, length = strlen(word);
    int pattern = strpbrk(word, "*?[") != NULL;
    for (size_t i = 0; i < size; i++) {
        const sb_claim *claim = sb_ledger_claim(i);
        if (strcmp(claim->id, word) == 0 || has_label(claim->label, word) ||
            (pattern && fnmatch(word, claim->id, 0) == 0)) {
            selected[i] = 1;
            found++;
        } else if (length && strncmp(claim->id, word, length) == 0) {
            begins++;
            beginning = i;
        }
    }
    if (found) return SB_OK;
    if (begins > 1) return several(word, error);
    if (begins == 0) return no_such_claim(word, error);
    selected[beginning] = 1;
    return SB_OK;
}
