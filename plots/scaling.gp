# The experiment `scaling`: certified accuracy against the l_2 radius (arm scaled), and against the l_infinity
# radius for every arm. Certified accuracy at r counts the radii >= r, so it is left-continuous: fsteps.
# data: a block for each arm and size with the columns log, size, d, l_2 radius, l_inf radius, n, count,
# accuracy, lower, upper.
# bands: the same with every step spelled out, so that straight lines between the rows are the steps.
panels = arms + with_l2
columns = panels == 3 ? 3 : panels == 1 ? 1 : 2
rows = panels == 4 ? 2 : 1
W = columns == 3 ? 11.2 : columns == 2 ? 8.6 : 5.4
H = rows == 2 ? 7.7 : 4.5
load style
set label 40 foot_top at screen 0.022,0.51/H left font small tc rgb quiet

# Places in inches, as shares of the picture.
left(c) = (0.72 + c*(W - 0.55)/columns)/W
right(c) = left(c) + ((W - 0.55)/columns - 0.42)/W
panel_height = (H - 1.20 - 1.25 - (rows - 1)*1.20)/rows
top(r) = 1 - (1.20 + r*(panel_height + 1.20))/H
bottom(r) = top(r) - panel_height/H
letter(i) = sprintf("{/:Bold (%c)} ", 97 + i)

height = ceil_y - floor_y
l2_heading = "σ in proportion to √{/:Italic d}, as certified"
set multiplot
set yrange [floor_y:ceil_y]; set ytics 0.1 format "%.1f"; unset mytics

do for [i=0:panels-1] {
    c = int(i) % columns; r = int(i/columns)
    set lmargin at screen left(c); set rmargin at screen right(c)
    set tmargin at screen top(r); set bmargin at screen bottom(r)
    set label 7 (c == 0 ? "certified accuracy" : "") at screen 0.026,graph 0.5 center rotate by 90 tc rgb ink
    set format y (c == 0 ? "%.1f" : "")
    l2 = with_l2 && i == 0
    arm = with_l2 ? (i == 0 ? 1 : i) : i + 1
    end = l2 ? l2_end : value(sprintf("end_%d", arm))
    ceilings = value(sprintf("ceilings_%d", arm))
    apart = l2 || !value(sprintf("one_ceiling_%d", arm))
    subject = letter(i).(l2 ? l2_heading : value(sprintf("heading_%d", arm)))
    note = l2 ? "" : value(sprintf("note_%d", arm))
    axis = l2 ? "{/:Italic ℓ}_2 radius" : "{/:Italic ℓ}_∞ radius"
    set label 5 subject at screen left(c),screen top(r) + 0.38/H left tc rgb ink
    set label 8 note at screen left(c),screen top(r) + 0.15/H left font small tc rgb quiet
    set label 6 axis at graph 0.5,screen bottom(r) - 0.43/H center tc rgb ink
    set xrange [0:end]; set xtics step(end) format (l2 ? (end < 0.6 ? "%.2f" : "%.1f") : "%.3f")
    do for [k=1:3] {
        s = real(word(sizes, k))
        x = real(word(ceilings, k))*(l2 ? sqrt(3)*s : 1)
        dimension = (k == 1 && (l2 || !apart) ? "{/:Italic d} = " : "")."3·".word(sizes, k)."^2"
        y = floor_y + 0.065*height
        if (apart) { set label 10+k dimension at x + 0.012*end,y left font small tc lt k }
        place = k == 1 ? 0.03 : 0.01 + 0.105*k
        if (!apart) { set label 10+k dimension at graph place,graph 0.065 left font small tc lt k }
    }
    if (l2) { unset arrow 1; unset label 9; unset label 14 } else {
        set arrow 1 from report,floor_y to report,ceil_y nohead lc rgb hair lw 1.0 dt solid back
        set label 9 report_name at report - 0.012*end,ceil_y - 0.045*height right font small tc rgb quiet
        y = floor_y + 0.03*height
        if (apart) { unset label 14 } else {
            set label 14 "ceiling: all ".samples." samples agree" \
                at real(word(ceilings, 1)) + 0.014*end,y left rotate by 90 font tiny tc rgb quiet }
    }
    x_column = l2 ? 4 : 5
    first = 3*(arm - 1) - 1
    plot for [k=1:3] bands index first+k using x_column:9:10 \
             with filledcurves lt k fs transparent solid 0.12 noborder, \
         for [k=1:3] data index first+k using x_column:8 with fsteps lt k
    do for [k=1:4] { unset label k }
    unset label 40
}
unset multiplot
