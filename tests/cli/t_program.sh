#!/bin/sh
# The program around its commands: help, version, unknown words, a full disk. $SMOOTHBOUND is the program.
set -u
failures=0
report() { # report STATUS NAME
    if [ "$1" -eq 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        failures=1
    fi
}
run() { # run WORD...: keeps status, out, err
    out=$("$SMOOTHBOUND" "$@" 2>"$SCRATCH/err")
    status=$?
    err=$(cat "$SCRATCH/err")
}
trouble() { # trouble PATTERN: exit 2, nothing on stdout, one line on stderr
    [ "$status" -eq 2 ] && [ -z "$out" ] && [ "$(wc -l <"$SCRATCH/err")" -eq 1 ] && printf '%s\n' "$err" | grep -q -e "$1"
}

run --help
[ "$status" -eq 0 ] && [ -z "$err" ] && printf '%s\n' "$out" | grep -q '^  bound '
report $? "--help on stdout"
commands=$(printf '%s\n' "$out" | sed -n 's/^  \([a-z-]*\)  *[a-z].*/\1/p' | grep -v smoothbound)
[ "$(printf '%s\n' "$commands" | wc -l)" -ge 8 ]
report $? "the help names the commands"
for c in $commands; do
    run "$c" --help
    [ "$status" -eq 0 ] && [ -z "$err" ] && printf '%s\n' "$out" | grep -q "^Usage: smoothbound $c"
    report $? "$c --help on stdout"
    "$SMOOTHBOUND" "$c" --help >/dev/full 2>"$SCRATCH/err"
    [ $? -eq 2 ] && [ "$(wc -l <"$SCRATCH/err")" -eq 1 ]
    report $? "$c --help on a full disk"
    run "$c" --no-such-option
    trouble "unknown option --no-such-option"
    report $? "$c refuses an unknown option"
    run "$c" --format
    trouble "needs a value"
    report $? "$c misses the value of --format"
    run "$c" --fromat json
    trouble "did you mean --format"
    report $? "$c guesses --format"
done
run --version
[ "$status" -eq 0 ] && printf '%s\n' "$out" | grep -Eq '^smoothbound [0-9]+\.[0-9]+\.[0-9]+$'
report $? "--version"
run
trouble "which command"
report $? "no command"
run buond
trouble "did you mean bound"
report $? "a misspelt command"
run qwertyuiop
trouble "unknown command 'qwertyuiop'"
report $? "an unknown command"
run --frobnicate
trouble "unknown option --frobnicate"
report $? "an option before the command"
"$SMOOTHBOUND" --help >/dev/full 2>/dev/null
[ $? -eq 2 ]
report $? "--help on a full disk"
exit $failures
