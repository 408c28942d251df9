#!/bin/sh
# The `train` command: the same bytes after kills and interrupts and for any threads, refusals that leave
# everything as it was, presets, a full disk.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - train: $name"; else
        echo "not ok - train: $name"
        failures=$((failures + 1))
    fi
}
cd "$SCRATCH" || exit 2
small="--data shapes --source-size 8 --size 8 --depth 8 --images 60 --batch 10 --epochs 2 --seed 5 --quiet"
train() { "$SMOOTHBOUND" train $small "$@"; }
# refused WORD ARGUMENT...: exit 2, one line on stderr with the word, nothing on stdout
refused() {
    word=$1
    shift
    train "$@" >out 2>err
    [ $? -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$word" err
}
same_log() { [ "$(cut -f 1-4 "$1")" = "$(cut -f 1-4 "$2")" ]; }
meta() { head -c 3000 "$1" | grep -a -o '"'"$2"'":"[^"]*"' | head -n 1 | cut -d '"' -f 4; } # of the JSON at the head of a model

t="--method trades --steps 2"
train $t -o whole.st --log whole.tsv --jobs 1 --format json >row || exit 2
row() { grep -q '^{"schema":"smoothbound/train/1","model":"whole.st","method":"trades","recipe":"published-code","depth":8,"size":8,"sigma":"0.12","radius":"0.435","epochs":2,"loss":"[0-9.]*","accuracy":"[0-9.]*","seconds":[0-9.]*,"sha256":"[0-9a-f]\{64\}"}$' row; }
check "one row about the model" row
hash() { [ "$(sha256sum whole.st | cut -c 1-64)" = "$(sed -n 's/.*"sha256":"\([0-9a-f]*\)".*/\1/p' row)" ]; }
check "its hash is that of the file" hash
logged() { grep -q '^# recipe published-code$' whole.tsv && grep -q '^# sigma 0.12$' whole.tsv && grep -q '^# computed-by ' whole.tsv && [ "$(grep -c '^[12]	' whole.tsv)" -eq 2 ]; }
check "the log has recipe, options, and a line an epoch" logged
metadata() { [ "$(meta whole.st recipe)" = published-code ] && [ "$(meta whole.st epochs-done)" = 2 ] && [ "$(meta whole.st steps-done)" = 12 ] && [ "$(meta whole.st radius)" = 0.435 ]; }
check "the model's metadata" metadata

threads() { train $t -o two.st --log two.tsv --jobs 2 >/dev/null && cmp whole.st two.st && same_log whole.tsv two.tsv; }
check "threads change nothing" threads
recipe() { train $t --recipe paper -o paper.st >/dev/null && ! cmp -s whole.st paper.st && [ "$(meta paper.st recipe)" = paper ]; }
check "the recipe changes the model and stands in it" recipe

# Killed 20 times, a little later each time, and continued.
killed() {
    train $t --epochs 10 -o long.st --log long.tsv >/dev/null || return 1
    for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        timeout -s KILL "0.$((10 + i))" "$SMOOTHBOUND" train $small $t --epochs 10 -o killed.st --log killed.tsv \
            --resume --checkpoint-steps 1 >/dev/null 2>&1
        [ -e killed.st ] && meta killed.st steps-done >>steps
    done
    train $t --epochs 10 -o killed.st --log killed.tsv --resume >/dev/null && cmp long.st killed.st &&
        same_log long.tsv killed.tsv && [ "$(sort -u steps | wc -l)" -gt 2 ]
}
check "killed 20 times, continued to the same bytes" killed

interrupted() {
    rm -f stopped.st stopped.tsv
    "$SMOOTHBOUND" train $small $t --epochs 4000 -o stopped.st --log stopped.tsv >/dev/null 2>err &
    child=$!
    tries=0
    while [ ! -e stopped.st ] && [ $tries -lt 300 ]; do
        sleep .1
        tries=$((tries + 1))
    done
    kill -INT $child
    wait $child
    [ $? -eq 130 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q 'interrupted after step [0-9]* of 24000; stopped.st can be resumed' err &&
        [ "$(meta stopped.st steps-done)" = "$(sed 's/.*after step \([0-9]*\) .*/\1/' err)" ]
}
check "an interrupt leaves the state of its step" interrupted

cp whole.st model.st
cp whole.tsv model.tsv
intact() { cmp whole.st model.st && cmp whole.tsv model.tsv && [ ! -e model.st.tmp ] && [ ! -e model.tsv.tmp ]; }
check "an existing model is refused" refused "model.st: exists" $t -o model.st
check "an existing log is refused" refused "model.tsv: exists" $t -o other.st --log model.tsv
check "another sigma on resume" refused "sigma 0.12, not 0.25" $t --sigma 0.25 -o model.st --resume
check "another depth on resume" refused "depth 8, not 14" $t --depth 14 -o model.st --resume
check "another method on resume" refused "method trades, not noise" --method noise -o model.st --resume
check "other data on resume" refused "data-sha256" $t --source-size 12 -o model.st --resume
check "the log of another training on resume" refused "row: line 1" $t -o model.st --log row --resume
check "--resume and --force" refused "exclude each other" $t -o model.st --resume --force
check "one file for model and log" refused "both model and log" $t -o model.st --log model.st --force
check "they all left model and log alone" intact
finished() { train $t -o model.st --log model.tsv --resume >/dev/null && cmp whole.st model.st; }
check "a finished model is left alone" finished
forced() { train $t --seed 6 -o model.st --log model.tsv --force >/dev/null && ! cmp -s whole.st model.st && [ "$(meta model.st seed)" = 6 ]; }
check "--force replaces" forced

check "no model's name" refused "-o MODEL" --method noise
check "a bad option" refused "sigma '-1'" --sigma -1 -o x.st
check "a depth that is none" refused "depth 9" --depth 9 -o x.st
check "noises without smooth-adv" refused "noise-samples 3" --method trades --noise-samples 3 -o x.st
check "training is in f32" refused "precision 'bf16'" --precision bf16 -o x.st
check "a folder that is missing" refused "/no/such" --method noise -o /no/such/x.st
printf 'not a model' >broken.st
check "a broken checkpoint" refused "broken.st" --method noise -o broken.st --resume
broken() { [ "$(cat broken.st)" = 'not a model' ] && [ ! -e x.st ]; }
check "nothing was written" broken

diverges() {
    refused "step" --method noise --rate 1e30 --epochs 9 -o diverging.st && grep -q 'diverging.st\|rate' err && [ -s diverging.st ] &&
        refused "step" --method noise --rate 1e30 --epochs 9 -o diverging.st --resume # so it can be read
}
check "a loss that is not finite: the step, and the last good model" diverges

# a disk that is full: no file may pass 64 blocks
full() {
    cp whole.st full.st
    before=$(cksum <full.st)
    (
        trap '' XFSZ
        ulimit -f 64
        "$SMOOTHBOUND" train $small $t --epochs 3 -o full.st --force >out 2>err
    )
    [ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q full.st err && [ "$(cksum <full.st)" = "$before" ] && [ ! -e full.st.tmp ]
}
check "a full disk while saving: the old model stays" full
no_output() { train --method noise -o written.st >/dev/full 2>err; [ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ] && [ -s written.st ]; }
check "standard output on a full disk" no_output

printf '# small\nmethod = trades\nsteps = 2 # few\nsigma = 3/10\n' >a.conf
preset() { train --preset a.conf --sigma 0.12 -o preset.st >/dev/null && cmp whole.st preset.st; }
check "a preset, and the command line goes first" preset
printf 'method = noise\n\nsigmma = 1\n' >b.conf
check "an unknown key in a preset" refused "b.conf: line 3: 'sigmma' is no training option: did you mean sigma?" --preset b.conf -o y.st
printf 'method = noise\nsigma = x\n' >c.conf
check "a bad value in a preset" refused "c.conf: line 2: sigma 'x'" --preset c.conf -o y.st
check "a preset that is missing" refused "none.conf" --preset none.conf -o y.st

[ "$failures" -eq 0 ]
