# Gaussian noise over the best bound on any noise, against dimension; a panel for each delta.
# data: a block for each delta and p (2, 3, 4, inf) with the columns curve, d, ratio.
W = 7.8; H = 4.3
load style

low = 0.205; high = 0.765
set logscale x 2
set xrange [1:2**22]; set yrange [1:2.3]
set xtics ("1" 1, "2^5" 2**5, "2^{10}" 2**10, "2^{15}" 2**15, "2^{20}" 2**20); unset mxtics
set ytics 0.25; set format y "%g"
set multiplot
set bmargin at screen low; set tmargin at screen high
do for [i=1:2] {
    set lmargin at screen (i == 1 ? 0.098 : 0.568); set rmargin at screen (i == 1 ? 0.515 : 0.985)
    one_shift = value(sprintf("one_shift_%d", i))
    if (i == 1) { set label 5 "Gaussian noise over the bound" at screen 0.024,(low + high)/2 center \
        rotate by 90 tc rgb ink }
    set label 6 "dimension {/:Italic d}" at graph 0.5,screen 0.118 center tc rgb ink
    set label 7 "δ = ".value(sprintf("delta_%d", i)) at graph 0,1.07 left tc rgb ink
    set label 8 sprintf("%.3f", one_shift) at graph 0.99,first one_shift+0.045 right font small tc rgb quiet
    set arrow 1 from 1,one_shift to 2**22,one_shift nohead lc rgb quiet lw 1.2 dt dashed
    set label 11 "{/:Italic p} = 2" at 2**(i == 1 ? 3.4 : 3.3),1.25 left font small tc lt 1
    if (i == 1) {
        set label 12 "{/:Italic p} = 3" at 2**10.3,1.225 center font small tc lt 2
        set label 13 "{/:Italic p} = 4" at 2**10.5,1.46 left font small tc lt 3
        set label 14 "{/:Italic p} = ∞" at 2**10.5,1.73 left font small tc lt 4
    } else {
        set label 12 "{/:Italic p} = 3" at 2**6.6,1.67 right font small tc lt 2
        set label 13 "4" at 2**7.35,1.85 left font small tc lt 3
        set label 14 "{/:Italic p} = ∞" at 2**9.1,1.85 left font small tc lt 4
    }
    plot for [k=1:4] data index 4*(i-1)+k-1 using 2:3 with lines lt k
    unset label 5
    set format y ""
}
unset multiplot
