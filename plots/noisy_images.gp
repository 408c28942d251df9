# One image at three sizes under the noise of a preset: a row for each size, a column for each thing done to
# it. The first four columns show the image resized from one size, the others with detail of its own.
# data: a block for each panel with the columns panel, size, column, row, red, green, blue.
side = 1.36; gap = 0.16; apart = columns > 4 ? 0.34 : 0
indent = 1.02; head = 1.28; pitch = side + 0.36
W = indent + columns*side + (columns - 1)*gap + apart + 0.22
H = head + 3*pitch + 0.34
load style

unset border; unset tics; unset grid
left(c) = (indent + c*(side + gap) + (c > 3 ? apart : 0))/W
top(r) = 1 - (head + r*pitch)/H
middle(c) = left(c) + side/W/2
size_of(r) = word(sizes, r + 1) + 0

set label 10 group_resized at screen left(0),screen top(0) + 0.44/H left tc rgb ink
rule = top(0) + 0.33/H
set arrow 10 from screen left(0),screen rule to screen left(3) + side/W,screen rule \
    nohead lc rgb hair lw 0.9 dt solid
if (columns > 4) {
    set label 11 group_detail at screen left(4),screen top(0) + 0.44/H left tc rgb ink
    set arrow 11 from screen left(4),screen rule to screen left(5) + side/W,screen rule \
        nohead lc rgb hair lw 0.9 dt solid
}
do for [c=0:columns-1] { set label 20+c value(sprintf("heading_%d", c)) \
    at screen middle(c),screen top(0) + 0.15/H center font small tc rgb quiet }
do for [r=0:2] {
    s = size_of(r)
    set label 30+r sprintf("%d × %d", s, s) at screen 0.022,screen top(r) - 0.5*side/H + 0.10/H \
        left tc rgb ink
    set label 40+r sprintf("{/:Italic d} = %d", 3*s*s) at screen 0.022,screen top(r) - 0.5*side/H - 0.12/H \
        left font small tc rgb quiet
    do for [c=0:columns-1] { set label 50+10*r+c value(sprintf("caption_%d_%d", r, c)) \
        at screen middle(c),screen top(r) - side/H - 0.13/H center font small tc rgb quiet }
}

set xrange [0:1]; set yrange [1:0]
set multiplot
k = 0
do for [r=0:2] {
    do for [c=0:columns-1] {
        set lmargin at screen left(c); set rmargin at screen left(c) + side/W
        set tmargin at screen top(r); set bmargin at screen top(r) - side/H
        plot data index k using (($3 + 0.5)/$2):(($4 + 0.5)/$2):5:6:7 with rgbimage
        k = k + 1
        unset label; unset arrow
    }
}
unset multiplot
