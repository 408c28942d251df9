#!/bin/sh
# sbcheck from outside: good certificates are accepted, every damaged one is rejected, each rule has a certificate that breaks only it.
# $SBCHECK is the program; $SCRATCH, where given, a folder to work in.
set -u
LC_ALL=C
export LC_ALL
: "${SBCHECK:?is the program to test}"
here=$(cd "$(dirname "$0")" && pwd)
work=${SCRATCH:-$(mktemp -d)}
[ -n "${SCRATCH:-}" ] || trap 'rm -rf "$work"' EXIT
claims=$work/claims-directory
failures=0

report() { # report CONDITION-STATUS NAME
    if [ "$1" -eq 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        failures=$((failures + 1))
    fi
}

# Runs sbcheck; keeps its status, output and errors.
run() {
    "$SBCHECK" "$@" >"$work/out" 2>"$work/err"
    status=$?
}

explain() { sed 's/^/# /' "$work/out" "$work/err" | head -n 5; }

# --- the good ones ---

mkdir -p "$claims"
for f in "$here"/good/*.cert; do
    name=$(basename "$f" .cert)
    sed -e 's/-certificate 1/-claim 1/' -e '/^tree/,$d' -e '/^point/,$d' -e '/^identity$/,$d' "$f" >"$claims/$name"
done
sed 's/^claim .*/claim another-claim/; s/^goal .*/goal x^2 >= 0/' "$claims/log-gamma" >"$claims/another-claim"

bad=0 count=0
for f in "$here"/good/*.cert; do
    name=$(basename "$f" .cert)
    case $name in refuted-*) expected=1 verdict="$name refuted (goal = " ;; *) expected=0 verdict="$name proved (" ;; esac
    run --claims "$claims" "$f"
    count=$((count + 1))
    case $(cat "$work/out") in "$verdict"*) ;; *) status=99 ;; esac
    if [ "$status" -ne "$expected" ] || [ -s "$work/err" ]; then
        bad=1
        explain
    fi
    run --free "$f"
    [ "$status" -eq "$expected" ] || bad=1
done
echo "# $count good certificates"
[ "$count" -gt 30 ] || bad=1
report $bad "good certificates are accepted, with and without their claims"

# Layout does not count: comments, blank lines, tabs, CRLF, a last line without newline, leading blanks.
bad=0
for f in "$here"/good/*.cert; do
    run --free "$f"
    expected=$status
    sed 's/$/ # a comment/; s/^/\t  /; s/ /  \t/' "$f" | awk '{ print ""; print "# more"; print $0 "\r" }' >"$work/layout"
    printf '%s' "$(cat "$work/layout")" >"$work/layout.cert"
    run --claims "$claims" "$work/layout.cert"
    if [ "$status" -ne "$expected" ]; then
        bad=1
        explain
    fi
    run --claims "$claims" - <"$f"
    [ "$status" -eq "$expected" ] || bad=1
done
report $bad "comments, blanks, CRLF and a missing last newline do not count; - is standard input"

# --- damaged ones ---

mkdir -p "$work/free" "$work/claims"
total=0
for f in "$here"/good/*.cert; do
    n=$(awk -v out="$work" -v base="$(basename "$f" .cert)" -f "$here/mutate.awk" "$f") || exit 2
    total=$((total + n))
done
# $1: free or claims; the rest: options. All must be rejected, each with one line, none with anything worse.
all_rejected() {
    kind=$1
    shift
    find "$work/$kind" -name '*.cert' -exec "$SBCHECK" --json "$@" {} + >"$work/out" 2>"$work/err"
    files=$(find "$work/$kind" -name '*.cert' | wc -l) lines=$(grep -c '^sbcheck: .*\.cert' "$work/err")
    if [ -s "$work/out" ] || [ "$files" -ne "$lines" ] || [ "$(wc -l <"$work/err")" -ne "$lines" ]; then
        echo "# $files files, $lines rejected"
        explain
        return 1
    fi
}
all_rejected free --free
report $? "certificates with a damaged proof are rejected"
all_rejected claims --claims "$claims"
report $? "certificates of something else than the claim are rejected"
[ "$total" -eq "$(find "$work/free" "$work/claims" -name '*.cert' | wc -l)" ] && [ "$total" -gt 10000 ]
report $? "there are enough damaged certificates"
echo "# $total damaged certificates"

# Bytes changed at random: any verdict is possible, a crash is not.
mkdir -p "$work/noise"
for f in "$here"/good/*.cert; do
    awk -v out="$work/noise/$(basename "$f" .cert)" '
        { text = text $0 "\n" }
        END {
            srand(length(text))
            alphabet = "0123456789()+-*/^,.<>= #\tabcdefghijklmnopqrstuvwxyz_\n\001"
            for (k = 1; k <= 40; k++) {
                t = text
                for (m = int(rand() * 4); m >= 0; m--) {
                    at = 1 + int(rand() * length(t)); how = rand()
                    c = how < 0.3 ? "" : how < 0.4 ? substr(t, 1 + int(rand() * length(t)), 30) : substr(alphabet, 1 + int(rand() * length(alphabet)), 1)
                    t = substr(t, 1, at - 1) c substr(t, at + (how < 0.7))
                }
                printf "%s", t >(out "-" k ".cert")
                close(out "-" k ".cert")
            }
        }' "$f"
