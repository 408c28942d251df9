#!/bin/sh
# The `directions` command: orders, signs and files that awk checks again, lengths, samples, interrupts and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - directions: $name"; else
        echo "not ok - directions: $name"
        failures=$((failures + 1))
    fi
}
directions() { "$SMOOTHBOUND" directions "$@"; }
cd "$SCRATCH" || exit 2
# field KEY: the value of a key of the rows on standard input
field() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p'; }

exact() {
    for d in 3072 6912 12288 150528 784 1000 588 196 108 500; do
        directions -d $d --format json >row || return 1
        [ "$(field order <row)" = $d ] && [ "$(field ratio <row)" = 1 ] && [ "$(field verdict <row)" = proved ] || return 1
    done
}
check "the orders of images are reached, and proved" exact
row='^{"schema":"smoothbound/directions/1","d":"1079","p":"4","eps":"8/255","order":"1064","construction":"1064: Paley I over GF(1063)","ratio":"0.986098","length_lo":"[0-9.]*","length_hi":"[0-9.]*","entry_lo":"[0-9.]*","entry_hi":"[0-9.]*","check":"auto","verdict":"proved","evidence":"order 1064: Gram matrix 1064 I, by OpenBLAS and by counting bits"}$'
keys() { directions -d 1079 -p 4 -e 8/255 --format json >row && grep -q "$row" row; }
check "d = 1079: the keys of a row and their order" keys
# by mpmath: (8/255) 1064^(1/4) and (8/255) 1064^(-1/4)
lengths() { directions -d 1079 -p 4 -e 8/255 --digits 9 --format json >row && [ "$(field length_lo <row) $(field length_hi <row)" = "0.179178218 0.179178219" ] && [ "$(field entry_lo <row) $(field entry_hi <row)" = "0.00549306071 0.00549306072" ]; }
check "lengths, rounded outward" lengths
sylvester() { directions -d 3072 --method sylvester >out && grep -q 'b = 2048 ' out && grep -q '2^11: Sylvester' out; }
check "--method sylvester" sylvester
huge() { directions -d 4611686018427387903 --format json >row && [ "$(field order <row) $(field verdict <row)" = "4611686018427387848 skipped" ]; }
check "nearly 2^62: a field too large to look at is skipped" huge
ways() { # every check of one order
    for c in gram factors; do [ "$(directions -d 3072 --check $c --format json | field verdict)" = proved ] || return 1; done
    [ "$(directions -d 3072 --check transform --format json | field verdict)" = consistent ] &&
        [ "$(directions -d 3072 --check none --format json | field verdict)" = skipped ]
}
check "every --check" ways
text() { directions -d 3x32x32 >out && grep -q '^  construction  12 x 2^8: Paley I over GF(11) (x) Sylvester$' out && grep -q 'proved$' out; }
check "text" text

# signs: awk multiplies all pairs of rows
orthogonal() { # ORDER: of the lines + and - in out
    grep '^[+-]*$' out | grep . | awk -v b="$1" '{ for (j = 1; j <= b; j++) s[NR, j] = substr($0, j, 1) == "+" ? 1 : -1; if (length($0) != b) bad = 1 }
        END { for (i = 1; i <= NR; i++) for (k = i; k <= NR; k++) { t = 0; for (j = 1; j <= b; j++) t += s[i, j]*s[k, j]; if (t != (i == k ? b : 0)) bad = 1 }
              exit !(NR == b && !bad) }'
}
printed() { for d in 1 2 12 28 36 52 100 112; do directions -d $d --print >out && orthogonal $d || return 1; done; }
check "--print: orthogonal signs" printed
some_rows() { directions -d 12 --print --rows 2 --format json >rows && [ "$(wc -l <rows)" -eq 3 ] && tail -n 1 rows | grep -q '^{"schema":"smoothbound/directions/1","row":2,"signs":"[+-]\{12\}"}$'; }
check "--print --rows in JSON" some_rows

