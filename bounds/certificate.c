/* Printing certificates. A tree is written in prefix order from an explicit stack, so that its depth is no
 * matter. */
#include "bounds/certificate.h"

#include "support/exact.h"

#include <stdlib.h>

enum { DEEPEST_INDENT = 30 };

static int new_node(sb_proof_tree *tree, int parent) {
    if (tree->count == tree->capacity) {
        int capacity = tree->capacity ? 2 * tree->capacity : 64;
        sb_proof_node *node = realloc(tree->node, (size_t)capacity * sizeof *node);
        if (!node) return -1;
        tree->node = node;
        tree->capacity = capacity;
    }
    sb_proof_node *node = &tree->node[tree->count];
    *node = (sb_proof_node){.parent = parent, .child = -1, .variable = -1};
    if (parent >= 0) node->depth = tree->node[parent].depth + 1;
    fmpq_init(node->at);
    return tree->count++;
}

sb_status sb_proof_tree_init(sb_proof_tree *tree, sb_error *error) {
    *tree = (sb_proof_tree){0};
    return new_node(tree, -1) == 0 ? SB_OK : sb_fail_memory(error);
}

void sb_proof_tree_clear(sb_proof_tree *tree) {
    for (int i = 0; i < tree->count; i++) fmpq_clear(tree->node[i].at);
    free(tree->node);
    *tree = (sb_proof_tree){0};
}

sb_status sb_proof_tree_cut(sb_proof_tree *tree, int node, int variable, const fmpq_t at, sb_error *error) {
    int first = new_node(tree, node), second = first < 0 ? -1 : new_node(tree, node);
    if (second < 0) return sb_fail_memory(error);
    tree->node[node].child = first;
    tree->node[node].variable = variable;
    fmpq_set(tree->node[node].at, at);
    return SB_OK;
}

void sb_proof_tree_close(sb_proof_tree *tree, int node, const sb_step *step, int step_count) {
    sb_proof_node *leaf = &tree->node[node];
    leaf->proved = 1;
    leaf->step_count = (unsigned char)step_count;
    for (int i = 0; i < step_count; i++) leaf->step[i] = step[i];
}

static void append_rational(sb_text *out, const fmpq_t value) {
    char *printed = sb_rational_print(value);
    if (printed)
        sb_text_append(out, printed);
    else
        out->failed = 1;
    free(printed);
}

static void print_node(const sb_goal *goal, const sb_proof_node *node, sb_text *out) {
    static const char *const word[] = {"up", "down", "concave"};
    sb_text_repeat(out, ' ', node->depth < DEEPEST_INDENT ? node->depth : DEEPEST_INDENT);
    if (node->child < 0) {
        sb_text_append(out, "ok");
        for (int i = 0; i < node->step_count; i++)
            sb_text_format(out, " %s %s", word[node->step[i].tactic], goal->variable[node->step[i].variable]);
    } else {
        sb_text_format(out, "cut %s ", goal->variable[node->variable]);
        append_rational(out, node->at);
    }
    sb_text_append(out, "\n");
}

static void begin(const sb_goal *goal, sb_text *out) {
    sb_text_init(out);
    sb_text_append(out, "smoothbound-certificate 1\n");
    sb_goal_print_head(goal, out);
}

char *sb_certificate_tree(const sb_goal *goal, const sb_proof_tree *tree) {
    int *stack = malloc(((size_t)tree->count + 1) * sizeof *stack), height = 0;
    if (!stack) return NULL;
    sb_text out;
    begin(goal, &out);
    sb_text_append(&out, "tree\n");
    stack[height++] = 0;
    while (height) {
        const sb_proof_node *node = &tree->node[stack[--height]];
        print_node(goal, node, &out);
        if (node->child < 0) continue;
        stack[height++] = node->child + 1;
        stack[height++] = node->child;
    }
    sb_text_append(&out, "end\n");
    free(stack);
    return sb_text_detach(&out);
}

char *sb_certificate_point(const sb_goal *goal, const fmpq *point) {
    sb_text out;
    begin(goal, &out);
    sb_text_append(&out, "point");
    for (size_t i = 0; i < goal->variable_count; i++) {
        sb_text_append(&out, " ");
        append_rational(&out, &point[i]);
    }
    sb_text_append(&out, "\nend\n");
    return sb_text_detach(&out);
}

char *sb_certificate_identity(const sb_goal *goal) {
    sb_text out;
    begin(goal, &out);
    sb_text_append(&out, "identity\nend\n");
    return sb_text_detach(&out);
}
