/* Strings, the five table formats, and files that are whole or absent. */
#include "support/file.h"
#include "support/table.h"
#include "tests/test.h"

#include <sys/stat.h>
#include <unistd.h>

static void did_you_mean(void) {
    static const char *const word[] = {"bound", "curve", "verify", "prove", "table", "figure", "paper", NULL};
    const char *near = sb_nearest_word("boudn", word);
    SB_CHECK(near && strcmp(near, "bound") == 0);
    near = sb_nearest_word("verfy", word);
    SB_CHECK(near && strcmp(near, "verify") == 0);
    near = sb_nearest_word("fig", word);
    SB_CHECK(near && strcmp(near, "figure") == 0);
    SB_CHECK(!sb_nearest_word("zebra", word) && !sb_nearest_word("", word));
}

static void paragraphs(void) {
    sb_text text;
    sb_text_init(&text);
    sb_text_append(&text, "note ");
    sb_text_paragraph(
        &text,
        "one two  three \xce\xb5\xce\xb5\xce\xb5\xce\xb5 five sixsixsixsixsixsixsixsixsixsixsixsix six", 5,
        33, 1);
    SB_CHECK(strcmp(text.data, "note one two  three \xce\xb5\xce\xb5\xce\xb5\xce\xb5 five\n     "
                               "sixsixsixsixsixsixsixsixsixsixsixsix\n     six\n") == 0,
             "%s", text.data);
    sb_text_clear(&text);
    sb_text_paragraph(&text, "a b", 2, 0, 0);
    SB_CHECK(strcmp(text.data, "  a b\n") == 0, "%s", text.data);
    sb_text_clear(&text);
}

static const sb_column column[] = {{"name", "name", 0},
                                   {"n", "n", SB_COLUMN_NUMBER},
                                   {"quantity", "quantity", SB_COLUMN_MATH},
                                   {"note", "note", SB_COLUMN_WRAP}};

static void fill(sb_table *table) {
    sb_table_init(table, "smoothbound/test/1", column, 4);
    sb_table_row(table);
    sb_table_set(table, 0, "a \"b\", c_1");
    sb_table_setf(table, 1, "%d", 12);
    sb_table_set(table, 2, "E||eta||_2^2");
    sb_table_set(table, 3, "one two three four five six seven eight nine ten");
    sb_table_row(table);
    sb_table_set(table, 0, "\xce\xb5|x");
}

static void formats(void) {
    static const struct {
        sb_format_kind format;
        const char *text;
    } law[] = {{SB_FORMAT_JSON, "{\"schema\":\"smoothbound/test/1\",\"name\":\"a \\\"b\\\", "
                                "c_1\",\"n\":12,\"quantity\":\"E||eta||_2^2\",\"note\":\"one "
                                "two three four five six seven eight nine "
                                "ten\"}\n{\"schema\":\"smoothbound/test/1\",\"name\":\"\xce\xb5|x\"}\n"},
               {SB_FORMAT_CSV, "name,n,quantity,note\n\"a \"\"b\"\", c_1\",12,E||eta||_2^2,one two three "
                               "four five six seven eight nine ten\n\xce\xb5|x,,,\n"},
               {SB_FORMAT_MARKDOWN, "| name | n | quantity | note |\n|---|---:|---|---|\n| a \"b\", c_1 | 12 "
                                    "| `E\\|\\|eta\\|\\|_2^2` | one two three four five six "
                                    "seven eight nine ten |\n| \xce\xb5\\|x |  |  |  |\n\n"},
               {SB_FORMAT_TEX, "\\begin{tabular}{lrll}\n\\toprule\nname & n & quantity & note "
                               "\\\\\n\\midrule\na \"b\", c\\_1 & 12 & $E\\|\\eta\\|_2^2$ & one two three "
                               "four five six seven eight nine ten \\\\\n\xce\xb5\\textbar{}x &  &  &  "
                               "\\\\\n\\bottomrule\n\\end{tabular}\n"}};
    for (size_t i = 0; i < sizeof law / sizeof law[0]; i++) {
        sb_table table;
        sb_text out;
        sb_error error;
        fill(&table);
        sb_text_init(&out);
        SB_CHECK(sb_table_print(&table, law[i].format, 0, &out, &error) == SB_OK);
        SB_CHECK(strcmp(out.data, law[i].text) == 0, "\n# got:\n%s", out.data);
        sb_text_clear(&out);
        sb_table_clear(&table);
    }
}

/* 60 columns are enough to wrap the last column; 40 are not, and the row becomes a block. */
static void text_wraps_into_the_width(void) {
    for (size_t width = 60; width >= 40; width -= 20) {
        sb_table table;
        sb_text out;
        sb_error error;
        fill(&table);
        sb_text_init(&out);
        SB_CHECK(sb_table_print(&table, SB_FORMAT_TEXT, width, &out, &error) == SB_OK);
        SB_CHECK((strstr(out.data, "\nquantity  E||eta||_2^2\n") != NULL) == (width == 40), "%s", out.data);
        for (char *line = strtok(out.data, "\n"); line; line = strtok(NULL, "\n"))
            SB_CHECK(sb_text_width(line) <= width, "%zu columns: %s", sb_text_width(line), line);
        sb_text_clear(&out);
        sb_table_clear(&table);
    }
}

static void files(void) {
    const char *scratch = getenv("SCRATCH");
    if (!scratch) SB_SKIP("no SCRATCH folder");
    sb_error error;
    char *directory = sb_format("%s/a/b", scratch), *path = sb_format("%s/a/b/file", scratch), *data = NULL;
    size_t size = 0;
    SB_CHECK(sb_directory_make(directory, &error) == SB_OK && sb_directory_exists(directory));
    SB_CHECK(sb_file_write(path, "one\0two", 7, &error) == SB_OK);
    SB_CHECK(sb_file_read(path, 100, &data, &size, &error) == SB_OK && size == 7 &&
             memcmp(data, "one\0two", 8) == 0);
    free(data);
    SB_CHECK(sb_file_read(path, 6, &data, &size, &error) == SB_BAD_INPUT && strstr(error.message, path));
    SB_CHECK(sb_file_read(directory, 100, &data, &size, &error) == SB_IO &&
             strstr(error.message, "directory"));
    SB_CHECK(sb_file_read("/nonexistent/x", 100, &data, &size, &error) == SB_IO);
    SB_CHECK(sb_file_write(directory, "x", 1, &error) == SB_IO);
    SB_CHECK(sb_file_write("/dev/full", "x", 1, &error) == SB_IO && strstr(error.message, "/dev/full"));
    SB_CHECK(sb_file_write("/nonexistent/x", "x", 1, &error) == SB_IO);
    char *temporary = sb_format("%s.tmp", path);
    SB_CHECK(!sb_file_exists(temporary));
    free(temporary);
    free(directory);
    free(path);
}

static const sb_test tests[] = {{"the nearest word", did_you_mean},
                                {"paragraphs break at blanks", paragraphs},
                                {"json, csv, md and tex, to the letter", formats},
                                {"text wraps into the width", text_wraps_into_the_width},
                                {"files are whole or absent", files}};
SB_TEST_MAIN(tests)
