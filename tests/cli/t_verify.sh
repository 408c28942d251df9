# `smoothbound verify`: the whole ledger, expectations, controls, certificates, bad input.
root=$(cd "$(dirname "$0")/../.." && pwd)

check() { # NAME CONDITION...
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}
exits() { # STATUS COMMAND...: leaves the output in $SCRATCH/out, $SCRATCH/err
    want=$1
    shift
    "$@" >"$SCRATCH/out" 2>"$SCRATCH/err"
    got=$?
    [ "$got" -eq "$want" ] || { echo "# status $got instead of $want: $*"; head -n 3 "$SCRATCH/err" | sed 's/^/# /'; return 1; }
}
one_line() { [ "$(wc -l <"$SCRATCH/err")" -eq 1 ] && [ ! -s "$SCRATCH/out" ]; }
says() { grep -q -e "$1" "$SCRATCH/err" || { sed 's/^/# /' "$SCRATCH/err"; return 1; }; }

# ---------------------------------------------------------------- all of it
start=$(date +%s)
check "every claim is as expected" exits 0 "$SMOOTHBOUND" verify --quiet --jobs 2 --format json --certificates "$SCRATCH/certificates"
end=$(date +%s)
cp "$SCRATCH/out" "$SCRATCH/all"
check "in less than a minute" [ $((end - start)) -lt 60 ]
"$SMOOTHBOUND" verify --list --format json >"$SCRATCH/list"
check "one row a claim" [ "$(wc -l <"$SCRATCH/all")" -eq "$(wc -l <"$SCRATCH/list")" ]
pattern='^{"schema":"smoothbound/verify/1","claim":"[^"]*","verdict":"[a-z]*","expected":"[a-z]*","evidence":"..*","hand_steps":[0-9][0-9]*,"label":'
check "every row has the keys of the schema" [ "$(grep -c "$pattern" "$SCRATCH/all")" -eq "$(wc -l <"$SCRATCH/all")" ]
differing=$(sed 's/.*"verdict":"\([a-z]*\)","expected":"\([a-z]*\)".*/\1 \2/' "$SCRATCH/all" | awk '$1 != $2' | wc -l)
check "verdict and expected verdict agree in every row" [ "$differing" -eq 0 ]
check "misprints are refuted" \
    [ "$(grep -c '"claim":"[^"]*-as-printed","verdict":"refuted"' "$SCRATCH/all")" -eq "$(grep -c '"claim":"[^"]*-as-printed"' "$SCRATCH/all")" ]
uncontrolled=$(grep -e '"verdict":"proved"' -e '"verdict":"consistent"' "$SCRATCH/all" | grep -c -v '"control":"')
check "whatever is proved or consistent has a control" [ "$uncontrolled" -eq 0 ]
check "nothing is counted as passed without logs" [ "$(grep -c '"verdict":"reproduced"' "$SCRATCH/all")" -eq 0 ]

