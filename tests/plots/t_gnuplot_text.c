/* The text that goes to gnuplot: escapes and symbols, quoting, blocks, and the finished SVG. */
#include "plots/gnuplot_text.h"

#include "tests/test.h"

static void check_markup(const char *plain, const char *expected) {
    sb_text out;
    sb_text_init(&out);
    sb_gnuplot_markup(&out, plain);
    SB_CHECK(strcmp(out.data, expected) == 0, "'%s' became '%s'", plain, out.data);
    sb_text_clear(&out);
}

static void markup(void) {
    check_markup("", "");
    check_markup("plain words and numbers 8/255, 95%", "plain words and numbers 8/255, 95%");
    check_markup("a_b^c{d}@e&f~g\\h", "a\\_b\\^c\\{{/:Italic d}\\}\\@e\\&f\\~g\\\\h");
    check_markup("p > 2 up to d", "{/:Italic p} > 2 up to {/:Italic d}");
    check_markup("l_inf l_2", "{/:Italic ℓ}_∞ {/:Italic ℓ}_2");
    check_markup("l_p, sqrt(d)", "{/:Italic ℓ}_{/:Italic p}, √{/:Italic d}");
    check_markup("||v||_inf = 1", "‖{/:Italic v}‖_∞ = 1");
    check_markup("sigma = 1, delta, eps, inf", "σ = 1, δ, ε, ∞");
    check_markup("info insigma ell_2 l_22 dp é", "info insigma ell\\_2 l\\_22 dp é");
}

static void strings(void) {
    sb_text out;
    sb_text_init(&out);
    sb_gnuplot_set_string(&out, "a", "it's `$x` \"b\"\nnext\\n");
    SB_CHECK(strcmp(out.data, "a = 'it''s `$x` \"b\"'.\"\\n\".'next\\n'\n") == 0, "%s", out.data);
    sb_text_truncate(&out, 0);
    sb_gnuplot_set_label(&out, "b", "d's");
    SB_CHECK(strcmp(out.data, "b = '{/:Italic d}''s'\n") == 0, "%s", out.data);
    sb_text_clear(&out);
}

static void check_blocks(const char *table, const char *expected) {
    sb_text out;
    sb_text_init(&out);
    sb_gnuplot_blocks(&out, table);
    SB_CHECK(strcmp(out.data, expected) == 0, "'%s' became '%s'", table, out.data);
    sb_text_clear(&out);
}

static void blocks(void) {
    check_blocks("", "");
    check_blocks("p\tx\n", "# p\tx\n");
    check_blocks("p\tx\n2\t1\n2\t5\n22\t7\n2\t1", "# p\tx\n2\t1\n2\t5\n\n\n22\t7\n\n\n2\t1\n");
}

static void svg(void) {
    sb_text out;
    sb_text_init(&out);
    sb_svg_finish(&out,
                  "<svg>\n<title>fig</title><text>a<tspan font-family=\"Liberation Sans\" "
                  ">b</tspan></text><image x=\"1\"/></svg>f",
                  "fig", "p < 2 & d");
    SB_CHECK(strcmp(out.data,
                    "<svg>\n<title>p &lt; 2 &amp; d</title><text xml:space=\"preserve\">a<tspan "
                    "font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\" >b</tspan></text><image "
                    "style=\"image-rendering:pixelated\" x=\"1\"/></svg>f") == 0,
             "%s", out.data);
    sb_text_clear(&out);
}

static void pdf(void) {
    static const char head[] = "%PDF/\0/x", date[] = "/CreationDate (D:20200202Z)",
                      middle[] = "\n/Creation (a)", open[] = "/CreationDate (without an end";
    char in[200], expected[200];
    size_t size = 0;
    const char *part[] = {head, date, middle, open};
    size_t length[] = {sizeof head - 1, sizeof date - 1, sizeof middle - 1, sizeof open - 1};
    for (size_t i = 0; i < 4; size += length[i++]) {
        memcpy(in + size, part[i], length[i]);
        memcpy(expected + size, part[i], length[i]);
        if (i % 2) memset(expected + size, ' ', length[i]);
    }
    sb_text out;
    sb_text_init(&out);
    sb_pdf_finish(&out, in, size);
    SB_CHECK(out.length == size && memcmp(out.data, expected, size) == 0, "%zu of %zu bytes: %s", out.length,
             size, out.data);
    sb_text_clear(&out);
}

static const sb_test tests[] = {{"markup: symbols where they stand alone, escapes elsewhere", markup},
                                {"strings survive gnuplot's single quotes", strings},
                                {"blocks by the first column", blocks},
                                {"SVG: title, fonts, spaces", svg},
                                {"PDF: no date, no byte moved", pdf}};
SB_TEST_MAIN(tests)
