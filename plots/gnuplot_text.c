/* Labels are written as in the rest of the suite ("l_inf", "sqrt(d)", "eps") and drawn as mathematics: each
   symbol is replaced by gnuplot's enhanced text, all other characters that mean something to it are escaped.
 */
#include "plots/gnuplot_text.h"

#include <ctype.h>
#include <string.h>

/* Longer ones before their beginnings. `word`: only where no letter, digit or underscore touches it. */
static const struct {
    const char *plain, *drawn;
    int word;
} symbol[] = {
    {"||_inf", "‖_∞", 0},
    {"||_2", "‖_2", 0},
    {"||", "‖", 0},
    {"l_inf", "{/:Italic ℓ}_∞", 1},
    {"l_p", "{/:Italic ℓ}_{/:Italic p}", 1},
    {"l_2", "{/:Italic ℓ}_2", 1},
    {"l_4", "{/:Italic ℓ}_4", 1},
    {"sqrt(d)", "√{/:Italic d}", 0},
    {"sigma", "σ", 1},
    {"delta", "δ", 1},
    {"eps", "ε", 1},
    {"inf", "∞", 1},
    {"d", "{/:Italic d}", 1},
    {"p", "{/:Italic p}", 1},
    {"v", "{/:Italic v}", 1},
};

static int is_word_byte(char c) {
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* How many bytes at `c` stand for a symbol, which is then appended; 0 if none. `before`: the byte in front.
 */
static size_t take_symbol(sb_text *out, const char *c, char before) {
    for (size_t i = 0; i < sizeof symbol / sizeof symbol[0]; i++) {
        size_t length = strlen(symbol[i].plain);
        if (strncmp(c, symbol[i].plain, length) != 0) continue;
        if (symbol[i].word && (is_word_byte(before) || is_word_byte(c[length]))) continue;
        sb_text_append(out, symbol[i].drawn);
        return length;
    }
    return 0;
}

void sb_gnuplot_markup(sb_text *out, const char *plain) {
    for (const char *c = plain; *c;) {
        size_t taken = take_symbol(out, c, c > plain ? c[-1] : ' ');
        if (!taken) {
            if (strchr("^_@&~{}\\", *c)) sb_text_append(out, "\\");
            sb_text_append_bytes(out, c, 1);
            taken = 1;
        }
        c += taken;
    }
}

void sb_gnuplot_set_string(sb_text *out, const char *name, const char *text) {
    sb_text_format(out, "%s = '", name);
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            sb_text_append(out, "''");
        else if (*c == '\n')
            sb_text_append(out, "'.\"\\n\".'");
        else
            sb_text_append_bytes(out, c, 1);
    }
    sb_text_append(out, "'\n");
}

void sb_gnuplot_set_label(sb_text *out, const char *name, const char *plain) {
    sb_text drawn;
    sb_text_init(&drawn);
    sb_gnuplot_markup(&drawn, plain);
    sb_gnuplot_set_string(out, name, drawn.data);
    out->failed |= drawn.failed;
    sb_text_clear(&drawn);
}

void sb_gnuplot_blocks(sb_text *out, const char *table) {
    const char *previous = NULL;
    size_t previous_length = 0;
    for (const char *line = table; *line;) {
        size_t length = strcspn(line, "\n"), first = strcspn(line, "\t\n");
        if (line == table) {
            sb_text_append(out, "# ");
        } else {
            if (previous && (first != previous_length || strncmp(line, previous, first) != 0))
                sb_text_append(out, "\n\n");
            previous = line;
            previous_length = first;
        }
        sb_text_append_bytes(out, line, length);
        sb_text_append(out, "\n");
        line += length + (line[length] == '\n');
    }
}

static void append_xml(sb_text *out, const char *string) {
    for (const char *c = string; *c; c++) {
        if (*c == '&')
            sb_text_append(out, "&amp;");
        else if (*c == '<')
            sb_text_append(out, "&lt;");
        else if (*c == '>')
            sb_text_append(out, "&gt;");
        else
            sb_text_append_bytes(out, c, 1);
    }
}

void sb_svg_finish(sb_text *out, const char *svg, const char *name, const char *title) {
    static const char font[] = "font-family=\"Liberation Sans\"";
    static const char fonts[] = "font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\"";
    static const char text[] = "<text>", image[] = "<image ";
    sb_text heading;
    sb_text_init(&heading);
    sb_text_format(&heading, "<title>%s</title>", name);
    for (const char *c = svg; *c;) {
        if (heading.length && strncmp(c, heading.data, heading.length) == 0) {
            sb_text_append(out, "<title>");
            append_xml(out, title);
            sb_text_append(out, "</title>");
            c += heading.length;
        } else if (strncmp(c, font, sizeof font - 1) == 0) {
            sb_text_append(out, fonts);
            c += sizeof font - 1;
        } else if (strncmp(c, text, sizeof text - 1) ==
                   0) { /* some viewers drop spaces beside a change of font */
            sb_text_append(out, "<text xml:space=\"preserve\">");
            c += sizeof text - 1;
        } else if (strncmp(c, image, sizeof image - 1) == 0) {
            sb_text_append(out, "<image style=\"image-rendering:pixelated\" ");
            c += sizeof image - 1;
        } else {
            size_t plain = 1 + strcspn(c + 1, "<f");
            sb_text_append_bytes(out, c, plain);
            c += plain;
        }
    }
    out->failed |= heading.failed;
    sb_text_clear(&heading);
}

void sb_pdf_finish(sb_text *out, const char *pdf, size_t size) {
    static const char key[] = "/CreationDate (";
    for (size_t i = 0; i < size;) {
        size_t length = 1;
        if (size - i >= sizeof key && memcmp(pdf + i, key, sizeof key - 1) == 0) {
            while (i + length < size && pdf[i + length - 1] != ')') length++;
            sb_text_repeat(out, ' ', length);
        } else {
            const char *next = memchr(pdf + i + 1, '/', size - i - 1);
            length = next ? (size_t)(next - (pdf + i)) : size - i;
            sb_text_append_bytes(out, pdf + i, length);
        }
        i += length;
    }
}
