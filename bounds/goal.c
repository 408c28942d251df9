/* Claim files: a reader and a printer of their lines. */
#include "bounds/goal.h"

#include "support/exact.h"
#include "support/file.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_FILE = 1 << 20, MOST_STEPS = 100 };

void sb_goal_init(sb_goal *goal) {
    *goal = (sb_goal){0};
    for (int i = 0; i < SB_GOAL_VARIABLES; i++) {
        fmpq_init(goal->low[i]);
        fmpq_init(goal->high[i]);
    }
}

void sb_goal_clear(sb_goal *goal) {
    free(goal->name);
    free(goal->says);
    free(goal->source);
    for (size_t i = 0; i < goal->by_count; i++) free(goal->by[i]);
    free(goal->by);
    for (int i = 0; i < SB_GOAL_VARIABLES; i++) {
        free(goal->variable[i]);
        free(goal->range_text[i]);
        fmpq_clear(goal->low[i]);
        fmpq_clear(goal->high[i]);
    }
    free(goal->expression_text);
    sb_expression_free(goal->expression);
    sb_goal_init(goal);
}

const char *sb_relation_sign(sb_relation relation) {
    return relation == SB_AT_LEAST_ZERO ? ">=" : relation == SB_ABOVE_ZERO ? ">" : "==";
}

sb_status sb_goal_check_name(const char *name, sb_error *error) {
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (*name && strlen(name) <= 200 && name[strspn(name, good)] == '\0') return SB_OK;
    return sb_fail(error, SB_BAD_INPUT, "'%.80s' cannot name a claim: use letters, digits, '.', '_' and '-'",
                   name);
}

/* One line at a time, without comment, leading and trailing blanks. */
typedef struct {
    sb_goal *goal;
    const char *label;
    size_t line;
    int begun; /* the first line has been seen */
    sb_error *error;
} reader;

static sb_status fail_word(reader *r, const char *word, const char *what) {
    return sb_fail(r->error, SB_BAD_INPUT, "%s:%zu: '%.80s' %s", r->label, r->line, word, what);
}

static sb_status keep_text(reader *r, char **place, const char *key, const char *rest) {
    if (*place) return fail_word(r, key, "is given twice");
    if (!*rest) return fail_word(r, key, "has no text");
    *place = sb_duplicate(rest);
    return *place ? SB_OK : sb_fail_memory(r->error);
}

static sb_status keep_step(reader *r, const char *rest) {
    sb_goal *goal = r->goal;
    if (!*rest) return fail_word(r, "by", "has no text");
    if (goal->by_count == MOST_STEPS) return fail_word(r, "by", "is repeated too often");
    char **by = realloc(goal->by, (goal->by_count + 1) * sizeof *by);
    if (!by) return sb_fail_memory(r->error);
    goal->by = by;
    by[goal->by_count] = sb_duplicate(rest);
    if (!by[goal->by_count]) return sb_fail_memory(r->error);
    goal->by_count++;
    return SB_OK;
}

/* A rational as files write it: -3, 1/2, 0.38. */
static sb_status read_rational(reader *r, const char *word, fmpq_t value) {
    if (word[strspn(word, "0123456789/.-")]) return fail_word(r, word, "is no rational number");
    sb_exact number;
    sb_exact_init(&number);
    sb_error inner;
    sb_status status = sb_exact_parse("end", word, &number, &inner);
    if (status == SB_BAD_INPUT || number.infinite)
        status = fail_word(r, word, "is no rational number");
    else if (status)
        status = sb_fail(r->error, status, "%s", inner.message);
    else
        fmpq_set(value, number.value);
    sb_exact_clear(&number);
    return status;
}

static sb_status keep_variable(reader *r, char *rest) {
    sb_goal *goal = r->goal;
    char *word[3] = {NULL, NULL, NULL}, *more = NULL, *state = NULL;
    for (int i = 0; i < 3; i++) word[i] = strtok_r(i ? NULL : rest, " \t", &state);
    if (word[2]) more = strtok_r(NULL, " \t", &state);
    if (!word[2]) return fail_word(r, "var", "needs a name and two ends: var x 0 1");
    if (more) return fail_word(r, more, "is superfluous here");
    if (goal->variable_count == SB_GOAL_VARIABLES)
        return fail_word(r, word[0], "is the ninth variable: eight are the most");
    if (goal->expression) return fail_word(r, word[0], "comes after the goal that it belongs to");
    sb_error inner;
    if (sb_expression_check_name(word[0], &inner))
        return sb_fail(r->error, SB_BAD_INPUT, "%s:%zu: %s", r->label, r->line, inner.message);
    size_t n = goal->variable_count;
    for (size_t i = 0; i < n; i++)
        if (strcmp(goal->variable[i], word[0]) == 0) return fail_word(r, word[0], "is declared twice");
    sb_status status = read_rational(r, word[1], goal->low[n]);
    if (!status) status = read_rational(r, word[2], goal->high[n]);
    if (status) return status;
    if (fmpq_cmp(goal->low[n], goal->high[n]) > 0)
        return fail_word(r, word[1], "is above the upper end of the range");
    goal->variable[n] = sb_duplicate(word[0]);
    goal->range_text[n] = sb_format("%s %s", word[1], word[2]);
    goal->variable_count++;
    return goal->variable[n] && goal->range_text[n] ? SB_OK : sb_fail_memory(r->error);
}

