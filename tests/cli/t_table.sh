#!/bin/sh
# smoothbound table: verdicts and exit statuses on logs made here; $SMOOTHBOUND_LOGS adds the authors'.
set -u
LC_ALL=C.UTF-8
export LC_ALL
: "${SMOOTHBOUND:?is the program to test}"
work=${SCRATCH:-$(mktemp -d)}
[ -n "${SCRATCH:-}" ] || trap 'rm -rf "$work"' EXIT
failures=0

report() { # report CONDITION-STATUS NAME
    if [ "$1" -eq 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        sed 's/^/# /' "$work/out" "$work/err" | head -n 6
        failures=$((failures + 1))
    fi
}

run() {
    "$SMOOTHBOUND" table "$@" >"$work/out" 2>"$work/err"
    status=$?
}

make_log() { # make_log FILE CERTIFIED CORRECT: 1000 images
    awk -v certified="$2" -v correct="$3" 'BEGIN { OFS = "\t"; print "idx", "label", "predict", "radius", "correct", "time"
        for (i = 0; i < 1000; i++) print i, 1, i < correct ? 1 : 2, i < certified ? "0.00825" : "0.001", i < correct, 1 }' >"$1"
}
full=output_noise12_size32_l2trades0435_beta6_full
mkdir "$work/good" "$work/bad" "$work/none"
make_log "$work/good/$full" 626 788 # without .tsv, as in the authors' repository
make_log "$work/bad/$full.tsv" 600 788

run 1 --logs "$work/good" --format json
[ $status -eq 0 ] && [ "$(grep -c '"verdict":"reproduced"' "$work/out")" -eq 3 ] && [ "$(grep -c '^{"schema":"smoothbound/table/1","table":"1",' "$work/out")" -eq 15 ]
report $? "numbers that agree are reproduced, exit status 0"

run 1 --logs "$work/bad"
[ $status -eq 1 ] && grep -q 'differs' "$work/out" && grep -q '^1 reproduced, 2 differ, 12 quoted' "$work/out"
report $? "numbers that do not agree differ, exit status 1"

run 1
[ $status -eq 0 ] && ! grep -q ' reproduced  ' "$work/out" && grep -q 'github.com/hongyanz/TRADES-smoothing' "$work/out"
report $? "without logs everything is quoted or skipped, with the place of the logs"

run 1 --format json
[ $status -eq 0 ] && [ -z "$(grep -v '^{.*}$' "$work/out")" ] && grep -q 'github.com' "$work/err"
report $? "JSON stays JSON without logs"

run figure-2
[ $status -eq 0 ] && [ "$(grep -c skipped "$work/out")" -eq 31 ]
report $? "figure-2 without logs"

run constants --digits 30 --format json
grep -q '"where":"Lemma 3.1".*"method_lo":"0.00696601125010515179541316563436' "$work/out" && [ $status -eq 0 ]
report $? "constants to 30 digits"
lo=$(sed -n 's/.*"where":"Lemma 3.1".*"method_lo":"\([0-9.]*\)".*/\1/p' "$work/out") hi=$(sed -n 's/.*"where":"Lemma 3.1".*"method_hi":"\([0-9.]*\)".*/\1/p' "$work/out")
# 8 t^2 - (1-t)^3 changes sign between the values of t = sqrt(8 c) at both ends (bc, if there is one)
if command -v bc >/dev/null; then
    [ "$(echo "scale=60; t = sqrt(8 * $lo); u = sqrt(8 * $hi); (8*t*t - (1-t)^3 <= 0) && (8*u*u - (1-u)^3 >= 0)" | bc)" = 1 ]
    report $? "Lemma 3.1's best constant is where its two branches meet"
else
    echo "ok - Lemma 3.1's best constant is where its two branches meet # SKIP no bc"
fi

