# The noise that Theorem 1.2 demands over the plane of p and d, in bands between level curves. The
# horizontal axis is 1/p, which puts p = infinity at a finite place; the numbers on the right say what is
# demanded above the curve that ends there.
# data: a block for each level with the columns curve, level, 1/p, log10 d; then one for the pixel range if
# it lies in the picture.
W = 7.2; H = 4.5
load style

shades = "E9EEF5 CDDAE9 AAC3DD 83A8CC 5A8ABA 3A6EA3 1F5488 0C3A68 06234A"
shade(k) = "#".word(shades, k)
left = 0.098; right = 0.805; low = 0.205; high = 0.79
set lmargin at screen left; set rmargin at screen right; set bmargin at screen low; set tmargin at screen high
set xrange [0.61:0]; set yrange [1:6]
unset grid
set xtics ("2" 1./2, "2.5" 1./2.5, "3" 1./3, "4" 1./4, "6" 1./6, "8" 1./8, "16" 1./16, "∞" 0)
set ytics ("10" 1, "10^2" 2, "10^3" 3, "10^4" 4, "10^5" 5, "10^6" 6)
set label 5 "norm {/:Italic p} of the attack (spaced by 1/{/:Italic p})" at graph 0.5,screen 0.118 \
    center tc rgb ink
set label 6 "dimension {/:Italic d}" at screen 0.026,graph 0.5 center rotate by 90 tc rgb ink
set label 7 "noise demanded" at screen right + 0.012,high + 0.048 left font small tc rgb quiet
set label 8 "(r.m.s. per pixel)" at screen right + 0.012,high + 0.016 left font small tc rgb quiet

set object 1 rectangle from 0.61,1 to 0.5,6 fc rgb "#f3f3f3" fs solid noborder behind
set object 2 rectangle from 0.5,1 to 0,6 fc rgb shade(1) fs solid noborder behind
array beside[6] = ["{/:Italic p} < 2", "Gaussian", "noise with", "σ = ".gaussian, "suffices", \
                   "for all {/:Italic d}"]
do for [k=1:6] { set label 20+k beside[k] at 0.555,4.75-0.25*k+(k == 1 ? 0.06 : 0) center \
    font (k == 1 ? font_of(1.0) : small) tc rgb ink }

do for [k=1:3] {
    y = word("2.89432 3.48742 5.17761", k) + 0.0        # log10 of 784, 3072 and 150528
    set arrow 10+k from 0.5,y to 0,y nohead lc rgb "#707070" lw 0.7 dt dotted front
    set label 10+k word("MNIST CIFAR-10 ImageNet", k) at 0.495,y+0.135 left font small tc rgb ink front
}
# The height of a level's number: where its curve meets the right edge, or the corner below for the last one
# that leaves before.
meets(k) = word(ends, k) + 0.0
place(k) = meets(k) > 1.14 ? meets(k) : (k == levels || meets(k+1) > 1.2) ? 1 : NaN
do for [k=1:levels] {
    y = place(k)
    if (y == y) {
        full = word(level_names, k) eq range_name ? " = pixel range" : ""
        set label 30+k word(level_names, k).full at graph 1.018,first y left font small tc rgb ink
        set arrow 30+k from 0,y rto graph 0.012,0 nohead lc rgb ink lw 0.8 dt solid
    }
}
plot for [k=1:levels] data index k-1 using 3:4:(6) with filledcurves fc rgb shade(k+1) fs solid 1 noborder, \
     for [k=1:range_levels] data index levels using 3:4 with lines lc rgb ink lw 2.2 dt solid
