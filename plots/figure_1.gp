# Figure 1 of the paper: towards a corner of the cube a vector is short in l_infinity and long in l_2. Left
# the plane, right space, seen along parallel rays, so that the unit ball of l_2 is a disc there too.
# data: blocks 0 and 1 are the unit circles of l_2 and l_4 in the plane, with the columns p, x, y.
W = 7.4; H = 4.4
load style

unset border; unset tics; unset grid
set style arrow 1 head filled size screen 0.018,18 lc rgb ink lw 2.4 dt solid
set style arrow 2 nohead lc rgb "#9a9a9a" lw 0.9 dt solid
set style arrow 3 nohead lc rgb purple lw 2.0 dt solid
set style arrow 4 nohead lc rgb purple lw 1.2 dt dashed
set style arrow 5 nohead lc rgb "#333333" lw 1.6 dt dashed
set style arrow 6 nohead lc rgb ink lw 1.5 dt solid

# Both panels have the same number of inches to a unit, in x and in y.
low = 0.085; high = 0.845; bottom = -1.50; top = 1.42
set multiplot
set bmargin at screen low; set tmargin at screen high
set yrange [bottom:top]
# the units across a panel of this share of the width
units(fraction) = fraction*W*(top - bottom)/((high - low)*H)

# ---- the plane
set lmargin at screen 0.02; set rmargin at screen 0.46
set xrange [-1.21:units(0.44)-1.21]
set label 5 "in the plane" at 0,-1.36 center tc rgb ink
set object 1 rectangle from -1,-1 to 1,1 fc rgb purple fs transparent solid 0.07 noborder behind
set arrow 1 from -1.15,0 to 1.15,0 as 2 back
set arrow 2 from 0,-1.15 to 0,1.15 as 2 back
set arrow 3 from 0,0 to 1,1 as 1 front
set arrow 4 from -1,-1 to 1,-1 as 3 back
set arrow 5 from 1,-1 to 1,1 as 3 back
set arrow 6 from 1,1 to -1,1 as 3 back
set arrow 7 from -1,1 to -1,-1 as 3 back
set label 6 "{/:Italic ℓ}_2" at -0.60,-0.57 center tc rgb blue
set label 7 "{/:Italic ℓ}_4" at -0.765,-0.745 center font small tc rgb green
set label 8 "{/:Italic ℓ}_∞" at -0.905,-0.905 center font small tc rgb purple
set label 9 "{/:Italic v} = (1, 1)" at 1.07,1.02 left tc rgb ink
set label 10 "‖{/:Italic v}‖_∞ = 1" at 1.07,0.88 left tc rgb ink
set label 11 "‖{/:Italic v}‖_2 = √2" at 1.07,0.74 left tc rgb ink
plot data index 1 using 2:3 with filledcurves closed fc rgb green fs transparent solid 0.07 noborder, \
     data index 0 using 2:3 with filledcurves closed fc rgb blue fs transparent solid 0.13 noborder, \
     data index 1 using 2:3 with lines lc rgb green lw 2.0 dt solid, \
     data index 0 using 2:3 with lines lc rgb blue lw 2.0 dt solid, \
     data index 0 every ::0::0 using (0):(0) with points pt 7 ps dot lc rgb ink

