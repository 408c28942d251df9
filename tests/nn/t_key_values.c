/* Files of lines `key = value`: what they mean, and that everything else is refused with file and line. */
#include "nn/key_values.h"
#include "tests/test.h"

static sb_status parse(sb_key_values *list, const char *text, size_t size, sb_error *error) {
    *error = (sb_error){SB_OK, ""};
    return sb_key_values_parse(list, "dir/a.conf", text, size, error);
}

static void lines(void) {
    static const char text[] =
        "# a comment\n\nmethod = noise\n  sigma=8/255   # of 32 pixels\r\n\tname =  two "
        "words\t\nempty =\nlast = a=b";
    static const struct {
        const char *key, *value;
        size_t line;
    } item[] = {{"method", "noise", 3},
                {"sigma", "8/255", 4},
                {"name", "two words", 5},
                {"empty", "", 6},
                {"last", "a=b", 7}};
    sb_key_values list;
    sb_error error;
    SB_CHECK(parse(&list, text, sizeof text - 1, &error) == SB_OK, "%s", error.message);
    SB_CHECK(list.count == 5, "%zu items", list.count);
    for (size_t i = 0; i < 5 && list.count == 5; i++)
        SB_CHECK(strcmp(list.item[i].key, item[i].key) == 0 &&
                     strcmp(list.item[i].value, item[i].value) == 0 && list.item[i].line == item[i].line,
                 "item %zu: '%s' = '%s', line %zu", i, list.item[i].key, list.item[i].value,
                 list.item[i].line);
    SB_CHECK(sb_key_values_find(&list, "name") == &list.item[2] && !sb_key_values_find(&list, "nam"), "find");
    sb_fail(&error, SB_BAD_INPUT, "sigma '8/255': no");
    SB_CHECK(sb_key_values_blame(&list, &list.item[1], &error) == SB_BAD_INPUT &&
                 strcmp(error.message, "dir/a.conf: line 4: sigma '8/255': no") == 0,
             "%s", error.message);
    sb_key_values_clear(&list);
    SB_CHECK(parse(&list, "", 0, &error) == SB_OK && list.count == 0, "an empty file");
    sb_key_values_clear(&list);
}

static void refused(void) {
    static const struct {
        const char *text, *line, *word;
    } item[] = {{"method noise\n", "line 1", "'method noise'"},
                {"\n= 5\n", "line 2", "'= 5'"},
                {"a=1\n#\na = 2\n", "line 3", "a is given on line 1"}};
    sb_key_values list;
    sb_error error;
    for (size_t i = 0; i < sizeof item / sizeof item[0]; i++) {
        sb_status status = parse(&list, item[i].text, strlen(item[i].text), &error);
        SB_CHECK(status == SB_BAD_INPUT && strstr(error.message, "dir/a.conf") &&
                     strstr(error.message, item[i].line) && strstr(error.message, item[i].word) && !list.item,
                 "item %zu: %s", i, error.message);
        sb_key_values_clear(&list);
    }
    SB_CHECK(parse(&list, "a=1\nb\0=2\n", 9, &error) == SB_BAD_INPUT && strstr(error.message, "line 2") &&
                 strstr(error.message, "NUL"),
             "%s", error.message);
    SB_CHECK(sb_key_values_read(&list, "/no/such.conf", &error) == SB_IO &&
                 strstr(error.message, "/no/such.conf"),
             "%s", error.message);
    SB_CHECK(sb_key_values_read(&list, "/dev/zero", &error) == SB_BAD_INPUT &&
                 strstr(error.message, "larger"),
             "%s", error.message);
}

/* Any bytes: no crash, and one line of complaint. */
static void damaged(void) {
    uint64_t state = 4;
    static const char letters[] = "ab=# \n\t\r\x01";
    for (int i = 0; i < 20000; i++) {
        char text[24];
        size_t size = sb_test_random(&state) % sizeof text;
        for (size_t k = 0; k < size; k++) text[k] = letters[sb_test_random(&state) % (sizeof letters - 1)];
        sb_key_values list;
        sb_error error;
        sb_status status = parse(&list, text, size, &error);
        SB_CHECK(status == SB_OK || (error.message[0] && !strchr(error.message, '\n')), "%s", error.message);
        for (size_t k = 0; k < list.count; k++)
            SB_CHECK(list.item[k].key[0] && !strpbrk(list.item[k].key, "=#\n") &&
                         !strpbrk(list.item[k].value, "#\n"),
                     "'%s' = '%s'", list.item[k].key, list.item[k].value);
        sb_key_values_clear(&list);
    }
}

static const sb_test tests[] = {
    {"keys, values, comments, lines", lines}, {"what is refused", refused}, {"damaged text", damaged}};
SB_TEST_MAIN(tests)
