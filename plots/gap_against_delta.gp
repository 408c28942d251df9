# What is necessary and what suffices, over delta; and one divided by the other.
# data: a block for each pair with the columns pair, delta, necessary, sufficient (E||eta||^2/(eps d)^2). In
# order: the paper's; m and T; m and Gaussian noise alone; the best bound and T at d = 3072 and at 150528.
W = 7.8; H = 4.3
load style

low = 0.205; high = 0.765
set xrange [0:1]; set xtics 0.25; unset mxtics; unset mytics
set multiplot
set bmargin at screen low; set tmargin at screen high
set label 6 "total variation δ" at graph 0.5,screen 0.118 center tc rgb ink

# ---- left: the noise itself
set lmargin at screen 0.092; set rmargin at screen 0.53
set logscale y 10
set yrange [1e-5:1e6]; set ytics 100; set format y "10^{%T}"
set label 5 "{/:Italic E}‖η‖^2 / (ε{/:Italic d})^2" at screen 0.028,(low + high)/2 center rotate by 90 \
    tc rgb ink
set label 7 "the noise" at graph 0,1.07 left tc rgb ink
set label 10 "Corollary B.3 suffices" at 0.97,190 right font small tc lt 2
set label 11 "Theorem 1.2 demands" at 0.045,8e-4 left font small tc lt 2
set label 12 "Gaussian noise suffices" at 0.97,1.5 right font small tc lt 1
set label 13 "any noise must have" at 0.35,0.06 left font small tc lt 1
set label 14 "factor" at 0.205,60 left font small tc lt 2
set label 15 "16200 / (1 − δ)" at 0.205,12 left font small tc lt 2
set arrow 1 from 0.18,81./4/0.18**2*0.8 to 0.18,0.82/800/0.18**2*1.25 heads size screen 0.007,18 filled \
    lt 2 lw 0.9 front
plot data index 0 using 2:3:4 with filledcurves lt 2 fs transparent solid 0.13 noborder, \
     data index 0 using 2:3 with lines lt 2 lw 1.4, \
     data index 0 using 2:4 with lines lt 2 lw 1.4, \
     data index 1 using 2:3:4 with filledcurves lt 1 fs transparent solid 0.5 noborder, \
     data index 1 using 2:3 with lines lt 1 lw 1.2, \
     data index 1 using 2:4 with lines lt 1 lw 1.2
do for [k=10:15] { unset label k }
unset label 5; unset arrow 1

# ---- right: the factor between the two
set lmargin at screen 0.625; set rmargin at screen 0.985
unset logscale y
set yrange [1:2.5]; set ytics 0.5; set format y "%g"
set label 7 "the factor that is left" at graph 0,1.07 left tc rgb ink
set label 10 "any {/:Italic d}" at 0.55,2.1 left font small tc lt 1
set label 11 "{/:Italic d} = 3072" at 0.45,1.2 center font small tc lt 3
set label 12 "{/:Italic d} = 150528" at 0.45,1.075 center font small tc lt 4
set label 13 "Gaussian noise alone" at 0.9,2.36 right font small tc rgb quiet
plot data index 2 using ($2 > 0.766 ? $2 : NaN):($4/$3) with lines lc rgb quiet lw 1.4 dt dashed, \
     data index 1 using 2:($4/$3) with lines lt 1, \
     data index 3 using 2:($4/$3) with lines lt 3, \
     data index 4 using 2:($4/$3) with lines lt 4
unset multiplot
