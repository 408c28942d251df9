#!/bin/sh
# smoothbound curve on logs made here, whose answers are known by construction; $SMOOTHBOUND_LOGS adds the authors'.
set -u
LC_ALL=C.UTF-8
export LC_ALL
: "${SMOOTHBOUND:?is the program to test}"
work=${SCRATCH:-$(mktemp -d)}
[ -n "${SCRATCH:-}" ] || trap 'rm -rf "$work"' EXIT
failures=0
tab=$(printf '\t')

report() { # report CONDITION-STATUS NAME
    if [ "$1" -eq 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        sed 's/^/# /' "$work/out" "$work/err" | head -n 6
        failures=$((failures + 1))
    fi
}

run() {
    "$SMOOTHBOUND" curve "$@" >"$work/out" 2>"$work/err"
    status=$?
}

# 1000 images: 900 correct, radius i/1000 for image i = 1..1000 (wrong ones have the largest), every 50th abstains instead of being wrong
log=$work/ladder.tsv
awk 'BEGIN { OFS = "\t"; print "idx", "label", "predict", "radius", "correct", "time"
    for (i = 1; i <= 1000; i++) {
        abstain = i > 900 && i % 50 == 0; right = i <= 900
        print i, 4, abstain ? -1 : right ? 4 : 5, abstain ? "0.0" : sprintf("%.3g", i / 1000), right, "0:00:01.5" } }' >"$log"
header="idx${tab}label${tab}predict${tab}radius${tab}correct${tab}time"

run "$log" --radii natural,0.5,1/2,0.9,901/1000,0 --format json
cat >"$work/expected" <<'END'
"radius":"natural","n":1000,"count":900,"accuracy":"0.9000"
"radius":"0.5","n":1000,"count":401,"accuracy":"0.4010"
"radius":"1/2","n":1000,"count":401,"accuracy":"0.4010"
"radius":"0.9","n":1000,"count":1,"accuracy":"0.0010"
"radius":"901/1000","n":1000,"count":0,"accuracy":"0.0000"
"radius":"0","n":1000,"count":900,"accuracy":"0.9000"
END
sed 's/.*"log":"ladder.tsv",\("radius".*\),"lo".*/\1/' "$work/out" | cmp -s - "$work/expected"
report $? "counts at radii, as they were given"

grep -q '^{"schema":"smoothbound/curve/1","log":"ladder.tsv","radius":"natural","n":1000,"count":900,"accuracy":"0.9000","lo":"0\.[0-9]*","hi":"0\.[0-9]*"}$' "$work/out" && [ "$(wc -l <"$work/out")" -eq 6 ]
report $? "a JSON row has exactly the keys of the format"

awk 'BEGIN { OFS = "\t"; print "idx", "label", "predict", "radius", "correct", "time"
    for (i = 0; i < 10000; i++) print i, 1, i < 7884 ? 1 : 2, i < 6255 ? "0.00825" : "0.00101", i < 7884, 1 }' >"$work/big.tsv"
run "$work/big.tsv" --radii 2/255 --format json
grep -q '"radius":"2/255","n":10000,"count":6255,"accuracy":"0.6255","lo":"0.6159","hi":"0.6350"}' "$work/out"
report $? "6255 of 10000 has the interval [0.6159, 0.6350], outward"

# an outward end is never inside: the 4-digit ends enclose the 9-digit ones
run "$log" --radii 0:0.9:0.05 --format json
cp "$work/out" "$work/coarse"
run "$log" --radii 0:0.9:0.05 --format json --digits 9
sed 's/[^0-9.]*"lo":"\([0-9.]*\)","hi":"\([0-9.]*\)".*/ \1 \2/; s/.* \([0-9.]* [0-9.]*\)$/\1/' "$work/coarse" >"$work/a"
sed 's/[^0-9.]*"lo":"\([0-9.]*\)","hi":"\([0-9.]*\)".*/ \1 \2/; s/.* \([0-9.]* [0-9.]*\)$/\1/' "$work/out" >"$work/b"
paste "$work/a" "$work/b" | awk 'NF != 4 || $1 > $3 || $2 < $4 || $3 - $1 > 1e-4 || $2 - $4 > 1e-4 { bad = 1 } END { exit bad || NR != 19 }'
report $? "intervals are rounded outward"

