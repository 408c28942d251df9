#!/bin/sh
# The `extremal` command: exact optima, what they say beyond the lattice, laws, formats, and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - extremal: $name"; else
        echo "not ok - extremal: $name"
        failures=$((failures + 1))
    fi
}
extremal() { "$SMOOTHBOUND" extremal "$@"; }
cd "$SCRATCH" || exit 2
# row STATEMENT ARGUMENT...: "LO HI EXACT" of the row that begins so
row() {
    statement=$1
    shift
    extremal "$@" --format json | grep -F "\"statement\":\"$statement" |
        sed 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)",\("exact":"\([^"]*\)"\)\{0,1\}.*/\1 \2 \4/'
}
is() { [ "$1" = "$2" ] || { echo "# got '$1', not '$2'"; return 1; }; }

# m(1/2), m(2/5), m(3/7), m(1/3)
line() { is "$(row 'least on the lattice' -d 1 --delta 1/2,2/5,3/7,1/3 | awk '{ print $3 }' | tr '\n' ' ')" '1/4 1/2 3/7 2/3 '; }
check "m(delta) on the line" line
check "units: eps^2" is "$(row 'least on the lattice' -d 1 -e 8/255 --delta 1/2)" '0.000246059 0.000246060 16/65025'
check "4 m(delta) in the plane" is "$(row 'least on the lattice' -d 2 --delta 1/3)" '2.66666 2.66667 8/3'
check "cells: lattice" is "$(row 'least on the lattice' -d 1 --delta 1/2 --shift full --grid 8)" '0.307291 0.307292 59/192'
check "cells: every shift" is "$(row 'that law spread over cells' -d 1 --delta 1/2 --shift full --grid 8)" '0.3125 0.3125 5/16'
check "cells: every law" is "$(row 'every noise, by' -d 1 --delta 1/2 --shift full --grid 8)" '0.299479 0.299480 115/384'
check "every law in three dimensions: 53/18 - 3/64" is "$(row 'every noise, by' -d 3 --delta 1/2 --grid 4)" '2.89756 2.89757 1669/576'
none() { [ -z "$(row 'every noise, by' -d 3 --delta 1/2 --grid parity)" ]; }
check "equal parity says nothing about other laws" none
keys() {
    extremal -d 1 --delta 1/2 --format json >rows
    [ "$(wc -l <rows)" -eq 3 ] && head -n 1 rows | grep -q '^{"schema":"smoothbound/extremal/1","d":"1","p":"inf","eps":"1","delta":"1/2","lattice":"eps/2","shift":"single","quantity":"E||eta||_2^2","sense":"exact","source":"extremal","lo":"0.25","hi":"0.25","exact":"1/4","ratio":"0.4549","verdict":"proved","statement":"least on the lattice"}$'
}
check "the keys of a row and their order" keys
law() { is "$(extremal -d 1 --delta 2/5 --law --format json | sed 's/.*"point":"\([^"]*\)".*"mass":"\([^"]*\)".*/\1:\2/' | tr '\n' ' ')" '-1:1/5 -1/2:1/5 0:1/5 1/2:1/5 1:1/5 '; }
check "a law on the line" law
drawn() { extremal -d 1 --delta 1/2 --shift full --grid 8 --law >out && [ "$(grep -c '█' out)" -eq 8 ] && [ "$(grep -c '1/12' out)" -eq 4 ]; }
check "a law drawn" drawn
sums() { # masses of an extremal law in three dimensions
    extremal -d 3 --delta 1/2 --law --format json | sed 's/.*"points":"\([^"]*\)","mass":"\([^/]*\)\/\([^"]*\)".*/\1 \2 \3/' |
        awk '{ sum += $1*$2/$3 } END { exit !(NR > 2 && sum > 1 - 1e-12 && sum < 1 + 1e-12) }'
}
check "masses sum to 1" sums
csv() { extremal -d 1 --delta 1/3 --law --format csv -o law.csv && [ "$(wc -l <law.csv)" -eq 4 ] && head -n 1 law.csv | grep -q '^d,p,eps,delta,lattice,shift'; }
check "a law as CSV" csv
several() { extremal -d 2,4,6 --delta 1/2 >out && [ "$(grep -c 'least on the lattice' out)" -eq 3 ] && [ "$(grep -c 'Gaussian noise' out)" -eq 3 ]; }
check "several dimensions" several
told_apart() { extremal -d 1,2 -e 1,3 --delta 1/2,1/3 --law >out && [ "$(grep -cE '^[12] +inf +[13] +1/[23] .* least on' out)" -eq 8 ] && [ "$(grep -c 'law for d = 2, delta = 1/3' out)" -eq 2 ]; }
check "every line and law says where it belongs" told_apart
unsettled() { extremal -d 1 --delta 1/3 --radius 1 >out; [ $? -eq 3 ]; }
check "a radius too small for a proof is undecided" unsettled
partly() { extremal -d 1,12 --delta 1/10 --format json >out; [ $? -eq 3 ] && grep -q '"verdict":"skipped".*too large' out && grep -q '"exact":"33/4"' out; }
check "a problem too large leaves the others" partly

refuse() {
    value=$1
    shift
    extremal "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
check "says that delta is missing" refuse "delta is missing" -d 1
check "refuses d = 13" refuse "d = 13" -d 13 --delta 1/2
check "refuses d = 2^40" refuse "d = 1099511627776" -d 2^40 --delta 1/2
check "refuses p = 2 beyond the line" refuse "p = inf" -d 2 -p 2 --delta 1/2
check "refuses delta = 1" refuse "'1'" -d 1 --delta 1
check "refuses delta = nan" refuse "'nan'" -d 1 --delta nan
check "refuses a tiny delta" refuse "too small" -d 1 --delta 1e-400
check "refuses an unknown shift" refuse "'half'" -d 1 --delta 1/2 --shift half
check "refuses every shift in the plane" refuse "d = 2" -d 2 --delta 1/2 --shift full
check "refuses an odd grid for every shift" refuse "'3'" -d 1 --delta 1/2 --shift full --grid 3
check "refuses a grid of 0" refuse "'0'" -d 1 --delta 1/2 --grid 0
check "refuses a grid of 10^9" refuse "'10^9'" -d 1 --delta 1/2 --grid 10^9
check "refuses a word as grid" refuse "'fine'" -d 1 --delta 1/2 --grid fine
check "refuses a radius of 0" refuse "'0'" -d 1 --delta 1/2 --radius 0
check "refuses a radius without a law" refuse "radius" -d 1 --delta 1/3 --radius 1/9
check "refuses a superfluous word" refuse "more" -d 1 --delta 1/2 more
[ "$failures" -eq 0 ]
