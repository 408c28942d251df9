#!/bin/sh
# `smoothbound figure`: every figure in every format, its numbers against formulas evaluated here by awk,
# and every way it can fail. $SMOOTHBOUND is the program, $SCRATCH a folder to work in; SMOOTHBOUND_LOGS, if
# set, the folder with the authors' certification logs.
set -u
: "${SMOOTHBOUND:?is the program to test}"
: "${SMOOTHBOUND_DATA:=$(cd "$(dirname "$0")/../.." && pwd)}"
work=${SCRATCH:-$(mktemp -d)}
[ -n "${SCRATCH:-}" ] || trap 'rm -rf "$work"' EXIT
TMPDIR=$work/temporary # so that what is left behind is seen
mkdir "$TMPDIR"
export SMOOTHBOUND_DATA TMPDIR
unset GNUPLOT
failures=0

report() { # report STATUS NAME
    if [ "$1" -eq 0 ]; then
        echo "ok - $2"
    else
        echo "not ok - $2"
        sed 's/^/# /' "$work/out" "$work/err" "$work/why" 2>/dev/null | head -n 8
        failures=$((failures + 1))
    fi
    : >"$work/why"
}

# Runs `smoothbound figure`; keeps status, output and errors.
figure() {
    "$SMOOTHBOUND" figure "$@" >"$work/out" 2>"$work/err"
    status=$?
}

# Whether the last run ended as trouble should: status 2, nothing on stdout, one line on stderr that matches.
trouble() { # trouble PATTERN
    [ "$status" -eq 2 ] && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] &&
        grep -q -e "$1" "$work/err"
}

refuses() { # refuses PATTERN NAME ARGUMENT...
    pattern=$1 name=$2
    shift 2
    rm -rf "$work/refused"
    figure "$@"
    trouble "$pattern" && [ ! -e "$work/refused" ] && [ -z "$(ls -A "$TMPDIR")" ]
    report $? "$name"
}

finish() { exit "$((failures > 0))"; }

# ------------------------------------------------------------------ without gnuplot
figure --list
[ "$status" -eq 0 ] && for f in 1 2 noise gap dimension extremal phase families tails hill scaling images; do grep -q "^$f  " "$work/out" || exit 1; done
report $? "the list names the figures"

figure --list --format json
[ "$status" -eq 0 ] &&
    [ "$(grep -c '^{"schema":"smoothbound/figure/1","figure":"[a-z0-9]*",' "$work/out")" -ge 6 ]
report $? "the list as JSON is an object a line"

d=$work/refused
refuses "did you mean noise" "an unknown figure is named with its neighbour" nosie --output-dir "$d"
refuses "unknown figure 'xyzzy'" "an unknown figure far from all" xyzzy --output-dir "$d"
refuses "which figure" "a figure must be named" --output-dir "$d"
refuses "unexpected argument 'phase'" "one figure at a time" noise phase --output-dir "$d"
refuses "'gif' is none of" "an unknown format" noise --formats svg,gif --output-dir "$d"
refuses "a.gif: .*must end in" "an unknown ending" noise -o "$d/a.gif"
refuses "exclude each other" "-o and --output-dir" noise -o a.png --output-dir "$d"
refuses "8//255" "eps that is no number" noise -e 8//255 --output-dir "$d"
refuses "eps '0'" "eps = 0" noise -e 0 --output-dir "$d"
refuses "eps 'inf'" "eps = inf" noise -e inf --output-dir "$d"
refuses "1e-60 to 1e60" "eps too small to be drawn" phase -e 1e-400 --output-dir "$d"
refuses "delta '1.2'" "delta > 1" phase --delta 1.2 --output-dir "$d"
refuses "delta '0'" "delta = 0" phase --delta 0 --output-dir "$d"
refuses "range '-1'" "a negative range" phase --range=-1 --output-dir "$d"
refuses "p" "p below 2, where Theorem 1.2 is silent" noise -p 1.5 --output-dir "$d"
refuses "p" "p below 1" noise -p 0.3 --output-dir "$d"
refuses "room for 1 to 4" "five panels" noise -p 2,3,4,5,6 --output-dir "$d"
refuses "twice" "the same panel twice" noise -p 4,4 --output-dir "$d"
refuses "TRADES-smoothing" "figure 2 without logs says where they are" 2 --output-dir "$d"
refuses "folder of an experiment" "figure scaling without an experiment" scaling --output-dir "$d"
refuses "preset.conf" "figure scaling with another folder" scaling --logs "$work" --output-dir "$d"
refuses "unknown preset .xyzzy" "figure images with a preset that is none" images --preset xyzzy --output-dir "$d"
refuses "make data" "figure images of CIFAR-10 without a folder" images --preset cifar-small --output-dir "$d"
refuses "no-such-folder.*make data" "figure images with a folder that is not there" images \
    --images "$work/no-such-folder" --output-dir "$d"
