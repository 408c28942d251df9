#!/bin/sh
# The `calibrate` command: closed forms, the bounds beside them, lists, and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - calibrate: $name"; else
        echo "not ok - calibrate: $name"
        failures=$((failures + 1))
    fi
}
calibrate() { "$SMOOTHBOUND" calibrate "$@"; }
cd "$SCRATCH" || exit 2
at="-p inf -e 8/255 --delta 1/10"
# ends SOURCE QUANTITY ARGUMENT...: "LO HI" of that row
ends() {
    source=$1 quantity=$2
    shift 2
    calibrate "$@" --format json | grep -F "\"quantity\":\"$quantity\"" | grep "\"source\":\"$source\"" | sed -n 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)".*/\1 \2/p'
}
# holds LO-HI-STRING VALUE: the value lies between, and the ends differ by less than 2.5e-5 of it
holds() { awk -v value="$2" -v ends="$1" 'BEGIN { n = split(ends, e, " "); exit !(n == 2 && e[1] <= value && value <= e[2] && e[2] - e[1] <= 2.5e-5 * value) }'; }

# eps sqrt(d)/(2 z), z = Phi^{-1}(0.55) = 0.12566134685507416
check "Gaussian sigma" holds "$(ends gaussian-exact sigma --noise gaussian -d 3072 $at)" 6.91876701625046
same() { [ "$(ends gaussian-exact sigma --noise gaussian -d 3072 $at)" = "$("$SMOOTHBOUND" bound -d 3072 $at --format json | grep '"quantity":"sigma"' | grep gaussian-exact | sed 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)".*/\1 \2/')" ]; }
check "the same sigma as bound" same
# T0: eps sqrt(d)/z
check "Gaussian sigma by T0" holds "$(ends T0 sigma --noise gaussian -d 3072 $at --rule T0)" 13.8375340325009
# eps/(2 (1 - 0.9^(1/3072)))
check "uniform r" holds "$(ends uniform-exact r --noise uniform -d 3072 $at)" 457.373061957184
# d = 1, TV = 1 - e^(-eps/2b): b = -eps/(2 log 0.9)
check "Laplace b on the line" holds "$(ends cor-A.3 b --noise laplace -d 1 $at)" 0.14888190715341
check "Laplace rms is sqrt 2 b" holds "$(ends cor-A.3 rms --noise laplace -d 1 $at)" 0.210550812288325
check "E||eta||_2^2 is d rms^2" holds "$(ends uniform-exact 'E||eta||_2^2' --noise uniform -d 2 -p 1 -e 1 --delta 1/2)" 0.666666666666667
# Laplace noise in l_1 by T0: b = eps/(-log(1 - delta))
check "Laplace b in l_1 by T0" holds "$(ends T0 b --noise laplace -d 500 -p 1 -e 1 --delta 1/2 --rule T0)" 1.44269504088896
check "logistic noise on the line: 1/(4 artanh delta)" holds "$(ends cor-A.3 scale --noise logistic -d 1 -p inf -e 1 --delta 1/2)" 0.455119613313419
infinite() { calibrate --noise cauchy -d 64 $at >out && grep -q 'rms  *=  *infinite' out && [ "$(calibrate --noise cauchy -d 64 $at --format json | grep -c '"lo":"inf","hi":"inf"')" -ge 2 ]; }
check "infinite moments are said so" infinite
limit() { calibrate --noise cauchy -d 64 $at --format json >rows && grep '"quantity":"scale","sense":"necessary"' rows | grep -q '"scope":"at the equal shift","rely_on":"lo"' && grep -q '"quantity":"scale","sense":"sufficient","source":"hellinger"' rows; }
check "the equal shift alone is a limit, with the affinity beside it" limit
row='^{"schema":"smoothbound/calibrate/1","noise":"laplace","d":"3072","p":"inf","eps":"8/255","delta":"1/10","rule":"tv","quantity":"b","sense":"exact","source":"cor-A.3","lo":"[0-9.]*","hi":"[0-9.]*","scope":"worst shift","rely_on":"hi"}'
keys() { calibrate --noise laplace -d 3072 $at --format json | head -n 1 | grep -q "$row"; }
check "the keys of a row and their order" keys
ratio() { calibrate --noise laplace -d 3072 $at --format json | grep '"quantity":"rms"' | grep thm-1.2 | grep -q '"ratio_lo":"16.7[0-9]*","ratio_hi":"16.7[0-9]*"'; }
check "the ratio to Theorem 1.2" ratio
above() { # every noise has at least what is needed
    calibrate --noise gaussian --noise laplace --noise logistic --noise uniform --noise l2-ball -d 2,100,3072 -p 2,inf -e 1 --delta 0.1,0.9 --format json >rows && [ "$(grep -c ratio_lo rows)" -gt 100 ] && sed -n 's/.*"ratio_lo":"\([^"]*\)".*/\1/p' rows | awk '$1 < 1 { bad = 1 } END { exit bad }'
}
check "no family escapes the bounds" above
list() { calibrate --noise gaussian --noise laplace -d 16,64 -p 2,inf -e 1 --delta 0.1 >out && [ "$(grep -c 'gaussian\|laplace' out)" -eq 8 ] && [ "$(grep -c 'worst shift' out)" -eq 6 ]; }
check "lists give a line each" list
promise() { calibrate --noise laplace -d 64 $at | grep -q 'no smaller b will do'; }
check "text says that no smaller scale will do" promise
outside() { calibrate --noise exp-linf:k=1 -d 9 $at --rule T0 --format json | grep -q '"outside":"exp-linf noise: .*not known'; }
check "a criterion that is not known says so" outside

refuse() {
    value=$1
    shift
    calibrate "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
check "refuses a misspelt noise" refuse "did you mean laplace" --noise laplce -d 5 $at
check "refuses a noise with its scale" refuse "leave b out" --noise laplace:b=1 -d 5 $at
check "refuses a noise with its sigma" refuse "leave sigma out" --noise laplace:sigma=1 -d 5 $at
check "says that a shape key is missing" refuse "nu" --noise student-t -d 5 $at
check "says that the noise is missing" refuse "--noise" -d 5 $at
check "says that d is missing" refuse "d is missing" --noise laplace $at
check "refuses delta 1" refuse "delta" --noise laplace -d 5 -p inf -e 1 --delta 1
check "refuses eps 0" refuse "eps" --noise laplace -d 5 -p inf -e 0 --delta 0.1
check "refuses an unknown rule" refuse "'t1'" --noise laplace -d 5 $at --rule t1
check "refuses an unknown option" refuse "--rulle" --rulle tv --noise laplace -d 5 $at
[ "$failures" -eq 0 ]
