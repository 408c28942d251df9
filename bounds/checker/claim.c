/* One line, one item: claim, says, source, by, var, goal. claim, says and goal must come exactly once, source
   at most once; var lines stand before the goal, which speaks of them. */
#include "claim.h"

#include <ctype.h>
#include <string.h>

static bool once(char **slot, char *text, const char *keyword, fault *why) {
    if (*slot) return fault_set(why, "a second '%s' line", keyword);
    if (*text == '\0') return fault_set(why, "'%s' without text", keyword);
    *slot = text;
    return true;
}

/* The name becomes part of a path, so it has no '/', and is neither '.' nor '..'. */
static bool read_name(claim *c, char *text, fault *why) {
    bool plain = strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
    for (const char *p = text; *p; p++) plain = plain && (isalnum((unsigned char)*p) || strchr("._-", *p));
    if (!plain)
        return fault_set(why, "'%.*s' is not a name: letters, digits, '.', '_', '-'", TEXT_WORD_SHOWN, text);
    return once(&c->name, text, "claim", why);
}

static bool is_variable_name(const char *word) {
    if (!isalpha((unsigned char)*word)) return false;
    while (isalnum((unsigned char)*word) || *word == '_') word++;
    return *word == '\0';
}

static bool read_variable(claim *c, char *text, fault *why) {
    if (c->goal_text) return fault_set(why, "a 'var' line after the goal");
    if (c->variable_count == EXPRESSION_VARIABLES)
        return fault_set(why, "more than %d variables", EXPRESSION_VARIABLES);
    char *name = next_word(&text), *low = next_word(&text), *high = next_word(&text);
    if (!high || *text) return fault_set(why, "a 'var' line needs NAME LO HI, no more and no less");
    if (!is_variable_name(name))
        return fault_set(why, "'%.*s' is not a variable name", TEXT_WORD_SHOWN, name);
    if (expression_reserves(name))
        return fault_set(why, "'%s' is a function or constant, not a variable", name);
    for (int i = 0; i < c->variable_count; i++) {
        if (strcmp(name, c->variable[i]) == 0)
            return fault_set(why, "a second variable '%.*s'", TEXT_WORD_SHOWN, name);
    }
    int i = c->variable_count++;
    interval_init(&c->range[i]);
    c->variable[i] = name;
    c->low_text[i] = low;
    c->high_text[i] = high;
    if (!read_rational(c->range[i].low, low))
        return fault_set(why, "'%.*s' is not a rational number", TEXT_WORD_SHOWN, low);
    if (!read_rational(c->range[i].high, high))
        return fault_set(why, "'%.*s' is not a rational number", TEXT_WORD_SHOWN, high);
    if (mpq_cmp(c->range[i].low, c->range[i].high) > 0)
        return fault_set(why, "the range of '%.*s' is empty: %.*s is above %.*s", TEXT_WORD_SHOWN, name,
                         TEXT_WORD_SHOWN, low, TEXT_WORD_SHOWN, high);
    return true;
}

static bool read_goal(claim *c, char *text, fault *why) {
    const char *rest;
    if (!once(&c->goal_text, text, "goal", why)) return false;
    if (!expression_parse(&c->goal, text, &rest, c->variable, c->variable_count, why)) return false;
    while (*rest == ' ') rest++;
    const char *relation_text = rest;
    if (strncmp(rest, ">=", 2) == 0) {
        c->relation = AT_LEAST_ZERO;
        rest += 2;
    } else if (strncmp(rest, "==", 2) == 0) {
        c->relation = EQUAL_TO_ZERO;
        rest += 2;
    } else if (*rest == '>') {
        c->relation = ABOVE_ZERO;
        rest++;
    } else {
        return fault_set(why, "an operator or '>= 0', '> 0', '== 0' is missing at '%.*s'", TEXT_WORD_SHOWN,
                         rest);
    }
    while (*rest == ' ') rest++;
    if (strcmp(rest, "0") != 0)
        return fault_set(why, "the goal must end in '>= 0', '> 0' or '== 0', not in '%.*s'", TEXT_WORD_SHOWN,
                         relation_text);
    return true;
}

/* Handles the current line if it belongs to a head; *belongs says so. */
static bool read_item(claim *c, reader *r, bool *belongs, fault *why) {
    static const char *const keywords[] = {"claim", "says", "source", "by", "var", "goal"};
    size_t length = strcspn(r->line, " "), item = 0;
    while (item < 6 && (strlen(keywords[item]) != length || memcmp(keywords[item], r->line, length) != 0))
        item++;
    *belongs = item < 6;
    char *text = r->line + length + (r->line[length] == ' ');
    switch (item) {
    case 0:
        return read_name(c, text, why);
    case 1:
        return once(&c->says, text, "says", why);
    case 2:
        return once(&c->source, text, "source", why);
    case 3:
        return *text ? ++c->hand_steps > 0 : fault_set(why, "'by' without text");
    case 4:
        return read_variable(c, text, why);
    case 5:
        return read_goal(c, text, why);
    default:
        return true;
    }
}

bool claim_read(claim *c, reader *r, const char *first_line, fault *why) {
    *c = (claim){0};
    if (!reader_need(r, first_line, why)) return false;
    if (strcmp(r->line, first_line) != 0)
        return fault_set(why, "the first line is '%.*s', not '%s'", TEXT_WORD_SHOWN, r->line, first_line);
    for (bool belongs = true; belongs;) {
        if (!reader_next(r, why)) return false;
        if (!r->line) break;
        if (!read_item(c, r, &belongs, why)) return false;
    }
    const char *missing = !c->name ? "claim" : !c->says ? "says" : !c->goal_text ? "goal" : NULL;
    if (!missing) return true;
    if (!r->line) return fault_set(why, "the file ends before a '%s' line", missing);
    return fault_set(why, "'%.*s' where a '%s' line should come first", TEXT_WORD_SHOWN, r->line, missing);
}

void claim_clear(claim *c) {
    for (int i = 0; i < c->variable_count; i++) interval_clear(&c->range[i]);
    expression_clear(&c->goal);
    *c = (claim){0};
}

bool claim_same(const claim *certificate, const claim *stated, fault *why) {
    if (strcmp(certificate->name, stated->name) != 0)
        return fault_set(why, "the claim file is for '%.*s'", TEXT_WORD_SHOWN, stated->name);
    if (certificate->variable_count != stated->variable_count)
        return fault_set(why, "%d variables, but the claim has %d", certificate->variable_count,
                         stated->variable_count);
    for (int i = 0; i < stated->variable_count; i++) {
        if (strcmp(certificate->variable[i], stated->variable[i]) != 0 ||
            strcmp(certificate->low_text[i], stated->low_text[i]) != 0 ||
            strcmp(certificate->high_text[i], stated->high_text[i]) != 0)
            return fault_set(why, "'var %.*s' differs from the claim's 'var %.*s %.*s %.*s'", TEXT_WORD_SHOWN,
                             certificate->variable[i], TEXT_WORD_SHOWN, stated->variable[i], TEXT_WORD_SHOWN,
                             stated->low_text[i], TEXT_WORD_SHOWN, stated->high_text[i]);
    }
    if (strcmp(certificate->goal_text, stated->goal_text) != 0)
        return fault_set(why, "the goal '%.120s' differs from the claim's '%.120s'", certificate->goal_text,
                         stated->goal_text);
    return true;
}