refuses "10000 test images" "figure images with an image that is none" images --image 10000 --output-dir "$d"
refuses "image '-1'" "figure images with a negative image" images --image -1 --output-dir "$d"
refuses "no-such-folder" "figure 2 with a folder that is not there" 2 \
    --logs "$work/no-such-folder" --output-dir "$d"

GNUPLOT=/nonexistent/gnuplot
export GNUPLOT
refuses "/nonexistent/gnuplot: cannot run" "a missing gnuplot" 1 --data --output-dir "$d"
printf '#!/bin/sh\necho; echo "   a complaint" >&2; echo "   ^"; exit 1\n' >"$work/failing"
printf '#!/bin/sh\nexit 0\n' >"$work/idle"
chmod +x "$work/failing" "$work/idle"
GNUPLOT=$work/failing
refuses "failing: a complaint" "a gnuplot that fails is quoted in one line" noise --data --output-dir "$d"
GNUPLOT=$work/idle
refuses "drew no svg picture" "a gnuplot that draws nothing" phase --output-dir "$d"
unset GNUPLOT

if ! command -v gnuplot >/dev/null; then
    echo "ok - figures # SKIP gnuplot is not installed"
    finish
fi

# ------------------------------------------------------------------ pictures
# Whether a picture is what its ending says.
valid() { # valid FILE
    case $1 in
    *.png) [ "$(od -An -tx1 -N8 "$1" | tr -d ' \n')" = 89504e470d0a1a0a ] && tail -c 12 "$1" | grep -q IEND ;;
    *.pdf) [ "$(head -c 5 "$1")" = "%PDF-" ] && tail -c 16 "$1" | grep -q '%%EOF' ;;
    *.svg)
        grep -q '<title>[A-Z]' "$1" && if command -v xmllint >/dev/null; then
            xmllint --noout "$1" 2>"$work/why"
        elif command -v python3 >/dev/null; then
            python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$1" 2>"$work/why"
        else
            tail -n 3 "$1" | grep -q '</svg>'
        fi
        ;;
    *) [ -s "$1" ] ;;
    esac
}

# Draws a figure with its data; checks the files, the list of their names, and that nothing else is left.
draws() { # draws NAME ARGUMENT...
    name=$1
    shift
    rm -rf "$work/drawn"
    figure "$name" --data --output-dir "$work/drawn" "$@"
    ok=$status
    for ending in svg pdf png tsv; do
        echo "$work/drawn/figure-$name.$ending"
    done >"$work/expected"
    cmp -s "$work/expected" "$work/out" || ok=1
    [ ! -s "$work/err" ] || ok=1
    while read -r file; do
        valid "$file" || { ok=1 && echo "$file is not valid" >>"$work/why"; }
    done <"$work/expected"
    [ "$(ls -A "$work/drawn" | wc -l)" -eq 4 ] && [ -z "$(ls -A "$TMPDIR")" ] || ok=1
    report "$ok" "figure $name $* is drawn in three formats"
}

# Runs an awk program over a table; it prints what is wrong.
holds() { # holds NAME FILE PROGRAM ASSIGNMENT...
    name=$1 file=$2 program=$3
    shift 3
    awk -F '\t' "$@" "$program" "$file" >"$work/why" 2>&1
    [ ! -s "$work/why" ]
    report $? "$name"
}

