/* Claim files and typed inequalities: what is read, what is printed, and which line and word a message names.
 */
#include "bounds/goal.h"
#include "support/file.h"
#include "tests/test.h"

static const char claim[] = "# a comment\n"
                            "smoothbound-claim 1\n"
                            "claim   lemma-C.1_x\n"
                            "  says    a <= b   # for people\n"
                            "source  a book\n"
                            "by      first\n"
                            "by      second\n"
                            "\n"
                            "var     x 0 1\r\n"
                            "var     y -1/3 0.50\n"
                            "goal    max(x,  y) - 1/12 >= 0\n";

static void claim_files(void) {
    sb_goal goal;
    sb_error error = {0};
    sb_goal_init(&goal);
    sb_status status = sb_goal_parse(&goal, "c", claim, strlen(claim), &error);
    SB_CHECK(status == SB_OK, "%s", error.message);
    if (status) return;
    SB_CHECK(strcmp(goal.name, "lemma-C.1_x") == 0 && strcmp(goal.says, "a <= b") == 0 &&
             strcmp(goal.source, "a book") == 0);
    SB_CHECK(goal.by_count == 2 && strcmp(goal.by[1], "second") == 0);
    SB_CHECK(goal.variable_count == 2 && strcmp(goal.variable[1], "y") == 0 &&
             goal.relation == SB_AT_LEAST_ZERO);
    fmpq_t end;
    fmpq_init(end);
    fmpq_set_si(end, -1, 3);
    SB_CHECK(fmpq_equal(goal.low[1], end));
    fmpq_set_si(end, 1, 2);
    SB_CHECK(fmpq_equal(goal.high[1], end) && fmpq_is_zero(goal.low[0]) && fmpq_is_one(goal.high[0]));
    fmpq_clear(end);
    SB_CHECK(strcmp(goal.expression_text, "max(x,  y) - 1/12") == 0 &&
             sb_expression_variable_count(goal.expression) == 2);
    /* what is printed reads as the same, and prints the same */
    char *printed = sb_goal_print(&goal), *again = NULL;
    SB_CHECK(strstr(printed, "var     y -1/3 0.50\n") != NULL, "%s", printed);
    sb_goal copy;
    sb_goal_init(&copy);
    SB_CHECK(sb_goal_parse(&copy, "c", printed, strlen(printed), &error) == SB_OK, "%s", error.message);
    again = sb_goal_print(&copy);
    SB_CHECK(strcmp(printed, again) == 0);
    free(printed);
    free(again);
    sb_goal_clear(&copy);
    sb_goal_clear(&goal);
    SB_CHECK(!goal.name && !goal.expression);
}

