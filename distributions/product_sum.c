/* With the extremal functions m <= k <= M of type T = Nh, whose transforms vanish from T on, Poisson's
   formula for each gives

     sum over n of m(x + 2 pi n/h) <= sum of k(x + 2 pi n/h) <= sum of M(x + 2 pi n/h),

   and the outer two are finite sums over |k| < N: (1/N) sum of Phi(kh) cos(ckh) weight(k/N). The middle one
   is the sum over all nodes that product_plan.c relates to the overlap. */
#include "distributions/product_sum.h"

#include "distributions/graham_vaaler.h"

#include <pthread.h>
#include <stdlib.h>

enum { PARTS = 64, MOST_THREADS = 256 };

typedef struct {
    const sb_product_integrand *f;
    const arb_struct *log_lambda, *step;
    uint64_t nodes;
    const sb_graham_vaaler *pair; /* NULL: plain */
    arb_t ceiling;                /* >= |Phi(t)| for every t: Phi(0) */
    slong precision;
    const sb_tv_options *options;
    arb_ptr low, high; /* one for each part */
    pthread_mutex_t lock;
    sb_progress progress;
    uint64_t next; /* part */
    int stopped;
} sum_state;

/* Whether a value says less than |Phi(t)| <= Phi(0). */
static int useless(const arb_t phi, const arb_t ceiling) {
    return !arb_is_finite(phi) || mag_cmp(arb_radref(phi), arb_radref(ceiling)) > 0;
}

/* phi := Phi(kh) cos(ckh), and t := kh. Where the family's transform is bad at this t: with more bits, or as
   any point of [-Phi(0), Phi(0)]. */
static void integrand(arb_t phi, arb_t t, const sum_state *s, uint64_t k) {
    enum { MORE_BITS = 4 };
    arb_t angle;
    for (slong factor = 1; factor <= MORE_BITS; factor *= 2) {
        arb_mul_ui(t, s->step, k, factor * s->precision);
        sb_product_integrand_value(phi, s->f, t, factor * s->precision);
        if (!useless(phi, s->ceiling)) break;
    }
    if (useless(phi, s->ceiling)) arb_set(phi, s->ceiling);
    if (arb_is_zero(s->log_lambda)) return;
    arb_init(angle);
    arb_mul(angle, t, s->log_lambda, s->precision);
    arb_cos(angle, angle, s->precision);
    arb_mul(phi, phi, angle, s->precision);
    arb_clear(angle);
}

/* ceiling := 0 +/- Phi(0) */
static void set_ceiling(sum_state *s) {
    arb_t zero;
    arb_init(zero);
    arb_init(s->ceiling);
    sb_product_integrand_value(s->ceiling, s->f, zero, s->precision);
    arb_get_mag(arb_radref(s->ceiling), s->ceiling);
    arf_zero(arb_midref(s->ceiling));
    arb_clear(zero);
}

/* low, high: one part of the sums over k >= 0, the node 0 taken half */
static void sum_part(const sum_state *s, uint64_t part) {
    uint64_t first = s->nodes / PARTS * part + s->nodes % PARTS * part / PARTS;
    uint64_t last = s->nodes / PARTS * (part + 1) + s->nodes % PARTS * (part + 1) / PARTS;
    slong precision = s->precision;
    arb_t phi, t, upper, lower;
    arb_init(phi);
    arb_init(t);
    arb_init(upper);
    arb_init(lower);
    for (uint64_t k = first; k < last; k++) {
        integrand(phi, t, s, k);
        if (k == 0) arb_mul_2exp_si(phi, phi, -1);
        if (s->pair) {
            sb_graham_vaaler_weights(upper, lower, s->pair, k, s->nodes, precision);
            arb_addmul(s->high + part, phi, upper, precision);
            arb_addmul(s->low + part, phi, lower, precision);
        } else { /* over 1 + 4 t^2 */
            arb_sqr(t, t, precision);
            arb_mul_2exp_si(t, t, 2);
            arb_add_ui(t, t, 1, precision);
            arb_div(phi, phi, t, precision);
            arb_add(s->low + part, s->low + part, phi, precision);
        }
    }
    arb_clear(phi);
    arb_clear(t);
    arb_clear(upper);
    arb_clear(lower);
}

