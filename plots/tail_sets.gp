# Tails of three noises over the line (q/s)^2, shaded where they are above it.
# data: a block for each noise with the columns noise, s, tail, (q/s)^2.
W = 7.4; H = 4.5
load style

set lmargin at screen 0.105; set rmargin at screen 0.985; set bmargin at screen 0.205; set tmargin at screen 0.79
last(k) = word(ends, k) + 0.0
set logscale xy
set xrange [q/2:last(3)*30]; set yrange [bottom:6]
set format xy "10^{%T}"
unset mxtics; unset mytics
set label 5 "threshold {/:Italic s}" at graph 0.5,screen 0.118 center tc rgb ink
set label 6 "Pr(|ζ| > {/:Italic s})" at screen 0.024,graph 0.5 center rotate by 90 tc rgb ink
set label 7 "the line ({/:Italic q}/{/:Italic s})^2: Theorem 1.3 asks for" at graph 0.03,0.30 left font small tc rgb ink
set label 8 "one {/:Italic s} > {/:Italic q} whose tail is above it" at graph 0.03,0.245 left font small tc rgb ink
do for [k=1:3] {
    set label 10+k word("Gaussian Laplace uniform", k)." noise" at last(3)*1.5,graph 1.05-0.16*k left tc lt k
    set label 20+k "holds up to {/:Italic s} = ".word(words_at_ends, k) at last(3)*1.5,graph 0.99-0.16*k left \
        font small tc lt k
}
above(t, power) = t >= power ? t : power
line(x) = x >= q ? (q/x)**2 : NaN
set samples 400
set object 1 circle at q,1 size graph 0.004 fc rgb ink fs solid front
set label 9 "{/:Italic q}" at q,3.4 center font small tc rgb ink
plot for [k=3:1:-1] data index k-1 using 2:(above($3, $4)):4 with filledcurves lt k fs transparent solid 0.10 noborder, \
     for [k=3:1:-1] data index k-1 using 2:3 with lines lt k lw 2.2, \
     line(x) with lines lc rgb ink lw 1.6 dt solid, \
     for [k=1:3] "+" using (last(k)):((q/last(k))**2) every ::0::0 with points lt k pt 7 ps dot
