#!/bin/sh
# smoothbound prove: verdicts, exit statuses, certificates, messages, interrupts. Needs $SMOOTHBOUND, $SBCHECK, $SCRATCH (tests/run).
cd "$SCRATCH" || exit 1
failed=0

report() { # NAME, after the last command's status in $good (0 is fine)
    if [ "$good" -eq 0 ]; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        sed 's/^/# out: /' out 2>/dev/null | head -n 5
        sed 's/^/# err: /' err 2>/dev/null | head -n 5
        failed=1
    fi
}

# run STATUS ARGUMENT...: runs prove into out and err; good is 0 when the exit status is as told.
run() {
    wanted=$1
    shift
    "$SMOOTHBOUND" prove "$@" >out 2>err
    status=$?
    good=0
    [ "$status" -eq "$wanted" ] || { good=1 && echo "# status $status, not $wanted, of: $*"; }
}

has() { # FILE PATTERN: keeps good only when a line matches
    grep -q -- "$2" "$1" || { good=1 && echo "# no '$2' in $1"; }
}

one_line_error() { # exactly one line on stderr, nothing on stdout
    [ "$(wc -l <err)" -eq 1 ] && [ ! -s out ] || { good=1 && echo "# not one line of error"; }
    has err '^smoothbound prove: '
}

run 0 'x*(1-x) <= 1/4' --var x:0..1
has out '^proved: x\*(1-x) <= 1/4 for x in \[0, 1\]$'
has out 'accepted by sbcheck'
[ ! -s err ] || good=1
report "proved, exit 0, silent on stderr"

run 1 'x*(1-x) <= 1/5' --var x:0..1
has out '^refuted: '
has out 'point  *x = 1/2$'
has out 'goal there  *-1/20$'
report "refuted at a simple point with its exact value, exit 1"

run 1 'log(4)^2/12 <= sqrt(2)*log(4)^2/48'
has out 'goal there  *in \[-0.103530, -0.103529\]$'
report "refuted without variables, value rounded outward"

run 3 'x^4 - 4*x^2 + 4 >= 0' --var x:0..3
has out '^undecided: '
has out 'resists  *x in \[1.41421, 1.41422\]'
has out "next  *smoothbound prove '.*' --var x:0..3"
eval "$(sed -n 's/^ *next *smoothbound/"$SMOOTHBOUND"/p' out)" >again 2>&1
[ $? -eq 0 ] || good=1
report "undecided names the box and a next command that works, exit 3"

run 3 'x^2 + y^2 >= 2*x*y - 1/1000' --var x:0..1 --var y:0..1 --boxes 50
has out 'limit of boxes'
eval "$(sed -n 's/^ *next *smoothbound/"$SMOOTHBOUND"/p' out)" >again 2>&1
has out '--boxes 400$'
report "the limit of boxes, and a larger one to try"

run 3 'log(x) <= 1' --var x:0..1
has out 'no value there (log of \[0,'
report "a range that leaves the domain is undecided, and says why"

run 0 'exp(-z) >= 1 - z' --var z:0..1/2 --certificate kept --name bernoulli
[ "$good" -eq 0 ] && "$SBCHECK" --free kept >checked 2>&1 || good=1
has checked '^bernoulli proved (1 leaf'
has kept '^goal    exp(-z) - (1 - z) >= 0$'
report "--certificate keeps what sbcheck accepts"

run 1 'exp(-z) > 1 - z' --var z:0..1/2 --certificate kept
"$SBCHECK" --free --quiet kept >checked 2>&1
[ $? -eq 1 ] || good=1
report "a refutation is a certificate too"

rm -f none
run 3 'x^4 - 4*x^2 + 4 >= 0' --var x:0..3 --certificate none
[ ! -e none ] || good=1
report "no certificate of an undecided goal"

sed -e 's/^smoothbound-certificate/smoothbound-claim/' -e '/^point/,$d' kept >claim
run 1 --claim claim --format json
has out '^{"schema":"smoothbound/prove/1","goal":"exp(-z) - (1 - z) > 0","verdict":"refuted",.*"point":"z = 0"'
report "--claim proves a claim file"

