/* With 0 <= lambda < 1 and m known before x is seen, and psi(lambda) = -log(1 - lambda) - lambda,

     E exp(lambda (x - mean) - (x - m)^2 psi(lambda)) <= 1

   for a variable x in [0, 1] (Fan, Grama and Liu, Electron. J. Probab. 20, 2015), and the same for mean - x.
   The products over i are supermartingales; by Ville's inequality both stay below 2/alpha for ever with
   probability at least 1 - alpha, and then for every n

     |sum lambda_i (x_i - mean)| < log(2/alpha) + sum (x_i - m_i)^2 psi(lambda_i).

   m_i is the mean of what was seen before and lambda_i nearly the best for the planned number n and the
   variance seen before, sqrt(2 log(2/alpha)/(n variance)). */
#include "distributions/confidence_sequence.h"

#include <math.h>

void sb_confidence_sequence_init(sb_confidence_sequence *sequence, double alpha, uint64_t planned) {
    *sequence = (sb_confidence_sequence){.log_level = log(2 / alpha), .planned = planned, .high = 1};
}

void sb_confidence_sequence_add(sb_confidence_sequence *s, double x) {
    static const double largest = 0.75; /* of lambda */
    double before = (double)s->count + 1;
    double mean = (0.5 + s->sum) / before, variance = (0.25 + s->squares) / before;
    double lambda = fmin(largest, sqrt(2 * s->log_level / ((double)s->planned * variance)));
    s->count++;
    s->sum += x;
    s->weight += lambda;
    s->weighted_sum += lambda * x;
    s->cost += (x - mean) * (x - mean) * (-log1p(-lambda) - lambda);
    double after = (0.5 + s->sum) / (before + 1);
    s->squares += (x - after) * (x - after);
    double centre = s->weighted_sum / s->weight, half = (s->log_level + s->cost) / s->weight;
    double low = fmax(s->low, centre - half), high = fmin(s->high, centre + half);
    if (low > high) return; /* the event of probability alpha: the last interval that is one stays */
    s->low = low;
    s->high = high;
}
