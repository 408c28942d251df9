#include "support/status.h"

#include <stdarg.h>
#include <stdio.h>

sb_status sb_fail(sb_error *error, sb_status status, const char *format, ...) {
    if (!error) return status;
    char line[sizeof error->message]; /* the arguments may point into *error */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    size_t i = 0;
    for (; line[i]; i++) error->message[i] = (unsigned char)line[i] < 0x20 || line[i] == 0x7f ? '?' : line[i];
    error->message[i] = '\0';
    error->status = status;
    return status;
}

sb_status sb_fail_memory(sb_error *error) {
    return sb_fail(error, SB_NO_MEMORY, "out of memory");
}
