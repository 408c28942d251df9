# Two views of the largest values of samples: Hill's estimate of the tail index, and the mean excess.
# data: a block for each series with the columns series, k, index, its interval, threshold u, mean excess.
W = 7.8; H = 4.0
load style

low = 0.225; high = 0.745
shown(k) = word(names, k) eq "Student's_t" ? "Student's {/:Italic t}, 3 d.f." : word(names, k)
set multiplot
set bmargin at screen low; set tmargin at screen high

set lmargin at screen 0.075; set rmargin at screen 0.475
set logscale x
set xrange [10:drawn ? 1e6 : 1e5]; set yrange [0:16]
set xtics ("10" 10, "10^2" 100, "10^3" 1000, "10^4" 1e4); set mxtics 10
set label 5 "number {/:Italic k} of largest values" at graph 0.5,screen 0.125 center tc rgb ink
set label 6 "tail index, as estimated" at graph 0,1.08 left tc rgb ink
do for [i=1:series] { if (drawn) {
    set label 10+i shown(i) at (word(last_k, i) + 0.0)*1.2,word(last_index, i) + (i == 2 ? 0.5 : i == 3 ? -0.7 : 0) \
        left font tiny tc lt i } }
plot for [i=1:series] data index i-1 using 2:4:5 with filledcurves lt i fs transparent solid 0.13 noborder, \
     for [i=1:series] data index i-1 using 2:3 with lines lt i lw 1.9

do for [i=1:14] { unset label i }
set lmargin at screen 0.565; set rmargin at screen 0.985
unset logscale x; unset mxtics
right = drawn ? 10 : farthest*1.08
top = drawn ? 5 : highest*1.1
set xrange [0:right]; set yrange [0:top]
set xtics step(right); set ytics step(top)
set label 5 "threshold {/:Italic u}" at graph 0.5,screen 0.125 center tc rgb ink
set label 6 "mean excess beyond {/:Italic u}" at graph 0,1.08 left tc rgb ink
if (drawn) {
    set label 11 "grows: a power tail" at 7.2,4.5 right font small tc lt 3
    set label 12 "constant: exponential" at 9.9,1.75 right font small tc lt 2
    set label 13 "falls: Gaussian" at 4.4,0.75 left font small tc lt 1
    set label 14 "0 at the edge: uniform" at 2.2,0.14 left font small tc lt 4
}
plot for [i=1:series] data index i-1 using 6:7 with linespoints lt i lw 1.6 pt 7 ps 0.5*dot
unset multiplot
