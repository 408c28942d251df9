#!/bin/sh
# The `experiment` command: a small run from training to figure, its numbers against its logs, interrupts and
# resumption to the same bytes, the verdicts from logs made here, and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - experiment: $name"; else
        echo "not ok - experiment: $name"
        sed 's/^/# /' "$SCRATCH/err" 2>/dev/null | head -n 5
        failures=$((failures + 1))
    fi
}
cd "$SCRATCH" || exit 2
experiment() { # experiment WORD...: keeps status; output in files
    "$SMOOTHBOUND" experiment "$@" >out 2>err
    status=$?
}
trouble() { [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -q -e "$1" err; }

cat >micro.conf <<'END'
data = shapes
sizes = 8,12,16
arms = scaled,fixed,detail
sigma = 0.1
radius = 0.2
method = trades
steps = 2
depth = 8
images = 64
epochs = 2
batch = 32
n0 = 10
n = 60
alpha = 0.01
test-images = 20
permutations = 199
END

# ------------------------------------------------------------------ a run
listed() { experiment --list --format json && [ "$status" -eq 0 ] && [ "$(grep -c '^{"schema":"smoothbound/experiment-list/1","experiment":"scaling","preset":"' out)" -eq 3 ]; }
check "the list names the presets" listed

have_gnuplot=0
command -v gnuplot >/dev/null && have_gnuplot=1
if [ "$have_gnuplot" -eq 0 ]; then
    echo "ok - experiment: runs # SKIP gnuplot is not installed"
    exit $((failures > 0))
fi
names='scaled-8 scaled-12 scaled-16 fixed-12 fixed-16 detail-12 detail-16'
whole() {
    experiment scaling --preset ./micro.conf --output-dir a --format json
    [ "$status" -le 1 ] || return 1
    for n in $names; do for e in safetensors log tsv; do [ -s "a/scaling-micro/$n.$e" ] || return 1; done; done
    for f in results.txt results.md results.tex results.json figure-scaling.svg figure-scaling.png figure-scaling.pdf preset.conf; do
        [ -s "a/scaling-micro/$f" ] || return 1
    done
    [ -z "$(find a -name '*.tmp')" ] && cmp -s out a/scaling-micro/results.json
}
check "seven networks, tables and a figure" whole
cp out first.json
said() { grep -q '7 networks; about [0-9]* s (cpu ' err && grep -q 'see a/scaling-micro/figure-scaling.svg' err; }
check "an estimate before, the figure after" said

# count and accuracy of each row from the logs: d = 3 size^2, radius/sqrt(d) >= r
rows='
    FNR == 1 { file++ }
    file < 8 && /^[0-9]/ { n[FILENAME]++; if ($5 == 1) { k = ++correct[FILENAME]; radius[FILENAME, k] = $4 } }
    file == 8 && /experiment\/1/ {
        for (i = 1; i <= 12; i++) { split($0, part, "\"" key[i] "\":"); split(part[2], v, /[,}]/); gsub("\"", "", v[1]); x[i] = v[1] }
        log_name = x[1] "-" x[2]
        if (x[2] == 8) log_name = "scaled-8"
        log_name = "a/scaling-micro/" log_name ".tsv"
        count = 0
        for (i = 1; i <= correct[log_name]; i++) count += x[5] == "natural" || radius[log_name, i] >= x[5]*sqrt(3)*x[2]
        if (count != x[7] || n[log_name] != x[6] || x[6] != 20 || x[3] != 3*x[2]^2) print "row " $0 ": " count " of " n[log_name]
        if (x[8] - count/20 > 1e-9 || x[9] > x[8] || x[10] < x[8]) print "interval of " $0
        seen++
    }
    END { if (seen != 18) print seen " rows" }'
agrees() {
    (cd . && for n in $names; do printf 'a/scaling-micro/%s.tsv ' "$n"; done) >files
    awk -F '\t' 'BEGIN { split("arm size d sigma radius n count accuracy lo hi", key, " ") }'"$rows" $(cat files) first.json >why
    [ ! -s why ] || { sed 's/^/# /' why; false; }
}
check "the rows are those of the logs" agrees
tests() { [ "$(grep -c '^{"schema":"smoothbound/experiment-test/1","preset":"micro","arm":"[a-z]*","n":20,"gap":"[0-9.]*","gap_lo":"[0-9.]*","gap_hi":"[0-9.]*",' first.json)" -eq 3 ]; }
check "a row for the test of each arm" tests

again() {
    stat -c '%Y %n' a/scaling-micro/*-[0-9]* >before
    sleep 1
    experiment scaling --preset ./micro.conf --output-dir a --format json
    stat -c '%Y %n' a/scaling-micro/*-[0-9]* >after
    [ "$status" -le 1 ] && cmp -s before after && cmp -s out first.json && ! grep -q about err
}
check "a second time: nothing is computed, the same report" again

# ------------------------------------------------------------------ interrupts
# The time column of a training log aside, two folders hold the same bytes.
same() { # same FOLDER FOLDER
    for n in $names; do
        cmp "$1/$n.safetensors" "$2/$n.safetensors" && cmp "$1/$n.tsv" "$2/$n.tsv" || return 1
        for d in "$1" "$2"; do sed 's/\t[^\t]*$//' "$d/$n.log" >"$(basename "$(dirname "$d")").log"; done
        cmp "$(basename "$(dirname "$1")").log" "$(basename "$(dirname "$2")").log" || return 1
    done >why 2>&1
    for f in results.json results.txt figure-scaling.svg figure-scaling.png preset.conf; do cmp "$1/$f" "$2/$f" || return 1; done >>why 2>&1
}
killed() {
    kills=0
    for wait in 0.05 0.1 0.15 0.2 0.25 0.3 0.35 0.4 0.5 0.6 0.7 0.8 1 2 4 8; do
        timeout -s KILL $wait "$SMOOTHBOUND" experiment scaling --preset ./micro.conf --output-dir b --jobs 1 --quiet >out 2>err
        s=$?
        [ $s -le 1 ] && break
        [ $s -eq 137 ] || return 1
        kills=$((kills + 1))
    done
    [ $s -le 1 ] && [ $kills -ge 2 ] && same a/scaling-micro b/scaling-micro
}
check "killed at many points and continued on one thread: the same bytes" killed
interrupted() {
    rm -rf c
    timeout -s INT 0.3 "$SMOOTHBOUND" experiment scaling --preset ./micro.conf --output-dir c --quiet >out 2>err
    "$SMOOTHBOUND" experiment scaling --preset ./micro.conf --output-dir c --quiet >out 2>err &
    p=$!
    sleep 0.2
    kill -TERM $p 2>/dev/null
    wait $p
    s=$?
    [ $s -eq 130 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -q 'the same command continues' err || [ $s -le 1 ]
}
check "SIGTERM: status 130, one line" interrupted
rm -rf b c
only() {
    experiment scaling --preset ./micro.conf --output-dir d --only fixed --format json
    [ "$status" -le 1 ] && [ ! -e d/scaling-micro/detail-12.tsv ] && [ ! -e d/scaling-micro/scaled-12.tsv ] &&
        grep -q '"arm":"fixed"' out && ! grep -q '"arm":"scaled"' out && cmp d/scaling-micro/fixed-16.tsv a/scaling-micro/fixed-16.tsv
}
check "one arm only" only
part() {
    experiment scaling --preset ./micro.conf --output-dir d --report --format json
    [ "$status" -eq 1 ] || [ "$status" -eq 3 ] && grep -q '"arm":"fixed"' out && ! grep -q '"arm":"scaled"' out
}
check "a report of what is finished" part
nothing() { experiment scaling --preset ./micro.conf --output-dir nowhere --report; [ "$status" -eq 3 ] && [ ! -s out ] && grep -q 'no arm' err && [ ! -e nowhere ]; }
check "a report of nothing: status 3" nothing

# ------------------------------------------------------------------ verdicts from logs made here
# make_logs FOLDER LOST: 60 images at l_inf radii in proportion to the ceiling of each network; of the largest network
# of arm scaled LOST are wrong. sigma: 0.05, 0.075, 0.1 and 0.05; n = 1000, alpha = 0.001: the ceiling is 2.4622 sigma
make_logs() {
    mkdir -p "$1/scaling-made"
    for spec in scaled-8:0.05:0 scaled-12:0.075:0 "scaled-16:0.1:$2" fixed-12:0.05:0 fixed-16:0.05:0; do
        echo "$spec" | awk -F : -v folder="$1/scaling-made" '{
            file = folder "/" $1 ".tsv"
            print "idx\tlabel\tpredict\tradius\tcorrect\ttime" >file
            for (i = 0; i < 60; i++) {
                correct = i >= 12 + $3
                printf "%d\t1\t%d\t%.6f\t%d\t0\n", i, 2 - correct, 2.4622*$2*(i % 24 + 1)/24, correct >file
            }
        }'
    done
    sed -e 's/^n = .*/n = 1000/' -e 's/^alpha = .*/alpha = 0.001/' -e 's/^test-images = .*/test-images = 60/' -e 's/,detail//' micro.conf >made.conf
    cp made.conf "$1/scaling-made/preset.conf"
    echo 'name = made' >>"$1/scaling-made/preset.conf"
}
field() { grep "test/1.*\"arm\":\"$1\"" out | sed -n 's/.*"'"$2"'":"\{0,1\}\([^",}]*\).*/\1/p'; }
lawful() {
    make_logs e 0
    experiment scaling --preset ./made.conf --output-dir e --report --format json
    [ "$status" -eq 0 ] && [ "$(field scaled gap)" = 0.0000 ] && [ "$(field scaled verdict)" = consistent ] &&
        [ "$(field fixed verdict)" = differ ] && grep -q 'were not told apart' e/scaling-made/figure-scaling.svg
}
check "equal curves and a control that differs: as expected" lawful
# i % 24 + 1 > 12 for images 12-23, 36-47: with one sigma the largest size certifies nothing beyond half of the top,
# where the smallest keeps 24 of 60
gap() { [ "$(field fixed gap)" = 0.4000 ] && [ "$(field fixed between)" = "8 and 16" ] && grep -q '"n":60' out; }
check "the largest distance of the control" gap
unlawful() {
    make_logs f 30
    experiment scaling --preset ./made.conf --output-dir f --report --format json
    [ "$status" -eq 1 ] && [ "$(field scaled gap)" = 0.5000 ] && [ "$(field scaled verdict)" = differ ] && [ "$(field scaled p)" = 0.0050 ] &&
        grep -q 'Even with' f/scaling-made/figure-scaling.svg
}
check "a network that is worse: status 1" unlawful
drawn() {
    "$SMOOTHBOUND" figure scaling --logs e/scaling-made -o one.png --data >out 2>err && [ -s one.png ] &&
        [ "$(cut -f 1 one.tsv | sort -u | wc -l)" -eq 7 ]
}
check "the figure alone, from the folder" drawn

# ------------------------------------------------------------------ refusals
refuses() { # refuses NAME PATTERN WORD...
    name=$1 pattern=$2
    shift 2
    experiment "$@" --quiet
    check "$name" trouble "$pattern"
}
line() { # line TEXT: micro.conf with one more line
    { cat micro.conf && echo "$1"; } >bad.conf
}
line 'epocs = 3'
refuses "an unknown key, with file, line and the nearest" "bad.conf: line 17: unknown key 'epocs': did you mean epochs?" scaling --preset ./bad.conf
line 'margin = 2'
refuses "a value out of range" "bad.conf: line 17: margin '2'" scaling --preset ./bad.conf
sed 's/^sizes.*/sizes = 8,8,16/' micro.conf >bad.conf
refuses "sizes that do not increase" "line 2: sizes" scaling --preset ./bad.conf
refuses "an unknown preset" "did you mean quick?" scaling --preset quikc
refuses "a preset that is not there" "none.conf" scaling --preset ./none.conf
refuses "an unknown experiment" "did you mean scaling?" scalling
refuses "no experiment" "which experiment" --preset quick
refuses "two experiments" "unexpected argument" scaling scaling
refuses "no data" "preset cifar-small needs CIFAR-10" scaling --preset cifar-small --output-dir g
refuses "data that are not used" "built-in shapes" scaling --data . --output-dir g
refuses "a folder that is not there" "nonexistent" scaling --preset cifar-small --data /nonexistent --output-dir g
refuses "a folder without data" "data_batch_1.bin" scaling --preset cifar-small --data . --output-dir g
refuses "an unknown arm" "'fxied' is none of" scaling --only fxied --output-dir g
refuses "an arm that the preset lacks" "has no such arm" scaling --preset paper --only detail --data . --output-dir g
refuses "an unknown device" "device" scaling --preset ./micro.conf --device gpu --output-dir g
refuses "a folder of another seed" "seed = 0, not for seed = 5" scaling --preset ./micro.conf --seed 5 --output-dir a
refuses "an output folder that cannot be made" "/dev/null" scaling --preset ./micro.conf --output-dir /dev/null/x
sed 's/^test-images.*/test-images = 10001/' micro.conf >bad.conf
refuses "more test images than there are" "test-images 10001" scaling --preset ./bad.conf --output-dir g
cp -r a h && echo garbage >h/scaling-micro/fixed-12.safetensors
refuses "a network that is no network" "fixed-12.safetensors" scaling --preset ./micro.conf --output-dir h
cmp -s h/scaling-micro/fixed-12.tsv a/scaling-micro/fixed-12.tsv
check "whose log stays" [ $? -eq 0 ]
exit $((failures > 0))
