/* The training mode of the cpu backend: the entries of sb_backend (nn/backend.h) by these names. A network
   gets its training state at the first call that needs one, so that a network that only certifies costs no
   memory for it. Needs of sb_cpu_network (nn/cpu/cpu_network.h): `values`, current in the layout of
   sb_resnet; `values_changed`, which sgd_step and update_statistics set; `workers`; `training`, NULL at
   first. */
#ifndef SB_NN_CPU_TRAINING_H
#define SB_NN_CPU_TRAINING_H

#include "nn/backend.h"

struct sb_cpu_training;

void sb_cpu_training_close(struct sb_cpu_training *training); /* NULL is fine */

sb_status sb_cpu_train_forward(sb_network *network, int slot, const float *images, size_t count,
                               float *logits, sb_error *error);
sb_status sb_cpu_update_statistics(sb_network *network, int slot, sb_error *error);
sb_status sb_cpu_train_backward(sb_network *network, int slot, const float *logit_gradient, sb_error *error);
sb_status sb_cpu_sgd_step(sb_network *network, const sb_sgd *sgd, sb_error *error);

sb_status sb_cpu_set_momentum(sb_network *network, const float *momentum, sb_error *error);
sb_status sb_cpu_get_momentum(sb_network *network, float *momentum, sb_error *error);
sb_status sb_cpu_get_gradient(sb_network *network, float *gradient, sb_error *error);

#endif