done
bad=0
for f in "$work"/noise/*.cert; do
    run --free "$f"
    case $status in
    0 | 1) [ -s "$work/out" ] && [ ! -s "$work/err" ] || bad=1 ;;
    2) [ ! -s "$work/out" ] && [ "$(grep -c '^sbcheck: ' "$work/err")" -eq "$(wc -l <"$work/err")" ] || bad=1 ;;
    *) bad=1 ;;
    esac
    if [ $bad -ne 0 ]; then
        echo "# $f: status $status"
        explain
        break
    fi
done
report $bad "random bytes lead to a verdict or one fault"

# --- one rule each ---

certificate() { # certificate LINE...: a certificate with these lines behind the first three
    printf '%s\n' 'smoothbound-certificate 1' 'claim t' 'says t' "$@" end >"$work/t.cert"
}
accepts() { # accepts NAME LINE...
    name=$1
    shift
    certificate "$@"
    run --free "$work/t.cert"
    [ "$status" -lt 2 ]
    s=$?
    [ $s -eq 0 ] || explain
    report $s "accepts $name"
}
rejects() { # rejects NAME PATTERN LINE...: and the fault matches the pattern
    name=$1 pattern=$2
    shift 2
    certificate "$@"
    run --free "$work/t.cert"
    [ "$status" -eq 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q -e "$pattern" "$work/err"
    s=$?
    [ $s -eq 0 ] || explain
    report $s "rejects $name"
}

X='var x 0 1'
# domains
rejects 'log that touches 0' 'cannot be enclosed' "$X" 'goal 1 - x*log(x) >= 0' tree ok
rejects 'sqrt that goes below 0' 'cannot be enclosed' 'var x -1 1' 'goal sqrt(x) >= 0' tree ok
rejects 'a slope of sqrt at 0' 'slope in x cannot' "$X" 'goal sqrt(x) >= 0' tree 'ok up x'
accepts 'the value of sqrt at 0' "$X" 'goal sqrt(x) >= 0' tree ok
rejects 'a quotient by an interval with 0' 'cannot be enclosed' 'var x -1 1' 'goal 1/x^2 >= 0' tree ok
rejects 'a quotient by 0 at an end' 'cannot be enclosed' "$X" 'goal 1/x >= 0' tree ok
rejects '0 to a negative power' 'cannot be enclosed' "$X" 'goal x^-2 >= 0' tree ok
rejects 'a real power at 0' 'cannot be enclosed' "$X" 'goal x^(1/2) >= 0' tree ok
rejects 'a variable exponent at base 0' 'cannot be enclosed' "$X" 'var s 1 2' 'goal x^s >= 0' tree ok
rejects 'a real power of a negative number' 'cannot be enclosed' 'var x -2 -1' 'goal x^(1/3) + 2 >= 0' tree ok
accepts '0^0 = 1 as an integer power' 'var x -1 1' 'goal x^0 - 1 >= 0' tree ok
rejects 'gamma below 0' 'cannot be enclosed' 'var x -1/2 1' 'goal gamma(x)^2 >= 0' tree ok
rejects 'gamma of a negative number' 'cannot be enclosed' 'var x -1/2 -1/4' 'goal -gamma(x) >= 0' tree ok
rejects 'lgamma of a negative number' 'cannot be enclosed' 'var x -1/2 -1/4' 'goal lgamma(x) >= 0' tree ok
rejects 'a point outside the domain' 'cannot be enclosed' 'var x -1 1' 'goal log(x) >= 0' 'point -1'
rejects 'an undefined branch of max' 'cannot be enclosed' 'var x -1 1' 'goal max(1, log(x)) >= 0' tree ok
rejects '0 times undefined' 'cannot be enclosed' 'var x -1 1' 'goal 0*log(x) >= 0' tree ok
# false statements behind plausible steps
rejects 'up where it goes down' 'slope in x is in' "$X" 'goal 1 - x - 1/2 >= 0' tree 'ok up x'
rejects 'down, and false there' 'the goal is in' "$X" 'goal 1 - x - 1/2 >= 0' tree 'ok down x'
rejects 'up across a kink that turns' 'slope in x is in' 'var x -1 1' 'goal 1/2 - abs(x) >= 0' tree 'ok up x'
rejects 'down across a kink that turns' 'slope in x is in' 'var x -1 1' 'goal 1/2 - abs(x) >= 0' tree 'ok down x'
rejects 'up over the minimum of gamma' 'slope in x is in' 'var x 1 2' 'goal gamma(x) - 1 >= 0' tree 'ok up x'
rejects 'concave that is convex' 'second derivative in x is in' 'var x -1 1' 'goal x^2 - 1/2 >= 0' tree 'ok concave x'
rejects 'concave with a kink, max' 'second derivative in x cannot' "$X" 'goal max(1/3 - x, x - 2/3) >= 0' tree 'ok concave x'
rejects 'concave with a kink, abs' 'second derivative in x cannot' 'var x -1 1' 'goal abs(x) - 1/2 >= 0' tree 'ok concave x'
rejects 'concave, one end below 0' 'the goal is in' "$X" 'goal 1/2 - x^2 >= 0' tree 'ok concave x'
rejects 'concave, the other end below 0' 'the goal is in' "$X" 'goal 1/2 - (1-x)^2 >= 0' tree 'ok concave x'
rejects 'monotone in x, false on the face' 'the goal is in' "$X" 'var y 0 1' 'goal x + y - 1/2 >= 0' tree 'ok up x'
rejects 'a chain in the wrong order' 'slope in y is in' 'var x -1 1' 'var y 0 1' 'goal x*y + 2*x + 2 >= 0' tree 'ok up y up x'
accepts 'the chain in the right order' 'var x -1 1' 'var y 0 1' 'goal x*y + 2*x + 3 >= 0' tree 'ok up x down y'
rejects 'equality for a strict goal' 'the goal is in' "$X" 'goal x > 0' tree ok
rejects 'equality for a strict goal, concave' 'the goal is in' "$X" 'goal x - x^2 > 0' tree 'ok concave x'
rejects 'a goal below 0 by 1e-200' 'the goal is in' 'goal -1/10^200 >= 0' tree ok
rejects 'a goal below 0 by 1e-200, exp' 'the goal is in' 'goal exp(-1/10^200) - 1 >= 0' tree ok
rejects 'a refutation of >= by equality' 'point is in \[0, 0\]' "$X" 'goal x^2 >= 0' 'point 0'
rejects 'a refutation of > by a wide interval' 'point is in' 'goal sqrt(2)^2 - 2 > 0' 'point'
rejects 'a refutation of == by a wide interval' 'point is in' 'goal sqrt(2)^2 - 2 == 0' 'point'
rejects 'the even power of a wide interval' 'the goal is in' 'var x -2 1' 'goal x^2 - 1 >= 0' tree ok
rejects 'the odd power taken for an even one' 'the goal is in' 'var x -2 1' 'goal x^3 >= 0' tree ok
# overflow
rejects 'what is too large' 'cannot be enclosed' 'goal exp(exp(exp(10))) >= 0' tree ok
rejects 'a difference of what is too large' 'cannot be enclosed' 'goal exp(10^6) - exp(10^6) >= 0' tree ok
rejects 'what is too small to be told from 0' 'the goal is in' 'goal exp(-10^6) > 0' tree ok
rejects 'log of what is too small' 'cannot be enclosed' 'goal -log(exp(-10^6)) > 0' tree ok
rejects 'a gigantic power' 'cannot be enclosed' "$X" 'goal x^1000000000 >= 0' tree ok
rejects 'a tower of powers' 'cannot be enclosed' 'goal 9^9^9^9 >= 0' tree ok
rejects 'powers of powers' 'cannot be enclosed' 'var x -3 3' 'goal (((x^1000000)^1000000)^1000000)^2 >= 0' tree ok
rejects 'an identity of gigantic degree' 'too large' "$X" 'goal (((x^1000)^1000)^1000)^1000 - x == 0' identity
rejects 'an identity of too many terms' 'too many' "$X" 'var y 0 1' 'goal (x+y+1)^1000 - x == 0' identity
rejects 'an identity with a gigantic coefficient' 'too large' 'goal (10^1000)^1000 - 1 == 0' identity
rejects 'an identity with a gigantic exponent' 'exponent' "$X" 'goal x^1000000000 - 1 == 0' identity
# identities
rejects 'an identity that is one at the ends only' 'does not hold' "$X" 'goal x*(1-x) == 0' identity
rejects 'an identity with a function' 'may use' "$X" 'goal exp(x) - exp(x) == 0' identity
rejects 'an identity with max' 'may use' "$X" 'goal max(x,x) - x == 0' identity
rejects 'an identity with a real power' 'exponent' "$X" 'goal x^(1/2) - x^(1/2) == 0' identity
rejects 'an identity that divides by zero' 'divides by zero' "$X" 'goal x/(x-x) - x/(x-x) == 0' identity
rejects 'an identity with 0^-1' 'divides by zero' "$X" 'goal (x-x)^-1 == 0' identity
accepts 'an identity with an exponent that is constant' "$X" 'goal x^(2+x-x) - x*x == 0' identity
# cuts and faces
rejects 'a cut at the end of the box' 'not strictly inside' "$X" 'goal x >= 0' tree 'cut x 1' ok ok
rejects 'a cut at the other end of the box' 'not strictly inside' "$X" 'goal x >= 0' tree 'cut x 0' ok ok
rejects 'a cut inside the range, outside the box' 'not strictly inside' "$X" 'goal x >= 0' tree 'cut x 1/2' 'cut x 3/4' ok ok ok
rejects 'a cut of the upper part below it' 'not strictly inside' "$X" 'goal x >= 0' tree 'cut x 1/2' ok 'cut x 1/4' ok ok
accepts 'cuts of both variables' "$X" 'var y 0 1' 'goal x + y >= 0' tree 'cut x 1/2' 'cut y 1/2' ok ok 'cut y 1/3' ok 'cut x 3/4' ok ok
rejects 'a false upper part' 'the goal is in' "$X" 'goal 1/2 - x >= 0' tree 'cut x 1/2' ok ok
rejects 'a false lower part' 'the goal is in' "$X" 'goal x - 1/2 >= 0' tree 'cut x 1/2' ok ok
rejects 'a cut of a single point' 'not strictly inside' 'var x 1 1' 'goal x >= 0' tree 'cut x 1' ok ok
rejects 'a body that is missing' "tree" "$X" 'goal x >= 0'
rejects 'a second body' "'end' should follow" "$X" 'goal x >= 0' tree ok tree ok
# head
rejects 'nine variables' 'more than 8' 'var a 0 1' 'var b 0 1' 'var c 0 1' 'var d 0 1' 'var e 0 1' 'var f 0 1' 'var g 0 1' 'var h 0 1' 'var i 0 1' 'goal a >= 0' tree ok
accepts 'eight variables' 'var a 0 1' 'var b 0 1' 'var c 0 1' 'var d 0 1' 'var e 0 1' 'var f 0 1' 'var g 0 1' 'var h 0 1' 'goal a+h >= 0' tree 'ok up h'
accepts 'a variable that is not used' "$X" 'var y 0 1' 'goal x >= 0' tree 'ok up y'
rejects 'a variable after the goal' 'after the goal' 'goal 1 >= 0' "$X" tree ok
rejects 'a second claim' "second 'claim'" 'claim u' 'goal 1 >= 0' tree ok
rejects 'a second goal' "second 'goal'" 'goal 1 >= 0' 'goal 1 >= 0' tree ok
rejects 'a second source' "second 'source'" 'source a' 'source b' 'goal 1 >= 0' tree ok
rejects 'a goal without relation' 'missing' 'goal 1' tree ok
rejects 'a goal with two relations' 'must end in' 'goal 1 >= 0 >= 0' tree ok
bad=0
for name in max min abs exp log sqrt erf gamma lgamma pi; do
    certificate "var $name 0 1" 'goal 1 >= 0' tree ok
    run --free "$work/t.cert"
    [ "$status" -eq 2 ] && grep -q "'$name' is a function or constant" "$work/err" || bad=1
done
report $bad "rejects variables with names of functions"

# --- sizes ---

deep=4000
deep_tree() { # deep_tree DEPTH lower|upper: cuts all on one side
    printf '%s\n' 'smoothbound-certificate 1' 'claim deep' 'says deep' "$X" 'goal x >= 0' tree
    awk -v n="$1" -v side="$2" 'BEGIN {
        for (k = 1; k <= n; k++) {
            if (side == "lower") print "cut x 1/" (k + 1)
            else { print "cut x " k "/" (k + 1); print "ok" }
        }
        for (k = 0; k <= (side == "lower" ? n : 0); k++) print "ok"
    }'
    echo end
}
for side in lower upper; do
    deep_tree $deep $side >"$work/deep.cert"
    run --free "$work/deep.cert"
    grep -q "^deep proved ($((deep + 1)) leaves, depth $deep, 0 hand steps)\$" "$work/out"
    report $? "a tree of depth $deep, $side side"
    sed '$d' "$work/deep.cert" | sed '$d' >"$work/short.cert"
    echo end >>"$work/short.cert"
    run --free "$work/short.cert"
    [ "$status" -eq 2 ]
    report $? "the same with one leaf missing is rejected, $side side"
done
deep_tree 10001 lower >"$work/deep.cert"
run --free "$work/deep.cert"
[ "$status" -eq 2 ] && grep -q 'more than 10000 cuts' "$work/err"
report $? "a tree of depth 10001 is rejected"

repeat() { awk -v n="$1" -v s="$2" 'BEGIN { for (k = 0; k < n; k++) printf "%s", s }'; }
rejects 'brackets 100000 deep' 'more than 65536 bytes' "goal $(repeat 50000 '(')1$(repeat 50000 ')') >= 0" tree ok
rejects 'brackets 30000 deep' 'nested too deeply' "goal $(repeat 30000 '(')1$(repeat 30000 ')') >= 0" tree ok
rejects 'minus signs 30000 deep' 'nested too deeply' "goal $(repeat 30000 '-')1 >= 0" tree ok
rejects 'powers 30000 deep' 'nested too deeply' "goal $(repeat 30000 '1^')1 >= 0" tree ok
rejects 'calls 9000 deep' 'nested too deeply' "goal $(repeat 9000 'exp(')1 >= 0" tree ok
accepts 'a sum of 9000 terms' "goal $(repeat 9000 '1+')1 >= 0" tree ok
rejects 'a sum of 30000 terms' 'too long' "goal $(repeat 30000 '1+')1 >= 0" tree ok
accepts 'numbers of 20000 digits' "goal $(repeat 10000 7).$(repeat 10000 7) - 1 >= 0" tree ok
rejects 'a line of 1 MB' 'more than 65536 bytes' "# $(repeat 100000 'xxxxxxxxxx')" 'goal 1 >= 0' tree ok

# --- files ---

good=$here/good/lemma-corner.cert
refuted=$here/good/refuted-above.cert
fails() { # fails NAME PATTERN ARGUMENT...
    name=$1 pattern=$2
    shift 2
    run "$@"
    [ "$status" -eq 2 ] && grep -q -e "$pattern" "$work/err"
    s=$?
    [ $s -eq 0 ] || explain
    report $s "$name"
}
fails 'a directory is not a certificate' 'directory' --free "$work"
fails 'a file that is not there' 'No such file' --free "$work/none.cert"
: >"$work/empty.cert"
fails 'an empty file' 'the file ends' --free "$work/empty.cert"
{ cat "$good" && printf '\000'; } >"$work/nul.cert"
fails 'a NUL byte after the end' '0x00' --free "$work/nul.cert"
awk '{ sub(/^goal/, "goal \200"); print }' "$good" | tr '\200' '\000' >"$work/nul.cert"
fails 'a NUL byte in the goal' '0x00' --free "$work/nul.cert"
tr '\n' '\r' <"$good" >"$work/cr.cert"
fails 'lines that end in CR alone' '0x0d' --free "$work/cr.cert"
{ cat "$good" && head -c 67200000 /dev/zero | tr '\000' '\n'; } >"$work/huge.cert"
fails 'a file of more than 64 MiB' 'larger than 64 MiB' --free "$work/huge.cert"
rm -f "$work/huge.cert"

run --free "$good" "$refuted"
[ "$status" -eq 1 ] && [ "$(wc -l <"$work/out")" -eq 2 ]
report $? "a proof and a refutation: status 1"
run --free "$good" "$work/empty.cert" "$refuted"
[ "$status" -eq 2 ] && [ "$(wc -l <"$work/out")" -eq 2 ] && [ "$(wc -l <"$work/err")" -eq 1 ]
report $? "one bad file among three: status 2, the others are still reported"
run --free --quiet "$good" "$refuted"
[ "$status" -eq 1 ] && [ ! -s "$work/out" ]
report $? "--quiet prints nothing"
run --claims "$claims" "$good"
[ "$(cat "$work/out")" = 'lemma-corner proved (2 leaves, depth 1, 1 hand step)' ]
report $? "the line of a proof"
run --claims="$claims" "$refuted"
[ "$(cat "$work/out")" = 'refuted-above refuted (goal = 0 at 1/2)' ]
report $? "the line of a refutation"
run --free --json "$good"
[ "$(sed 's/"file":"[^"]*",//' "$work/out")" = '{"schema":"smoothbound/check/1","claim":"lemma-corner","verdict":"proved","method":"tree","leaves":2,"depth":1,"hand_steps":1}' ]
report $? "the JSON of a proof"
run --free --json "$here/good/refuted-equal.cert"
[ "$(sed 's/"file":"[^"]*",//' "$work/out")" = '{"schema":"smoothbound/check/1","claim":"refuted-equal","verdict":"refuted","method":"point","leaves":0,"depth":0,"hand_steps":0,"goal":"-0.682162","point":["1","2"]}' ]
report $? "the JSON of a refutation"

# --- claims ---

sed '/^by/d' "$good" >"$work/fewer.cert"
run --claims "$claims" "$work/fewer.cert"
[ "$(cat "$work/out")" = 'lemma-corner proved (2 leaves, depth 1, 1 hand step)' ]
report $? "hand steps are counted from the claim file"
printf 'tree\n' >>"$claims/another-claim"
sed 's/^claim .*/claim another-claim/; s/^goal.*/goal x^2 >= 0/' "$here/good/log-gamma.cert" >"$work/another.cert"
fails 'a claim file with a body' 'does not belong' --claims "$claims" "$work/another.cert"
cp "$claims/log-gamma" "$claims/another-claim"
fails 'a claim file for another name' 'claim file is for' --claims "$claims" "$work/another.cert"
cp "$good" "$claims/another-claim"
fails 'a certificate in the place of a claim' "not 'smoothbound-claim 1'" --claims "$claims" "$work/another.cert"
rm "$claims/another-claim"
mkdir "$claims/another-claim"
fails 'a directory in the place of a claim' 'directory' --claims "$claims" "$work/another.cert"
fails 'a claim that is not there' 'No such file.*--free' --claims "$work/nowhere" "$good"