run "$log" --radii 0.25:0.45:0.05 --divide-by sqrt-d -d 2x2 --format csv
[ "$(cut -d, -f2,4 "$work/out" | tr '\n' ' ')" = "radius,count 0.25,401 0.3,301 0.35,201 0.4,101 0.45,1 " ]
report $? "--divide-by sqrt-d, exactly at the steps"

run "$log" --radii 0.1 --divide-by 5/2 --format json
grep -q '"count":651,' "$work/out"
report $? "--divide-by a number"

sed 's/$/\r/' "$log" >"$work/crlf.tsv"
run "$log" --radii 0.5 --format csv; tail -n 1 "$work/out" | cut -d, -f2- >"$work/a"
run "$work/crlf.tsv" --radii 0.5 --format csv; tail -n 1 "$work/out" | cut -d, -f2- >"$work/b"
run - --radii 0.5 --format csv <"$log"; tail -n 1 "$work/out" | cut -d, -f2- >"$work/c"
cmp -s "$work/a" "$work/b" && cmp -s "$work/a" "$work/c" && [ -s "$work/a" ]
report $? "CRLF and standard input give the same"

run "$log" "$work/big.tsv" --sigma 0.12,0.25 -d 3072 --n 1000
grep -q 'ladder.tsv.*big.tsv' "$work/out" && grep -q '^natural' "$work/out" && grep -q 'sampling ceiling' "$work/out" && [ $status -eq 0 ]
report $? "several logs side by side"

run "$work/big.tsv" --sigma 0.12 -d 3x32x32 --summary --format json
grep -q '"n":10000,"correct":7884,"abstained":0,.*"ceiling_lo":"0.00825204","ceiling_hi":"0.00825205","on_ceiling":6255}' "$work/out"
report $? "the sampling ceiling, and how many images sit on it"

run "$work/big.tsv" --rule cohen --sigma 0.12 -d 3072 --radii 2/255,0.001 --format json
grep -q '"radius":"2/255","n":10000,"count_lo":6255,"count_hi":6255,' "$work/out" && grep -q '"rule":"cohen"}' "$work/out" && [ $status -eq 0 ]
report $? "images on the ceiling stay certified under Cohen's rule"

run "$work/big.tsv" --rule two-class-as-published --radii 2/255
grep -q UNSOUND "$work/out"
report $? "the published rule is marked unsound"

for f in text md tex csv json; do run "$log" --format $f; [ $status -eq 0 ] && [ -s "$work/out" ] || break; done
report $? "every format"

