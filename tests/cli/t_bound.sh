#!/bin/sh
# The `bound` command: the contract of its JSON rows, the reader's forms, --solve, and refusals.
failures=0
check() { # check NAME CONDITION...
    name=$1
    shift
    if "$@"; then echo "ok - bound: $name"; else
        echo "not ok - bound: $name"
        failures=$((failures + 1))
    fi
}
bound() { "$SMOOTHBOUND" bound "$@"; }
cifar="-d 3x32x32 -p inf -e 8/255 --delta 1/10"
cd "$SCRATCH" || exit 2

# key FILE KEY: the value of a key in a JSON line whose values are strings without escapes
key() { sed -n "s/.*\"$2\":\"\([^\"]*\)\".*/\1/p" "$1"; }

bound $cifar --format json >rows.json || exit 2
grep '"source":"thm-1.2"' rows.json | grep -F '"quantity":"E||eta||_2^2"' >row.json
contract='^{"schema":"smoothbound/bound/1","d":"3072","p":"inf","eps":"8/255","delta":"1/10","quantity":"E||eta||_2^2","sense":"necessary","source":"thm-1.2","lo":"[0-9.]*","hi":"[0-9.]*"[,}]'
check "the keys of a row and their order" grep -q "$contract" row.json
encloses() { awk -v lo="$(key row.json lo)" -v hi="$(key row.json hi)" 'BEGIN { exit !(lo <= 1044.9477 && 1044.9478 <= hi && hi - lo < 0.02) }'; }
check "Theorem 1.2 is enclosed around 1044.9477" encloses
all_rows() { [ "$(wc -l <rows.json)" -ge 30 ] && [ "$(grep -c '^{"schema":"smoothbound/bound/1",.*"quantity":".*"sense":".*"source":".*}$' rows.json)" -eq "$(wc -l <rows.json)" ]; }
check "every row has the keys" all_rows
for source in sharp-1.2 sharp-C.1 sharp-3.7 sharp-robust T0 asymptotic gaussian-atom rotation dual-norm thm-1.2 thm-1.3-tail lemma-3.1 lemma-3.2 lemma-3.3 lemma-3.7 lemma-3.8 lemma-C.1 cor-B.3 cor-B.5 cor-B.6 gaussian-exact uniform-exact; do
    check "there is a row of $source" grep -q "\"source\":\"$source\"" rows.json
done
ordered() { sed -n 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)".*/\1 \2/p' rows.json | awk '{ n++; if (!($1 + 0 <= $2 + 0)) bad = 1 } END { exit bad || n < 30 }'; }
check "lo is at most hi in every row" ordered
tail_row() { grep '"source":"thm-1.3-tail"' rows.json | grep -q '"c":"1/8","exponent":"2"'; }
check "the tail row has c and the exponent" tail_row
ranked() { [ "$(bound $cifar --rank 3072 --format json | grep '"statement":"Lemma 3.7"' | sed -n 's/.*"lo":"\([^"]*\)".*"rank":"3072".*/\1/p')" = 0.000110726 ]; }
check "--rank asks for another coordinate" ranked
outside() {
    bound -d 10 -p 3/2 -e 1 --delta 1/2 --format json >outside.json && grep '"source":"thm-1.2"' outside.json | grep -q '"outside":"Theorem 1.2 needs p >= 2; got p = 3/2"' &&
        ! grep '"outside"' outside.json | grep -q '"lo"'
}
check "outside a theorem's domain the row says why" outside
exact() { [ "$(bound -d 16 -p 4 -e 1 --delta 1/2 --format json | grep '"source":"thm-1.2"' | grep -F '||_2^2' | sed -n 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)".*/\1 \2/p')" = "0.16 0.16" ]; }
check "a rational value is printed exactly" exact

bound $cifar >text || exit 2
check "text: parameters first" sh -c 'head -n 1 text | grep -q "d = 3072, p = inf, eps = 8/255, delta = 1/10"'
check "text: what is needed" grep -q 'E||eta||_2^2 *>= *1044.94 ' text
check "text: what is enough" grep -q 'sigma *= *6.91877 .*Gaussian' text
check "text: Theorem 1.2 in pixels" grep -q '148.7 of 255 grey levels, 58.3% of the range' text
check "text: noise beyond the pixel range" grep -q 'exceeds the whole range of 255' text
one_line() { bound -d 16 -p 4 -e 1/4 --delta 1/2 --range 1 | grep -q '0.25 of 1, 25% of the range'; }
check "--range sets the scale" one_line
check "no machine noise on a pipe" sh -c '! grep -q "$(printf "\033")" text'
colour() { bound $cifar --color always | head -n 1 | grep -q "$(printf '\033\[1md = 3072')"; }
check "--color always" colour

lists() {
    grid="-d 2^6..2^20*16 -p 2,4,inf -e 8/255 --delta 0.1:0.9:0.2"
    bound $grid --format json --jobs 1 >a.json && bound $grid --format json --jobs 3 >b.json &&
        cmp -s a.json b.json && [ "$(wc -l <a.json)" -eq $((60 * $(wc -l <rows.json))) ] && [ "$(grep '"source":"thm-1.2"' a.json | grep -c '"quantity":"E||eta||_2^2"')" -eq 60 ]
}
check "lists and ranges: all combinations, always in the same order" lists
table() { [ "$(bound -d 64,128 -p 2,inf -e 8/255 --delta 0.1 | wc -l)" -eq 5 ]; }
check "many combinations: one line each" table
csv() { bound $cifar --format csv >rows.csv && head -n 1 rows.csv | grep -q '^d,p,eps,delta,quantity,sense,source,lo,hi,' && [ "$(wc -l <rows.csv)" -eq $(($(wc -l <rows.json) + 1)) ]; }
check "csv" csv
tex() { bound $cifar --format tex | grep -q '\\begin{tabular}' && bound $cifar --format md | grep -q '^|---'; }
check "tex and md" tex
huge() { bound -d 2^62 -p inf -e 1e-4000 --delta 1e-4000 --format json | grep '"source":"thm-1.2"' | grep -q '"lo":"2.65845e+34","hi":"2.65846e+34"' && bound -d 2^62 -p 2.0000001 -e 1e4000 --delta 0.5 >/dev/null; }
check "huge d, tiny eps and delta" huge

# The worked numbers: rms noise for CIFAR-10, l_inf 2/255, delta = 1/2, and ImageNet, 8/255, 1/10.
# rms SOURCE PROMISE END: that end of the row of quantity rms about any noise
rms() { grep "\"source\":\"$1\"" sharp.json | grep '"quantity":"rms"' | grep "\"promise\":\"$2\"" | head -n 1 | sed -n "s/.*\"$3\":\"\([^\"]*\)\".*/\1/p"; }
between() { awk -v x="$1" -v least="$2" -v most="$3" 'BEGIN { exit !(x != "" && least <= x && x <= most) }'; }
bound -d 3072 -p inf -e 2/255 --delta 1/2 --format json >sharp.json
check "CIFAR-10: Theorem 1.2" between "$(rms thm-1.2 total-variation lo)" 0.02173 0.02174
check "CIFAR-10: the sharp form" between "$(rms sharp-1.2 total-variation lo)" 0.21735 0.21736
check "CIFAR-10: the asymptotic bound" between "$(rms asymptotic total-variation lo)" 0.297 0.32226
check "CIFAR-10: robustness, noise symmetric about a point" between "$(grep sharp-robust sharp.json | grep '"quantity":"rms"' | grep 'asymptotic bound.*symmetric about a point' | sed -n 's/.*"lo":"\([^"]*\)".*/\1/p')" 0.59 0.6446
check "CIFAR-10: Gaussian noise" between "$(rms gaussian-exact total-variation hi)" 0.32225 0.32226
check "CIFAR-10: Corollary B.3" between "$(rms cor-B.3 total-variation hi)" 3.9123 3.9125
check "CIFAR-10: robustness, any noise, from one shift" between "$(grep 'sharp robustness bound","applies":"any noise"' sharp.json | grep '"quantity":"rms"' | sed -n 's/.*"lo":"\([^"]*\)".*/\1/p')" 0.3549 0.355
check "CIFAR-10: robustness, Gaussian noise" between "$(rms T0 robustness hi)" 0.6445 0.64451
bound -d 3x224x224 -p inf -e 8/255 --delta 1/10 --format json >sharp.json
check "ImageNet: Theorem 1.2" between "$(rms thm-1.2 total-variation lo)" 4.082 4.083
check "ImageNet: the sharp form" between "$(rms sharp-1.2 total-variation lo)" 34.96 34.97
check "ImageNet: the asymptotic bound" between "$(rms asymptotic total-variation lo)" 47.5 48.44
check "ImageNet: Gaussian noise" between "$(rms gaussian-exact total-variation hi)" 48.42 48.44
check "ImageNet: Corollary B.3" between "$(rms cor-B.3 total-variation hi)" 547.6 547.8
# m(delta) is the least possible for d = 1: attained, so exact
exactly() { [ "$(bound -d 1 -p 2 -e 1 --delta 1/3 --format json | grep '"source":"sharp-1.2"' | grep -F '||_2^2' | sed -n 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)".*/\1 \2/p')" = "0.666666 0.666667" ]; }
check "m(1/3) = 2/3" exactly
promise() {
    bound $cifar --promise robustness --format json >robust.json && ! grep -q '"promise":"total-variation"' robust.json && grep -q '"source":"sharp-robust"' robust.json &&
        bound $cifar --promise total-variation --format json >tv.json && [ "$(wc -l <rows.json)" -eq "$(cat tv.json robust.json | wc -l)" ]
}
check "--promise picks the rows" promise
apart() { bound $cifar | grep -n -e '^Total variation: TV(D, D+v) <= delta' -e '^Robustness: no score gap' | wc -l | grep -qx ' *2'; }
check "text: the two promises are told apart" apart
# best first: the rms lines of the first block do not increase
best_first() { bound $cifar | sed -n '/^Total variation/,/^Enough/p' | awk '$1 == "rms" { if (n++ && $3 > last) bad = 1; last = $3 } END { exit bad || n < 4 }'; }
check "text: the best lower bound first" best_first
ratio_row() { bound $cifar --format json | grep '"source":"sharp-1.2"' | grep '"quantity":"rms"' | grep -q '"ratio":"1.386"'; }
check "the remaining ratio stands in the rows" ratio_row

# d^2 (1-delta)/(800 delta^2) eps^2 / d <= sigma^2 at 564 and not at 565
solve_d() { bound --solve d -p inf -e 8/255 --delta 1/10 --sigma 1/4 --format json | grep '"source":"thm-1.2"' | grep -q '"quantity":"d",.*"lo":"564","hi":"564"'; }
check "--solve d" solve_d
at_564() {
    below=$(bound -d 564 -p inf -e 8/255 --delta 1/10 --format json | grep '"source":"thm-1.2"' | grep '"quantity":"rms"' >row.json && key row.json hi)
    above=$(bound -d 565 -p inf -e 8/255 --delta 1/10 --format json | grep '"source":"thm-1.2"' | grep '"quantity":"rms"' >row.json && key row.json lo)
    awk -v a="$below" -v b="$above" 'BEGIN { exit !(a <= 0.25 && 0.25 < b) }'
}
check "--solve d agrees with the bounds on either side" at_564
solve_eps() {
    eps=$(bound --solve eps -d 3072 -p inf --delta 1/10 --sigma 1/4 --digits 12 --format json | grep gaussian-exact | sed -n 's/.*"lo":"\([^"]*\)".*/\1/p')
    bound -d 3072 -p inf -e "$eps" --delta 1/10 --format json | grep gaussian-exact | grep '"quantity":"sigma"' >row.json
    awk -v s="$(key row.json hi)" 'BEGIN { exit !(s >= 0.2499999 && s <= 0.25) }'
}
check "--solve eps, put back" solve_eps
solve_delta() {
    delta=$(bound --solve delta -d 3072 -p inf -e 8/255 --sigma 1 --digits 12 --format json | grep '"source":"gaussian-exact"' | sed -n 's/.*"hi":"\([^"]*\)".*/\1/p')
    bound -d 3072 -p inf -e 8/255 --delta "$delta" --format json | grep gaussian-exact | grep '"quantity":"sigma"' >row.json
    awk -v s="$(key row.json hi)" 'BEGIN { exit !(s >= 0.9999 && s <= 1.0000001) }'
}
check "--solve delta, put back" solve_delta
solve_sigma() { bound --solve sigma $cifar --format json | grep '"source":"thm-1.2"' | grep -q '"quantity":"sigma".*"lo":"0.583225"'; }
check "--solve sigma" solve_sigma
every() { bound --solve d -p 2 -e 1 --delta 1/2 --sigma 1 | grep -q 'every d' && bound --solve d -p 2 -e 1 --delta 1/2 --sigma 1e-9 | grep -q 'no d'; }
check "--solve d says 'every d' and 'no d'" every

# refuse VALUE ARGUMENT...: exit status 2, nothing on stdout, one line on stderr that holds the value
refuse() {
    value=$1
    shift
    bound "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
p="-d 3072 -p inf"
check "refuses -e 8//255" refuse "8//255" $p -e 8//255 --delta 1/10
check "refuses -e 0" refuse "'0'" $p -e 0 --delta 1/10
check "refuses -e -1" refuse "'-1'" $p -e -1 --delta 1/10
check "refuses -e nan" refuse "nan" $p -e nan --delta 1/10
check "refuses -e inf" refuse "inf" $p -e inf --delta 1/10
check "refuses --delta 0" refuse "delta '0'" $p -e 1 --delta 0
check "refuses --delta 1" refuse "delta '1'" $p -e 1 --delta 1
check "refuses --delta 1.2" refuse "1.2" $p -e 1 --delta 1.2
check "refuses -p 0.3" refuse "0.3" -d 3072 -p 0.3 -e 1 --delta 1/10
check "refuses -p -inf" refuse "-inf" -d 3072 -p -inf -e 1 --delta 1/10
check "refuses -d 0" refuse "'0'" -d 0 -p 2 -e 1 --delta 1/10
check "refuses -d 3072.5" refuse "3072.5" -d 3072.5 -p 2 -e 1 --delta 1/10
check "refuses -d 2^63" refuse "2^63" -d 2^63 -p 2 -e 1 --delta 1/10
check "refuses a bad item of a list" refuse "'0'" -d 3 -p 2 -e 0,1 --delta 1/10
check "refuses an unknown option" refuse "--detla" $p -e 1 --detla 1/10
check "refuses an unknown format" refuse "xml" $cifar --format xml
check "refuses --range 0" refuse "range '0'" $cifar --range 0
check "refuses --promise safety" refuse "'safety'" $cifar --promise safety
check "refuses --rank 0" refuse "rank '0'" $cifar --rank 0
check "refuses --rank above d" refuse "rank '3073'" $cifar --rank 3073
check "refuses --solve foo" refuse "foo" --solve foo $p -e 1 --delta 1/10 --sigma 1
check "refuses --solve without --sigma" refuse "sigma" --solve eps $p --delta 1/10
check "refuses --sigma without --solve" refuse "sigma" $cifar --sigma 1
check "refuses --sigma 0" refuse "sigma '0'" --solve eps $p --delta 1/10 --sigma 0
check "refuses what is solved for" refuse "eps '1'" --solve eps $p -e 1 --delta 1/10 --sigma 1
check "says which option is missing" refuse "-p NORM" -d 3
check "refuses too many combinations" refuse "100000 combinations" -d 1:100000:1 -p 2 -e 1 --delta 1/2
check "refuses a stray argument" refuse "stray" $cifar stray
written() { bound $cifar --format json -o file.json && cmp -s file.json rows.json; }
check "-o writes the same bytes" written
nowhere() { refuse "nowhere/file" $cifar -o nowhere/file && [ ! -e nowhere ]; }
check "-o into a missing folder" nowhere
if [ -c /dev/full ]; then
    full() { bound $cifar >/dev/full 2>err; [ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]; }
    check "a full disk is trouble" full
fi
helps() { bound --help >help && grep -q -e --solve help && grep -q -e --range help; }
check "--help" helps
[ "$failures" -eq 0 ]
