/* What a user types, LEFT <= RIGHT and ranges x:0..1, as a goal: the difference of the two sides and a
 * relation to 0. */
#include "bounds/goal.h"

#include "support/exact.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t begin, end; /* of a side in the text, without blanks around it */
} side;

static side trim(const char *text, size_t begin, size_t end) {
    while (begin < end && strchr(" \t\r\n", text[begin])) begin++;
    while (end > begin && strchr(" \t\r\n", text[end - 1])) end--;
    return (side){begin, end};
}

static sb_status add_range(sb_goal *goal, const char *item, sb_error *error) {
    const char *colon = strchr(item, ':'), *dots = colon ? strstr(colon, "..") : NULL;
    if (!dots)
        return sb_fail(error, SB_BAD_INPUT, "variable '%s': write NAME:LOW..HIGH, such as x:0..1", item);
    size_t n = goal->variable_count;
    if (n == SB_GOAL_VARIABLES)
        return sb_fail(error, SB_BAD_INPUT, "variable '%s': eight variables are the most", item);
    char *name = strndup(item, (size_t)(colon - item)), *low = strndup(colon + 1, (size_t)(dots - colon) - 1);
    sb_exact end[2];
    sb_exact_init(&end[0]);
    sb_exact_init(&end[1]);
    sb_status status = name && low ? sb_expression_check_name(name, error) : sb_fail_memory(error);
    for (size_t i = 0; i < n && !status; i++)
        if (strcmp(goal->variable[i], name) == 0)
            status = sb_fail(error, SB_BAD_INPUT, "variable '%s': '%s' has a range already", item, name);
    if (!status) status = sb_exact_parse(name, low, &end[0], error);
    if (!status) status = sb_exact_parse(name, dots + 2, &end[1], error);
    if (!status && (end[0].infinite || end[1].infinite))
        status = sb_fail(error, SB_BAD_INPUT, "variable '%s': both ends must be finite", item);
    if (!status && fmpq_cmp(end[0].value, end[1].value) > 0)
        status = sb_fail(error, SB_BAD_INPUT, "variable '%s': the lower end is above the upper end", item);
    if (!status) {
        char *text[2] = {sb_rational_print(end[0].value), sb_rational_print(end[1].value)};
        if (text[0] && text[1]) goal->range_text[n] = sb_format("%s %s", text[0], text[1]);
        free(text[0]);
        free(text[1]);
        fmpq_set(goal->low[n], end[0].value);
        fmpq_set(goal->high[n], end[1].value);
        goal->variable[n] = name;
        name = NULL;
        goal->variable_count++;
        if (!goal->range_text[n]) status = sb_fail_memory(error);
    }
    sb_exact_clear(&end[0]);
    sb_exact_clear(&end[1]);
    free(name);
    free(low);
    return status;
}

/* Finds the one relation; *swap: the goal is RIGHT - LEFT. */
static sb_status find_relation(const char *text, sb_relation *relation, int *swap, side *left, side *right,
                               sb_error *error) {
    const char *sign = strpbrk(text, "<>=!");
    if (!sign)
        return sb_fail(error, SB_BAD_INPUT,
                       "'%.200s' has no relation: one of <= < >= > == must join two sides", text);
    size_t length = strspn(sign, "<>=!"), at = (size_t)(sign - text);
    static const struct {
        const char *sign;
        sb_relation relation;
        int swap;
    } known[] = {{"<=", SB_AT_LEAST_ZERO, 1},
                 {"<", SB_ABOVE_ZERO, 1},
                 {">=", SB_AT_LEAST_ZERO, 0},
                 {">", SB_ABOVE_ZERO, 0},
                 {"==", SB_EQUAL_ZERO, 0}};
    size_t i = 0, count = sizeof known / sizeof known[0];
    while (i < count && !(strlen(known[i].sign) == length && strncmp(known[i].sign, sign, length) == 0)) i++;
    if (i == count)
        return sb_fail(error, SB_BAD_INPUT,
                       "column %zu: '%.*s' is no relation: use one of <= < >= > ==", at + 1, (int)length,
                       sign);
    const char *second = strpbrk(sign + length, "<>=!");
    if (second)
        return sb_fail(error, SB_BAD_INPUT, "column %zu: '%.*s' is a second relation: prove one at a time",
                       (size_t)(second - text) + 1, (int)strspn(second, "<>=!"), second);
    *relation = known[i].relation;
    *swap = known[i].swap;
    *left = trim(text, 0, at);
    *right = trim(text, at + length, strlen(text));
    return SB_OK;
}