/* Every message names label, line and word. */
static void faulty_files(void) {
    static const char head[] = "smoothbound-claim 1\nclaim a\nsays b\n";
    static const struct {
        const char *text, *place, *word;
        int bare; /* without the head */
    } row[] = {{"var x 0 1\ngoal x >= 1\n", "c:5:", "'1'", 0},
               {"var x 0 1\ngoal x <= 0\n", "c:5:", "'<='", 0},
               {"var x 0 1\ngoal x\n", "c:5:", "relation", 0},
               {"var x 0 1\ngoal x + w >= 0\n", "c:5:", "'w'", 0},
               {"var x 0 1\ngoal x + >= 0\n", "c:5:", "column 4", 0},
               {"var x 1 0\ngoal x >= 0\n", "c:4:", "'1'", 0},
               {"var x 0 one\ngoal x >= 0\n", "c:4:", "'one'", 0},
               {"var x 0 1e3\ngoal x >= 0\n", "c:4:", "'1e3'", 0},
               {"var x 0 1/0\ngoal x >= 0\n", "c:4:", "'1/0'", 0},
               {"var x 0\ngoal x >= 0\n", "c:4:", "two ends", 0},
               {"var x 0 1 2\ngoal x >= 0\n", "c:4:", "'2'", 0},
               {"var pi 0 1\ngoal pi >= 0\n", "c:4:", "'pi'", 0},
               {"var x 0 1\nvar x 0 1\ngoal x >= 0\n", "c:5:", "'x'", 0},
               {"var x 0 1\ngoal x >= 0\nvar y 0 1\n", "c:6:", "'y'", 0},
               {"var x 0 1\ngoal x >= 0\ngoal x >= 0\n", "c:6:", "'goal'", 0},
               {"var x 0 1\ngoal x >= 0\ntree\nok\nend\n", "c:6:", "'tree'", 0},
               {"var x 0 1\n", "c:", "'goal'", 0},
               {"var a 0 1\nvar b 0 1\nvar c 0 1\nvar d 0 1\nvar e 0 1\nvar f 0 1\nvar g 0 1\nvar h 0 1\nvar "
                "i 0 1\n",
                "c:12:", "'i'", 0},
               {"says twice\n", "c:4:", "'says'", 0},
               {"by\n", "c:4:", "'by'", 0},
               {"says \xc3\xa9\n", "c:4:", "ASCII", 0},
               {"", "c:", "smoothbound-claim 1", 1},
               {"claim a\n", "c:1:", "'claim a'", 1},
               {"smoothbound-claim 2\n", "c:1:", "'smoothbound-claim 2'", 1},
               {"smoothbound-certificate 1\n", "c:1:", "smoothbound-claim 1", 1},
               {"smoothbound-claim 1\nclaim a b\n", "c:2:", "'a b'", 1},
               {"smoothbound-claim 1\ngoal 1 >= 0\nsays x\n", "c:", "'claim'", 1},
               {"smoothbound-claim 1\nclaim x\ngoal 1 >= 0\n", "c:", "'says'", 1}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char text[500];
        snprintf(text, sizeof text, "%s%s", row[i].bare ? "" : head, row[i].text);
        sb_goal goal;
        sb_error error = {0};
        sb_goal_init(&goal);
        sb_status status = sb_goal_parse(&goal, "c", text, strlen(text), &error);
        SB_CHECK(status == SB_BAD_INPUT && !goal.expression && !goal.name, "accepted: %s", text);
        SB_CHECK(strncmp(error.message, row[i].place, strlen(row[i].place)) == 0 &&
                     strstr(error.message, row[i].word),
                 "%s%s", text, error.message);
        sb_goal_clear(&goal);
    }
    sb_goal goal;
    sb_error error = {0};
    sb_goal_init(&goal);
    SB_CHECK(sb_goal_parse(&goal, "c", "a\0b", 3, &error) == SB_BAD_INPUT);
    SB_CHECK(sb_goal_read(&goal, "/nonexistent/claim", &error) == SB_IO &&
             strstr(error.message, "/nonexistent/claim"));
    SB_CHECK(sb_goal_read(&goal, "/", &error) == SB_IO);
    sb_goal_clear(&goal);
}

