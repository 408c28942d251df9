#!/bin/sh
# The `radius` command: known radii, the way back, and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - radius: $name"; else
        echo "not ok - radius: $name"
        failures=$((failures + 1))
    fi
}
radius() { "$SMOOTHBOUND" radius "$@"; }
cd "$SCRATCH" || exit 2
# ends SOURCE QUANTITY ARGUMENT...: "LO HI" of that row
ends() {
    source=$1 quantity=$2
    shift 2
    radius "$@" --format json | grep "\"source\":\"$source\"" | grep "\"quantity\":\"$quantity\"" | sed -n 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)".*/\1 \2/p'
}
# holds LO-HI-STRING VALUE: the value lies between, and the ends differ by less than 2.5e-5 of it
holds() { awk -v value="$2" -v ends="$1" 'BEGIN { n = split(ends, e, " "); exit !(n == 2 && e[1] <= value && value <= e[2] && e[2] - e[1] <= 2.5e-5 * value) }'; }

# sigma Phi^{-1}(0.9), Phi^{-1}(0.9) = 1.2815515655446004
check "Theorem 2.1 in l_2" holds "$(ends thm-2.1 radius --noise gaussian:sigma=0.12 --pA 0.9)" 0.15378618786535205
check "T0 agrees when pB = 1 - pA" holds "$(ends T0 radius --noise gaussian:sigma=0.12 --pA 0.9)" 0.15378618786535205
# (0.12/2) (1.2815515655446004 + 1.6448536269514722)
check "Theorem 2.1 with pB" holds "$(ends thm-2.1 radius --noise gaussian:sigma=0.12 --pA 0.9 --pB 0.05)" 0.17558431154976436
check "divided by sqrt d in l_inf" holds "$(ends thm-2.1 radius --noise gaussian:sigma=0.12 --pA 0.9 -p inf -d 10000)" 0.0015378618786535205
check "the same radius in l_1" holds "$(ends thm-2.1 radius --noise gaussian:sigma=0.12 --pA 0.9 -p 1)" 0.15378618786535205
# 2 r (1 - (3/2 - pA)^(1/d)) with pA = 0.9, r = 2, d = 2: 4 (1 - sqrt 0.6)
check "uniform noise, l_inf" holds "$(ends T0 radius --noise uniform:r=2 -d 2 --pA 0.9)" 0.9016133230333653
check "uniform noise, l_1" [ "$(ends T0 radius --noise uniform:r=2 -p 1 --pA 0.9)" = "1.6 1.6" ]
check "Lemma A.1 is T0 for uniform noise" [ "$(ends T0 radius --noise uniform:r=2 -d 50 --gap 0.3)" = "$(ends lemma-A.1 radius --noise uniform:r=2 -d 50 --gap 0.3)" ]
# 2 sigma Phi^{-1}((1 + 0.15)/2), 2 sigma Phi^{-1}(0.65)
check "Lemma A.1 for Gaussian noise" holds "$(ends lemma-A.1 radius --noise gaussian:sigma=1 --gap 0.3)" 0.3782368531457535
check "Lemma A.4 for Gaussian noise" holds "$(ends lemma-A.4 radius --noise gaussian:sigma=1 --gap 0.3)" 0.7706409328151342
# X1: 2/255 in l_inf at sigma 0.12, d = 3072: |v|_2 = 0.4347108, pA = Phi(.4347108/.12) = 0.99985
back() { holds "$(ends T0 pA --noise gaussian:sigma=0.12 -d 3072 -p inf --eps 2/255)" 0.9998545; }
check "the score that 2/255 takes" back
round_trip() {
    gap=$(ends T0 'score gap' --noise uniform:r=2 -d 3072 --eps 0.0001 --digits 15 | cut -d ' ' -f 2)
    holds "$(ends T0 radius --noise uniform:r=2 -d 3072 --gap "$gap")" 0.0001
}
check "eps, gap, eps again" round_trip
beyond() { radius --noise uniform:r=2 -d 3072 --eps 0.001 --format json >rows && [ "$(grep -c 'out of reach' rows)" -eq 3 ] && grep lemma-A.4 rows | grep -qv 'out of reach'; }
check "a gap above 1 is out of reach" beyond
row='^{"schema":"smoothbound/radius/1","noise":"gaussian:sigma=3/25","d":"3072","p":"inf","pA":"9/10","pB":"1/10","quantity":"radius","sense":"sufficient","source":"thm-2.1","lo":"[0-9.]*","hi":"[0-9.]*"'
keys() { radius --noise gaussian:sigma=0.12 -d 3072 -p inf --pA 0.9 --format json | grep -q "$row"; }
check "the keys of a row and their order" keys
gap_key() { radius --noise gaussian:sigma=0.12 --gap 0.3 --format json | head -n 1 | grep -q '"p":"2","gap":"3/10","quantity":"radius"'; }
check "gap instead of pA, pB" gap_key
lower_end() { radius --noise gaussian:sigma=0.12 --pA 0.9 | grep -q '>= 0.153786 .*Theorem 2.1' && radius --noise gaussian:sigma=0.12 --pA 0.9 | grep -q 'A radius is a promise'; }
check "text prints the lower end and says that it is a promise" lower_end
any() { [ "$(ends lemma-A.1 TV --gap 0.3)" = "0.15 0.15" ] && [ "$(ends lemma-A.4 TV --gap 0.3)" = "0.3 0.3" ] && [ "$(ends lemma-A.1 'score gap' --tv 0.15)" = "0.3 0.3" ]; }
check "any noise: gap to total variation and back" any
many() { [ "$(radius --noise gaussian:sigma=1 -p 2,4,inf -d 16,3072 --pA 0.6:0.9:0.1 --format json | wc -l)" -eq $((3 * 2 * 4 * 4)) ]; }
check "lists give a row each" many
outside() { radius --noise exp-linf:k=1,b=1 -d 9 --gap 0.5 --format json | grep '"source":"T0"' | grep -q '"outside":"exp-linf noise: .*not known'; }
check "a criterion that is not covered says so" outside
# the worst shift of uniform noise for 1 < p < inf: all equal, 1 - (1 - x)^9 = 1/4 with R = 2 x 9^(1/3)
check "uniform noise, l_3" holds "$(ends T0 radius --noise uniform:r=1 -d 9 -p 3 --gap 0.5)" 0.130875564929743
# -b log(2 (1 - pA)) in l_1, and in l_inf on the line
check "Laplace noise, l_1" holds "$(ends T0 radius --noise laplace:b=1 -d 3072 -p 1 --pA 0.9)" 1.6094379124341003
check "Laplace noise on the line" holds "$(ends T0 radius --noise laplace:b=2 -d 1 --pA 0.9)" 3.2188758248682006
# near b Phi^{-1}(pA)/sqrt d = 0.0231220 in high dimension, above it
check "Laplace noise, l_inf" holds "$(ends T0 radius --noise laplace:b=1 -d 3072 -p inf --pA 0.9)" 0.0232108
# rho = 2 Pr(|X_1| <= R/2) for the uniform law on the ball of l_2; d = 3: Pr = (3/2)(x - x^3/3) = 0.2, x = R/2
check "uniform noise on the ball of l_2" holds "$(ends T0 radius --noise l2-ball:r=1 -d 3 --gap 0.4)" 0.268275691409073
check "isotropic noise is about l_2 unless told" [ "$(ends T0 radius --noise l2-ball:r=1 -d 3 --gap 0.4)" = "$(ends T0 radius --noise l2-ball:r=1 -d 3 -p 2 --gap 0.4)" ]
limit() { radius --noise cauchy:scale=1 -d 64 --pA 0.9 --format json >rows && grep '"sense":"necessary","source":"T0"' rows | grep -q '"scope":"at the equal shift","rely_on":"hi"'; }
check "the equal shift alone is a limit, not a promise" limit
promise() { grep '"sense":"sufficient","source":"T0"' rows | grep -q '"scope":"Hellinger affinity","rely_on":"lo"'; }
check "with a promise by the affinity beside it" promise
back_again() {
    gap=$(ends T0 'score gap' --noise logistic:scale=1 -d 3072 --eps 0.01 --digits 12 | cut -d ' ' -f 2)
    holds "$(ends T0 radius --noise logistic:scale=1 -d 3072 --gap "$gap")" 0.01
}
check "logistic noise: eps, gap, eps again" back_again
infinite() { radius --noise gaussian:sigma=1 --gap 1 --format json | grep '"source":"T0"' | grep -q '"outside":".*infinite'; }
check "a gap of 1 under Gaussian noise" infinite