draws 1
holds "figure 1: the points lie on the unit circles of l_2 and l_4" "$work/drawn/figure-1.tsv" '
    NR == 1 { next }
    { s = ($2^2)^($1/2) + ($3^2)^($1/2); if (s < 1 - 1e-8 || s > 1 + 1e-8) print "line " NR ": " s; n[$1]++ }
    END { if (n[2] != 241 || n[4] != 241) print "points: " n[2] ", " n[4] }'

# Phi^{-1}((1+delta)/2) = sqrt(2) erf^{-1}(delta) by bisection of the series of erf, apart from the program
# under test
bounds='
    function erf(x, s, t, k) {
        s = t = x
        for (k = 1; k < 200; k++) { t *= -x*x/k; s += t/(2*k + 1) }
        return 2*s/sqrt(3.14159265358979324)
    }
    function quantile(delta, a, b, m, k) {
        a = 0; b = 4
        for (k = 0; k < 100; k++) { m = (a + b)/2; if (erf(m) < delta) a = m; else b = m }
        return sqrt(2)*a
    }
    function power(p) { return p == "inf" ? 0.5 : 0.5 - 1/p }
    NR == 1 { z = quantile(delta); next }
    {
        low = eps*$2^power($1)*sqrt((1 - delta)/800)/delta
        high = eps*$2^power($1)/(2*z)
        if ($3 > low*(1 + 1e-13) || $3 < low*(1 - 2e-8)) print "line " NR ": necessary " $3 " for " low
        if ($4 < high*(1 - 1e-13) || $4 > high*(1 + 2e-8)) print "line " NR ": sufficient " $4 " for " high
        n[$1]++
        if ($2 == 3072 || $2 == 150528) marked++
    }
    END {
        k = split(norms, norm, " ")
        for (i = 1; i <= k; i++) if (n[norm[i]] != 43) print norm[i] ": " n[norm[i]] " rows"
        if (NR != 1 + 43*k || marked != 2*k) print NR " lines, " marked " marked"
    }'
draws noise
holds "noise: both lines are the formulas, rounded outward" "$work/drawn/figure-noise.tsv" "$bounds" \
    -v eps=0.0313725490196078431 -v delta=0.1 -v "norms=2 4 8 inf"
draws noise -e 3 --delta 2/3 --range 255 -p 3,inf
holds "noise: the same for other parameters" "$work/drawn/figure-noise.tsv" "$bounds" \
    -v eps=3 -v delta=0.666666666666666667 -v "norms=3 inf"
draws noise -p 2 --delta 0.99
draws noise -e 1e-30

# On a level curve the bound is the level; on the lower edge (d = 10, beyond its end) it is above.
levels='
    NR == 1 { next }
    {
        bound = eps*sqrt((1 - delta)/800)/delta*exp(log(10)*$4*(0.5 - $3))
        edge = $4 == 1
        if (bound < $2*(1 - 1e-7) || (!edge && bound > $2*(1 + 1e-7))) print "line " NR ": " bound " for " $2
        if ($3 < 0 || $3 > 0.5 || $4 < 1 || $4 > 6.0000001) print "line " NR ": outside the picture"
        if (!($1 in seen)) order = order " " $1
        seen[$1]++
    }
    END { if (order != " " curves) print "curves:" order }'
draws phase
holds "phase: the bound is constant along each curve" "$work/drawn/figure-phase.tsv" "$levels" \
    -v eps=0.0313725490196078431 -v delta=0.1 -v "curves=0.03 0.1 0.3 1 3 range"
draws phase -e 8 --range 255 --delta 1/2
holds "phase: the same for other parameters" "$work/drawn/figure-phase.tsv" "$levels" \
    -v eps=8 -v delta=0.5 -v "curves=0.765 2.55 7.65 25.5 76.5 255 range"

