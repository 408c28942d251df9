#!/bin/sh
# The commands `certify`, `predict` and `merge-logs`: a log is the same bytes with any batch, threads, shards, after
# SIGKILL and SIGINT; radii from counts; refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - certify: $name"; else
        echo "not ok - certify: $name"
        failures=$((failures + 1))
    fi
}
cd "$SCRATCH" || exit 2
device='--device reference'
if ! "$SMOOTHBOUND" train --data shapes --source-size 8 --method noise --depth 8 --size 8 --sigma 0.25 --images 64 \
    --batch 32 --epochs 1 --seed 3 $device -o model >err 2>&1; then
    echo "not ok - certify: a model to certify: $(head -n 1 err)"
    exit 1
fi
"$SMOOTHBOUND" train --data shapes --source-size 8 --method noise --depth 8 --size 8 --sigma 0.25 --images 64 \
    --batch 32 --epochs 1 --seed 4 $device -o other >err 2>&1
certify() { "$SMOOTHBOUND" certify "$@" 2>err; }
# a run of well under a second
task="--data shapes --source-size 8 --size 4 --sigma 0.25 --n 30 --n0 5 --max 24 --seed 9 $device"

certify model $task -o whole.tsv
# ------------------------------------------------------------------ the log
log() {
    [ "$(grep -c '^# ' whole.tsv)" = 16 ] && [ "$(grep -vc '^#' whole.tsv)" = 25 ] &&
        grep -q '^idx	label	predict	radius	correct	time	counts0	counts$' whole.tsv &&
        grep -q '^# noise gaussian:sigma=1/4$' whole.tsv && grep -q '^# device reference f64$' whole.tsv &&
        grep -qx "# model $(sha256sum <model | cut -d ' ' -f 1)" whole.tsv
}
check "the header and a line for every image" log
sums() {
    grep -v -e '^#' -e '^idx' whole.tsv | awk -F '\t' '{
        split($7, a, ","); split($8, b, ","); s = t = 0; for (i = 1; i <= 10; i++) { s += a[i]; t += b[i] }
        if (s != 5 || t != 30 || $6 != "0" || $5 != ($2 == $3) || ($3 == -1 && $4 != "0")) exit 1 }'
}
check "all classes are counted" sums
curve() { "$SMOOTHBOUND" curve whole.tsv --radii natural,0.1 --format json >out && [ "$(grep -c '"n":24' out)" = 2 ]; }
check "curve reads it" curve
reread() { ! "$SMOOTHBOUND" curve whole.tsv --rule cohen --sigma 0.25 2>err && grep -q "whole.tsv: its header says rule 'cohen'" err; }
check "curve does not take it for a log of the two-class rule" reread
standard() { certify model $task | cmp -s - whole.tsv; }
check "standard output" standard
timed() { certify model $task --max 2 --time -o timed.tsv && awk -F '\t' '/^[0-9]/ && $6 !~ /^[0-9]+\.[0-9][0-9][0-9]$/ { exit 1 }' timed.tsv; }
check "--time" timed
images() { # every third from the fourth on, and the label that the data says
    certify model $task --skip 3 --max 4 -o skip.tsv && [ "$(awk '/^[0-9]/ { printf "%s ", $1 }' skip.tsv)" = "0 3 6 9 " ] &&
        awk '/^[03]\t/' whole.tsv | cmp -s - - && [ "$(grep '^3	' skip.tsv)" = "$(grep '^3	' whole.tsv)" ]
}
check "--skip takes every N-th image, with the same samples" images

# ------------------------------------------------------------------ the same bytes
batches() {
    for b in 1 100 1000; do certify model $task --batch $b -o b$b.tsv && cmp -s whole.tsv b$b.tsv || return 1; done
}
check "batch 1, 100 and 1000" batches
threads() {
    for j in 1 2; do certify model $task --jobs $j -o j$j.tsv && cmp -s whole.tsv j$j.tsv || return 1; done
}
check "1 and 2 threads" threads
fast() { # the fast device: another description, the same bytes among themselves
    for j in 1 2; do certify model $task --device cpu --batch $((j * 7)) --jobs $j -o cpu$j.tsv || return 1; done
    cmp -s cpu1.tsv cpu2.tsv && ! cmp -s cpu1.tsv whole.tsv
}
check "1 and 2 threads of the fast device" fast
shards() {
    for i in 1 2 3; do certify model $task --shard $i/3 -o part$i.tsv || return 1; done
    "$SMOOTHBOUND" merge-logs part2.tsv part3.tsv part1.tsv -o merged.tsv && cmp -s merged.tsv whole.tsv
}
check "three shards, joined" shards

