#!/bin/sh
# `make install`: the installed programs find their data and each other, a C program can be linked with the library by pkg-config, and
# `make uninstall` leaves no file. $BUILD is the build directory; $SMOOTHBOUND_DATA the source tree.
set -u
failures=0
report() { # report STATUS NAME
    if [ "$1" -eq 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        sed 's/^/# /' "$SCRATCH/err" | head -n 5
        failures=1
    fi
}
source=$SMOOTHBOUND_DATA
prefix=$SCRATCH/prefix
unset SMOOTHBOUND_DATA
if ! command -v make >/dev/null || [ ! -f "$source/Makefile" ]; then
    echo "ok - install # SKIP no make, or no source tree"
    exit 0
fi
make -C "$source" BUILD="$BUILD" PREFIX="$prefix" DESTDIR= install >"$SCRATCH/out" 2>"$SCRATCH/err"
report $? "make install"
cd "$SCRATCH" || exit 2

"$prefix/bin/smoothbound" verify --certificates "$SCRATCH/certificates" lemma-C.1 >"$SCRATCH/out" 2>"$SCRATCH/err" &&
    "$prefix/bin/sbcheck" --claims "$prefix/share/smoothbound/bounds/claims" "$SCRATCH"/certificates/lemma-C.1-constant.cert >"$SCRATCH/out" 2>"$SCRATCH/err"
report $? "the installed programs find the claims, and sbcheck"
"$prefix/bin/smoothbound" table 1 >"$SCRATCH/out" 2>"$SCRATCH/err" && grep -q 62.6 "$SCRATCH/out"
report $? "the published numbers"
if command -v gnuplot >/dev/null; then
    "$prefix/bin/smoothbound" figure 1 -o "$SCRATCH/figure.svg" >"$SCRATCH/out" 2>"$SCRATCH/err" && [ -s "$SCRATCH/figure.svg" ]
    report $? "the figure scripts"
else
    echo "ok - the figure scripts # SKIP no gnuplot"
fi

cat >"$SCRATCH/example.c" <<'END'
#include "bounds/noise_magnitude.h"
#include "support/enclosure.h"

#include <stdio.h>
#include <stdlib.h>

int main(void) {
    sb_error error;
    sb_parameters q;
    arb_t value;
    arb_init(value);
    sb_parameters_init(&q);
    if (sb_parameters_parse(&q, "3x32x32", "inf", "8/255", "1/10", &error)) return 1;
    sb_theorem_1_2(value, &q, 128);
    char *low = sb_decimal_lower(value, 8);
    printf("%s\n", low);
    free(low);
    sb_parameters_clear(&q);
    arb_clear(value);
    return 0;
}
END
# (8/255)^2/800 * 0.9/0.01 * 3072^2 = 1044.947709342...
case " ${MAKEFLAGS:-} " in *SANITIZE=1*) sanitized=1 ;; *) sanitized=0 ;; esac
if ! command -v pkg-config >/dev/null || [ "$sanitized" -eq 1 ]; then
    echo "ok - a C program with the shared library # SKIP no pkg-config, or a library with sanitizers"
else
    PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    export PKG_CONFIG_PATH
    # word splitting is meant
    ${CC:-cc} -std=c17 -o "$SCRATCH/example" "$SCRATCH/example.c" $(pkg-config --cflags --libs smoothbound) 2>"$SCRATCH/err" &&
        [ "$(LD_LIBRARY_PATH=$prefix/lib "$SCRATCH/example" 2>>"$SCRATCH/err")" = "1044.9477" ]
    report $? "a C program with the shared library asks for Theorem 1.2"
fi

make -C "$source" BUILD="$BUILD" PREFIX="$prefix" DESTDIR= uninstall >"$SCRATCH/out" 2>"$SCRATCH/err" && [ -z "$(find "$prefix" ! -type d)" ]
report $? "make uninstall leaves no file"
exit $failures
