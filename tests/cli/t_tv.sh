#!/bin/sh
# The `tv` command: closed forms of one dimension for every family, formulas, files, the worst case, and refusals.
# Reference values: mpmath, 40 digits, from the formulas named beside them.
failures=0
check() {
    name=$1
    shift
    if "$@"; then echo "ok - tv: $name"; else
        echo "not ok - tv: $name"
        failures=$((failures + 1))
    fi
}
tv() { "$SMOOTHBOUND" tv "$@"; }
cd "$SCRATCH" || exit 2
key() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
# holds TV ONE_MINUS_TV ARGUMENT...: both lie in their intervals, which are narrow, and the row is certified
holds() {
    value=$1 other=$2
    shift 2
    tv "$@" --digits 12 --format json >row || return 1
    grep -q '"certified":true' row || return 1
    echo "$value $other $(key lo <row) $(key hi <row) $(key one_minus_lo <row) $(key one_minus_hi <row)" |
        awk 'function inside(x, a, b) { return a <= x && x <= b && b - a <= 3e-11 * x } { exit !(NF == 6 && inside($1, $3, $4) && inside($2, $5, $6)) }'
}

# --- one coordinate: Pr(|X| <= v/2) of unimodal laws, v = 0.7; masses counted for the others
while read -r noise shift value other; do
    check "n = 1: $noise $shift" holds "$value" "$other" --noise "$noise" -d 1 --shift "$shift"
done <<END
gaussian:sigma=13/10 basis:0.7 0.21224789628552336052 0.78775210371447663948
laplace:b=13/10 basis:0.7 0.23603306475765979219 0.76396693524234020781
uniform:r=13/10 basis:0.7 0.26923076923076923077 0.73076923076923076923
logistic:scale=13/10 basis:0.7 0.1338081003911973607 0.8661918996088026393
cauchy:scale=13/10 basis:0.7 0.16742764621658010585 0.83257235378341989415
triangular:r=13/10 basis:0.7 0.46597633136094674556 0.53402366863905325444
lomax:alpha=5/2,scale=13/10 basis:0.7 0.44900390590573929748 0.55099609409426070252
student-t:nu=5/2,scale=13/10 basis:0.7 0.19160187863048852551 0.80839812136951147449
gengauss:shape=3,scale=13/10 basis:0.7 0.30003435707403224461 0.69996564292596775539
gengauss:shape=1/2,scale=13/10 basis:0.7 0.09598100563484218561 0.90401899436515781439
pareto:alpha=5/2,xm=13/10 basis:0.7 0.65936961013438627719 0.34063038986561372281
pareto:alpha=5/2,xm=13/10 basis:4 0.79043320877575765038 0.20956679122424234962
staircase:ratio=1/2,gamma=1/3,step=13/10 basis:0.7 0.20192307692307692308 0.79807692307692307692
staircase:ratio=1/2,gamma=1/3,step=13/10 basis:7 0.84615384615384615385 0.15384615384615384615
lattice:points=10,spacing=1/10 basis:0.7 0.7 0.3
lattice:points=10,spacing=1/7 basis:0.7 1 0
mixture:0.9*gaussian:sigma=1+0.1*cauchy:scale=2 basis:0.7 0.25732433379017177782 0.74267566620982822218
l2-ball:r=13/10 basis:0.7 0.26923076923076923077 0.73076923076923076923
exp-linf:k=3,b=13/10 basis:0.7 0.30003435707403224461 0.69996564292596775539
pow-linf:a=7/2,b=13/10 basis:0.7 0.44900390590573929748 0.55099609409426070252
exp-l2:k=3,b=13/10 basis:0.7 0.30003435707403224461 0.69996564292596775539
END
# one coordinate of many is one dimension
check "a basis shift in 3072 dimensions" holds 0.1338081003911973607 0.8661918996088026393 --noise logistic:scale=1.3 -d 3072 --shift basis:0.7
# 2 Pr(X + Y > v)
check "logistic, d = 2" holds 0.17777028149369724725 0.82222971850630275275 --noise logistic:scale=1.3 -d 2 --shift linf:0.7
# I_{x^2/r^2}(1/2, (d+1)/2); E prod (1 - v/(2R))_+ for R ~ Gamma(d + 1)
check "l2-ball, d = 3" holds 0.39408852981338188439 0.60591147018661811561 --noise l2-ball:r=1.3 -d 3 --shift l2:0.7
check "exp-linf, d = 3" holds 0.23603306475765979219 0.76396693524234020781 --noise exp-linf:k=1,b=1.3 -d 3 --shift linf:0.7