# Curve 0 is the larger of Theorem 1.2 and Lemma C.1, 2 is Gaussian noise eps sqrt(d)/(2 z), 8 uniform noise; all others
# lie above curve 0 and increase.
families='
    NR == 1 { next }
    {
        needed = eps*sqrt($2*(1 - delta)/800)/delta
        if (needed < eps*sqrt($2)*(1 - delta)/(24*delta)) needed = eps*sqrt($2)*(1 - delta)/(24*delta)
        truth = $1 == 0 ? needed : $1 == 2 ? eps*sqrt($2)/(2*z) : $1 == 8 ? eps/(2*sqrt(3)*(1 - exp(log(1 - delta)/$2))) : 0
        if (truth && ($3 < truth*(1 - 2e-4) || $3 > truth*(1 + 2e-4))) print "line " NR ": " $3 " for " truth
        if ($1 && $3 < needed) print "line " NR ": an escape"
        if ($1 == last && $3 <= before*0.999) print "line " NR ": less noise in higher dimension"
        last = $1; before = $3; rows[$1]++
    }
    END { for (k = 0; k <= 10; k++) if (rows[k] < 3) print "curve " k ": " rows[k] " rows" }'
draws families
holds "families: closed forms, above the bound, increasing" "$work/drawn/figure-families.tsv" "$families" \
    -v eps=0.0313725490196078431 -v delta=0.1 -v z=0.125661346855074

# Band by band against formulas evaluated here: Theorem 1.2 and Corollary B.3; m(delta) as the interpolation of
# (n^2-1)/12 between the points 1/n; T(delta) = 1/(4 z^2), linear from .76619 on. What is best in a dimension
# lies between m and T.
gap='
    function erf(x, s, t, k) {
        s = t = x
        for (k = 1; k < 200; k++) { t *= -x*x/k; s += t/(2*k + 1) }
        return 2*s/sqrt(3.14159265358979324)
    }
    function quantile(delta, a, b, m, k) {
        a = 0; b = 4
        for (k = 0; k < 60; k++) { m = (a + b)/2; if (erf(m) < delta) a = m; else b = m }
        return sqrt(2)*a
    }
    function m(delta, n) {
        for (n = 1; 1/(n + 1) > delta;) n++
        return ((n^2 - 1) + ((n + 1)^2 - n^2)*(1/n - delta)*n*(n + 1))/12
    }
    function off(x, y) { return x < y*(1 - 2e-8) || x > y*(1 + 2e-8) }
    NR == 1 { next }
    {
        gauss = 1/(4*quantile($2)^2)
        limit = $2 < 0.76618984 ? gauss : 0.75429974*(1 - $2)
        if ($1 == "paper" && (off($3, (1 - $2)/(800*$2^2)) || off($4, 81/(4*$2^2)))) print "line " NR ": " $0
        if ($1 == "paper" && off($4/$3, 16200/(1 - $2))) print "line " NR ": the ratio of " $0
        if (($1 == "one-shift" || $1 == "gaussian") && off($3, m($2))) print "line " NR ": " $0 " for " m($2)
        if ($1 == "gaussian" && off($4, gauss)) print "line " NR ": " $0 " for " gauss
        if ($1 != "gaussian" && $1 != "paper" && off($4, limit)) print "line " NR ": " $0 " for " limit
        if ($1 != "gaussian" && $1 != "paper" && $4/$3 > 2.1982) print "line " NR ": a factor of " $4/$3
        if ($3 < m($2)*(1 - 1e-8) && $1 != "paper" || $4 < $3) print "line " NR ": " $0 " for " m($2)
        if ($1 == 3072 && ($2 > 0.199 && $2 < 0.651) && $4/$3 > 1.18) print "line " NR ": " $4/$3
        if ($1 == 150528 && ($2 > 0.099 && $2 < 0.751) && $4/$3 > 1.04) print "line " NR ": " $4/$3
        rows[$1]++
    }
    END {
        if (rows["paper"] != 399 || rows["one-shift"] != 399 || rows["gaussian"] != 399) print "rows of the formulas"
        if (rows["3072"] != 99 || rows["150528"] != 99) print "rows of the best bounds"
    }'
draws gap
holds "gap: the formulas, and the best bounds between m and T" "$work/drawn/figure-gap.tsv" "$gap"

