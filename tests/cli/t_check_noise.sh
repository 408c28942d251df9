#!/bin/sh
# The `check-noise` command: answers in closed form, verdicts on either side of a limit, every kind of input, refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - check-noise: $name"; else
        echo "not ok - check-noise: $name"
        failures=$((failures + 1))
    fi
}
check_noise() { "$SMOOTHBOUND" check-noise "$@"; }
cd "$SCRATCH" || exit 2
# row QUANTITY FILE: its first row
row() { grep "\"quantity\":\"$1\"" "$2" | head -n 1; }
# key KEY: its value in the row on standard input
key() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
# answers QUANTITY LO HI ARGUMENT...
answers() {
    quantity=$1 low=$2 high=$3
    shift 3
    check_noise "$@" --format json >rows
    [ $? -le 1 ] && [ "$(row "$quantity" rows | key lo) $(row "$quantity" rows | key hi)" = "$low $high" ] && return 0
    echo "# $* gives $(row "$quantity" rows)"
    return 1
}
# ends STATUS WORD ARGUMENT...: the verdict
ends() {
    status=$1 word=$2
    shift 2
    check_noise "$@" --format json >rows
    [ $? -eq "$status" ] && [ "$(row promise rows | key verdict)" = "$word" ]
}

# m(1/2) = 1/4, m(1/3) = 2/3, m(2/5) = 1/2: eps^2 = (b_1 + ... + b_k)/(k^2 m)
check "p = inf, all coordinates" answers eps_most 1 1 --variances 1,1,1,1 -p inf --delta 1/2
check "one coordinate of four" answers eps_most 0.6 0.6 --variances 9/100,1,1,1 -p inf --delta 1/2
check "p = 2: the least coordinate" answers eps_most 0.5 0.5 --variances 4,1/16,9 -p 2 --delta 1/2
check "p = 1 as p = 2" answers eps_most 0.5 0.5 --variances 4,1/16,9 -p 1 --delta 1/2
check "p = 4, one coordinate" answers eps_most 0.666666 0.666667 --variances 1/9 -d 1 -p 4 --delta 1/2
check "p = 4, d = 81, a law" answers eps_most 0.2 0.2 --noise gaussian:sigma=0.3 -d 81 -p 4 --delta 1/2
check "the least delta" answers delta_least 0.4 0.4 --variances 2,2,2,2 -p inf -e 1
check "the least delta, no promise possible" answers delta_least 1 1 --variances 0,1 -p inf -e 1
# M(1/2) = m(1/4) = 5/4, R(1/2) = 2/3 - 1/12 = 7/12 against m(tau) = m(1/3) = 2/3
check "robustness" answers eps_most 1.5 1.5 --variances 3/2 -p 2 --delta 1/2 --promise robustness
check "robustness, symmetric" answers eps_most 2 2 --variances 5 -p 2 --delta 1/2 --promise robustness --symmetric
# p = 4, b = (1, 2, 3): weights (5/2 - b)_+, (3/2, 1/2): V = (5/2) sqrt(5/2)/4, eps = sqrt(4 V) by mpmath
check "weights beat every prefix" answers eps_most 1.988176821 1.988176822 --variances 3,1,2 -p 4 --delta 1/2 --digits 10
weights() { row eps_most rows | grep -q '"source":"sharp-1.2","k":"2","level":"2.5' && row eps_most rows | grep -q '"coordinates":"1,2"'; }
check "the weights are named" weights
# t = eps sqrt(sum 1/b_i) = 1: 2 Phi(1/2) - 1, and 2 Phi(1) - 1 for robustness
check "Gaussian noise beside it" answers delta_promised 0.382924 0.382925 --variances 4,4,2 -p inf -e 1
check "its robustness" answers delta_promised 0.682689 0.682690 --variances 4,4,2 -p inf -e 1 --promise robustness
check "its eps" answers eps_promised 1.348979 1.348980 --variances 4,4,2 -p inf --delta 1/2 --digits 7