static void inequalities(void) {
    static const struct {
        const char *typed, *expression;
        sb_relation relation;
    } row[] = {{"x*(1-x) <= 1/4", "1/4 - x*(1-x)", SB_AT_LEAST_ZERO},
               {"x < 2", "2 - x", SB_ABOVE_ZERO},
               {"x >= y - 1", "x - (y - 1)", SB_AT_LEAST_ZERO},
               {"x+1 > -y", "x+1 - (-y)", SB_ABOVE_ZERO},
               {"x == y*(x+y)", "x - y*(x+y)", SB_EQUAL_ZERO},
               {" x  +\ty>=0 ", "x + y", SB_AT_LEAST_ZERO},
               {"0 <= x - y", "x - y", SB_AT_LEAST_ZERO},
               {"x <= 0", "-x", SB_AT_LEAST_ZERO},
               {"0 > x+y", "-(x+y)", SB_ABOVE_ZERO},
               {"0 >= 0", "0", SB_AT_LEAST_ZERO},
               {"abs(x-1) <= x^-2", "x^-2 - abs(x-1)", SB_AT_LEAST_ZERO}};
    static const char *const range[] = {"x:1/2..1e0", "y:-2^2..0.25"};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        sb_goal goal;
        sb_error error = {0};
        sb_goal_init(&goal);
        sb_status status = sb_goal_from_inequality(&goal, "n", row[i].typed, range, 2, &error);
        SB_CHECK(status == SB_OK, "'%s': %s", row[i].typed, error.message);
        if (!status) {
            SB_CHECK(strcmp(goal.expression_text, row[i].expression) == 0 && goal.relation == row[i].relation,
                     "'%s' gave '%s'", row[i].typed, goal.expression_text);
            SB_CHECK(strcmp(goal.range_text[0], "1/2 1") == 0 && strcmp(goal.range_text[1], "-4 1/4") == 0,
                     "%s, %s", goal.range_text[0], goal.range_text[1]);
            char *printed = sb_goal_print(&goal);
            sb_goal copy;
            sb_goal_init(&copy);
            SB_CHECK(sb_goal_parse(&copy, "c", printed, strlen(printed), &error) == SB_OK, "%s: %s", printed,
                     error.message);
            sb_goal_clear(&copy);
            free(printed);
        }
        sb_goal_clear(&goal);
    }
}

static void faulty_inequalities(void) {
    static const struct {
        const char *typed, *range, *column, *word;
    } row[] = {{"x*(1-y) <= 1/4", "x:0..1", "column 6", "'y'"},
               {"x <= sin(x)", "x:0..1", "column 6", "'sin'"},
               {"x", "x:0..1", "", "relation"},
               {"x = 1", "x:0..1", "column 3", "'='"},
               {"x != 1", "x:0..1", "column 3", "'!='"},
               {"0 <= x <= 1", "x:0..1", "column 8", "'<='"},
               {"<= x", "x:0..1", "column 1", "ends"},
               {"x <=", "x:0..1", "column 5", "ends"},
               {"x <= 1", "x:0", "", "'x:0'"},
               {"x <= 1", "x0..1", "", "'x0..1'"},
               {"x <= 1", "x:0..inf", "", "finite"},
               {"x <= 1", "x:1..0", "", "'x:1..0'"},
               {"x <= 1", "x:0..1/", "", "1/"},
               {"x <= 1", "exp:0..1", "", "'exp'"},
               {"x <= 1", ":0..1", "", "cannot name"}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        sb_goal goal;
        sb_error error = {0};
        sb_goal_init(&goal);
        SB_CHECK(sb_goal_from_inequality(&goal, "n", row[i].typed, &row[i].range, 1, &error) ==
                         SB_BAD_INPUT &&
                     !goal.expression,
                 "'%s' was accepted", row[i].typed);
        SB_CHECK(strncmp(error.message, row[i].column, strlen(row[i].column)) == 0 &&
                     strstr(error.message, row[i].word),
                 "'%s': %s", row[i].typed, error.message);
        sb_goal_clear(&goal);
    }
    static const char *const twice[] = {"x:0..1", "x:0..2"};
    sb_goal goal;
    sb_error error = {0};
    sb_goal_init(&goal);
    SB_CHECK(sb_goal_from_inequality(&goal, "n", "x <= 1", twice, 2, &error) == SB_BAD_INPUT &&
             strstr(error.message, "x:0..2"));
    SB_CHECK(sb_goal_from_inequality(&goal, "a name", "x <= 1", twice, 1, &error) == SB_BAD_INPUT &&
             strstr(error.message, "a name"));
    sb_goal_clear(&goal);
}

static const sb_test tests[] = {{"claim files", claim_files},
                                {"faulty claim files", faulty_files},
                                {"typed inequalities", inequalities},
                                {"faulty inequalities", faulty_inequalities}};
SB_TEST_MAIN(tests)