# p = 2: d/(4 z^2) over the larger of d m and the t with Pr(|U_1| <= 1/(2 sqrt t)) = delta, U uniform on the
# sphere (its density c (1-u^2)^((d-3)/2) by Simpson sums over u = sin a); other p: between 1 and the value at
# d = 1, and tending to 1.
dimension='
    function mass(d, from, to, a, h, s, k) {
        h = (to - from)/400; s = 0
        for (k = 0; k <= 400; k++) {
            a = cos(from + k*h)
            s += (k == 0 || k == 400 ? 1 : k % 2 ? 4 : 2)*(a > 0 ? exp((d - 2)*log(a)) : d == 2)
        }
        return s*h/3
    }
    function touch(d, delta, far, all, low, high, k, a) {
        far = 10/sqrt(d); if (far > 1.5707963267948966) far = 1.5707963267948966
        all = mass(d, 0, far); low = 0; high = far
        for (k = 0; k < 40; k++) { a = (low + high)/2; if (mass(d, 0, a) < delta*all) low = a; else high = a }
        return 1/(4*sin(low)^2)
    }
    NR == 1 { next }
    {
        split($1, word, "[=,/]")
        p = word[2]; delta = word[3]/word[4]
        gauss = delta < 0.2 ? 1/(4*0.125661346855074^2) : 1/(4*0.674489750196082^2)
        m = delta < 0.2 ? 8.25 : 0.25
        if (p == 2) {
            best = m*$2
            if ($2 > 1 && touch($2, delta) > best) best = touch($2, delta)
            truth = gauss*$2/best
            if ($3 < truth*(1 - 1e-6) || $3 > truth*(1 + 1e-6)) print "line " NR ": " $3 " for " truth
        }
        if ($3 < 1 || $3 > gauss/m*(1 + 1e-8)) print "line " NR ": " $0
        if ($2 == 2^22 && $3 > 1.01) print "line " NR ": " $0
        if ($1 == last && $3 > before*(1 + 2e-3)) print "line " NR ": a larger factor in higher dimension"
        last = $1; before = $3; rows[$1]++
    }
    END { for (c in rows) { n++; if (rows[c] != 44) print c ": " rows[c] " rows" } if (n != 8) print n " curves" }'
draws dimension
holds "dimension: p = 2 by integrals, the others tend to 1" "$work/drawn/figure-dimension.tsv" "$dimension"

# d = 1 and d = 2 are m(delta) = (1/delta^2-1)/12 over 1/(4 z^2) (the bound from one shift is reached there); then
# the share grows. The density: its mass, its second moment 5/16, and its total variation under every shift that
# is a multiple of 1/48, from cells.
extremal='
    function erf(x, s, t, k) {
        s = t = x
        for (k = 1; k < 200; k++) { t *= -x*x/k; s += t/(2*k + 1) }
        return 2*s/sqrt(3.14159265358979324)
    }
    function quantile(delta, a, b, m, k) {
        a = 0; b = 4
        for (k = 0; k < 60; k++) { m = (a + b)/2; if (erf(m) < delta) a = m; else b = m }
        return sqrt(2)*a
    }
    NR == 1 { next }
    $1 == "law" { x[++corners] = $2; y[corners] = $3; next }
    {
        truth = ($1^2 - 1)/3*quantile(1/$1)^2
        if ($2 <= 2 && ($3 < truth*(1 - 1e-7) || $3 > truth*(1 + 1e-7))) print "line " NR ": " $3 " for " truth
        if ($2 > 2 && $3 <= before) print "line " NR ": less of Gaussian noise in higher dimension"
        if ($3 > 1) print "line " NR ": more than Gaussian noise"
        before = $3; rows[$1]++
    }
    END {
        if (rows[3] != 9 || rows[5] != 6) print "dimensions: " rows[3] ", " rows[5]
        for (i = 1; i < corners; i++) for (k = int(x[i]*48 + 100.5) - 100; k < int(x[i + 1]*48 + 100.5) - 100; k++) {
            mass += y[i]/48; moment += y[i]*((k + 1)^3 - k^3)/48^3/3; density[k] = y[i]
        }
        if (mass < 1 - 1e-7 || mass > 1 + 1e-7) print "mass " mass
        if (moment < 0.3125 - 1e-7 || moment > 0.3125 + 1e-7) print "second moment " moment
        for (v = 1; v <= 48; v++) {
            variation = 0
            for (k = -200; k < 200; k++) { a = density[k] - density[k - v]; variation += (a > 0 ? a : -a)/96 }
            if (variation > 0.5 + 1e-7) print "shift " v "/48: " variation
        }
    }'