# files: 128 bytes of header, then float32
numbers() { od -An -v -j128 -tf4 -w$((4 * $2)) "$1"; }
written() {
    directions -d 23 -p 4 -e 1/2 -o v.npy >out && grep -q 'v.npy: shape (20, 23), float32' out && [ "$(wc -c <v.npy)" -eq $((128 + 4 * 20 * 23)) ] || return 1
    # entries 20^(-1/4)/2; three columns of zeros
    numbers v.npy 23 | awk '{ for (j = 1; j <= 23; j++) { v[NR, j] = $j; a = $j < 0 ? -$j : $j; w = j <= 20 ? 0.23643540225079 : 0; if (a - w > 1e-7 || w - a > 1e-7) bad = 1 } }
        END { for (i = 1; i <= NR; i++) for (k = i + 1; k <= NR; k++) { t = 0; for (j = 1; j <= 23; j++) t += v[i, j]*v[k, j]; if (t > 1e-6 || t < -1e-6) bad = 1 } exit !(NR == 20 && !bad) }'
}
check "-o FILE.npy: orthogonal rows of the right length" written
read_again() { "$SMOOTHBOUND" sample --input v.npy --format json 2>&1 | grep '"quantity":"E||eta||_2^2"' | grep -q '"n":20,.*"estimate":"1.11803"'; } # 20 (20^(-1/4)/2)^2 = sqrt(20)/4
check "another command reads it" read_again
first_rows() { directions -d 3072 --rows 3 -o w.npy --format json >row && [ "$(wc -c <w.npy)" -eq $((128 + 4 * 3 * 3072)) ] && grep -q '"file":"w.npy","rows":3' row; }
check "--rows limits the file" first_rows
stopped() {
    "$SMOOTHBOUND" directions -d 30000 --check none -o big.npy --quiet >out 2>err &
    pid=$!
    sleep 0.5
    kill -TERM "$pid"
    wait "$pid"
    [ $? -eq 130 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && [ -z "$(ls big.npy* 2>/dev/null)" ]
}
check "an interrupt leaves no file" stopped

# Theorem 1.2 on samples
samples() { # D: sum (v_i.eta)^2/|v_i|^2 = ||eta||^2 up to rounding, for b = d
    directions -d "$1" --noise laplace:b=1 --samples 5 --seed 4 --format json | grep '"noise":"laplace:b=1"' >row || return 1
    [ "$(field verdict <row)" = consistent ] && [ "$(field kept <row)" = 1 ] && awk -v defect="$(field defect <row)" -v mean="$(field mean <row)" 'BEGIN { exit !(defect < 1e-13 && mean > 1.8 && mean < 2.2) }'
}
check "Pythagoras at d = 3072" samples 3072
check "Pythagoras at d = 12288" samples 12288
check "Pythagoras at d = 150528" samples 150528
lost() { # b = 1064 of 1079 coordinates
    directions -d 1079 --noise gaussian:sigma=1 --samples 200 --format json | grep '"noise"' | field kept | awk '{ kept = $1 } END { exit !(kept > 0.984 && kept < 0.988) }'
}
check "the projection loses the last coordinates" lost
# Corollary 3.4: (8/255)^2 3072 (1-delta)/(200 delta^2) at delta = 1/10 is 1.36060...
bound() { directions -d 3072 -e 8/255 --delta 1/10 --noise gaussian:sigma=1 --samples 2 >out && grep -q 'Corollary 3.4 asks for 1.36' out; }
check "the bound of Corollary 3.4 stands beside" bound
seeds() { a='directions -d 12 --noise gaussian:sigma=1 --format csv' && $a >one && $a >two && $a --seed 1 >three && cmp -s one two && ! cmp -s one three; }
check "samples depend on the seed alone" seeds

refuse() {
    value=$1
    shift
    directions "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
check "refuses no dimension" refuse "d is missing"
check "refuses d = 0" refuse "'0'" -d 0
check "refuses d beyond 2^62" refuse "2^63" -d 2^63
check "refuses d = 3/2" refuse "3/2" -d 3/2
check "refuses an unknown method" refuse "did you mean 'sylvester'" -d 12 --method silvester
check "refuses an unknown check" refuse "did you mean 'gram'" -d 12 --check grm
check "refuses p < 1" refuse "1/2" -d 12 -p 1/2
check "refuses a huge --print" refuse "see --rows" -d 3072 --print
check "refuses a huge Gram matrix" refuse "150528" -d 150528 --check gram
check "refuses a field beyond the limit when its signs are asked for" refuse "4611686018427387847" -d 4611686018427387903 --check factors
check "refuses a file beyond the limit" refuse "--rows" -d 150528 -o huge.npy
check "refuses a folder that is not there" refuse "none/v.npy" -d 12 -o none/v.npy
check "refuses a folder for a file" refuse "folder.npy" -d 12 -o "$(mkdir folder.npy && echo folder.npy)"
check "refuses entries beyond float32" refuse "float32" -d 12 -e 1e50 -o v.npy
check "refuses --rows 13 of 12" refuse "13" -d 12 --print --rows 13
check "refuses --rows alone" refuse "--rows" -d 12 --rows 2
check "refuses --samples without noise" refuse "--noise" -d 12 --samples 5
check "refuses an unknown noise" refuse "did you mean" -d 12 --noise gausian:sigma=1
check "refuses samples in too many dimensions" refuse "2^40" -d 2^40 --noise gaussian:sigma=1
full() { directions -d 12 2>err >/dev/full; [ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]; }
check "a full disk" full
[ "$failures" -eq 0 ]
