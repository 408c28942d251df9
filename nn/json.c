/* Recursive descent without the recursion: each function takes one token. Strings are checked to be UTF-8 as
   they are copied (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
#include "nn/json.h"

#include <string.h>

void sb_json_init(sb_json *json, const char *text, size_t size) {
    *json = (sb_json){.start = text, .at = text, .end = text + size};
}

int sb_json_stop(sb_json *json, const char *wanted) {
    if (!json->wanted) json->wanted = wanted;
    return 0;
}

/* Skips blanks; the next character, or -1 at the end and after a failure. */
static int peek(sb_json *json) {
    if (json->wanted) return -1;
    while (json->at < json->end && memchr(" \t\n\r", *json->at, 4)) json->at++;
    return json->at < json->end ? (unsigned char)*json->at : -1;
}

static int take(sb_json *json, char mark) {
    if (peek(json) != mark) return 0;
    json->at++;
    return 1;
}

int sb_json_enter(sb_json *json, char open) {
    return take(json, open) || sb_json_stop(json, open == '{' ? "'{'" : "'['");
}

int sb_json_next(sb_json *json, char close, size_t *items) {
    if (take(json, close)) return 0;
    if (*items && !take(json, ',')) return sb_json_stop(json, close == '}' ? "',' or '}'" : "',' or ']'");
    ++*items;
    return !json->wanted;
}

/* ------------------------------------------------------------------ strings */
size_t sb_utf8_length(const char *text, size_t left) {
    const unsigned char *s = (const unsigned char *)text;
    size_t length = s[0] < 0x80   ? 1
                    : s[0] < 0xc2 ? 0
                    : s[0] < 0xe0 ? 2
                    : s[0] < 0xf0 ? 3
                    : s[0] < 0xf5 ? 4
                                  : 0;
    if (length > left) return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80) return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f)) return 0;
    if ((s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f)) return 0;
    return length;
}

static void append_utf8(sb_text *string, uint32_t code) {
    static const unsigned char mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    char bytes[4];
    for (size_t i = length - 1; i > 0; i--, code >>= 6) bytes[i] = (char)(0x80 | (code & 0x3f));
    bytes[0] = (char)(mark[length > 1 ? length : 0] | code);
    sb_text_append_bytes(string, bytes, length);
}

static int take_hexadecimal(sb_json *json, uint32_t *code) {
    static const char digits[] = "0123456789abcdefABCDEF";
    *code = 0;
    for (int i = 0; i < 4; i++, json->at++) {
        const char *digit = json->at < json->end ? memchr(digits, *json->at, 22) : NULL;
        if (!digit) return sb_json_stop(json, "a hexadecimal digit");
        uint32_t value = (uint32_t)(digit - digits);
        *code = *code << 4 | (value < 16 ? value : value - 6);
    }
    return 1;
}

/* Behind \u. */
static int take_code_point(sb_json *json, sb_text *string) {
    uint32_t code, low;
    if (!take_hexadecimal(json, &code)) return 0;
    if (code >= 0xd800 && code < 0xdc00) {
        if (json->end - json->at < 2 || json->at[0] != '\\' || json->at[1] != 'u')
            return sb_json_stop(json, "the second half of a surrogate pair");
        json->at += 2;
        if (!take_hexadecimal(json, &low)) return 0;
        if (low < 0xdc00 || low > 0xdfff) return sb_json_stop(json, "the second half of a surrogate pair");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code == 0 || (code >= 0xdc00 && code < 0xe000)) {
        return sb_json_stop(json, "a character other than NUL and half a pair");
    }
    append_utf8(string, code);
    return 1;
}

static int take_escape(sb_json *json, sb_text *string) {
    static const char letter[] = "\"\\/bfnrt", meaning[] = "\"\\/\b\f\n\r\t";
    if (++json->at == json->end) return sb_json_stop(json, "an escape");
    const char *known = memchr(letter, *json->at, sizeof letter - 1);
    if (known) {
        json->at++;
        sb_text_append_bytes(string, &meaning[known - letter], 1);
        return 1;
    }
    if (*json->at != 'u') return sb_json_stop(json, "an escape of JSON");
    json->at++;
    return take_code_point(json, string);
}

int sb_json_string(sb_json *json, sb_text *string) {
    sb_text_truncate(string, 0);
    if (!take(json, '"')) return sb_json_stop(json, "a string");
    while (json->at < json->end && *json->at != '"') {
        if (*json->at == '\\') {
            if (!take_escape(json, string)) return 0;
            continue;
        }
        size_t length = sb_utf8_length(json->at, (size_t)(json->end - json->at));
        if (length == 0 || (unsigned char)*json->at < 0x20) return sb_json_stop(json, "UTF-8 text");
        sb_text_append_bytes(string, json->at, length);
        json->at += length;
    }
    return take(json, '"') || sb_json_stop(json, "'\"'");
}

int sb_json_key(sb_json *json, sb_text *key) {
    return sb_json_string(json, key) && (take(json, ':') || sb_json_stop(json, "':'"));
}

/* ------------------------------------------------------------------ numbers, the end */
int sb_json_natural(sb_json *json, uint64_t *number) {
    static const char what[] = "an integer from 0 to 2^64 - 1";
    int first = peek(json);
    *number = 0;
    if (first < '0' || first > '9') return sb_json_stop(json, what);
    const char *start = json->at;
    for (; json->at < json->end && *json->at >= '0' && *json->at <= '9'; json->at++) {
        uint64_t digit = (uint64_t)(*json->at - '0');
        if (*number > (UINT64_MAX - digit) / 10 || (json->at > start && first == '0')) {
            json->at = start;
            return sb_json_stop(json, what);
        }
        *number = 10 * *number + digit;
    }
    if (json->at < json->end && memchr(".eE", *json->at, 3)) return sb_json_stop(json, what);
    return 1;
}

int sb_json_end(sb_json *json) {
    return (peek(json) < 0 && !json->wanted) || sb_json_stop(json, "the end");
}