# ---- space: the ray to the eye has azimuth a and elevation e; the cube is drawn a little smaller, by s
do for [k=1:11] { unset label k; unset arrow k }
unset object 1
a = -34*pi/180; e = 20*pi/180; s = 0.88
X(x,y,z) = s*(-sin(a)*x + cos(a)*y)
Y(x,y,z) = s*(-sin(e)*(cos(a)*x + sin(a)*y) + cos(e)*z)
near(x,y) = cos(a)*x + sin(a)*y > 0
set lmargin at screen 0.46; set rmargin at screen 0.99
set xrange [-1.40:units(0.53)-1.40]
set label 5 "in space" at 0,-1.36 center tc rgb ink
n = 10
do for [u=-1:1:2] { do for [w=-1:1:2] {
    # an edge is hidden when it ends in the corner (-1, 1, -1), the one farthest from the eye
    set arrow n   from X(-1,u,w),Y(-1,u,w) to X(1,u,w),Y(1,u,w) as (u == 1 && w == -1 ? 4 : 3) back
    set arrow n+1 from X(u,-1,w),Y(u,-1,w) to X(u,1,w),Y(u,1,w) as (u == -1 && w == -1 ? 4 : 3) back
    set arrow n+2 from X(u,w,-1),Y(u,w,-1) to X(u,w,1),Y(u,w,1) as (u == -1 && w == 1 ? 4 : 3) back
    n = n + 3
} }
# the three faces towards the eye
set object 1 polygon from X(1,-1,-1),Y(1,-1,-1) to X(1,1,-1),Y(1,1,-1) to X(1,1,1),Y(1,1,1) \
    to X(1,-1,1),Y(1,-1,1) to X(1,-1,-1),Y(1,-1,-1) \
    fc rgb purple fs transparent solid 0.07 noborder behind
set object 2 polygon from X(1,-1,-1),Y(1,-1,-1) to X(-1,-1,-1),Y(-1,-1,-1) to X(-1,-1,1),Y(-1,-1,1) \
    to X(1,-1,1),Y(1,-1,1) to X(1,-1,-1),Y(1,-1,-1) \
    fc rgb purple fs transparent solid 0.13 noborder behind
set object 3 polygon from X(1,-1,1),Y(1,-1,1) to X(1,1,1),Y(1,1,1) to X(-1,1,1),Y(-1,1,1) \
    to X(-1,-1,1),Y(-1,-1,1) to X(1,-1,1),Y(1,-1,1) \
    fc rgb purple fs transparent solid 0.04 noborder behind
set arrow 1 from 0,0 to X(1,1,1),Y(1,1,1) as 1 front
set arrow 2 from X(1,1,0),Y(1,1,0) to X(1,1,1),Y(1,1,1) as 6 front
set arrow 3 from 0,0 to X(1,1,0),Y(1,1,0) as 5 front
set label 6 "√3" at X(1,1,1)*0.5-0.05,Y(1,1,1)*0.5+0.05 right tc rgb ink front
set label 7 "√2" at X(1,1,0)*0.4,-0.16 center tc rgb ink front
set label 8 "1" at X(1,1,0.5)+0.05,Y(1,1,0.5) left tc rgb ink front
set label 9 "{/:Italic v} = (1, 1, 1)" at X(1,1,1)+0.07,Y(1,1,1)+0.20 left tc rgb ink
set label 10 "‖{/:Italic v}‖_∞ = 1" at X(1,1,1)+0.07,Y(1,1,1)+0.06 left tc rgb ink
set label 11 "‖{/:Italic v}‖_2 = √3" at X(1,1,1)+0.07,Y(1,1,1)-0.08 left tc rgb ink
set label 12 "{/:Italic ℓ}_2" at 0.16*s,-0.76*s center tc rgb blue front
set label 13 "{/:Italic ℓ}_∞" at X(-1,-1,-1)+0.05,Y(-1,-1,-1)+0.11 left tc rgb purple front
plot data index 0 using (s*$2):(s*$3) with filledcurves closed \
    fc rgb blue fs transparent solid 0.13 noborder, \
     data index 0 using (near($2,$3) ? NaN : X($2,$3,0)):(Y($2,$3,0)) with lines \
         lc rgb blue lw 0.9 dt dashed, \
     data index 0 using (near($2,$3) ? X($2,$3,0) : NaN):(Y($2,$3,0)) with lines \
         lc rgb blue lw 1.2 dt solid, \
     data index 0 using (s*$2):(s*$3) with lines lc rgb blue lw 2.0 dt solid, \
     data index 0 every ::0::0 using (0):(0) with points pt 7 ps dot lc rgb ink
unset multiplot