run 0 'x*(1-x) <= 1/4' --var x:0..1 --format json --certificate kept
has out '"verdict":"proved","leaves":2,"depth":1,"boxes":3,.*"certificate":"kept"'
[ "$(wc -l <out)" -eq 1 ] || good=1
report "json: one row"

for format in csv md tex; do
    run 0 'x*(1-x) <= 1/4' --var x:0..1 --format $format
    has out proved
    report "--format $format"
done

run 0 'x*(1-x) <= 1/4' --var x:0..1 -o result
[ ! -s out ] && grep -q '^proved' result || good=1
report "-o writes the result"

# bad input: one line, exit 2, nothing written
bad() { # NAME PATTERN ARGUMENT...
    name=$1 pattern=$2
    shift 2
    rm -f kept
    run 2 "$@" --certificate kept
    one_line_error
    has err "$pattern"
    [ ! -e kept ] || good=1
    report "refuses $name"
}
bad "an unknown variable" "column 6: 'y'" 'x*(1-y) <= 1/4' --var x:0..1
bad "an unknown function" "column 1: 'sin'" 'sin(x) <= 1' --var x:0..1
bad "a missing operand" 'column 4' 'x + <= 1' --var x:0..1
bad "a missing bracket" "')'" '(x <= 1' --var x:0..1
bad "no relation" 'relation' 'x + 1' --var x:0..1
bad "two relations" "'<='" '0 <= x <= 1' --var x:0..1
bad "a single equals sign" "'='" 'x = 1' --var x:0..1
bad "a range without dots" "'x:0-1'" 'x <= 1' --var x:0-1
bad "an empty range" "'x:1..0'" 'x <= 1' --var x:1..0
bad "an infinite range" "'x:0..inf'" 'x <= 1' --var x:0..inf
bad "a broken end" "8//255" 'x <= 1' --var x:0..8//255
bad "a variable given twice" "'x:0..2'" 'x <= 1' --var x:0..1 --var x:0..2
bad "a variable called pi" "'pi'" 'pi <= 4' --var pi:0..1
bad "--boxes 0.5" "0.5" 'x <= 1' --var x:0..1 --boxes 0.5
bad "a name with blanks" "'a b'" 'x <= 1' --var x:0..1 --name 'a b'
bad "no inequality" 'which inequality' --var x:0..1
bad "two inequalities" 'y <= 1' 'x <= 1' 'y <= 1' --var x:0..1
bad "a claim that is not there" 'no-such-file' --claim no-such-file
bad "a claim and an inequality" "'x <= 1'" 'x <= 1' --claim claim
bad "a misspelt option" '--var' 'x <= 1' --vra x:0..1

run 2 'x*(1-x) <= 1/4' --var x:0..1 --certificate /dev/full
one_line_error
has err '/dev/full'
report "a full disk under the certificate"

"$SMOOTHBOUND" prove 'x*(1-x) <= 1/4' --var x:0..1 >/dev/full 2>err
[ $? -eq 2 ]
good=$?
report "a full disk under the result"

run 2 'x*(1-x) <= 1/4' --var x:0..1 --certificate missing/folder/kept
one_line_error
report "a certificate in a folder that is not there"

SMOOTHBOUND_SBCHECK=/bin/false
export SMOOTHBOUND_SBCHECK
run 2 'x*(1-x) <= 1/4' --var x:0..1 --certificate kept2
one_line_error
[ ! -e kept2 ] || good=1
report "a proof that the checker does not confirm is no proof"
unset SMOOTHBOUND_SBCHECK

"$SMOOTHBOUND" prove 'x^2 + y^2 + z^2 >= x*y + y*z + z*x' --var x:0..1 --var y:0..1 --var z:0..1 --boxes 20000000 \
    --certificate interrupted >out 2>err &
child=$!
sleep 1
kill -INT "$child"
wait "$child"
[ $? -eq 130 ] && [ ! -s out ] && [ ! -e interrupted ] && [ ! -e interrupted.tmp ]
good=$?
has err interrupted
report "an interrupt ends with 130 and leaves nothing"

run 0 --help
has out 'Usage: smoothbound prove'
report "--help"
exit $failed
