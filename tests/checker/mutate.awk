# Damages one certificate in many ways, each of which must make it invalid.
#
#     awk -v out=DIR -v base=NAME -f mutate.awk NAME.cert
#
# Files in DIR/free are invalid whatever the claim; files in DIR/claims are invalid because they no longer state the claim (they may be
# valid proofs of something else). Comments in the certificate say what a change must break, where that depends on the mathematics:
#     equality   (goal)  the goal is 0 somewhere: neither a strict goal nor one smaller by 1e-30 can be proved
#     exact      (cut)   no cut elsewhere will do
#     needed     (cut)   the box cannot be settled without the cut
#     tight      (leaf)  the steps of the leaf are needed
#     swap       (leaf)  this leaf and the next line are not interchangeable
#     either     (leaf)  the goal is constant in the variable: up and down are both right
#     holds P    (point) the goal holds at P

# (In awk, parameters that a call leaves out are local variables: they stand behind the wide space.)
function emit(kind, text) {
    print_to = out "/" kind "/" base "-" (++count) ".cert"
    printf "%s", text > print_to
    close(print_to)
}

# The certificate with line i replaced by `text` (which brings its own newline, or is empty).
function with(i, text,    k, all) {
    for (k = 1; k <= n; k++) all = all (k == i ? text : line[k] "\n")
    return all
}

function without(from, to,    k, all) {
    for (k = 1; k <= n; k++) if (k < from || k > to) all = all line[k] "\n"
    return all
}

# Lines from..to replaced by one.
function replaced(from, to, text,    k, all) {
    for (k = 1; k <= n; k++) {
        if (k == from) all = all text "\n"
        if (k < from || k > to) all = all line[k] "\n"
    }
    return all
}

function damage(i, text) { emit("free", with(i, text "\n")) }

# The last line of the tree that starts at line i.
function tree_end(i,    open) {
    for (open = 1; ; i++) {
        if (word[i] == "") continue
        open += word[i] == "cut" ? 1 : -1
        if (open == 0) return i
    }
}

# A/B + sign/1000, as text.
function shifted(q, sign,    part) {
    split(q "/1", part, "/")
    return (part[1] * 1000 + sign * part[2]) "/" (part[2] * 1000)
}

function any_line(i) {
    damage(i, "frob" substr(code[i], length(word[i]) + 1))
    damage(i, code[i] "\001")
    damage(i, code[i] " \303\251")
    if (word[i] == "by") return
    if (word[i] != "source") emit("free", without(i, i))
    damage(i, line[i] "\n" line[i])
}

function head_line(i,    f, name) {
    split(code[i], f, " ")
    if (word[i] == "claim") {
        damage(i, "claim")
        damage(i, "claim a/b")
        damage(i, "claim ..")
        damage(i, "claim .")
        damage(i, "claim a b")
        emit("claims", with(i, "claim another-claim\n"))
        emit("claims", with(i, "claim no-such-claim\n"))
    } else if (word[i] == "says" || word[i] == "by") {
        damage(i, word[i])
    } else if (word[i] == "var") {
        name = "var " f[2] " "
        damage(i, name f[3])
        damage(i, name f[3] " " f[4] " 1")
        damage(i, name f[3] " x")
        damage(i, name "1/0 " f[4])
        damage(i, name "-inf " f[4])
        damage(i, name (f[4] + 1) " " f[4])
        damage(i, name f[3] " " (f[3] - 1))
        damage(i, "var unheard " f[3] " " f[4])
        damage(i, "var exp " f[3] " " f[4])
        damage(i, "var pi " f[3] " " f[4])
        damage(i, "var 1x " f[3] " " f[4])
        damage(i, "var _x " f[3] " " f[4])
        damage(i, line[i] "\nvar " f[2] "_ 0 1\nvar " f[2] " 0 1")
        emit("claims", with(i, line[i] "\nvar additional 0 1\n"))
        emit("claims", with(i, name f[3] " " (f[4] + 1) "\n"))
        if (f[3] != f[4]) emit("claims", with(i, name f[3] " " f[3] "\n"))
        if (word[i + 1] == "var") emit("claims", replaced(i, i + 1, line[i + 1] "\n" line[i]))
    }
}

function goal_line(i,    k, e, relation, text, strong) {
    k = match(code[i], / (>=|>|==) 0$/)
    e = substr(code[i], 6, k - 6)
    relation = substr(code[i], k + 1, RLENGTH - 3)
    gsub(/^ +/, "", e)
    # false, or not even sense, whatever is claimed
    if (body == "tree") {
        damage(i, "goal " e " - 1000000 " relation " 0")
        damage(i, "goal " e " - 1000000*exp(0) " relation " 0")
        damage(i, "goal " e " + log(0) " relation " 0")
        damage(i, "goal " e " + 1/0 " relation " 0")
        damage(i, "goal " e " == 0")
    } else if (body == "point" && relation != "==") {
        damage(i, "goal " e " + 1000000 " relation " 0")
        damage(i, "goal " e " + 1000000*exp(0) " relation " 0")
    } else if (body == "point") {
        damage(i, "goal 0*(" e ") == 0")
    } else {
        damage(i, "goal " e " + 1 == 0")
        damage(i, "goal " e " + exp(0) - 1 == 0")
        damage(i, "goal " e " + 1/(1-1) == 0")
        damage(i, "goal " e " >= 0")
    }
    if (note[i] ~ /equality/) {
        damage(i, "goal " e " > 0")
        damage(i, "goal " e " - 10^-30 >= 0")
    }
    split("= <= < => !=", wrong, " ")
    for (k in wrong) damage(i, "goal " e " " wrong[k] " 0")
    damage(i, "goal " e)
    damage(i, "goal " e " " relation)
    damage(i, "goal " e " " relation " 1")
    damage(i, "goal " e " " relation " 00")
    damage(i, "goal " e " " relation " 0 0")
    damage(i, "goal (" e " " relation " 0")
    damage(i, "goal " e ") " relation " 0")
    damage(i, "goal " relation " 0")
    damage(i, "goal " e " + unheard " relation " 0")
    damage(i, "goal " e " + " relation " 0")
    # true perhaps, but not the claim
    emit("claims", with(i, "goal " e " + " (body == "tree" ? "1" : "0") " " relation " 0\n"))
    emit("claims", with(i, "goal (" e ") " relation " 0\n"))
    emit("claims", with(i, "goal " e " " (relation == ">=" ? ">" : ">=") " 0\n"))
}