# --- formulas in many dimensions: erf(|v|_2/(2 sqrt 2 sigma)), prod (1 - v_i/2r)
check "Gaussian at ImageNet's dimension" holds 1 4.3873758429508226962e-34 --noise gaussian:sigma=1/2 -d 3x224x224 --shift linf:8/255
digits() { [ "$(tv --noise gaussian:sigma=1/2 -d 150528 --shift linf:8/255 --digits 15 --format json | key one_minus_lo)" = 4.38737584295082e-34 ]; }
check "15 digits of 1 - TV" digits
check "a tiny TV" holds 3.0956275792631658942e-18 1 --noise gaussian:sigma=1/2 -d 150528 --shift linf:1e-20
check "uniform" holds 0.53610452243633054674 0.46389547756366945326 --noise uniform:r=2 -d 3072 --shift linf:1/1000
check "uniform, a tiny TV" holds 7.68e-28 1 --noise uniform:r=2 -d 3072 --shift linf:1e-30
check "uniform, unequal coordinates" holds 0.9470081329345703125 0.0529918670654296875 --noise uniform:r=2 -d 10 --shift 3:1/2,4:1,1:3
check "uniform, apart" holds 1 0 --noise uniform:r=1 -d 10 --shift linf:2
check "no shift" holds 0 1 --noise laplace:b=1 -d 10 --shift linf:0
check "sigma= is the standard deviation" holds 0.26923076923076923077 0.73076923076923076923 --noise uniform:sigma=13/10 -d 1 --shift l2:1.21243556529821410546

# --- files: 0.5 -0.5 0 0.25 -0 as little-endian doubles behind the header DICTIONARY
npy() { # NAME DICTIONARY BYTES
    printf '\223NUMPY\001\000v\000%-117s\n' "$2" >"$1"
    printf "$3" >>"$1"
}
half='\000\000\000\000\000\000\340\077' minus_half='\000\000\000\000\000\000\340\277' zero='\000\000\000\000\000\000\000\000'
quarter='\000\000\000\000\000\000\320\077' minus_zero='\000\000\000\000\000\000\000\200' nan='\000\000\000\000\000\000\370\177'
five="$half$minus_half$zero$quarter$minus_zero"
npy v.npy "{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }" "$five"
npy row.npy "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 5), }" "$five"
check "a vector from a file" holds 0.5078125 0.4921875 --noise uniform:r=1 --shift v.npy
check "with its dimension" holds 0.5078125 0.4921875 --noise uniform:r=1 -d 5 --shift row.npy
npy one.npy "{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }" "$zero$half$zero$zero$zero"
# 1 - exp(-1/4)
check "a file that moves one coordinate" holds 0.2211992169285951318 0.7788007830714048682 --noise laplace:b=1 --shift one.npy