check "at the limit nothing is excluded" ends 0 consistent --variances 1,1,1,1 -p inf -e 1 --delta 1/2
check "one per cent less noise is excluded" ends 1 refuted --variances 0.99,0.99,0.99,0.99 -p inf -e 1 --delta 1/2
check "a little less than the limit" ends 1 refuted --variances 1,1,1,1e0,0.9999999999999999999999 -p inf -e 1 --delta 2/5
check "two quiet coordinates of six" ends 1 refuted --variances 9,1/8,9,1/9,9,9 -p inf -e 1 --delta 1/2
named() { row promise rows | grep -q '"source":"sharp-3.7","k":"2","largest":"0.125","sum":"0.236112","needed":"1","verdict":"refuted","coordinates":"3,1"'; }
check "they are named" named
check "two together, neither alone" ends 1 refuted --variances 9,0.4,9,0.4 -p inf -e 1 --delta 1/2
check "no noise at all" ends 1 refuted --variances 1,0 -p inf -e 1e-999 --delta 0.999
check "infinite variances exclude nothing" ends 0 consistent --variances inf,inf -p inf -e 1e99 --delta 1e-99
check "a law without variance" ends 0 consistent --noise cauchy:scale=1 -d 7 -p inf -e 1 --delta 1/2
# sigma_1^2 = 2/(4 z^2), sigma_j^2 = 2(d-1)/(4 z^2) keep the promise exactly, z = z(1/2), d = 11
quiet=1.099054669
loud=10.99054669
check "Gaussian noise with one quiet coordinate" ends 0 consistent --variances "$quiet,$loud,$loud,$loud,$loud,$loud,$loud,$loud,$loud,$loud,$loud" -p inf -e 1 --delta 1/2
exactly() { row eps_promised rows | key lo | awk '{ exit !($1 > 0.99999 && $1 < 1.00001) }'; }
check "which keeps it exactly" exactly

prefixes() {
    check_noise --variances 1,2,3,4,5 -p inf -e 1 --delta 1/2 --format json | grep '"quantity":"prefix"' |
        sed 's/.*"k":"\([^"]*\)".*"sum":"\([^"]*\)","needed":"\([^"]*\)".*"verdict":"\([a-z]*\)".*/\1 \2 \3 \4/' >got
    printf '1 1 0.25 consistent\n2 3 1 consistent\n4 10 4 consistent\n5 15 6.25 consistent\n' | cmp -s - got
}
check "a row for k = 1, 2, 4, ..., d" prefixes
keys() {
    check_noise --variances 1,1/4 -p inf -e 2 --delta 1/2 --format json | head -n 1 | grep -qxF '{"schema":"smoothbound/check-noise/1","input":"1,1/4","d":"2","p":"inf","eps":"2","delta":"1/2","promise":"total-variation","quantity":"promise","sense":"necessary","source":"sharp-3.7","k":"1","largest":"0.25","sum":"0.25","needed":"1","verdict":"refuted","coordinates":"1"}'
}
check "the keys of a row and their order" keys
lists() { [ "$(check_noise --variances 1,2 -p 1,2,inf -e 1/8,1/4 --delta 0.1:0.5:0.1 | grep -c consistent)" -ge 10 ]; }
check "lists make a line each" lists
text() { check_noise --variances 1/4,1,1,1 -p inf -e 1 --delta 1/2 >out; [ $? -eq 1 ] && grep -q '^refuted: ' out && grep -q 'all 4 coordinates' out; }
check "text for people" text
# 2 sqrt(3) 1e-4000 against 2 z(1e-4000) = sqrt(2 pi) 1e-4000: the quotient is 1.38198
tiny() { check_noise --variances 1 -p 2 --delta 1e-4000 | grep -q ' 1.382 times less'; }
check "a quotient outside the range of floating point" tiny
check "no delta above 1" answers delta_promised 0.999999 1 --variances 1e-4000 -p 2 -e 1
single() { check_noise --variances 5 -p inf --delta 1/2 | grep -q '^5: 1 second moment or variance; d = 1' && check_noise --variances 3,1,2 -p 2 --delta 1/2 | grep -q 'coordinate 1, of least second moment'; }
check "one coordinate in words" single

# files
printf '# of a calibration\n4, 1/16\n\n9 # the last\n' >list.txt
check "a text file" answers eps_most 0.5 0.5 --variances list.txt -p 2 --delta 1/2
standard_input() { [ "$(check_noise --variances - -p 2 --delta 1/2 --format json <list.txt | head -n 1 | key hi)" = 0.5 ]; }
check "standard input" standard_input
# npy FILE SHAPE: a .npy file of 8-byte numbers, given as octal escapes on standard input
npy() {
    header=$(printf "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }" "$2")
    { printf '\223NUMPY\001\000\166\000%-117s\n' "$header" && cat; } >"$1"
}
one='\000\000\000\000\000\000\360\077' quarter='\000\000\000\000\000\000\320\077'
minus='\000\000\000\000\000\000\360\277' nan='\000\000\000\000\000\000\370\177'
printf "$one$quarter$one" | npy vector.npy '(3,)'
printf "$one$quarter$one" | npy column.npy '(3, 1)'
printf "$one$one$one$quarter" | npy covariance.npy '(2, 2)'
printf "$one$one$one$one$one$one" | npy table.npy '(3, 2)'
printf "$one$minus" | npy negative.npy '(2,)'
printf "$one$nan" | npy nan.npy '(2,)'
check "a vector" answers eps_most 1 1 --variances vector.npy -p 2 --delta 1/2
check "a column" answers eps_most 1 1 --variances column.npy -p 2 --delta 1/2
check "the diagonal of a covariance" answers eps_most 1 1 --variances covariance.npy -p 2 --delta 1/2