# ---------------------------------------------------------------- certificates
set -- "$SCRATCH"/certificates/*.cert
check "certificates are kept on request" [ $# -gt 30 ]
accepted=0
for certificate; do
    "$SBCHECK" --quiet --claims "$root/bounds/claims" "$certificate" 2>>"$SCRATCH/rejected"
    [ $? -le 1 ] && accepted=$((accepted + 1))
done
check "sbcheck accepts each of them" [ "$accepted" -eq $# ]
check "no other claim files are read" [ "$(ls "$SCRATCH/certificates" | wc -l)" -eq $# ]
"$SMOOTHBOUND" verify --quiet --jobs 1 --format json 'warm-up*' R3 X1 E17 >"$SCRATCH/one"
"$SMOOTHBOUND" verify --quiet --jobs 3 --format json 'warm-up*' R3 X1 E17 >"$SCRATCH/three"
check "threads change no byte" cmp -s "$SCRATCH/one" "$SCRATCH/three"
check "temporary certificates are removed" [ "$(TMPDIR=$SCRATCH/t sh -c 'mkdir "$TMPDIR" && "$SMOOTHBOUND" verify --quiet lemma-1.1 >/dev/null && ls "$TMPDIR" | wc -l')" -eq 0 ]

# ---------------------------------------------------------------- wrong expectations
check "a wrong expected verdict is found" exits 1 "$SMOOTHBOUND" verify --quiet --expect lemma-1.1=refuted lemma-1.1
check "and said" grep -q 'NOT AS EXPECTED: expected refuted, found proved' "$SCRATCH/out"
check "also among all others" grep -q '^1 claim: .*not as expected: lemma-1.1$' "$SCRATCH/out"
check "a misprint that should hold is found" exits 1 "$SMOOTHBOUND" verify --quiet --expect warm-up-norm-as-printed=proved warm-up-norm-as-printed
check "the right expectation is not" exits 0 "$SMOOTHBOUND" verify --quiet --expect lemma-1.1=proved lemma-1.1
check "an unknown verdict is refused" exits 2 "$SMOOTHBOUND" verify --expect lemma-1.1=prooved
check "with a suggestion" says "did you mean 'proved'"
check "so is an expectation without a word" exits 2 "$SMOOTHBOUND" verify --expect lemma-1.1

# ---------------------------------------------------------------- a control that passes
cp -r "$root/bounds/claims" "$SCRATCH/claims"
printf '%s\n' 'smoothbound-claim 1' 'claim lemma-1.1-control' 'says true, so no control' 'var s 0 1' 'var q 0 1' 'goal s*q - q*s == 0' \
    >"$SCRATCH/claims/lemma-1.1-control"
check "a negative control that passes is an error" exits 1 "$SMOOTHBOUND" verify --quiet --format json --claims "$SCRATCH/claims" lemma-1.1
check "and the evidence names it" grep -q '"verdict":"proved".*"evidence":"the negative control lemma-1.1-control was not refuted' "$SCRATCH/out"
check "other claims do not care" exits 0 "$SMOOTHBOUND" verify --quiet --claims "$SCRATCH/claims" warm-up-disjoint
printf '%s\n' 'smoothbound-claim 1' 'claim warm-up-disjoint' 'says false' 'var n 0 1' 'goal n - 1/2 >= 0' >"$SCRATCH/claims/warm-up-disjoint"
check "a claim that became false is an error" exits 1 "$SMOOTHBOUND" verify --quiet --claims "$SCRATCH/claims" warm-up-disjoint

# ---------------------------------------------------------------- bad input
rm "$SCRATCH/claims/thm-1.2"
check "a missing claim file" exits 2 "$SMOOTHBOUND" verify --quiet --claims "$SCRATCH/claims" thm-1.2
check "is one line" one_line
check "that names it" says 'thm-1.2'
echo 'goal of life' >"$SCRATCH/claims/thm-1.2"
check "a broken claim file" exits 2 "$SMOOTHBOUND" verify --quiet --claims "$SCRATCH/claims" thm-1.2
check "is one line too" one_line
check "a claims directory that is none" exits 2 "$SMOOTHBOUND" verify --quiet --claims "$SCRATCH/nowhere"
check "names it" says nowhere
check "a logs directory that is none" exits 2 "$SMOOTHBOUND" verify --quiet --logs "$SCRATCH/nolog"
check "an unknown claim" exits 2 "$SMOOTHBOUND" verify lemma-1.11
check "gets a suggestion" says "did you mean 'lemma-1.1'"
check "an ambiguous beginning" exits 2 "$SMOOTHBOUND" verify warm-up-n
check "gets the candidates" says 'warm-up-norm-as-printed'
check "an unknown option" exits 2 "$SMOOTHBOUND" verify --claim x
check "a certificate directory below a file" exits 2 "$SMOOTHBOUND" verify --quiet --certificates "$SCRATCH/all/x" lemma-1.1
if [ -e /dev/full ]; then
    "$SMOOTHBOUND" verify --quiet lemma-1.1 >/dev/full 2>"$SCRATCH/err"
    check "a full disk" [ $? -eq 2 ]
fi

# ---------------------------------------------------------------- reading it
check "by label" exits 0 "$SMOOTHBOUND" verify --quiet E3
check "the misprint beside its correction" \
    [ "$(grep -c -e '^refuted     warm-up-norm-as-printed' -e '^proved      warm-up-norm ' "$SCRATCH/out")" -eq 2 ]
check "a summary ends it" [ "$(tail -n 1 "$SCRATCH/out" | grep -c '^3 claims: 1 proved, 1 refuted as expected, 1 consistent; [0-9]* hand steps; all as expected$')" -eq 1 ]
sh "$root/docs/theory/make-claims" "$SMOOTHBOUND" >"$SCRATCH/claims.md"
check "docs/theory/claims.md is up to date" cmp -s "$SCRATCH/claims.md" "$root/docs/theory/claims.md"

# ---------------------------------------------------------------- what is neither
printf '%s\n' 'smoothbound-claim 1' 'claim warm-up-disjoint' 'says true, but no identity of polynomials' 'var n 0 1' 'goal sqrt(n)*sqrt(n) - n == 0' \
    >"$SCRATCH/claims/warm-up-disjoint"
check "a claim that cannot be settled" exits 3 "$SMOOTHBOUND" verify --quiet --claims "$SCRATCH/claims" warm-up-disjoint
check "is undecided" grep -q 'expected proved, found undecided' "$SCRATCH/out"
"$SMOOTHBOUND" verify --quiet --jobs 1 >"$SCRATCH/out" 2>"$SCRATCH/err" &
pid=$!
sleep 0.3
kill -TERM $pid
wait $pid
check "an interrupt" [ $? -eq 130 ]
check "leaves one line and no half result" one_line

# ---------------------------------------------------------------- the authors' logs
if [ -d "${SMOOTHBOUND_LOGS:-}" ]; then
    check "their claims" exits 0 "$SMOOTHBOUND" verify --quiet --format json --logs "$SMOOTHBOUND_LOGS" X2 X7 X8
    check "are reproduced" [ "$(grep -c '"verdict":"reproduced"' "$SCRATCH/out")" -eq 4 ]
    check "and controlled" [ "$(grep '"verdict":"reproduced"' "$SCRATCH/out" | grep -c '"control":"')" -eq 4 ]
else
    echo "ok - the authors' logs # SKIP SMOOTHBOUND_LOGS names no directory"
fi
mkdir "$SCRATCH/empty"
check "a folder without logs skips them" exits 0 "$SMOOTHBOUND" verify --quiet --format json --logs "$SCRATCH/empty" X2 X3
check "and says so" [ "$(grep -c -e '"verdict":"skipped","expected":"skipped"' -e '"verdict":"quoted","expected":"quoted"' "$SCRATCH/out")" -eq 3 ]
