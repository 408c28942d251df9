/* Losses of ten logits and their gradients, in double: cross-entropy, the KL divergence between the laws of
   two vectors of logits, and the batch losses that training descends. */
#ifndef SB_NN_LOSS_H
#define SB_NN_LOSS_H

#include "nn/resnet.h"

/* log_law := log softmax(logit); finite for finite logits however far apart. */
void sb_log_softmax(const float logit[SB_CLASSES], double log_law[SB_CLASSES]);
/* law := softmax(logit), rounded to float. */
void sb_softmax(const float logit[SB_CLASSES], float law[SB_CLASSES]);

/* -log softmax_label(logit). Adds scale times its gradient, softmax(logit) - e_label, to gradient (NULL:
   none). */
double sb_cross_entropy(const float logit[SB_CLASSES], int label, double scale, double gradient[SB_CLASSES]);

/* KL(p || q) with p = softmax(p_logit), q = softmax(q_logit). Adds scale times its gradients
     with respect to p_logit: p_c (log(p_c / q_c) - KL(p || q)),
     with respect to q_logit: q_c - p_c
   (NULL: none). */
double sb_kl_divergence(const float p_logit[SB_CLASSES], const float q_logit[SB_CLASSES], double scale,
                        double p_gradient[SB_CLASSES], double q_gradient[SB_CLASSES]);

/* The sum over a batch of the cross-entropy of each image, and the gradient of the *mean* with respect to the
   logits [count][10]. */
double sb_cross_entropy_batch(const float *logit, const uint8_t *label, size_t count, float *gradient);

/* TRADES (Zhang, Yu, Jiao, Xing, El Ghaoui, Jordan, ICML 2019; the paper's section 4.1): the sum over the
   batch of

     CE(natural_i, label_i) + beta KL(softmax(natural_i) || softmax(adversarial_i)),

   and the gradients of its mean with respect to both batches of logits: the divergence moves both of its
   arguments. */
double sb_trades_batch(const float *natural, const float *adversarial, const uint8_t *label, size_t count,
                       double beta, float *natural_gradient, float *adversarial_gradient);

/* How many images have their label as the class of the largest logit (the first of equal ones). */
size_t sb_count_correct(const float *logit, const uint8_t *label, size_t count);

#endif