# --- rows
row='^{"schema":"smoothbound/tv/1","noise":"uniform:r=2","d":"3072","shift":"linf:8\/255","quantity":"TV","sense":"exact","method":"closed","certified":true,"source":"lemma-B.4","lo":"[0-9.]*","hi":"1.00000","one_minus_lo":"[0-9.e-]*","one_minus_hi":"[0-9.e-]*","how":"[^"]*"}$'
keys() { tv --noise uniform:r=2 -d 3072 --shift linf:8/255 --format json | grep -q "$row"; }
check "the keys of a row and their order" keys
worst_row='^{"schema":"smoothbound/tv/1","noise":"gaussian:sigma=1\/2","d":"3072","p":"inf","eps":"8\/255","quantity":"TV","sense":"exact","certified":true,"source":"S6","lo":"0.917937","hi":"0.917938","one_minus_lo":"0.0820623","one_minus_hi":"0.0820624","worst":"exact worst case"'
worst_keys() { tv --worst --noise gaussian:sigma=1/2 -d 3072 -p inf -e 8/255 --format json | grep -q "$worst_row"; }
check "the keys of a worst case" worst_keys
many() { [ "$(tv --noise gaussian:sigma=1 -d 10,20,30 --shift linf:1 --shift basis:1 --format json | wc -l)" -eq 6 ] && [ "$(tv --worst --noise gaussian:sigma=1 -d 10,20 -p 1,2,inf -e 1,2 --format json | wc -l)" -eq 12 ]; }
check "lists give a row each" many
outside() { tv --noise pow-linf:a=5,b=1 -d 3,30 --shift linf:1 --format json >rows && [ "$(wc -l <rows)" -eq 2 ] && [ "$(grep -c '"outside":"' rows)" -eq 1 ]; }
check "a row says why it is outside" outside
text() { tv --noise uniform:r=1 --shift v.npy >out && grep -q '^  TV  *0.507812 .. 0.507813$' out && grep -q '^Certified' out && grep -q 'No gap below 0.507812 is safe for every classifier (Lemma A.4)' out; }
check "text: the interval and what it means" text
gap() { tv --noise uniform:r=1 -d 1 --shift linf:1/8 | grep -q 'A score gap above 0.125 is safe against this shift (Lemma A.1)'; }
check "text: the score gap that is safe" gap
at_least() { tv --worst --noise laplace:b=1 -d 30 -p 2 -e 1/10 >out; grep -q 'no score gap is certified' out; }
check "no gap is certified where the worst shift is not known" at_least

# --- digits: met, or undecided with the enclosure that was reached and status 3
undecided() {
    tv --noise gaussian:sigma=1 -d 64 --shift l2:1 --method lattice --digits 12 --format json >row 2>err
    [ $? -eq 3 ] && grep -q '"verdict":"undecided: 12 digits not reached"' row &&
        echo "$(key lo <row) $(key hi <row)" | awk '{ exit !($1 <= 0.38292492254802620728 && 0.38292492254802620728 <= $2 && $2 - $1 < 1e-3) }'
}
check "undecided has status 3 and an enclosure" undecided
undecided_text() { tv --noise gaussian:sigma=1 -d 64 --shift l2:1 --method lattice --digits 12 | grep -q '^undecided: 12 digits not reached'; }
check "undecided is said in text" undecided_text
met() { tv --noise gaussian:sigma=1 -d 64 --shift l2:1 --digits 300 --format json >row && ! grep -q verdict row && [ "$(key lo <row | wc -c)" -ge 300 ]; }
check "300 digits of a formula" met

# --- methods agree: every pair of intervals overlaps
agree() {
    noise=$1 d=$2 shift=$3
    tv --noise "$noise" -d "$d" --shift "$shift" --digits 10 --format json >row
    tv --noise "$noise" -d "$d" --shift "$shift" --digits 3 --method lattice --format json >>row
    [ "$(grep -c '"lo"' row)" -eq 2 ] || return 1
    key lo <row | tr '\n' ' ' >ends
    key hi <row | tr '\n' ' ' >>ends
    awk '{ exit !($1 <= $4 && $2 <= $3 && $4 - $2 < 0.01) }' ends
}
for d in 2 50; do
    check "lattice and product agree: laplace, d = $d" agree laplace:b=1 "$d" l2:1
    check "lattice and product agree: logistic, d = $d" agree logistic:scale=1 "$d" l2:1
done
check "lattice and closed agree: uniform" agree uniform:r=1 100 linf:1/100
check "lattice and product agree: triangular" agree triangular:r=1 10 linf:1/10
sampled() {
    tv --noise gaussian:sigma=1 -d 64 --shift l2:1 --method sample --samples 4000 --confidence 0.99 --format json >row || return 1
    grep -q '"certified":false' row && grep -q '"confidence":"0.99"' row && grep -q '"source":"N4"' row &&
        echo "$(key lo <row) $(key hi <row)" | awk '{ exit !($1 <= 0.3829249 && 0.3829250 <= $2 && $2 - $1 < 0.2) }'
}
check "sampling brackets the truth and is not called certified" sampled
same() { tv --noise laplace:b=1 -d 20 --shift l2:1 --method sample --samples 1500 --jobs 1 >a && tv --noise laplace:b=1 -d 20 --shift l2:1 --method sample --samples 1500 --jobs 3 >b && cmp -s a b; }
check "samples do not depend on threads" same
stops() {
    "$SMOOTHBOUND" tv --noise laplace:b=1 -d 3072 --shift linf:1/100 --method sample --samples 10^12 >out 2>err &
    child=$!
    sleep 0.5
    kill -INT "$child"
    wait "$child"
    [ $? -eq 130 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ]
}
check "an interrupt ends with status 130" stops

# --- refusals: one line with the offending value, status 2, nothing on stdout
refuse() {
    value=$1
    shift
    tv "$@" >out 2>err
    status=$?
    [ "$status" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -qF -e "$value" err
}
g=gaussian:sigma=1
s="--shift linf:1"
check "refuses a misspelt noise" refuse "did you mean laplace" --noise laplac:b=1 -d 3 $s
check "refuses a negative scale" refuse "'-1'" --noise laplace:b=-1 -d 3 $s
check "refuses nu = 0" refuse "'0'" --noise student-t:nu=0,scale=1 -d 3 $s
check "refuses a negative nu" refuse "'-2'" --noise student-t:nu=-2,scale=1 -d 3 $s
check "refuses sigma= without second moment" refuse "cauchy:sigma" --noise cauchy:sigma=1 -d 3 $s
check "refuses a missing noise" refuse "--noise" -d 3 $s
check "refuses a missing shift" refuse "--shift" --noise $g -d 3
check "refuses a missing d" refuse "-d DIMENSION" --noise $g $s
check "refuses d = 0" refuse "'0'" --noise $g -d 0 $s
check "refuses an unknown shift" refuse "'lnf:1'" --noise $g -d 3 --shift lnf:1
check "refuses more coordinates than d" refuse "d = 3" --noise $g -d 3 --shift 4:1
check "refuses an infinite shift" refuse "'inf'" --noise $g -d 3 --shift linf:inf
check "refuses a misspelt method" refuse "did you mean lattice" --noise $g -d 3 $s --method latice
check "refuses a method that does not apply" refuse "not independent" --noise exp-linf:k=1,b=1 -d 3 $s --method product
check "refuses a formula where there is none" refuse "method closed" --noise laplace:b=1 -d 3 $s --method closed
check "refuses radial for logistic noise" refuse "method radial" --noise logistic:scale=1 -d 3 $s --method radial
check "refuses lattice for noise with a hole" refuse "method lattice" --noise pareto:alpha=3,xm=1 -d 3 $s --method lattice
check "refuses pow-linf with a <= d" refuse "a" --noise pow-linf:a=3,b=1 -d 3 $s
check "refuses --samples without sampling" refuse "--method sample" --noise $g -d 3 $s --samples 10
check "refuses 0 samples" refuse "'0'" --noise $g -d 3 $s --method sample --samples 0
check "refuses confidence 1" refuse "'1'" --noise $g -d 3 $s --method sample --confidence 1
check "refuses --shift with --worst" refuse "exclude" --worst --noise $g -d 3 $s -p 2 -e 1
check "refuses -p without --worst" refuse "--worst" --noise $g -d 3 $s -p 2
check "refuses --worst without eps" refuse "eps is missing" --worst --noise $g -d 3 -p 2
check "refuses --worst without d" refuse "-d DIMENSION" --worst --noise $g -p 2 -e 1
check "refuses p = 0" refuse "p '0'" --worst --noise $g -d 3 -p 0 -e 1
check "refuses a negative eps" refuse "eps '-1'" --worst --noise $g -d 3 -p 2 -e -1
check "refuses --method with --worst" refuse "'product'" --worst --noise $g -d 3 -p 2 -e 1 --method product
check "refuses 1001 digits" refuse "'1001'" --noise $g -d 3 $s --digits 1001
check "refuses an unknown option" refuse "--shft" --noise $g -d 3 --shft linf:1
bad() { # NAME WORD DICTIONARY BYTES
    npy bad.npy "$3" "$4"
    check "refuses a file: $1" refuse "$2" --noise $g --shift bad.npy
}
five_doubles="{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }"
bad "NaN" nan "$five_doubles" "$half$nan$zero$zero$zero"
bad "Fortran order" fortran_order "{'descr': '<f8', 'fortran_order': True, 'shape': (1, 5), }" "$five"
bad "integers" '<i8' "{'descr': '<i8', 'fortran_order': False, 'shape': (5,), }" "$five"
bad "big endian" '>f8' "{'descr': '>f8', 'fortran_order': False, 'shape': (5,), }" "$five"
bad "cut short" bad.npy "$five_doubles" "$half$half$half$half"
bad "too long" bad.npy "$five_doubles" "$five$half"
bad "several vectors" "one vector" "{'descr': '<f8', 'fortran_order': False, 'shape': (5, 1), }" "$five"
bad "three axes" bad.npy "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 5), }" "$five"
check "refuses a file of another length" refuse "d = 6" --noise $g -d 6 --shift v.npy
check "refuses a missing file" refuse "absent.npy" --noise $g --shift absent.npy
echo "no numbers" >text.npy
check "refuses a file that is no .npy" refuse "text.npy" --noise $g --shift text.npy
mkdir directory.npy
check "refuses a directory" refuse "directory.npy" --noise $g --shift directory.npy
full() { tv --noise $g -d 3 $s >/dev/full 2>err; [ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]; }
if [ -w /dev/full ]; then check "a full disk is trouble" full; fi
help() { tv --help | grep -q 'smoothbound tv --worst --noise uniform'; }
check "--help has examples" help
[ "$failures" -eq 0 ]