# The default directory, relative to the program.
mkdir -p "$work/installed/bin" "$work/installed/share/smoothbound" "$work/tree/build/bin" "$work/tree/bounds" "$work/alone"
cp "$SBCHECK" "$work/installed/bin/sbcheck" && cp "$SBCHECK" "$work/tree/build/bin/sbcheck" && cp "$SBCHECK" "$work/alone/sbcheck"
cp -r "$claims" "$work/installed/share/smoothbound/claims" && cp -r "$claims" "$work/tree/bounds/claims"
for place in installed/bin tree/build/bin; do
    (cd / && "$work/$place/sbcheck" "$good") >"$work/out" 2>"$work/err" && grep -q '^lemma-corner proved' "$work/out" &&
        ! "$work/$place/sbcheck" "$work/another.cert" >/dev/null 2>&1
    report $? "claims are found from $place"
done
mkdir -p "$work/alone/a/b"
cp "$SBCHECK" "$work/alone/a/b/sbcheck"
"$work/alone/a/b/sbcheck" "$good" >"$work/out" 2>"$work/err"
[ $? -eq 2 ] && grep -q -e '--claims DIR, or --free' "$work/err"
report $? "without claims the program says what to do"

# --- the command line ---

fails 'no file' 'no certificate' --free
fails 'an unknown option' 'unknown option --fre' --fre "$good"
fails '--claims without a directory' 'needs a directory' --claims
fails '--claims and --free' 'exclude' --free --claims "$claims" "$good"
run --help
[ "$status" -eq 0 ] && grep -q '^Usage: sbcheck' "$work/out" && [ ! -s "$work/err" ]
report $? "--help is on standard output"
run --version
[ "$status" -eq 0 ] && grep -q '^sbcheck ' "$work/out"
report $? "--version"
run --free -- "$good"
[ "$status" -eq 0 ]
report $? "-- ends the options"
if [ -w /dev/full ]; then
    bad=0
    for arguments in "--free $good" "--free --json $good" "--free $refuted" --help --version; do
        # shellcheck disable=SC2086
        "$SBCHECK" $arguments >/dev/full 2>"$work/err"
        [ $? -eq 2 ] && grep -q 'cannot write' "$work/err" || bad=1
    done
    report $bad "a full disk: status 2"
else
    echo "ok - a full disk: status 2 # SKIP no /dev/full here"
fi

[ $failures -eq 0 ]