# Every character of a var or goal line, changed or left out: with a claim to compare with, none may pass.
function every_character(i,    k, c) {
    for (k = length(word[i]) + 2; k <= length(code[i]); k++) {
        c = substr(code[i], k, 1)
        if (c == " ") continue
        emit("claims", with(i, substr(code[i], 1, k - 1) substr(code[i], k + 1) "\n"))
        emit("claims", with(i, substr(code[i], 1, k - 1) (c ~ /[0-9]/ ? (c + 1) % 10 : c == "x" ? "y" : "x") substr(code[i], k + 1) "\n"))
    }
}

function cut_line(i,    f, v, k) {
    split(code[i], f, " ")
    v = "cut " f[2] " "
    damage(i, "cut")
    damage(i, "cut " f[2])
    damage(i, code[i] " 1")
    damage(i, "cut unheard " f[3])
    damage(i, "cut " f[3] " " f[2])
    damage(i, v low[f[2]])
    damage(i, v high[f[2]])
    damage(i, v (low[f[2]] - 1))
    damage(i, v (high[f[2]] + 1))
    damage(i, v "1/0")
    damage(i, v f[3] "/2/3")
    damage(i, v "0x1")
    damage(i, v "nan")
    if (note[i] ~ /exact/) {
        damage(i, v shifted(f[3], 1))
        damage(i, v shifted(f[3], -1))
    }
    if (note[i] ~ /needed/) emit("free", replaced(i, tree_end(i), "ok"))
}

function leaf_line(i,    f, m, k, text) {
    m = split(code[i], f, " ")
    damage(i, "ok up unheard")
    damage(i, "ok up")
    damage(i, "ok sideways x")
    damage(i, code[i] " x")
    damage(i, "okay")
    damage(i, "ok ok")
    damage(i, "ok concave " f[m] " up " f[m])
    for (k = 2; k <= m; k += 2) {
        if (note[i] ~ /either/) break
        text = code[i]
        if (sub(" up " f[k + 1], " down " f[k + 1], text) || sub(" down " f[k + 1], " up " f[k + 1], text)) damage(i, text)
    }
    if (note[i] ~ /tight/) damage(i, "ok")
    if (note[i] ~ /tight/ && f[2] == "concave") {
        damage(i, "ok up " f[3])
        damage(i, "ok down " f[3])
    }
    if (note[i] ~ /swap/) emit("free", replaced(i, i + 1, line[i + 1] "\n" line[i]))
}

function point_line(i,    k) {
    damage(i, "point")
    damage(i, code[i] " 1")
    damage(i, code[i] "/0")
    damage(i, "point " first_high + 1 substr(code[i], index(substr(code[i], 7), " ") ? 6 + index(substr(code[i], 7), " ") : length(code[i]) + 1))
    damage(i, "point x")
    if (k = index(note[i], "holds ")) damage(i, "point " substr(note[i], k + 6))
    damage(i, "tree\nok")
}

function body_line(i) {
    damage(i, code[i] " 1")
    damage(i, body == "tree" ? "identity" : "tree\nok")
    damage(i, "point")
    damage(i, body "\n" body)
}

{ line[++n] = $0 }

END {
    for (i = 1; i <= n; i++) {
        k = index(line[i], "#")
        code[i] = k ? substr(line[i], 1, k - 1) : line[i]
        note[i] = k ? substr(line[i], k + 1) : ""
        gsub(/[ \t]+/, " ", code[i])
        gsub(/^ | $/, "", code[i])
        split(code[i], f, " ")
        word[i] = f[1]
        if (f[1] == "tree" || f[1] == "point" || f[1] == "identity") body = f[1]
        if (f[1] == "var") {
            low[f[2]] = f[3]
            high[f[2]] = f[4]
            if (first_high == "") first_high = f[4]
        }
        if (word[i] != "") all_text = all_text code[i] "\n"
    }
    for (i = 1; i <= n; i++) {
        if (word[i] == "") continue
        any_line(i)
        head_line(i)
        if (word[i] == "var" || word[i] == "goal") every_character(i)
        if (word[i] == "goal") goal_line(i)
        if (word[i] == "cut") cut_line(i)
        if (word[i] == "ok") leaf_line(i)
        if (word[i] == "point") point_line(i)
        if (word[i] == "tree" || word[i] == "identity") body_line(i)
        if (word[i] ~ /^smoothbound/) {
            damage(i, "smoothbound-certificate 2")
            damage(i, "smoothbound-certificate")
            damage(i, "smoothbound-claim 1")
            damage(i, "Smoothbound-certificate 1")
        }
        if (word[i] == "end") {
            damage(i, "end x")
            damage(i, "end\nok")
            damage(i, "end\nend")
            damage(i, "end\n" all_text)
            damage(i, "END")
        }
    }
    for (k = 0; k < length(all_text) - 1; k++) emit("free", substr(all_text, 1, k))
    print count
}