# SIGKILL at 20 random points; a log that is complete is compared and the next begun
killed() {
    rm -f k.tsv
    kills=0 complete=0 i=0
    while [ $kills -lt 20 ]; do
        i=$((i + 1))
        [ $i -le 100 ] || return 1
        "$SMOOTHBOUND" certify model $task -o k.tsv --resume >/dev/null 2>&1 &
        run=$!
        sleep "$(awk -v i=$i 'BEGIN { srand(i); printf "%.3f", 0.15 * rand() }')"
        kill -KILL $run 2>/dev/null && kills=$((kills + 1))
        wait $run 2>/dev/null
        if [ $? -eq 0 ]; then
            cmp -s k.tsv whole.tsv || return 1
            complete=$((complete + 1))
            rm -f k.tsv
        fi
    done 2>/dev/null
    certify model $task -o k.tsv --resume && cmp -s k.tsv whole.tsv
}
check "SIGKILL at random points, resumed, 20 times" killed
cut() { # an unfinished last line, and one that is cut within its counts
    for bytes in 40 3 1; do
        head -c -$bytes whole.tsv >cut.tsv
        certify model $task -o cut.tsv --resume && cmp -s cut.tsv whole.tsv || return 1
    done
}
check "an unfinished last line is cut off" cut
interrupted() {
    "$SMOOTHBOUND" certify model $task --n 3000 -o i.tsv >/dev/null 2>err &
    run=$!
    for t in 1 2 3 4 5 6 7 8 9 10; do # until it has begun
        sleep 0.1
        [ -s i.tsv ] && break
    done
    sleep 0.2
    kill -INT $run
    wait $run
    [ $? -eq 130 ] && [ "$(wc -l <err)" = 1 ] && grep -q 'interrupted after [0-9]* of 24 images; .*--resume continues i.tsv' err &&
        grep -q '^idx' i.tsv
}
check "an interrupt keeps the log and says how to go on" interrupted

# ------------------------------------------------------------------ other runs
adaptive() {
    certify model $task --n 640 --max 4 --adaptive --radius 0.1 -o a.tsv && grep -qx '# adaptive 1/10' a.tsv &&
        grep -qx '# stages 10:1/6000 40:1/6000 160:1/6000 640:1/2000' a.tsv
}
check "adaptive stopping" adaptive
noises() { certify model $task --sigma 0.25 --noise laplace:b=1 2>err && return 1
    t=$(echo "$task" | sed 's/--sigma 0.25/--noise laplace:b=1\/10/')
    certify model $t --max 2 -o l.tsv && grep -qx '# norm inf' l.tsv && grep -qx '# noise laplace:b=1/10' l.tsv; }
check "another noise" noises
unsound() { certify model $task --max 2 --rule two-class-as-published -o u.tsv && grep -q unsound err && grep -qx '# rule two-class-as-published (unsound)' u.tsv; }
check "the unsound rule is marked" unsound
predict() {
    "$SMOOTHBOUND" predict model $task --n0 3 2>err && return 1
    t=$(echo "$task" | sed 's/--n0 5//')
    "$SMOOTHBOUND" predict model $t -o p.tsv && grep -qx '# rule predict' p.tsv &&
        awk -F '\t' '/^[0-9]/ { n++; if ($4 != "0" || $7 != "0,0,0,0,0,0,0,0,0,0") exit 1 } END { exit n != 24 }' p.tsv
}
check "predict" predict

