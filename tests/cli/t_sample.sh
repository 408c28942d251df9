#!/bin/sh
# The `sample` command: intervals about known values, verdicts, files, threads, interrupts and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - sample: $name"; else
        echo "not ok - sample: $name"
        failures=$((failures + 1))
    fi
}
sample() { "$SMOOTHBOUND" sample "$@"; }
cd "$SCRATCH" || exit 2
# field KEY ROW: the value of a key
field() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'; }

g=gaussian:sigma=2
sample --noise $g -d 50 --samples 4000 --seed 3 --format json >rows
# E||eta||_2^2 = 200; E eta_i^2 = 4; Pr(|eta_i| > 2) = erfc(1/sqrt 2)
covers() { # covers PATTERN VALUE
    grep -e "$1" rows | head -n 1 | awk -v value="$2" '
        { split($0, a, "\"lo\":\""); split(a[2], lo, "\""); split($0, b, "\"hi\":\""); split(b[2], hi, "\"") }
        END { exit !(lo[1] != "" && lo[1] <= value && value <= hi[1] && hi[1] - lo[1] < 0.3*value) }'
}
check "E||eta||_2^2" covers '"quantity":"E||eta||_2^2"' 200
check "the largest second moment" covers '"rank":"1"' 4
check "the smallest second moment" covers '"rank":"50"' 4
check "a tail" covers '"s":"2"' 0.31731050786291415
check "all coordinates of independent noise are trials" covers '"s":"4"' 0.04550026389635842
known() { [ "$(grep '"quantity":"E||eta||_2^2"' rows | field known)" = 200.000 ] && [ "$(grep '"s":"2"' rows | field known)" = 0.317311 ]; }
check "what is known stands beside" known
row='^{"schema":"smoothbound/sample/1","noise":"gaussian:sigma=2","d":"50","quantity":"E||eta||_2^2","n":4000,"seed":3,"estimate":"[0-9.]*","lo":"[0-9.]*","hi":"[0-9.]*","known":"200.000","confidence":"0.999","validity":"asymptotic"}$'
keys() { head -n 1 rows | grep -q "$row"; }
check "the keys of a row and their order" keys

threads() {
    for j in 1 2 7; do sample --noise laplace:b=1 -d 30 --samples 40000 --jobs $j --format csv >jobs-$j || return 1; done
    cmp -s jobs-1 jobs-2 && cmp -s jobs-1 jobs-7
}
check "threads change nothing" threads
seeds() { sample --noise $g -d 2 --samples 100 --seed 1 --format csv >one && sample --noise $g -d 2 --samples 100 --seed 2 --format csv >two && ! cmp -s one two; }
check "the seed changes the samples" seeds

# verdicts: Gaussian noise that suffices is consistent; the exact sigma for eps = 8/255, d = 3072, delta = 0.1 is 6.92
p='-p inf -e 8/255 --delta 0.1'
consistent() { sample --noise gaussian:sigma=6.92 -d 3072 $p --samples 200 >out && grep -q '^consistent: ' out; }
check "noise that suffices is consistent" consistent
# Lemma 3.7 demands (8/255)^2 k 0.9/(800 0.01) = 1.107e-4 k of the k-th smallest; sigma^2 = 0.04, and the upper
# bounds are below 0.06
ranks() {
    sample --noise gaussian:sigma=0.2 -d 3072 $p --samples 2000 >out
    [ $? -eq 1 ] || return 1
    n=$(sed -n 's/^refuted at confidence 0.999: .*(\([0-9]*\) of 3072 ranks.*/\1/p' out)
    [ "$n" -gt 2500 ] && [ "$n" -lt 2720 ]
}
check "too little noise is refuted, in the ranks that Lemma 3.7 says" ranks
few() { sample --noise gaussian:sigma=0.2 -d 3072 $p --samples 1 --save row.npy >/dev/null; sample --input row.npy $p >out && grep -q '^consistent' out; }
check "one row of a file refutes nothing" few
verdict_row() {
    sample --noise gaussian:sigma=0.2 -d 3072 $p --samples 2000 --format json | grep '"source":"thm-1.2"' |
        grep -q '"p":"inf","eps":"8/255","delta":"1/10","quantity":"E||eta||_2^2",.*"hi":"[0-9.]*","needed":"1044.94","source":"thm-1.2","verdict":"refuted at confidence 0.999"'
}
check "the keys of a verdict" verdict_row

