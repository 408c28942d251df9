/* log softmax_c(z) = (z_c - max z) - log sum_k exp(z_k - max z): no exponential overflows, and the sum is at
   least 1. Where q_c underflows, log q_c does not, so that the divergence stays finite and its terms with
   p_c = 0 vanish as they should. */
#include "nn/loss.h"

#include <math.h>

void sb_log_softmax(const float logit[SB_CLASSES], double log_law[SB_CLASSES]) {
    double largest = (double)logit[0], sum = 0;
    for (int c = 1; c < SB_CLASSES; c++)
        if ((double)logit[c] > largest) largest = (double)logit[c];
    for (int c = 0; c < SB_CLASSES; c++) sum += exp((double)logit[c] - largest);
    double log_sum = log(sum);
    for (int c = 0; c < SB_CLASSES; c++) log_law[c] = (double)logit[c] - largest - log_sum;
}

void sb_softmax(const float logit[SB_CLASSES], float law[SB_CLASSES]) {
    double log_law[SB_CLASSES];
    sb_log_softmax(logit, log_law);
    for (int c = 0; c < SB_CLASSES; c++) law[c] = (float)exp(log_law[c]);
}

double sb_cross_entropy(const float logit[SB_CLASSES], int label, double scale, double gradient[SB_CLASSES]) {
    double log_law[SB_CLASSES];
    sb_log_softmax(logit, log_law);
    if (gradient)
        for (int c = 0; c < SB_CLASSES; c++) gradient[c] += scale * (exp(log_law[c]) - (c == label));
    return -log_law[label];
}

double sb_kl_divergence(const float p_logit[SB_CLASSES], const float q_logit[SB_CLASSES], double scale,
                        double p_gradient[SB_CLASSES], double q_gradient[SB_CLASSES]) {
    double log_p[SB_CLASSES], log_q[SB_CLASSES], p[SB_CLASSES], divergence = 0;
    sb_log_softmax(p_logit, log_p);
    sb_log_softmax(q_logit, log_q);
    for (int c = 0; c < SB_CLASSES; c++) {
        p[c] = exp(log_p[c]);
        divergence += p[c] * (log_p[c] - log_q[c]);
    }
    if (p_gradient)
        for (int c = 0; c < SB_CLASSES; c++)
            p_gradient[c] += scale * p[c] * (log_p[c] - log_q[c] - divergence);
    if (q_gradient)
        for (int c = 0; c < SB_CLASSES; c++) q_gradient[c] += scale * (exp(log_q[c]) - p[c]);
    return divergence;
}

static void to_float(const double gradient[SB_CLASSES], float *rounded) {
    for (int c = 0; c < SB_CLASSES; c++) rounded[c] = (float)gradient[c];
}

double sb_cross_entropy_batch(const float *logit, const uint8_t *label, size_t count, float *gradient) {
    double loss = 0, scale = 1 / (double)count;
    for (size_t i = 0; i < count; i++) {
        double g[SB_CLASSES] = {0};
        loss += sb_cross_entropy(logit + i * SB_CLASSES, label[i], scale, g);
        to_float(g, gradient + i * SB_CLASSES);
    }
    return loss;
}

double sb_trades_batch(const float *natural, const float *adversarial, const uint8_t *label, size_t count,
                       double beta, float *natural_gradient, float *adversarial_gradient) {
    double loss = 0, scale = 1 / (double)count;
    for (size_t i = 0; i < count; i++) {
        double p[SB_CLASSES] = {0}, q[SB_CLASSES] = {0};
        const float *a = natural + i * SB_CLASSES, *b = adversarial + i * SB_CLASSES;
        loss += sb_cross_entropy(a, label[i], scale, p);
        loss += beta * sb_kl_divergence(a, b, beta * scale, p, q);
        to_float(p, natural_gradient + i * SB_CLASSES);
        to_float(q, adversarial_gradient + i * SB_CLASSES);
    }
    return loss;
}

size_t sb_count_correct(const float *logit, const uint8_t *label, size_t count) {
    size_t correct = 0;
    for (size_t i = 0; i < count; i++) {
        const float *z = logit + i * SB_CLASSES;
        int best = 0;
        for (int c = 1; c < SB_CLASSES; c++)
            if (z[c] > z[best]) best = c;
        correct += best == label[i];
    }
    return correct;
}