# ------------------------------------------------------------------ counts
# SciPy: 0.12 norm.ppf(beta.ppf(0.001, 99000, 1001)) = 0.27479999462565; with sqrt(3072): 0.0049579972
counts() { [ "$("$SMOOTHBOUND" certify --counts "$@" --format json | sed 's/.*"lo":"\([^"]*\)".*/\1/')" = "$want" ]; }
want=0.274799 check "radius of counts, rounded down" counts 99000/100000 --sigma 0.12
want=0.00495799 check "in l_inf" counts 99000/100000 --sigma 0.12 -d 3x32x32 -p inf
want=0.2747999946 check "more digits" counts 99000/100000 --sigma 0.12 --digits 10
want=0.457374 check "the sampling ceiling" counts 100000/100000 --sigma 0.12
want=0.0590131 check "two classes" counts 600,300/1000 --sigma 0.25 --rule two-class-bonferroni
want=0.0653862 check "the published rule" counts 600,300/1000 --sigma 0.25 --rule two-class-as-published
want=0.00949666 check "uniform noise" counts 900/1000 --noise uniform:r=1/2 -d 48
want=0.193356 check "all other classes alike" counts 600,45/1000 --sigma 0.25 --rule two-class-bonferroni
abstains() { "$SMOOTHBOUND" certify --counts 549/1000 --sigma 1 | grep -q abstains; }
check "an abstention" abstains

# ------------------------------------------------------------------ refusals: one line, exit 2, no file
refused() { # refused WORDS ARGUMENTS...
    words=$1
    shift
    "$SMOOTHBOUND" "$@" >out 2>err </dev/null
    [ $? -eq 2 ] && [ "$(wc -l <err)" = 1 ] && [ ! -s out ] && [ ! -e new.tsv ] && grep -q -e "$words" err || {
        echo "# $*: $(head -n 1 err)"
        return 1
    }
}
t="--data shapes --source-size 8 --size 4 --max 2 $device -o new.tsv"
for o in "sigma '0':--sigma 0" "sigma '-1':--sigma=-1" "sigma 'x':--sigma x" "n '0':--n 0" "n '2000000000':--n 2000000000" \
    "n0 '0':--n0 0" "n0 '1/2':--n0 1/2" "alpha '0':--alpha 0" "alpha '1':--alpha 1" "alpha '2':--alpha 2" "alpha 'inf':--alpha inf" \
    "shard '4/3':--shard 4/3" "shard '0/3':--shard 0/3" "shard '1':--shard 1" "shard '1/x':--shard 1/x" "max '0':--max 0" \
    "skip '0':--skip 0" "batch '0':--batch 0" "split 'dev':--split dev" "cohen:--rule cohn" "size '3':--size 3" "reference:--device refrence" \
    "go together:--adaptive" "go together:--radius 1" "radius '0':--adaptive --radius 0" "lattice:--noise lattice:points=5,spacing=1" \
    "go with --counts:-d 3" "precision:--precision f16" "unknown option --foo:--foo" "--resume and --force:--resume --force"; do
    words=${o%%:--*}
    case $o in *:-d*) words=${o%%:-d*} ;; esac
    case ${o#"$words":} in --sigma*|--noise*) s= ;; *) s='--sigma 0.25' ;; esac
    check "${o#"$words":} is refused" refused "$words" certify model $t $s ${o#"$words":}
done
check "no model" refused "which model" certify $t --sigma 1
check "no noise" refused "noise is missing" certify model $t
check "no data" refused "images are missing" certify model --sigma 1 -o new.tsv
check "a model that is not there" refused "nothere" certify nothere $t --sigma 1
check "a folder without data" refused "nodir" certify model --data nodir --sigma 1 -o new.tsv
check "a log that is no model" refused "whole.tsv" certify whole.tsv $t --sigma 1
check "--resume needs a log" refused "-o LOG" certify model --data shapes --sigma 1 --resume
check "counts above N" refused "more than N" certify --counts 11/10 --sigma 1
check "a largest count that is none" refused "another one has at least 45" certify --counts 600,44/1000 --sigma 1 --rule two-class-bonferroni
check "counts without N" refused "NA/N" certify --counts 11 --sigma 1
check "counts and a model" refused "neither a model" certify model --counts 9/10 --sigma 1
check "counts and --n" refused "leave --n out" certify --counts 9/10 --sigma 1 --n 10
check "counts need d for l_inf" refused "d is missing" certify --counts 9/10 --sigma 1 -p inf
check "a full disk" refused "/dev/full" certify model $(echo "$t" | sed 's/new.tsv/\/dev\/full/') --sigma 1
check "no logs to join" refused "which logs" merge-logs
check "a shard is missing" refused "2/3 is missing" merge-logs part1.tsv part3.tsv -o new.tsv
check "a log that is no shard" refused "no line '# shard" merge-logs whole.tsv -o new.tsv
intact() { # intact KEY MODEL ARGUMENTS...: a log of another run on --resume
    key=$1
    shift
    cp whole.tsv w.tsv
    certify "$@" -o w.tsv --resume
    [ $? -eq 2 ] && [ "$(wc -l <err)" = 1 ] && grep -q -e "$key" err && cmp -s w.tsv whole.tsv
}
check "a log of another model on resume" intact 'model is' other $task
check "a log of another seed on resume" intact 'seed is' model $task --seed 8
check "a log of another sigma on resume" intact 'noise is' model $task --sigma 0.5
check "a log of a shard on resume" intact 'shard' model $task --shard 1/2
exists() { cp whole.tsv w.tsv; certify model $task -o w.tsv; [ $? -eq 2 ] && grep -q 'w.tsv: exists' err && cmp -s w.tsv whole.tsv; }
check "a log that exists" exists
forced() { echo old >w.tsv; certify model $task -o w.tsv --force && cmp -s w.tsv whole.tsv; }
check "--force" forced

[ $failures -eq 0 ]