draws extremal
holds "extremal: one shift for d <= 2, growing shares; the density keeps its promise" \
    "$work/drawn/figure-extremal.tsv" "$extremal"

# Panels 6 r + c for three sizes: 0 the image, enlarged by bilinear interpolation (from 8 to 16 pixels with weights 1/4
# and 3/4); 1 with noise of sigma 0.1, 0.15, 0.2; 2 its averages over 8 x 8 areas, with 0.1, 0.15 * 5/9 and 0.1; 3 with noise
# of 0.1; 4 and 5 as 0 and 1 with detail. Noise is measured where the image is between 100 and 155.
images='
    NR == 1 { next }
    {
        rows[$1]++
        side[$1] = $2
        for (c = 0; c < 3; c++) at[$1, $4, $3, c] = $(5 + c)
    }
    function difference(a, b, x, y, c) { # root mean square of panels a and b where b is in the middle, over 255
        square = used = equal = 0
        for (y = 0; y < side[a]; y++) for (x = 0; x < side[a]; x++) for (c = 0; c < 3; c++) {
            equal += at[a, y, x, c] == at[b, y, x, c]
            if (at[b, y, x, c] < 100 || at[b, y, x, c] > 155) continue
            square += (at[a, y, x, c] - at[b, y, x, c])^2
            used++
        }
        return used > 40 ? sqrt(square/used)/255 : -1
    }
    function is(name, value, truth) {
        if (value < truth*0.82 || value > truth*1.18) print name ": " value " for " truth
    }
    END {
        split("8 12 16", size, " ")
        for (r = 0; r < 3; r++) for (c = 0; c < 6; c++) {
            s = c == 2 ? 8 : size[r + 1]
            if (rows[6*r + c] != s*s || side[6*r + c] != s) print "panel " 6*r + c ": " rows[6*r + c] " pixels"
        }
        for (r = 0; r < 3; r++) {
            is("scaled " r, difference(6*r + 1, 6*r), 0.1*size[r + 1]/8)
            is("fixed " r, difference(6*r + 3, 6*r), 0.1)
            is("detail " r, difference(6*r + 5, 6*r + 4), 0.1*size[r + 1]/8)
        }
        difference(4, 0); if (equal != 192) print "the smallest size has another detail"
        difference(2, 1); if (equal != 192) print "averages of the smallest size"
        difference(16, 12); if (equal > 300) print "the largest size has no detail: " equal
        for (y = 1; y < 15; y++) for (x = 1; x < 15; x++) for (c = 0; c < 3; c++) {
            i = int((y - 1)/2); j = int((x - 1)/2); a = y % 2 ? 0.25 : 0.75; b = x % 2 ? 0.25 : 0.75
            mean = (1 - a)*((1 - b)*at[0, i, j, c] + b*at[0, i, j + 1, c]) + \
                a*((1 - b)*at[0, i + 1, j, c] + b*at[0, i + 1, j + 1, c])
            if (mean < at[12, y, x, c] - 1.01 || mean > at[12, y, x, c] + 1.01) print x ", " y ": " mean
            quarter = 0
            for (k = 0; k < 4; k++) quarter += at[13, y - y % 2 + int(k/2), x - x % 2 + k % 2, c]/4
            inner = quarter > 70 && quarter < 185 # so that hardly anything was cut off
            if (inner && (quarter < at[14, int(y/2), int(x/2), c] - 25 || quarter > at[14, int(y/2), int(x/2), c] + 25))
                print "average at " x ", " y ": " at[14, int(y/2), int(x/2), c] " for " quarter
        }
    }'
printf '%s\n' 'data = shapes' 'sizes = 8,12,16' 'source-size = 8' 'arms = scaled,fixed,detail' 'reference-size = 16' \
    'sigma = 0.2' 'radius = 0.4' >"$work/small.conf"
draws images --preset "$work/small.conf"
holds "images: sizes, noise, averages, detail" "$work/drawn/figure-images.tsv" "$images"
draws images