# ---------------------------------------------------------------- refusals
refused() { # refused NAME WORD ARGUMENT...
    name=$1 word=$2
    shift 2
    run "$@"
    [ $status -eq 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -qF -- "$word" "$work/err"
    report $? "refused: $name"
}

: >"$work/empty.tsv"
printf '%s\n' "$header" >"$work/heading.tsv"
printf 'idx\tlabel\tpredict\tcorrect\ttime\n0\t1\t1\t1\t9\n' >"$work/wrong.tsv"
printf '%s\n0\t1\t1\t0.5\t1\t9\n1\t1\t1\tnan\t1\t9\n' "$header" >"$work/nan.tsv"
printf '%s\n0\t1\t1\t0.5\t1\t9\n0\t1\t1\t0.5\t1\t9\n' "$header" >"$work/twice.tsv"
printf '%s\n0\t1\t1\t0.5\t1\t9\n1\t1\t1\t0' "$header" >"$work/cut.tsv"
{ printf '%s\n0\t1\t1\t' "$header"; head -c 1000000 /dev/zero | tr '\0' 7; printf '\t1\t9\n'; } >"$work/long.tsv"
printf '%s\n0\t1\t1\t0.5\t1\t9\0\n' "$header" >"$work/nul.tsv"
refused "an empty file" "empty.tsv" "$work/empty.tsv"
refused "a heading without images" "holds no images" "$work/heading.tsv"
refused "a wrong heading" "line 1: column 'correct'" "$work/wrong.tsv"
refused "nan" "line 3: radius 'nan'" "$work/nan.tsv"
refused "an index twice" "line 3: idx 0" "$work/twice.tsv"
refused "a file cut short" "line 3: has 4 fields" "$work/cut.tsv"
refused "a line of 1 MB" "line 2: has 1000010 bytes" "$work/long.tsv"
refused "a NUL byte" "line 2: has a NUL byte" "$work/nul.tsv"
refused "a directory" "is a directory" "$work"
refused "a missing file" "no-such-file" "$work/no-such-file"
refused "no log at all" "which log?"
refused "one good and one bad log" "nan.tsv" "$log" "$work/nan.tsv"
refused "a radius that is no number" "'8//255'" "$log" --radii 8//255
refused "a negative radius" "'-0.1'" "$log" --radii=-0.1
refused "an infinite radius" "'inf'" "$log" --radii inf
refused "sqrt-d without a dimension" "needs the dimension" "$log" --divide-by sqrt-d
refused "a zero divisor" "'0'" "$log" --divide-by 0
refused "a dimension of 0" "'0'" "$log" -d 0
refused "a re-reading without sigma" "needs --sigma" "$log" --rule cohen
refused "an unknown rule" "did you mean cohen" "$log" --rule cohem --sigma 1
refused "three sigmas for two logs" "3 values for 2 logs" "$log" "$work/big.tsv" --sigma 1,2,3
refused "alpha 1" "'1'" "$log" --alpha 1
refused "n 0" "'0'" "$log" --n 0
refused "radii that the rule cannot have given" "comes from no counts" "$log" --rule cohen --sigma 0.1
refused "an unknown option" "did you mean --radii" "$log" --radiii 1

"$SMOOTHBOUND" curve "$log" >/dev/full 2>"$work/err"
[ $? -eq 2 ] && [ -s "$work/err" ]
report $? "a full disk is an error"
echo old >"$work/file"
run "$work/nan.tsv" -o "$work/file"
[ "$(cat "$work/file")" = old ] && [ ! -e "$work/file.tmp" ]
report $? "a refused log leaves the output file as it was"
run "$log" --radii 0.5 --format json -o "$work/file"
[ ! -s "$work/out" ] && grep -q '"count":401' "$work/file"
report $? "-o FILE"

# ---------------------------------------------------------------- the authors' logs
full=output_noise12_size32_l2trades0435_beta6_full.tsv
if [ -z "${SMOOTHBOUND_LOGS:-}" ]; then
    echo "ok - the authors' full log # SKIP SMOOTHBOUND_LOGS names no directory"
else
    run "$SMOOTHBOUND_LOGS/$full" --radii natural,2/255,0.00784 --format csv
    [ "$(cut -d, -f2,4 "$work/out" | tail -n 3 | tr '\n' ' ')" = "natural,7884 2/255,6255 0.00784,6264 " ]
    report $? "the authors' full log: 7884, 6255, 6264"
    run "$SMOOTHBOUND_LOGS/$full" --radii 2/255 --rule cohen --sigma 0.12 -d 3x32x32 --format json
    grep -q '"count_lo":6115,"count_hi":6181,"accuracy_lo":"0.6115","accuracy_hi":"0.6181"' "$work/out"
    report $? "the authors' full log under Cohen's rule: 61.15 to 61.81 %"
fi
[ "$failures" -eq 0 ]
