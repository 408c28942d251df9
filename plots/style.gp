# The house style, loaded by every figure as `load style`. Set before it: term ("svg" | "pdf" | "png"), out,
# W and H (inches), and name (a word, unique among figures that share a page). Every size that depends on
# the terminal lives here: a figure says `font small` or `ps dot`, never a number of points, and places its
# words by screen, graph or axis coordinates, because a "character" is not the same in the three.

set encoding utf8
FAMILY = "Liberation Sans"     # metric-compatible with Arial; fontconfig substitutes when it is absent

ink   = "#222222"              # text and lines that carry meaning
quiet = "#6a6a6a"              # secondary text
hair  = "#a8a8a8"              # auxiliary lines
mesh  = "#e6e6e6"              # the grid

# An inch is 96 units of SVG, 72 points of PDF and 200 pixels of PNG. The three sizes print alike.
BASE  = term eq "svg" ? 13.4 : term eq "png" ? 21.0 : 10.1
PEN   = term eq "svg" ? 1.0 : term eq "png" ? 2.0 : 1.5
dot   = term eq "svg" ? 0.60 : term eq "png" ? 0.95 : 0.40
font_of(scale) = FAMILY.sprintf(",%.2f", BASE*scale)
heading = font_of(1.12)
small   = font_of(0.84)
tiny    = font_of(0.76)

if (term eq "svg") { set terminal svg size W*96,H*96 enhanced rounded name name background "#ffffff" \
    font font_of(1.0) linewidth PEN }
if (term eq "pdf") { set terminal pdfcairo size W,H enhanced rounded \
    font font_of(1.0) fontscale 0.72 linewidth PEN }
if (term eq "png") { set terminal pngcairo size W*200,H*200 enhanced rounded background "#ffffff" \
    font font_of(1.0) linewidth PEN }

# Okabe and Ito's colours, distinguishable by colour-blind readers (the purple a little darker, for text).
blue = "#0072B2"; vermilion = "#D55E00"; green = "#009E73"
purple = "#B85C95"; orange = "#E69F00"; sky = "#56B4E9"
set linetype 1 lc rgb blue      lw 2.1 dt solid pt 7
set linetype 2 lc rgb vermilion lw 2.1 dt solid pt 5
set linetype 3 lc rgb green     lw 2.1 dt solid pt 9
set linetype 4 lc rgb purple    lw 2.1 dt solid pt 13
set linetype 5 lc rgb orange    lw 2.1 dt solid pt 11
set linetype 6 lc rgb sky       lw 2.1 dt solid pt 6
set linetype cycle 6
dashed = 2; dotted = 3

set border 3 lc rgb "#555555" lw 0.8
set tics nomirror out scale 0.5,0.25 textcolor rgb ink
set xtics offset 0,(term eq "svg" ? 0.45 : 0)    # SVG sets the numbers of the x axis lower than the others
set grid xtics ytics lt 1 lc rgb mesh lw 0.7 back
unset key

# The distance of tics for an axis from 0 to `end`: 1, 2 or 5 times a power of ten, about six of them.
step(end) = (t = end/6.0, m = 10.0**floor(log10(t)), t/m <= 1 ? m : t/m <= 2 ? 2*m : t/m <= 5 ? 5*m : 10*m)

# Every figure has a heading, which is one sentence, a line that says for what, and at the foot a line or
# two on where the numbers come from.
set label 1 sentence at screen 0.022,1-0.165/H left font heading tc rgb ink
set label 2 setting at screen 0.022,1-0.47/H left tc rgb quiet
set label 3 foot at screen 0.022,0.15/H left font small tc rgb quiet
set label 4 foot_above at screen 0.022,0.33/H left font small tc rgb quiet
set output out
