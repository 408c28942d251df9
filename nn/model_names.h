/* What reading and writing of models share. */
#ifndef SB_NN_MODEL_NAMES_H
#define SB_NN_MODEL_NAMES_H

#include "nn/resnet.h"

#define SB_MOMENTUM_PREFIX "momentum."
enum { SB_MODEL_NAME = 80 };

/* "bn1.num_batches_tracked" for "bn1.running_var". */
void sb_model_counter_name(const sb_tensor *running_variance, char name[SB_MODEL_NAME]);

/* SB_BAD_INPUT names the first element that is not finite or is a negative variance. */
sb_status sb_model_check_values(const sb_tensor *tensor, const float *value, int momentum, const char *path,
                                sb_error *error);

#endif