figure phase --formats pdf --output-dir "$work/pdf" && [ "$(ls "$work/pdf")" = figure-phase.pdf ]
report $? "one format"
figure phase -o "$work/one.svg" --data &&
    valid "$work/one.svg" && [ -s "$work/one.tsv" ] && [ ! -e "$work/one.png" ]
report $? "-o FILE by its ending, with the data beside it"
figure 1 --output-dir "$work/it's a \"folder\"/é" --formats svg &&
    [ -s "$work/it's a \"folder\"/é/figure-1.svg" ]
report $? "a folder with blanks and quotes, made with its parents"
mkdir "$work/it's" && TMPDIR="$work/it's" figure 1 -o "$work/quoted.png" && valid "$work/quoted.png"
report $? "a temporary folder with a quote"
ok=0
figure 1 --output-dir "$work/once" && sleep 1 && figure 1 --output-dir "$work/again" || ok=1
for f in "$work/once"/*.svg "$work/once"/*.png; do cmp "$f" "$work/again/${f##*/}" >>"$work/why" 2>&1 || ok=1; done
[ "$(ls "$work/once" | wc -l)" -eq 3 ] && report "$ok" "the same SVG and PNG a second later"
if grep -aq '/Producer (cairo 1\.1[0-6]' "$work/once/figure-1.pdf"; then
    cmp "$work/once/figure-1.pdf" "$work/again/figure-1.pdf" >>"$work/why" 2>&1
    report $? "the same PDF a second later"
else
    echo "ok - the same PDF a second later # SKIP this cairo compresses the date into the file"
fi

echo data >"$work/file"
figure 1 --output-dir "$work/file/below"
trouble "file" && [ "$(cat "$work/file")" = data ]
report $? "an output folder that cannot be made"
ln -s /dev/full "$work/full.svg"
figure 1 -o "$work/full.svg"
trouble "full.svg: No space left"
report $? "a full disk"
TMPDIR=$work/file figure 1 --output-dir "$work/refused"
trouble "temporary folder" && [ ! -e "$work/refused" ]
report $? "no place for temporary files"

# ------------------------------------------------------------------ figure 2
one=output_noise12_size32_l2trades0435_beta6.tsv
two=output_noise18_size48_l2trades06525_beta6.tsv
three=output_noise24_size64_l2trades087_beta6.tsv
make_log() { # make_log FILE SEED
    awk -v seed="$2" 'BEGIN {
        print "idx\tlabel\tpredict\tradius\tcorrect\ttime"
        for (i = 0; i < 40; i++) {
            r = (seed + 7919*i) % 97
            if (r < 8) print i "\t3\t-1\t0.0\t0\t0:00:01"
            else if (r < 20) print i "\t3\t5\t0.00" (100 + r) "\t0\t0:00:01"
            else if (r < 60) printf "%d\t3\t3\t0.00%03d\t1\t0:00:01\n", i, 400 + 5*(r % 30)
            else print i "\t3\t3\t0.00825\t1\t0:00:01"
        }
    }' >"$1"
}
# Rows against the logs: the count of correct images with at least that radius, the two radii, and
# Clopper-Pearson ends by their definition Pr(X >= count | lower) = 0.025 = Pr(X <= count | upper), rounded
# outward in the last digit.
curves='
    function tail(n, a, b, p, t, s, k) { # Pr(a <= X <= b)
        t = n*log(1 - p)
        for (k = 0; k <= b; k++) { if (k >= a) s += exp(t); if (k < n) t += log((n - k)/(k + 1)*p/(1 - p)) }
        return s
    }
    function off(a, b) { return a > b + 1e-5 + 2e-5*b || b > a + 1e-5 + 2e-5*b }
    FNR == 1 { file++; next }
    file <= 3 { total[file]++; if ($5 == 1) radius[file, ++correct[file]] = $4 + 0; next }
    {
        if ($1 != previous) { log_number++; previous = $1 }
        count = 0
        for (i = 1; i <= correct[log_number]; i++) count += radius[log_number, i] >= $5 - 1e-12
        size = 16 + 16*log_number
        if ($2 != size || $3 != 3*size^2 || $6 != total[log_number] || $7 != count)
            print "line " FNR ": " $0 ": " count
        if (off($4, $5*sqrt($3)) || off($8, count/$6)) print "line " FNR ": radius or accuracy"
        unit = 1.000001e-6 # the last of the six digits
        if (count == 0 ? $9 != 0 : tail($6, count, $6, $9) > 0.025 || tail($6, count, $6, $9 + unit) < 0.025)
            print "line " FNR ": lower end " $9
        if (count == $6 ? $10 != 1 : tail($6, 0, count, $10) > 0.025 || tail($6, 0, count, $10 - unit) < 0.025)
            print "line " FNR ": upper end " $10
        rows[log_number]++
        last[log_number] = count
    }
    END {
        for (k = 1; k <= 3; k++) {
            distinct = 0
            for (i = 1; i <= correct[k]; i++) {
                distinct += !((k, radius[k, i]) in seen)
                seen[k, radius[k, i]] = 1
            }
            if (rows[k] != distinct + 2 || last[k] != 0)
                print "log " k ": " rows[k] " rows for " distinct " radii"
        }
    }'
