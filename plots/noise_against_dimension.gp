# Noise against dimension, a panel for each p: a band between the line below which Theorem 1.2 forbids every
# noise and the line from which Gaussian noise suffices. Both are straight in these axes, with slope 1/2 -
# 1/p.
# data: a block for each p with the columns p, d, necessary, sufficient.
W = 7.8; H = 3.75
load style

set logscale xy
set xrange [1e2:1e6]; set yrange [bottom:top]
set xtics ("10^3" 1e3, "10^4" 1e4, "10^5" 1e5); set mxtics 10
unset mytics
decades = log10(top/bottom)
up(y, share) = y*10**(share*decades)                    # a little above y, by a share of the height
in_view = range > bottom && range < top
powers = bottom < 9e-4 || top > 9e3                     # tics too long to be written out
left = 0.098; right = 0.988; gap = 0.022; low = 0.235; high = 0.735
width = (right - left - (panels - 1)*gap)/panels
set format y (powers ? "10^{%T}" : "%g")

data_set(d) = d == 3072 || d == 150528
numerator(word) = word[1:strstrt(word, "/") - 1] + 0.0
denominator(word) = word[strstrt(word, "/") + 1:] + 0.0
slope_of(word) = strstrt(word, "/") ? numerator(word)/denominator(word) : word + 0.0

set multiplot
set bmargin at screen low; set tmargin at screen high
set label 5 "r.m.s. noise per pixel" at screen 0.024,(low + high)/2 center rotate by 90 tc rgb ink
if (in_view) { set arrow 1 from 1e2,range to 1e6,range nohead lc rgb ink lw 0.9 dt solid back }
do for [i=1:panels] {
    start = word(necessary, i) + 0.0                    # the two lines at d = 10^2
    enough = word(sufficient, i) + 0.0
    exponent = word(exponents, i)
    edge = left + (i-1)*(width + gap)
    set lmargin at screen edge; set rmargin at screen edge + width
    set label 6 (i == 1 ? "dimension {/:Italic d}" : "{/:Italic d}") at graph 0.5,screen 0.125 \
        center tc rgb ink
    set label 7 "{/:Italic p} = ".word(norms, i) at graph 0,1.08 left tc lt i
    growth = exponent eq "0" ? "constant in {/:Italic d}" : "grows as {/:Italic d}^{ ".exponent."}"
    set label 8 growth at graph 1,1.08 right font small tc lt i
    if (i == 1) {
        near = abs(log10(range/enough)) < 0.1*decades   # then the words on the left must give way
        if (in_view && near) { set label 9 "full pixel range" at 8e5,up(range, 0.046) right \
            font small tc rgb ink }
        if (in_view && !near) { set label 9 "full pixel range" at 1.3e2,up(range, 0.046) left \
            font small tc rgb ink }
        set label 10 (near ? "suffices" : "Gaussian noise suffices") at 1.3e2,up(enough, 0.044) left \
            font tiny tc lt i
        set label 11 (near ? "impossible" : "too little for any noise") at 1.3e2,up(start, -0.048) left \
            font tiny tc lt i
    }
    # the two data sets are named in the last panel, if there is room below the line
    named = i == panels && log10(start/bottom) + 1.5*slope_of(exponent) > 0.45*decades
    if (named) {
        set label 12 "CIFAR-10" at 3.6e3,graph 0.125 left font small tc rgb ink
        set label 13 "≥ ".cifar at 3.6e3,graph 0.055 left font small tc rgb ink
        set label 14 "ImageNet" at 1.28e5,graph 0.305 right font small tc rgb ink
        set label 15 "≥ ".imagenet at 1.28e5,graph 0.235 right font small tc rgb ink
    }
    plot data index i-1 using 2:3:4 with filledcurves lt i fs transparent solid 0.15 noborder, \
         data index i-1 using (named && data_set($2) ? $2 : NaN):3 with impulses \
             lc rgb hair lw 0.9 dt solid, \
         data index i-1 using 2:4 with lines lt i lw 1.0, \
         data index i-1 using 2:3 with lines lt i lw 2.4, \
         data index i-1 using (data_set($2) ? $2 : NaN):3 with points lt i pt 7 ps dot
    if (i == 1) {
        set format y ""
        do for [k=1:5] { unset label k }
        do for [k=9:11] { unset label k }
    }
}
unset multiplot