# files: the same samples give the same numbers
sample --noise laplace:b=1 -d 7 --samples 3000 --seed 5 --save draws.npy --format csv >from_noise
sample --input draws.npy --independent --seed 5 --format csv >from_file
same() { # all but the first column (noise, input) and the known values
    for f in from_noise from_file; do
        awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
            { print $c["quantity"], $c["s"], $c["rank"], $c["estimate"], $c["lo"], $c["hi"] }' $f >$f.cells
    done
    [ "$(wc -l <from_file.cells)" -gt 8 ] && cmp -s from_noise.cells from_file.cells
}
check "samples of a file are those that were saved" same
covers_file() { sample --input draws.npy --at 1 --format json >rows && covers '"quantity":"tail"' 0.36787944117144233; }
check "one coordinate a row where independence is not known" covers_file
asymptotic() { sample --input draws.npy -p inf -e 50 --delta 0.1 >out; [ $? -eq 1 ] && grep -q 'asymptotic, joint' out; }
check "a verdict on a file says that it is asymptotic" asymptotic
heavy() {
    sample --noise cauchy:scale=1 -d 3 --format json | grep '"quantity":"E' >out
    [ "$(grep -c '"known":"inf".*infinite: no estimate' out)" -eq 6 ] && ! grep -q -e '"lo"' -e '"estimate":' out
}
check "infinite moments have no estimate and no interval" heavy

interrupt() {
    "$SMOOTHBOUND" sample --noise $g -d 100 --samples 1000000000 --jobs 2 >out 2>err &
    pid=$!
    sleep 0.5
    kill -TERM "$pid"
    wait "$pid"
    [ $? -eq 130 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ]
}
check "an interrupt ends with 130" interrupt
not_saved() {
    "$SMOOTHBOUND" sample --noise $g -d 1000 --samples 1000000 --save big.npy >out 2>err &
    pid=$!
    sleep 0.5
    kill -TERM "$pid"
    wait "$pid"
    [ $? -eq 130 ] && [ -z "$(ls big.npy* 2>/dev/null)" ]
}
check "an interrupt leaves no file" not_saved

refuse() {
    value=$1
    shift
    sample "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
check "refuses neither noise nor file" refuse "--noise SPEC"
check "refuses both" refuse "exclude" --noise $g --input draws.npy -d 3
check "says that d is missing" refuse "d is missing" --noise $g
check "refuses a misspelt noise" refuse "did you mean gaussian" --noise gausian:sigma=1 -d 3
check "refuses a negative scale" refuse "'-1'" --noise gaussian:sigma=-1 -d 3
check "refuses --samples 0" refuse "'0'" --noise $g -d 3 --samples 0
check "refuses confidence 1" refuse "confidence '1'" --noise $g -d 3 --confidence 1
check "refuses thresholds that fall" refuse "must increase" --noise $g -d 3 --at 2,1
check "refuses a negative threshold" refuse "'-1'" --noise $g -d 3 --at=-1
check "refuses half a promise" refuse "needs all of" --noise $g -d 3 -e 1
check "refuses p below 2 in a promise" refuse "p >= 2" --noise $g -d 3 -p 1 -e 1 --delta 0.1
check "refuses delta 0" refuse "'0'" --noise $g -d 3 -p 2 -e 1 --delta 0
check "refuses a missing file" refuse "none.npy" --input none.npy
check "refuses a wrong d" refuse "d '8': draws.npy holds vectors of length 7" --input draws.npy -d 8
check "refuses d beyond memory" refuse "at most 100000000" --noise $g -d 2^40
printf 'hello' >text.npy
check "refuses a file that is no array" refuse "text.npy" --input text.npy
head -c 1000 draws.npy >short.npy
check "refuses a truncated file" refuse "short.npy" --input short.npy
full() { sample --noise $g -d 2 --samples 10 >/dev/full 2>err; [ $? -eq 2 ]; }
check "a full disk" full
[ "$failures" -eq 0 ]