logs=$work/logs
mkdir "$logs"
make_log "$logs/$one" 5
make_log "$logs/$two" 31
make_log "$logs/$three" 77
draws 2 --logs "$logs"
awk -F '\t' "$curves" "$logs/$one" "$logs/$two" "$logs/$three" "$work/drawn/figure-2.tsv" >"$work/why" 2>&1
[ ! -s "$work/why" ]
report $? "figure 2: steps, radii and Clopper-Pearson bands from synthetic logs"

cp "$work/drawn/figure-2.tsv" "$work/first.tsv"
for f in "$one" "$two" "$three"; do mv "$logs/$f" "$logs/${f%.tsv}"; done
figure 2 --logs "$logs" -o "$work/bare.pdf" --data && cmp -s "$work/bare.tsv" "$work/first.tsv"
report $? "figure 2: the logs without an ending, as their repository has them"
for f in "$one" "$two" "$three"; do mv "$logs/${f%.tsv}" "$logs/$f"; done

head -n 1 "$logs/$one" >"$work/header" && cp "$work/header" "$logs/$two"
refuses "$two: .*no images" "a log of no images" 2 --logs "$logs" --output-dir "$d"
printf '3\t3\t3\tnan\t1\t0:00:01\n' >>"$logs/$two"
refuses "$two.*nan" "a log with a radius that is no number" 2 --logs "$logs" --output-dir "$d"
rm "$logs/$two"
refuses "$two" "a log that is missing" 2 --logs "$logs" --output-dir "$d"

if [ -z "${SMOOTHBOUND_LOGS:-}" ]; then
    echo "ok - figure 2 from the authors' logs # SKIP SMOOTHBOUND_LOGS is not set"
    finish
fi
draws 2 --logs "$SMOOTHBOUND_LOGS"
awk -F '\t' "$curves" "$SMOOTHBOUND_LOGS/$one" "$SMOOTHBOUND_LOGS/$two" "$SMOOTHBOUND_LOGS/$three" \
    "$work/drawn/figure-2.tsv" >"$work/why" 2>&1
[ ! -s "$work/why" ]
report $? "figure 2: steps, radii and Clopper-Pearson bands from the authors' logs"
# The paper's curve, at l_inf radii 0, 0.001, ..., 0.009: what the next row at or beyond that radius says.
holds "figure 2: the values at round radii" "$work/drawn/figure-2.tsv" '
    BEGIN {
        expected[32] = "0.78 0.76 0.748 0.72 0.702 0.678 0.664 0.644 0.614 0"
        expected[48] = "0.77 0.756 0.73 0.708 0.682 0.658 0.638 0.62 0.58 0"
        expected[64] = "0.756 0.74 0.716 0.684 0.666 0.656 0.636 0.616 0.586 0"
    }
    NR > 1 {
        while (next_radius[$2] <= 9 && $5 >= next_radius[$2]/1000 - 1e-12) {
            got[$2] = got[$2] " " $8
            next_radius[$2]++
        }
    }
    END { for (s in expected) if (got[s] != " " expected[s]) print s ":" got[s] }'
finish
