# The least noise found by linear programs: over Gaussian noise against dimension, and one density.
# data: a block each for delta = 1/3 and 1/5 with the columns 1/delta, d, ratio; and a block with law, x/eps,
# density: its outline.
W = 7.8; H = 4.3
load style

low = 0.205; high = 0.765
unset mxtics; unset mytics
set multiplot
set bmargin at screen low; set tmargin at screen high

# ---- left: against dimension
set lmargin at screen 0.1; set rmargin at screen 0.49
set xrange [0.5:9.5]; set xtics 1
set yrange [0.4:1.1]
set ytics ("0.4" 0.4, "π/6" pi/6, "0.6" 0.6, "0.8" 0.8, "1" 1)
set label 5 "share of Gaussian noise" at screen 0.026,(low + high)/2 center rotate by 90 tc rgb ink
set label 6 "dimension {/:Italic d}" at graph 0.5,screen 0.118 center tc rgb ink
set label 7 "the least {/:Italic E}‖η‖^2 on a lattice" at graph 0,1.07 left tc rgb ink
set arrow 1 from 0.5,1 to 9.5,1 nohead lt 2 lw 1.6
set arrow 2 from 0.5,pi/6 to 9.5,pi/6 nohead lc rgb quiet lw 1.4 dt dashed
set label 8 "Gaussian noise" at graph 0.03,first 1.033 left font small tc lt 2
set label 9 "the bound from one shift, δ → 0" at graph 0.98,first pi/6-0.035 right font small tc rgb quiet
set label 10 "δ = 1/3" at 4,0.75 right font small tc lt 1
set label 11 "δ = 1/5" at 5.3,0.7 left font small tc lt 3
plot data index 0 using 2:3 with linespoints lt 1 pt 7 ps dot, \
     data index 1 using 2:3 with linespoints lt 3 pt 7 ps dot
unset arrow 1; unset arrow 2
do for [k=8:11] { unset label k }
unset label 5

# ---- right: densities
set lmargin at screen 0.585; set rmargin at screen 0.985
set xrange [-2.5:2.5]
set yrange [0:0.75]; set ytics 0.2
normal(x) = exp(-x*x/(2*sigma*sigma))/(sigma*sqrt(2*pi))
set label 6 "noise / ε" at graph 0.5,screen 0.118 center tc rgb ink
set label 7 "densities and {/:Italic E}η^2/ε^2 for {/:Italic d} = 1, δ = 1/2" at graph 0,1.07 left \
    tc rgb ink
set label 10 sprintf("steps: %.4f", power) at 0.85,0.64 left font small tc lt 1
set label 11 sprintf("Gaussian: %.4f", sigma*sigma) at 0.92,0.395 left font small tc lt 2
set label 12 sprintf("uniform: %.4f", 1./3) at -1.06,0.5 right font small tc rgb quiet
set samples 400
plot data index 2 using 2:3 with filledcurves y1=0 lt 1 fs transparent solid 0.18 noborder, \
     data index 2 using 2:3 with lines lt 1, \
     (abs(x) <= 1 ? 0.5 : NaN) with lines lc rgb quiet lw 1.4 dt dashed, \
     normal(x) with lines lt 2 lw 1.6
unset multiplot