refuse() {
    value=$1
    shift
    radius "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
g=gaussian:sigma=1
check "refuses a misspelt noise" refuse "did you mean gaussian" --noise gausian:sigma=1 --pA 0.9
check "refuses a misspelt key" refuse "did you mean sigma" --noise gaussian:sgma=1 --pA 0.9
check "refuses sigma=0" refuse "'0'" --noise gaussian:sigma=0 --pA 0.9
check "refuses a missing key" refuse "sigma=VALUE" --noise gaussian --pA 0.9
check "refuses pA 0.4 alone" refuse "'0.4'" --noise $g --pA 0.4
check "refuses pA 1.1" refuse "'1.1'" --noise $g --pA 1.1
check "refuses pA + pB above 1" refuse "'0.9'" --noise $g --pA 0.9 --pB 0.2
check "refuses pA below pB" refuse "'0.3'" --noise $g --pA 0.3 --pB 0.4
check "refuses pB without pA" refuse "pB '0.4'" --noise $g --gap 0.1 --pB 0.4
check "refuses gap 0" refuse "gap '0'" --noise $g --gap 0
check "refuses gap 1.5" refuse "'1.5'" --noise $g --gap 1.5
check "refuses eps 0" refuse "eps '0'" --noise $g --eps 0
check "refuses two scores" refuse "exclude" --noise $g --gap 0.1 --pA 0.9
check "says that a score is missing" refuse "--pA" --noise $g
check "says that d is missing" refuse "-d DIMENSION" --noise uniform:r=1 --gap 0.5
check "says that the noise is missing" refuse "--noise" --eps 1
check "refuses p 0.5" refuse "'0.5'" --noise $g -p 0.5 --gap 0.5
check "refuses d 0" refuse "'0'" --noise $g -d 0 --gap 0.5
check "says that Laplace noise needs d" refuse "-d DIMENSION" --noise laplace:b=1 --pA 0.9
check "refuses a scale of 0" refuse "'0'" --noise laplace:b=0 -d 5 --pA 0.9
check "refuses an unknown option" refuse "--nose" --nose $g --gap 0.5
[ "$failures" -eq 0 ]
