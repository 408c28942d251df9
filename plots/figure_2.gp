# Figure 2 of the paper in both readings: certified accuracy against the l_2 radius that smoothing
# certifies, and against the l_infinity radius that it implies. Certified accuracy at r counts the radii >=
# r, so it is left-continuous: fsteps.
# data: a block for each log with the columns log, size, d, l_2 radius, l_inf radius, n, count, accuracy,
# lower, upper.
# bands: the same with every step spelled out, so that straight lines between the rows are the steps.
W = 7.6; H = 4.2
load style

height = ceil_y - floor_y
set multiplot
set bmargin at screen 0.245; set tmargin at screen 0.765
set yrange [floor_y:ceil_y]; set ytics 0.1 format "%.1f"; unset mytics

set lmargin at screen 0.088; set rmargin at screen 0.500
set label 5 "as certified" at graph 0,1.07 left tc rgb ink
set label 6 "{/:Italic ℓ}_2 radius" at graph 0.5,screen 0.150 center tc rgb ink
set label 7 "certified accuracy" at screen 0.026,graph 0.5 center rotate by 90 tc rgb ink
set xrange [0:l2_end]; set xtics step(l2_end) format "%.1f"
do for [k=1:logs] {
    dimension = (k == 1 ? "{/:Italic d} = " : "")."3·".word(sizes, k)."^2"
    set label 10+k dimension at word(l2_ceilings, k) + 0.014*l2_end,floor_y + 0.09*height left tc lt k
}
plot for [k=1:logs] bands index k-1 using 4:9:10 with filledcurves lt k fs transparent solid 0.12 noborder, \
     for [k=1:logs] data index k-1 using 4:8 with fsteps lt k

do for [k=1:logs] { unset label 10+k }
do for [k=1:4] { unset label k }
unset label 7
set lmargin at screen 0.560; set rmargin at screen 0.972
set label 5 "divided by √{/:Italic d}"
set label 6 "{/:Italic ℓ}_∞ radius"
set format y ""
set xrange [0:linf_end]; set xtics step(linf_end) format "%.3f"
set arrow 1 from marker,floor_y to marker,ceil_y nohead lc rgb hair lw 1.0 dt solid back
set label 8 marker_name at marker-0.012*linf_end,ceil_y-0.055*height right tc rgb quiet
set label 9 "ceiling ".ceiling_name.": all" at ceiling*0.88,floor_y + 0.155*height right font small tc rgb ink
set label 10 samples." samples agree" at ceiling*0.88,floor_y + 0.095*height right font small tc rgb ink
set arrow 2 from ceiling*0.892,floor_y + 0.125*height to ceiling*0.992,floor_y + 0.125*height \
    head filled size screen 0.010,20 lc rgb ink lw 1.0 dt solid front
plot for [k=1:logs] bands index k-1 using 5:9:10 with filledcurves lt k fs transparent solid 0.12 noborder, \
     for [k=1:logs] data index k-1 using 5:8 with fsteps lt k
unset multiplot