static void append_side(sb_text *out, const char *text, side part) {
    for (size_t i = part.begin; i < part.end; i++) {
        char c = strchr("\t\r\n", text[i]) ? ' ' : text[i];
        if (c != ' ' || text[i - 1] != ' ') sb_text_append_bytes(out, &c, 1);
    }
}

static int is_zero(const char *text, side part) {
    return part.end - part.begin == 1 && text[part.begin] == '0';
}

/* Whether a sign stands outside all brackets, so that a minus before the whole needs some. */
static int is_sum(const char *text, side part) {
    int depth = 0;
    for (size_t i = part.begin; i < part.end; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (!depth && (text[i] == '+' || text[i] == '-')) return 1;
    }
    return 0;
}

static char *difference(const char *text, side high, side low) {
    sb_text out;
    sb_text_init(&out);
    int only_low = is_zero(text, high) && !is_zero(text, low), sum = is_sum(text, low);
    if (!only_low) append_side(&out, text, high);
    if (!is_zero(text, low)) {
        sb_text_append(&out, only_low ? "-" : " - ");
        if (sum) sb_text_append(&out, "(");
        append_side(&out, text, low);
        if (sum) sb_text_append(&out, ")");
    }
    return sb_text_detach(&out);
}

static char *statement(const sb_goal *goal, const char *text) {
    sb_text out;
    sb_text_init(&out);
    append_side(&out, text, trim(text, 0, strlen(text)));
    for (size_t i = 0; i < goal->variable_count; i++) {
        size_t low = strcspn(goal->range_text[i], " ");
        sb_text_format(&out, "%s %s in [%.*s, %s]", i ? "," : " for", goal->variable[i], (int)low,
                       goal->range_text[i], goal->range_text[i] + low + 1);
    }
    return sb_text_detach(&out);
}

static sb_status build(sb_goal *goal, const char *name, const char *text, sb_error *error) {
    side left, right;
    int swap = 0;
    sb_error inner;
    sb_status status = find_relation(text, &goal->relation, &swap, &left, &right, error);
    if (status) return status;
    for (int i = 0; i < 2 && !status;
         i++) { /* each side by itself, so that columns are those of what was typed */
        const side *part = i ? &right : &left;
        status = sb_expression_parse(&goal->expression, text, part->begin, part->end,
                                     (const char *const *)goal->variable, goal->variable_count, &inner);
        sb_expression_free(goal->expression);
        goal->expression = NULL;
    }
    if (status) return sb_fail(error, status, "%s", inner.message);
    goal->expression_text = swap ? difference(text, right, left) : difference(text, left, right);
    goal->name = sb_duplicate(name);
    goal->says = statement(goal, text);
    if (!goal->expression_text || !goal->name || !goal->says) return sb_fail_memory(error);
    return sb_expression_parse(&goal->expression, goal->expression_text, 0, strlen(goal->expression_text),
                               (const char *const *)goal->variable, goal->variable_count, error);
}

sb_status sb_goal_from_inequality(sb_goal *goal, const char *name, const char *inequality,
                                  const char *const *range, size_t range_count, sb_error *error) {
    sb_goal_clear(goal);
    sb_status status = sb_goal_check_name(name, error);
    for (size_t i = 0; i < range_count && !status; i++) status = add_range(goal, range[i], error);
    if (!status) status = build(goal, name, inequality, error);
    if (status) sb_goal_clear(goal);
    return status;
}