static void take_parts(sum_state *s) {
    pthread_mutex_lock(&s->lock);
    while (!s->stopped && s->next < PARTS) {
        if (s->options->proceed && !s->options->proceed()) {
            s->stopped = 1;
            break;
        }
        uint64_t part = s->next++;
        sb_progress_update(&s->progress, (double)part, NULL);
        pthread_mutex_unlock(&s->lock);
        sum_part(s, part);
        pthread_mutex_lock(&s->lock);
    }
    pthread_mutex_unlock(&s->lock);
}

static void *thread_work(void *state) {
    take_parts(state);
    flint_cleanup();
    return NULL;
}

/* Small sums are not worth a thread. */
static void run_parts(sum_state *s) {
    pthread_t thread[MOST_THREADS];
    int jobs = s->options->jobs > MOST_THREADS ? MOST_THREADS : s->options->jobs, started = 0;
    if (s->nodes < 512 && s->f->count <= SB_FEW_LENGTHS) jobs = 1;
    while (started < jobs - 1 && pthread_create(&thread[started], NULL, thread_work, s) == 0) started++;
    take_parts(s);
    while (started > 0) pthread_join(thread[--started], NULL);
}

/* value := the parts together, times factor */
static void add_parts(arb_t value, arb_srcptr part, const arb_t factor, slong precision) {
    arb_t sum;
    arb_init(sum);
    for (size_t i = 0; i < PARTS; i++) arb_add(sum, sum, part + i, precision);
    arb_mul(value, sum, factor, precision);
    arb_clear(sum);
}

/* What the sums over k >= 0 are to be multiplied by. */
static void set_factor(arb_t factor, const sum_state *s) {
    arb_t part;
    arb_init(part);
    if (s->pair) { /* 2/N */
        arb_set_ui(factor, 2);
        arb_div_ui(factor, factor, s->nodes, s->precision);
    } else { /* 4h/pi */
        arb_const_pi(part, s->precision);
        arb_div(factor, s->step, part, s->precision);
        arb_mul_2exp_si(factor, factor, 2);
    }
    arb_mul_2exp_si(part, s->log_lambda, -1);
    arb_exp(part, part, s->precision);
    arb_mul(factor, factor, part, s->precision);
    arb_clear(part);
}

sb_status sb_product_sum(arb_t low, arb_t high, const sb_product_integrand *f, const arb_t log_lambda,
                         const arb_t step, uint64_t nodes, int bracket, slong precision,
                         const sb_tv_options *options, sb_error *error) {
    sum_state s = {.f = f,
                   .log_lambda = log_lambda,
                   .step = step,
                   .nodes = nodes,
                   .precision = precision,
                   .options = options};
    sb_graham_vaaler pair;
    arb_t factor;
    arb_init(factor);
    s.low = _arb_vec_init(PARTS);
    s.high = _arb_vec_init(PARTS);
    arb_mul_ui(factor, step, nodes, precision);
    sb_graham_vaaler_init(&pair, factor, precision);
    if (bracket) s.pair = &pair;
    set_ceiling(&s);
    pthread_mutex_init(&s.lock, NULL);
    sb_progress_start(&s.progress, options->progress, "total variation", PARTS);
    run_parts(&s);
    sb_progress_finish(&s.progress);
    pthread_mutex_destroy(&s.lock);
    set_factor(factor, &s);
    add_parts(low, s.low, factor, precision);
    add_parts(high, bracket ? s.high : s.low, factor, precision);
    sb_graham_vaaler_clear(&pair);
    arb_clear(s.ceiling);
    _arb_vec_clear(s.low, PARTS);
    _arb_vec_clear(s.high, PARTS);
    arb_clear(factor);
    return s.stopped ? sb_fail(error, SB_INTERRUPTED, "interrupted") : SB_OK;
}
