# The noise of each family at its smallest scale, against dimension: absolutely, and over Gaussian noise.
# data: a block for each curve with the columns curve, d, rms, ratio; block 0 is what any noise must have.
W = 7.8; H = 4.3
load style

set logscale x 2; set logscale y 10
set xrange [1:2**18.02]
set xtics ("1" 1, "2^6" 2**6, "2^{12}" 2**12, "2^{18}" 2**18); unset mxtics; unset mytics
low = 0.205; high = 0.765
named(k) = value(sprintf("label_%d", k))
height(k) = value(sprintf("height_%d", k))
# a line type for each curve, 10 + its number
set linetype 11 lc rgb sky lw 1.8 dt solid
set linetype 12 lc rgb blue lw 1.8 dt solid
set linetype 13 lc rgb green lw 1.8 dt solid
set linetype 14 lc rgb orange lw 1.8 dt solid
set linetype 15 lc rgb vermilion lw 1.8 dt solid
set linetype 16 lc rgb vermilion lw 1.8 dt dashed
set linetype 17 lc rgb purple lw 1.8 dt solid
set linetype 18 lc rgb ink lw 1.8 dt solid
set linetype 19 lc rgb ink lw 1.8 dt dashed
set linetype 20 lc rgb "#7a7a7a" lw 1.8 dt solid
set linetype 21 lc rgb orange lw 1.8 dt dashed
set linetype 22 lc rgb sky lw 1.8 dt dashed

set multiplot
set bmargin at screen low; set tmargin at screen high

# ---- left: r.m.s. noise
set lmargin at screen 0.088; set rmargin at screen 0.412
decades = log10(highest/lowest)
set yrange [lowest*10**(-0.12*decades):highest*10**(0.06*decades)]
set format y "10^{%T}"
set label 5 "r.m.s. noise per pixel" at screen 0.024,(low + high)/2 center rotate by 90 tc rgb ink
set label 6 "dimension {/:Italic d}" at graph 0.5,screen 0.118 center tc rgb ink
set label 7 "absolutely" at graph 0,1.07 left tc rgb ink
set label 8 "too little for any noise:" at graph 0.97,0.115 right font small tc rgb quiet
set label 9 "Theorem 1.2, Lemma C.1" at graph 0.97,0.055 right font small tc rgb quiet
share(y) = (log10(y) - log10(lowest))/decades*100/118 + 12/118.    # of the height
set label 10 named(10) at graph 1.03,share(last_10)+0.035 left font small tc lt 20
set label 11 "uniform on the cube" at graph 1.03,share(last_8)-0.01 left font small tc lt 18
set label 12 named(9) at graph 1.03,share(last_8)-0.07 left font small tc lt 19
set label 13 "the other families" at graph 1.03,share(gaussian_end)+0.035 left font small tc rgb quiet
set label 14 "any noise" at graph 1.03,share(needed_end) left font small tc rgb quiet
if (range > lowest && range < highest) {
    set arrow 1 from 1,range to 2**18,range nohead lc rgb ink lw 0.9 dt solid back
    set label 15 "full pixel range" at 2**17.6,range*10**(-0.035*decades) right font tiny tc rgb ink }
plot data index 0 using 2:3 with filledcurves y1=1e-300 lc rgb "#000000" fs transparent solid 0.08 noborder, \
     data index 0 using 2:3 with lines lc rgb quiet lw 2.4 dt solid, \
     for [k=curves:1:-1] data index k using 2:3 with lines lt 10+k
do for [k=5:15] { unset label k }
unset arrow 1

# ---- right: over Gaussian noise
set lmargin at screen 0.615; set rmargin at screen 0.86
set yrange [bottom:top]
set format y "%g"
set ytics (0.5, 1, 2, 4)
set label 6 "dimension {/:Italic d}" at graph 0.5,screen 0.118 center tc rgb ink
set label 7 "relative to Gaussian noise" at graph 0,1.07 left tc rgb ink
do for [k=1:curves] { if (height(k) == height(k)) { \
    set label 10+k named(k) at graph 1.05,height(k) left font small tc lt 10+k } }
plot for [k=curves:1:-1] data index k using 2:4 with lines lt 10+k
unset multiplot
