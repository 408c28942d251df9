#!/bin/sh
# The `noise` command: the list, one family, one noise in numbers, and refusals.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - noise: $name"; else
        echo "not ok - noise: $name"
        failures=$((failures + 1))
    fi
}
noise() { "$SMOOTHBOUND" noise "$@"; }
cd "$SCRATCH" || exit 2
# ends SPEC QUANTITY AT OPTION...: "LO HI" of that row ("" for AT: a row without it)
ends() {
    spec=$1 quantity=$2 at=$3
    shift 3
    noise show "$spec" "$@" --format json | grep -F "\"quantity\":\"$quantity\"" | grep -F "${at:+\"at\":\"$at\"}" | sed -n 's/.*"lo":"\([^"]*\)","hi":"\([^"]*\)".*/\1 \2/p'
}
# holds LO-HI-STRING VALUE: the value lies between, and the ends differ by less than 2.5e-5 of it
holds() { awk -v value="$2" -v ends="$1" 'BEGIN { n = split(ends, e, " "); exit !(n == 2 && e[1] <= value && value <= e[2] && e[2] - e[1] <= 2.5e-5 * value) }'; }

row='^{"schema":"smoothbound/noise/1","name":"student-t","keys":"nu, scale","description":"[^"]*","density":"[^"]*","coordinates":"independent","moments":"below nu","tail":"s^-nu"'
listed() { noise list --format json >rows && grep -q "$row" rows && grep -q '"name":"exp-linf".*"coordinates":"through ||x||_inf"' rows && [ "$(wc -l <rows)" -ge 11 ]; }
check "list has a row for every family" listed
every() { sed -n 's/.*"name":"\([^"]*\)".*/\1/p' rows | while read -r name; do noise show "$name" >text && grep -q "^$name: " text || exit 1; done; }
check "show describes every one of them" every
formats() { for f in text json csv md tex; do noise list --format $f >out && grep -q 'laplace' out && noise show laplace:b=1 --format $f >out && grep -q '1.41421' out || return 1; done; }
check "all formats" formats
keys() { noise show student-t >text && grep -q 'write *student-t:nu=VALUE,scale=VALUE' text && grep -q 'nu *degrees of freedom (> 0)' text; }
check "a family's keys, and how to write it" keys

# Student's t with nu = 3: variance 3, E|X| = 2 sqrt(3)/pi, Pr(|X| > 5), the 0.95 quantile
t3=student-t:nu=3,scale=1
check "standard deviation" holds "$(ends $t3 rms '')" 1.7320508075688773
check "first absolute moment" holds "$(ends $t3 'E|eta_1|' '')" 1.1026577908435840
check "squared norm in dimension 3072" holds "$(ends $t3 'E||eta||_2^2' '' -d 3072)" 9216
check "tail" holds "$(ends $t3 'Pr(|eta_1| > s)' 5)" 0.015392438073302283
check "quantile" holds "$(ends $t3 quantile 19/20)" 2.3533634348018264
check "scale" holds "$(ends student-t:nu=3,scale=2 quantile 19/20)" 4.7067268696036528
check "sigma sets the scale" holds "$(ends laplace:sigma=1/2 'E[eta_i^2]' '')" 0.25
check "sigma of Student's t" holds "$(ends student-t:nu=3,sigma=1 quantile 19/20)" 1.3587150125838
check "infinite moments are words" [ "$(ends cauchy:scale=1 'E||eta||_2^2' '' -d 10) $(ends cauchy:scale=1 'E|eta_1|' '')" = "infinite infinite infinite infinite" ]
check "beyond the support" [ "$(ends uniform:r=1 'Pr(|eta_1| > s)' 5)" = "0 0" ]
check "the norm of the level sets" holds "$(ends uniform:r=2 'E||eta||_inf' '' -d 9)" 1.8
check "more digits" [ "$(ends logistic:scale=1 rms '' --digits 20)" = "1.8137993642342178505 1.8137993642342178506" ]

refuse() {
    value=$1
    shift
    noise "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
check "refuses a misspelt family" refuse "did you mean student-t" show studnt-t
check "refuses a misspelt family with keys" refuse "did you mean triangular" show triangula:r=1
check "refuses a misspelt key" refuse "did you mean scale" show student-t:nu=3,scal=1
check "refuses a missing key" refuse "scale=VALUE" show student-t:nu=3
check "refuses nu = 0" refuse "'0'" show student-t:nu=0,scale=1
check "refuses a negative scale" refuse "'-1'" show logistic:scale=-1
check "refuses sigma without second moment" refuse "no second moment" show cauchy:sigma=1
check "refuses a misspelt action" refuse "did you mean list" lst
check "refuses no action" refuse "list or show"
check "refuses show without a name" refuse "which noise" show
check "refuses list with a name" refuse "gaussian" list gaussian
check "refuses a dimension for a family" refuse "-d '3'" show gaussian -d 3
check "refuses d 0" refuse "'0'" show laplace:b=1 -d 0
check "refuses an unknown option" refuse "--dgits" show laplace:b=1 --dgits 3
full() { ! noise list >/dev/full 2>err; }
[ -c /dev/full ] && check "a full disk is trouble" full
[ "$failures" -eq 0 ]