static sb_status keep_goal(reader *r, char *rest) {
    sb_goal *goal = r->goal;
    if (goal->expression) return fail_word(r, "goal", "is given twice");
    char *sign = strpbrk(rest, "<>=");
    if (!sign) return fail_word(r, rest, "has no relation: >= 0, > 0 or == 0 must end it");
    size_t length = strspn(sign, "<>=");
    char word[8] = "";
    memcpy(word, sign, length < 7 ? length : 7);
    if (strcmp(word, ">=") == 0)
        goal->relation = SB_AT_LEAST_ZERO;
    else if (strcmp(word, ">") == 0)
        goal->relation = SB_ABOVE_ZERO;
    else if (strcmp(word, "==") == 0)
        goal->relation = SB_EQUAL_ZERO;
    else
        return fail_word(r, word, "is no relation of a goal: use >=, > or ==");
    char *right = sign + length + strspn(sign + length, " \t");
    if (strcmp(right, "0") != 0) return fail_word(r, right, "must be 0");
    size_t end = (size_t)(sign - rest);
    while (end && strchr(" \t", rest[end - 1])) end--;
    rest[end] = '\0';
    sb_error inner;
    sb_status status = sb_expression_parse(&goal->expression, rest, 0, end,
                                           (const char *const *)goal->variable, goal->variable_count, &inner);
    if (status) return sb_fail(r->error, status, "%s:%zu: goal, %s", r->label, r->line, inner.message);
    goal->expression_text = sb_duplicate(rest);
    return goal->expression_text ? SB_OK : sb_fail_memory(r->error);
}

static sb_status read_line(reader *r, char *line) {
    size_t length = strcspn(line, " \t");
    char *rest = line + length + strspn(line + length, " \t");
    if (!r->begun) {
        r->begun = 1;
        if (length == strlen("smoothbound-claim") && strncmp(line, "smoothbound-claim", length) == 0 &&
            strcmp(rest, "1") == 0)
            return SB_OK;
        return fail_word(r, line, "should be 'smoothbound-claim 1', the first line of a claim file");
    }
    char key[16] = "";
    memcpy(key, line, length < sizeof key ? length : sizeof key - 1);
    if (strcmp(key, "claim") == 0) {
        sb_error inner;
        if (sb_goal_check_name(rest, &inner))
            return sb_fail(r->error, SB_BAD_INPUT, "%s:%zu: %s", r->label, r->line, inner.message);
        return keep_text(r, &r->goal->name, key, rest);
    }
    if (strcmp(key, "says") == 0) return keep_text(r, &r->goal->says, key, rest);
    if (strcmp(key, "source") == 0) return keep_text(r, &r->goal->source, key, rest);
    if (strcmp(key, "by") == 0) return keep_step(r, rest);
    if (strcmp(key, "var") == 0) return keep_variable(r, rest);
    if (strcmp(key, "goal") == 0) return keep_goal(r, rest);
    return fail_word(r, line, "is no line of a claim file (claim, says, source, by, var, goal)");
}

static sb_status read_lines(reader *r, char *text) {
    for (char *line = text, *next = text; line; line = next) {
        r->line++;
        next = strchr(line, '\n');
        if (next) *next++ = '\0';
        line[strcspn(line, "#")] = '\0';
        line += strspn(line, " \t\r");
        size_t length = strlen(line);
        while (length && strchr(" \t\r", line[length - 1])) line[--length] = '\0';
        for (const char *c = line; *c; c++)
            if ((unsigned char)*c >= 0x7f || ((unsigned char)*c < 0x20 && *c != '\t'))
                return fail_word(r, line, "is not plain ASCII");
        sb_status status = length ? read_line(r, line) : SB_OK;
        if (status) return status;
    }
    const sb_goal *goal = r->goal;
    const char *missing = !r->begun     ? "smoothbound-claim 1"
                          : !goal->name ? "claim"
                          : !goal->says ? "says"
                                        : "goal";
    if (!goal->name || !goal->says || !goal->expression)
        return sb_fail(r->error, SB_BAD_INPUT, "%s: the line '%s' is missing", r->label, missing);
    return SB_OK;
}

sb_status sb_goal_parse(sb_goal *goal, const char *label, const char *text, size_t size, sb_error *error) {
    sb_goal_clear(goal);
    reader r = {.goal = goal, .label = label, .error = error};
    if (memchr(text, '\0', size)) return sb_fail(error, SB_BAD_INPUT, "%s: is not a text file", label);
    char *copy = malloc(size + 1);
    if (!copy) return sb_fail_memory(error);
    memcpy(copy, text, size);
    copy[size] = '\0';
    sb_status status = read_lines(&r, copy);
    free(copy);
    if (status) sb_goal_clear(goal);
    return status;
}

sb_status sb_goal_read(sb_goal *goal, const char *path, sb_error *error) {
    char *data = NULL;
    size_t size = 0;
    sb_goal_clear(goal);
    sb_status status = sb_file_read(path, LARGEST_FILE, &data, &size, error);
    if (!status) status = sb_goal_parse(goal, path, data, size, error);
    free(data);
    return status;
}

void sb_goal_print_head(const sb_goal *goal, sb_text *out) {
    sb_text_format(out, "claim   %s\n", goal->name);
    sb_text_format(out, "says    %s\n", goal->says);
    if (goal->source) sb_text_format(out, "source  %s\n", goal->source);
    for (size_t i = 0; i < goal->by_count; i++) sb_text_format(out, "by      %s\n", goal->by[i]);
    for (size_t i = 0; i < goal->variable_count; i++)
        sb_text_format(out, "var     %s %s\n", goal->variable[i], goal->range_text[i]);
    sb_text_format(out, "goal    %s %s 0\n", goal->expression_text, sb_relation_sign(goal->relation));
}

char *sb_goal_print(const sb_goal *goal) {
    sb_text out;
    sb_text_init(&out);
    sb_text_append(&out, "smoothbound-claim 1\n");
    sb_goal_print_head(goal, &out);
    return sb_text_detach(&out);
}
