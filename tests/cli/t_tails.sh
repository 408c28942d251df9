#!/bin/sh
# The `tails` command: certified ends of the set of Theorem 1.3, the statement for all s, files of samples, and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - tails: $name"; else
        echo "not ok - tails: $name"
        failures=$((failures + 1))
    fi
}
tails() { "$SMOOTHBOUND" tails "$@"; }
cd "$SCRATCH" || exit 2
at='-d 3072 -p inf -e 2/255 --delta 1/2'
# holds_between NOISE LOW HIGH ARGUMENT...: fails_below <= LOW <= lo and hi <= HIGH <= fails_above, all four within 2e-5
holds_between() {
    noise=$1 low=$2 high=$3
    shift 3
    tails --noise "$noise" "$@" --format json >rows && [ "$(grep -c '"quantity":"s"' rows)" -eq 1 ] || return 1
    grep '"quantity":"s"' rows | sed 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)","fails_below":"\([^"]*\)","fails_above":"\([^"]*\)".*/\1 \2 \3 \4/' |
        awk -v low="$low" -v high="$high" 'function near(a, b) { return a - b <= 2e-5*b && b - a <= 2e-5*b }
            { ok = $3 <= low && low <= $1 && $2 <= high && high <= $4 && near($1, low) && near($2, high) && near($3, low) && near($4, high) }
            END { exit !ok }'
}
# by mpmath; Laplace by Lambert's W
check "Gaussian noise" holds_between gaussian:sigma=0.3223 0.000981585511274 1.640676771533 $at
check "Gaussian noise of Corollary B.3" holds_between gaussian:sigma=3.912 0.000980490200507 23.55452327652648 $at
check "Laplace noise" holds_between laplace:b=0.4039 0.000981584187513 7.189573259265 $at
check "uniform noise" holds_between uniform:r=17.38 0.000980419810389 17.379999944697 $at
check "p = 4" holds_between gaussian:sigma=30 1.133641228803 181.39786466011 -d 3072 -p 4 -e 1 --delta 0.1
check "p = 3, d = 10" holds_between uniform:r=6.62 0.2938824058013 6.6199999515793 -d 10 -p 3 -e 1 --delta 0.3
# q = 2/(255 24): the end nearer to q moves with c
check "the paper's constant" holds_between uniform:r=17.38 0.000326800506 17.37999999385 $at --constant 1/24
threshold() { grep '"quantity":"q"' rows | grep -q '"constant":"1/24".*"lo":"0.000326797","hi":"0.000326798"'; }
check "q with that constant" threshold
keys() { tails --noise uniform:r=17.4 $at --format json | grep '"quantity":"s"' | grep -q '^{"schema":"smoothbound/tails/1","noise":"uniform:r=87/5","d":"3072","p":"inf","eps":"2/255","delta":"1/2","constant":"1/8","quantity":"s","source":"thm-1.3-tail","sense":"exact","lo":"[0-9.]*","hi":"[0-9.]*","fails_below":"[0-9.]*","fails_above":"[0-9.]*"}$'; }
check "the keys of a row and their order" keys
hypothesis() { tails --noise uniform:r=17.4 $at | grep -q 'hypothesis   holds' && tails --noise uniform:r=17.3 $at | grep -q 'hypothesis   FAILS'; }
check "the hypothesis at the equal shift" hypothesis # 1 - (1 - 1/(255 r))^3072 = 1/2 at r = 17.382...
said() { tails --noise uniform:r=17.4 $at | grep -q 'does not follow'; }
check "says that heavy tails do not follow" said
nowhere() { tails --noise uniform:r=17.4 $at --constant 20000 >out; [ $? -eq 1 ] && grep -q 'holds for no s' out; }
check "a constant too large for bounded noise" nowhere
# d = 1, eps = 1, delta = 2/5: the bound is 1 - (floor(2s) + 1) 4/5
all_s() { tails --noise gaussian:sigma=1 -d 1 -p inf -e 1 --delta 0.4 --at 0,0.49,0.5 --digits 9 --format json | grep '"quantity":"tail"' | sed 's/.*"s":"\([^"]*\)".*"lo":"\([^"]*\)".*/\1 \2/' >got; printf '0 0.199999999\n49/100 0.199999999\n1/2 0\n' | cmp -s - got || { printf '0 0.2\n49/100 0.2\n1/2 0\n' | cmp -s - got; }; }
check "the bound for all s" all_s
unsound() { tails --noise gaussian:sigma=0.1 $at | grep -q 'hypothesis   FAILS'; }
check "a noise outside the hypothesis" unsound

# samples
"$SMOOTHBOUND" sample --noise laplace:b=3 -d 20 --samples 10000 --seed 2 --save laplace.npy --quiet >/dev/null
excess() { # the mean excess of an exponential tail is b
    tails --input laplace.npy --format json >rows && grep '"k":"10000"' rows |
        sed 's/.*"mean_excess_lo":"\([^"]*\)","mean_excess_hi":"\([^"]*\)".*/\1 \2/' | awk '{ exit !($1 <= 3 && 3 <= $2 && $2 - $1 < 0.2) }'
}
check "mean excess of Laplace noise" excess
points() { [ "$(wc -l <rows)" -eq 10 ] && head -n 1 rows | grep -q '^{"schema":"smoothbound/tails/1","input":"laplace.npy","quantity":"tail index","s":"[0-9.]*","k":"10","estimate":'; }
check "a row for k = 10, 20, 50, ..., 10000" points
top() { [ "$(tails --input laplace.npy --top 100 --format json | wc -l)" -eq 4 ]; }
check "--top limits k" top

refuse() {
    value=$1
    shift
    tails "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
g=gaussian:sigma=1
check "refuses neither noise nor file" refuse "--noise SPEC"
check "refuses both" refuse "exclude" --noise $g --input laplace.npy
check "says that p is missing" refuse "p is missing" --noise $g -d 3 -e 1 --delta 0.5
check "refuses p = 2" refuse "p > 2" --noise $g -d 3 -p 2 -e 1 --delta 0.5
check "refuses a constant of 0" refuse "constant '0'" --noise $g $at --constant 0
check "refuses a negative s" refuse "'-1'" --noise $g $at --at=-1
check "refuses --top for a noise" refuse "--input" --noise $g $at --top 5
check "refuses -d for a file" refuse "--noise" --input laplace.npy -d 20
check "refuses --top 0" refuse "'0'" --input laplace.npy --top 0
check "refuses confidence 1" refuse "confidence '1'" --input laplace.npy --confidence 1
check "refuses a missing file" refuse "none.npy" --input none.npy
"$SMOOTHBOUND" sample --noise laplace:b=3 -d 2 --samples 10 --save few.npy --quiet >/dev/null
check "refuses 20 values" refuse "20 values" --input few.npy
check "refuses an unknown noise" refuse "did you mean" --noise gausian:sigma=1 $at
[ "$failures" -eq 0 ]
