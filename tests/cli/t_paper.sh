#!/bin/sh
# `smoothbound paper`: all files are there, whole and the same at a second run; every certificate is accepted. $SMOOTHBOUND and $SBCHECK are
# the programs; SMOOTHBOUND_LOGS, if set, the folder with the authors' certification logs.
set -u
failures=0
report() { # report STATUS NAME
    if [ "$1" -eq 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        sed 's/^/# /' "$SCRATCH/err" | head -n 5
        failures=1
    fi
}
paper() { # paper OPTION...: keeps status; output in files
    "$SMOOTHBOUND" paper "$@" >"$SCRATCH/out" 2>"$SCRATCH/err"
    status=$?
}
trouble() { # trouble PATTERN
    [ "$status" -eq 2 ] && [ ! -s "$SCRATCH/out" ] && [ "$(wc -l <"$SCRATCH/err")" -eq 1 ] && grep -q -e "$1" "$SCRATCH/err"
}
unset GNUPLOT

paper --output-dir "$SCRATCH/one" --quiet --experiment none
[ "$status" -eq 0 ] && [ ! -s "$SCRATCH/err" ]
report $? "without logs: as expected, in silence"
grep -q 'all as expected$' "$SCRATCH/out" && tail -n 1 "$SCRATCH/out" | grep -q "^open $SCRATCH/one/summary.md$"
report $? "the last line names the file to open"
grep -q 'hongyanz/TRADES-smoothing' "$SCRATCH/out"
report $? "without logs: it says where they are kept"
missing=0
for f in $(sed -n 's/^| \[\([^]]*\)\].*/\1/p' "$SCRATCH/one/summary.md"); do [ -s "$SCRATCH/one/$f" ] || { [ -d "$SCRATCH/one/$f" ] || missing=1; }; done
[ "$missing" -eq 0 ] && [ "$(grep -c '^| \[' "$SCRATCH/one/summary.md")" -ge 12 ]
report $? "every file that the summary names is there"
[ -z "$(find "$SCRATCH/one" -name '*.tmp' -o -size 0)" ]
report $? "nothing empty or half-written"
claims=$(ls "$SCRATCH/one/certificates"/*.cert | wc -l)
"$SBCHECK" --claims "${SMOOTHBOUND_DATA:-.}/bounds/claims" "$SCRATCH/one/certificates"/*.cert >"$SCRATCH/checked" 2>"$SCRATCH/err"
[ $? -le 1 ] && [ "$(wc -l <"$SCRATCH/checked")" -eq "$claims" ] && [ "$claims" -gt 100 ]
report $? "sbcheck accepts every certificate"
rows=$(wc -l <"$SCRATCH/one/ledger.json")
[ "$rows" -gt 150 ] && [ "$(grep -c '^{"schema":"smoothbound/verify/1","claim":"[^"]*","verdict":"[a-z]*","expected":"[a-z]*",' "$SCRATCH/one/ledger.json")" -eq "$rows" ]
report $? "the ledger has a row for every claim"
# Networks too small to learn anything: as expected or not.
cat >"$SCRATCH/micro.conf" <<END
data = shapes
sizes = 8,12,16
sigma = 0.1
radius = 0.2
method = noise
depth = 8
images = 64
epochs = 1
batch = 32
n0 = 10
n = 60
test-images = 20
permutations = 199
END
paper --output-dir "$SCRATCH/two" --quiet --jobs 1 --experiment "$SCRATCH/micro.conf"
differences=$(diff -rq "$SCRATCH/one" "$SCRATCH/two" | grep -v '\.pdf')
[ "$status" -le 1 ] && [ "$(echo "$differences" | grep -v -e '/summary.md differ$' -e '^Only in .*/two: scaling-micro$' | wc -c)" -le 1 ]
report $? "the same bytes with one thread, and an experiment"
grep -q '^scaling  *micro: scaled [a-z]* (gap [0-9.]*, at most [0-9.]*), fixed ' "$SCRATCH/out" && [ -s "$SCRATCH/two/scaling-micro/results.txt" ] &&
    grep -q 'scaling-micro/figure-scaling.png' "$SCRATCH/two/summary.md"
report $? "the verdicts of the experiment and its figure are in the summary"

GNUPLOT=/nonexistent/gnuplot "$SMOOTHBOUND" paper --experiment none --output-dir "$SCRATCH/three" >"$SCRATCH/out" 2>"$SCRATCH/err"
status=$?
trouble gnuplot && [ -z "$(find "$SCRATCH/three" -name '*.tmp')" ]
report $? "a missing gnuplot"
paper --output-dir /dev/null/x
trouble "/dev/null"
report $? "a folder that cannot be made"
paper --data /nonexistent
trouble "/nonexistent"
report $? "no folder of data"
paper --experiment quikc
trouble "did you mean quick"
report $? "an unknown preset"
paper --experiment cifar-small
trouble "data of its own"
report $? "a preset that needs data"
paper --logs /nonexistent
trouble "/nonexistent"
report $? "no folder of logs"
mkdir "$SCRATCH/empty"
paper --logs "$SCRATCH/empty"
trouble "empty"
report $? "a folder without logs"
paper extra
trouble "extra"
report $? "a superfluous word"
paper -o "$SCRATCH/x"
trouble "output-dir"
report $? "-o is refused"

if [ -n "${SMOOTHBOUND_LOGS:-}" ]; then
    mkdir "$SCRATCH/logs" # under the names without an ending that they have in their repository
    for f in "$SMOOTHBOUND_LOGS"/*; do
        name=${f##*/}
        ln -s "$f" "$SCRATCH/logs/${name%.tsv}"
    done
    paper --output-dir "$SCRATCH/four" --logs "$SCRATCH/logs" --quiet --experiment none
    [ "$status" -eq 0 ] && grep -q '^table 1 .*3 reproduced, 0 differ' "$SCRATCH/out" &&
        grep -q '^table figure-2 *30 reproduced, 0 differ' "$SCRATCH/out" && [ -s "$SCRATCH/four/figures/figure-2.svg" ] &&
        [ -s "$SCRATCH/four/curves.txt" ]
    report $? "with the authors' logs: Table 1 and Figure 2 are reproduced"
else
    echo "ok - with the authors' logs # SKIP SMOOTHBOUND_LOGS is not set"
fi
exit $failures