run errata
[ $status -eq 0 ] && [ "$(grep -c '^E[0-9]' "$work/out")" -eq 39 ] && [ "$(awk 'length > 100' "$work/out" | wc -l)" -eq 0 ]
report $? "errata in text"
run errata --format json
[ "$(grep -c '"table":"errata","id":"E[0-9]*","where":.*"printed":.*"correct":.*"shown":' "$work/out")" -eq 39 ]
report $? "errata in JSON"

ok=0
# rms for CIFAR-10, 2/255, delta = 1/2, and ImageNet, 8/255, 1/10: the ends of the paper's interval and of the sharp one
run gap --format json
row() { grep -F "\"what\":\"$1\"" "$work/out" | grep -F "\"eps\":\"$2\",\"delta\":\"$3\"" | sed -n "s/.*\"$4\":\"\([^\"]*\)\".*/\1/p"; }
near() { awk -v x="$1" -v least="$2" -v most="$3" 'BEGIN { exit !(x != "" && least <= x && x <= most) }'; }
near "$(row CIFAR-10 2/255 1/2 paper_lo)" 0.02173 0.02174 && near "$(row CIFAR-10 2/255 1/2 sharp_lo)" 0.21735 0.21736 &&
    near "$(row CIFAR-10 2/255 1/2 gaussian_hi)" 0.32225 0.32226 && near "$(row CIFAR-10 2/255 1/2 paper_hi)" 3.9123 3.9125 &&
    near "$(row ImageNet 8/255 1/10 paper_lo)" 4.082 4.083 && near "$(row ImageNet 8/255 1/10 gaussian_hi)" 48.42 48.44
report $? "the gap between necessary and sufficient noise"
grep -o '"ratio":"[0-9.]*"' "$work/out" | tr -d '"' | awk -F: '{ n++; if ($2 < 1) bad = 1 } END { exit bad || n < 8 }'
report $? "no lower bound is above what suffices"

for name in 1 figure-2 constants gap errata; do
    for f in text md tex csv json; do
        run $name --format $f
        [ $status -eq 0 ] && [ -s "$work/out" ] || ok=1
    done
done
report $ok "every table in every format"

refused() { # refused NAME WORD ARGUMENT...
    name=$1 word=$2
    shift 2
    run "$@"
    [ $status -eq 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -qF -- "$word" "$work/err"
    report $? "refused: $name"
}
refused "no name" "which table?"
refused "an unknown table" "there are 1, figure-2" 2
refused "a name nearly right" "did you mean constants" constant
refused "two names" "'errata'" 1 errata
refused "a folder that is none" "/no/such/folder" 1 --logs /no/such/folder
refused "a folder without logs" "none of the authors' logs" 1 --logs "$work/none"
refused "logs where none are used" "--logs" constants --logs "$work/good"
printf 'idx\tlabel\n' >"$work/none/$full.tsv"
refused "a file that is no log" "line 1" 1 --logs "$work/none"

"$SMOOTHBOUND" table errata >/dev/full 2>"$work/err"
[ $? -eq 2 ] && [ -s "$work/err" ]
report $? "a full disk is an error"

if [ -z "${SMOOTHBOUND_LOGS:-}" ]; then
    echo "ok - Table 1 and Figure 2 from the authors' logs # SKIP SMOOTHBOUND_LOGS names no directory"
else
    run 1 --logs "$SMOOTHBOUND_LOGS" --format json
    [ $status -eq 0 ] && grep -q '"count":6255,.*"verdict":"reproduced"' "$work/out" && grep -q '"count":6264,.*"verdict":"reproduced"' "$work/out" &&
        grep -q '"count":7884,.*"verdict":"reproduced"' "$work/out"
    report $? "Table 1 from the authors' logs"
    run figure-2 --logs "$SMOOTHBOUND_LOGS"
    [ $status -eq 0 ] && grep -q '^30 reproduced, 0 differ' "$work/out"
    report $? "Figure 2 from the authors' logs"
fi
[ "$failures" -eq 0 ]