# samples: 400 of N(0, 1/100) in d = 20; the limit is about eps = .1/sqrt(20 m), so 1 is excluded and 1/1000 is not
"$SMOOTHBOUND" sample --noise gaussian:sigma=0.1 -d 20 --samples 400 --seed 1 --save samples.npy --quiet >/dev/null
check "samples refute" ends 1 refuted --samples samples.npy -p inf -e 1 --delta 1/2
confidence() { row promise rows | grep -q '"n":400,"confidence":"0.99","validity":"asymptotic, joint"}$'; }
check "with their confidence" confidence
check "samples of enough noise do not" ends 0 consistent --samples samples.npy -p inf -e 1/1000 --delta 1/2
upper() { # above the true limit .1/sqrt(20/4) = .0447, and within a third of it
    check_noise --samples samples.npy -p inf --delta 1/2 --format json | row eps_most - | key hi | awk '{ exit !($1 > 0.0447 && $1 < 0.06) }'
}
check "upper bounds lie above the truth" upper
said() { check_noise --samples samples.npy -p inf -e 1 --delta 1/2 | grep -q '^refuted at confidence 0.99'; }
check "text names the confidence" said
"$SMOOTHBOUND" sample --noise gaussian:sigma=0.1 -d 20 --samples 20 --save few.npy --quiet >/dev/null
few() { check_noise --samples few.npy -p inf --delta 1/2 | grep -q 'too few samples'; }
check "20 samples are too few" few
check "20 samples say nothing" ends 0 consistent --samples few.npy -p inf -e 1 --delta 1/2

refuse() {
    value=$1
    shift
    check_noise "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
at='-p inf --delta 1/2'
: >empty.txt
printf '1 2\n3 4x\n' >word.txt
printf '1\n-1\n' >negative.txt
printf '1\0002\n' >binary.txt
check "refuses no noise" refuse "give the noise" $at
check "refuses two" refuse "exclude each other" --variances 1 --noise gaussian:sigma=1 -d 1 $at
check "refuses neither eps nor delta" refuse "eps and delta are missing" --variances 1 -p 2
check "refuses a law without d" refuse "d is missing" --noise gaussian:sigma=1 $at
check "refuses two dimensions" refuse "d '3,4': list.txt" --variances list.txt -d 3,4 $at
check "refuses the wrong d" refuse "d '4': list.txt has 3 coordinates" --variances list.txt -d 4 $at
check "refuses a negative variance" refuse "'-2'" --variances 1,-2 $at
check "refuses one in a file" refuse "negative.txt line 2: coordinate 1: variance '-1'" --variances negative.txt $at
check "refuses one in a .npy file" refuse "negative.npy: coordinate 1: variance '-1'" --variances negative.npy $at
check "refuses no variances" refuse "variances ''" --variances '' $at
check "refuses a word that is no file" refuse "variances 'nan'" --variances nan $at
check "refuses a NaN" refuse "nan" --variances nan.npy $at
check "refuses NaN samples" refuse "nan" --samples nan.npy $at
check "refuses an empty file" refuse "holds no numbers" --variances empty.txt $at
check "names the line of a bad word" refuse "word.txt line 2 '4x'" --variances word.txt $at
check "refuses binary data" refuse "not text" --variances binary.txt $at
check "refuses a table of variances" refuse "(3, 2)" --variances table.npy $at
check "refuses a missing file" refuse "none.txt" --variances none.txt $at
check "refuses a folder" refuse "directory" --variances / $at
check "refuses confidence 1" refuse "confidence '1'" --samples samples.npy --confidence 1 $at
check "refuses a confidence without samples" refuse "--samples" --variances 1 --confidence 0.9 $at
check "refuses --symmetric for total variation" refuse "robustness" --variances 1 --symmetric $at
check "refuses an unknown promise" refuse "promise 'robust'" --variances 1 --promise robust $at
check "refuses p below 1" refuse "p '1/2'" --variances 1 -p 1/2 --delta 1/2
check "refuses delta = 1" refuse "delta '1'" --variances 1 -p 2 --delta 1
[ "$failures" -eq 0 ]
