/* The networks against PyTorch (pytorch_peer.py) for the same work, with the same number of threads, bound to
   the same processors. Each task is measured in turns, ours and theirs, for about a second each; wall time,
   since all processors work; the best of the turns counts. PyTorch runs in the fastest of the modes that the
   script tries, with an allocator that keeps its memory. Skipped where there is no python3 with torch. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "nn/loss.h"
#include "nn/model.h"
#include "nn/train_step.h"
#include "tests/bench/bench.h"

#include <math.h>
#include <sched.h>
#include <signal.h>

enum { TURNS = 3, LEAST_DEPTH = 20, DEEPEST = 110, BATCH = 256, MOST_PROCESSORS = 256 };

/* ------------------------------------------------------------------ the processors */
static int processors(int *list, int room) {
    cpu_set_t set;
    int count = 0;
    if (sched_getaffinity(0, sizeof set, &set) != 0) bench_fail("sched_getaffinity: %s", strerror(errno));
    for (int i = 0; i < CPU_SETSIZE && count < room; i++)
        if (CPU_ISSET((size_t)i, &set)) list[count++] = i;
    return count;
}

/* ------------------------------------------------------------------ our side */
typedef struct {
    sb_model model;
    sb_network *network;
    sb_training_options options;
    sb_training_step step;
    sb_training_sums sums;
    float *images, *law, *gradient, *logits;
    uint8_t *label;
    size_t batch;
    int threads;
    uint64_t done;
} own_side;

/* He's weights; the second normalisation of each block scaled down, so that 54 blocks do not multiply up. */
static void make_model(sb_model *model, int depth) {
    sb_error error = {0};
    bench_need(sb_model_create(model, depth, 1, &error), &error);
    for (int b = 0; b < model->resnet.block_count; b++) {
        const sb_convolution *second = &model->resnet.convolution[model->resnet.block[b].second];
        for (int i = 0; i < second->out_channels; i++) model->values[second->scale + (size_t)i] = .25f;
    }
}

static void fill(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) x[i] = (float)(i * 7919 % 256) / 255;
}

static void own_open(own_side *own, int depth, int size, size_t batch) {
    const sb_backend *backend;
    sb_backend_options options = {.jobs = 0};
    sb_error error = {0};
    size_t elements = (size_t)size * (size_t)size * SB_CHANNELS;
    int list[MOST_PROCESSORS];
    *own = (own_side){.batch = batch, .threads = processors(list, MOST_PROCESSORS)};
    make_model(&own->model, depth);
    bench_need(sb_backend_find("cpu", &backend, &error), &error);
    bench_need(backend->open(&own->network, &own->model.resnet, size, &options, &error), &error);
    bench_need(backend->set_values(own->network, own->model.values, &error), &error);
    sb_training_options_init(
        &own->options); /* the paper's: TRADES, sigma .12, radius .435, 10 steps, beta 6 */
    own->options.depth = depth;
    own->options.size = size;
    own->options.batch = (int)batch;
    own->images = malloc(batch * elements * sizeof *own->images);
    own->gradient = malloc(batch * elements * sizeof *own->gradient);
    own->law = malloc(batch * SB_CLASSES * sizeof *own->law);
    own->logits = malloc(batch * SB_CLASSES * sizeof *own->logits);
    own->label = malloc(batch);
    if (!own->images || !own->gradient || !own->law || !own->logits || !own->label)
        bench_fail("out of memory");
    fill(own->images, batch * elements);
    for (size_t i = 0; i < batch * SB_CLASSES; i++) own->law[i] = i % 3 == 0 ? .25f : 0.f;
    for (size_t i = 0; i < batch; i++) own->label[i] = (uint8_t)(i % SB_CLASSES);
}

static void own_close(own_side *own) {
    sb_training_step_clear(&own->step);
    own->network->backend->close(own->network);
    sb_model_clear(&own->model);
    free(own->images);
    free(own->gradient);
    free(own->law);
    free(own->logits);
    free(own->label);
}

/* Each does its work once; own->batch images. */
static sb_status certify(own_side *own, sb_error *error) {
    uint64_t counts[SB_CLASSES] = {0};
    sb_noisy_samples samples = {
        .image = own->images, .seed = 1, .first = own->done, .count = own->batch, .sigma = .12f};
    own->done += own->batch;
    return own->network->backend->count_classes(own->network, &samples, counts, error);
}

static sb_status gradient(own_side *own, sb_error *error) {
    return own->network->backend->input_gradient(own->network, own->images, own->batch, own->law, NULL,
                                                 own->gradient, NULL, error);
}

static sb_status train(own_side *own, sb_error *error) {
    const sb_backend *backend = own->network->backend;
    const sb_sgd sgd = {.rate = 1e-4f, .momentum = .9f, .decay = 1e-4f};
    sb_status status = backend->train_forward(own->network, 0, own->images, own->batch, own->logits, error);
    if (!status) status = backend->update_statistics(own->network, 0, error);
    if (status) return status;
    sb_cross_entropy_batch(own->logits, own->label, own->batch, own->law);
    status = backend->train_backward(own->network, 0, own->law, error);
    return status ? status : backend->sgd_step(own->network, &sgd, error);
}

static sb_status trades(own_side *own, sb_error *error) {
    sb_status status = SB_OK;
    if (!own->step.memory)
        status =
            sb_training_step_init(&own->step, &own->options, own->network, own->batch, own->threads, error);
    if (!status)
        status = sb_training_step_run(&own->step, own->images, own->label, own->batch, own->done, 1e-4,
                                      &own->sums, error);
    own->done += own->batch;
    return status                     ? status
           : isfinite(own->sums.loss) ? SB_OK
                                      : sb_fail(error, SB_INTERNAL, "the loss is not finite");
}

typedef sb_status own_work(own_side *own, sb_error *error);

/* Images a second. */
static double own_rate(own_work *work, own_side *own, double least_seconds) {
    sb_error error = {0};
    double start = bench_wall_seconds(), spent;
    size_t images = 0;
    do {
        bench_need(work(own, &error), &error);
        images += own->batch;
        spent = bench_wall_seconds() - start;
    } while (spent < least_seconds);
    return (double)images / spent;
}

/* Peak memory, in MiB, of a process that does one TRADES step. To be called while this one is small. */
static double trades_memory(int depth) {
    int ends[2];
    double peak = 0;
    if (pipe(ends) != 0) bench_fail("pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0) bench_fail("fork: %s", strerror(errno));
    if (child == 0) {
        own_side own;
        sb_error error = {0};
        struct rusage usage;
        own_open(&own, depth, 32, BATCH);
        bench_need(trades(&own, &error), &error);
        getrusage(RUSAGE_SELF, &usage);
        peak = (double)usage.ru_maxrss / 1024;
        _exit(write(ends[1], &peak, sizeof peak) == sizeof peak ? 0 : 2);
    }
    close(ends[1]);
    if (read(ends[0], &peak, sizeof peak) != sizeof peak) bench_fail("the step at depth %d failed", depth);
    close(ends[0]);
    waitpid(child, NULL, 0);
    return peak;
}

/* ------------------------------------------------------------------ PyTorch's side */
typedef struct {
    FILE *in, *out; /* out: NULL without PyTorch */
    char line[512]; /* its last answer */
    pid_t process;
} peer_side;

/* One line there, one back; 0 when it has ended. */
__attribute__((format(printf, 2, 3))) static int ask(peer_side *peer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(peer->out, format, arguments);
    va_end(arguments);
    putc('\n', peer->out);
    if (fflush(peer->out) != 0 || !fgets(peer->line, sizeof peer->line, peer->in)) return 0;
    peer->line[strcspn(peer->line, "\n")] = '\0';
    return 1;
}

/* The environment of a fair peer: its threads bound, its memory kept (glibc's defaults give back and fault in
   every activation anew, a third of its speed). */
static void set_peer_environment(int threads, const int *processor) {
    sb_text places;
    sb_text_init(&places);
    for (int i = 0; i < threads; i++) sb_text_format(&places, "%s{%d}", i ? "," : "", processor[i]);
    setenv("OMP_PROC_BIND", "true", 1);
    setenv("OMP_PLACES", places.data, 1);
    setenv("MALLOC_MMAP_THRESHOLD_", "8000000000", 1);
    setenv("MALLOC_TRIM_THRESHOLD_", "16000000000", 1);
    setenv("MALLOC_TOP_PAD_", "1000000000", 1);
    sb_text_clear(&places);
}

static void stop_peer(peer_side *peer) {
    if (peer->in) fclose(peer->in);
    if (peer->out) fclose(peer->out);
    waitpid(peer->process, NULL, 0);
    *peer = (peer_side){0};
}

static int start_peer(peer_side *peer, const char *python, const char *script, const char *folder,
                      int threads) {
    int to[2], from[2];
    char *words = sb_format("exec %s '%s' '%s' %d %s", python, script, folder, threads,
                            getenv("PEER_MODES") ? "" : "2>/dev/null");
    char shell[] = "/bin/sh", option[] = "-c", *argument[] = {shell, option, words, NULL};
    posix_spawn_file_actions_t action;
    if (!words || pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0 ||
        posix_spawn_file_actions_init(&action) != 0)
        bench_fail("pipe: %s", strerror(errno));
    posix_spawn_file_actions_adddup2(&action, to[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&action, from[1], STDOUT_FILENO);
    int cause = posix_spawn(&peer->process, shell, &action, NULL, argument, environ);
    if (cause) bench_fail("%s: %s", shell, strerror(cause));
    posix_spawn_file_actions_destroy(&action);
    close(to[0]);
    close(from[1]);
    free(words);
    peer->out = fdopen(to[1], "w");
    peer->in = fdopen(from[0], "r");
    if (peer->in && peer->out && fgets(peer->line, sizeof peer->line, peer->in)) {
        peer->line[strcspn(peer->line, "\n")] = '\0';
        return 1;
    }
    stop_peer(peer);
    return 0;
}

static void find_peer(peer_side *peer, const char *folder, int threads, const int *processor) {
    const char *data = getenv("SMOOTHBOUND_DATA"), *chosen = getenv("PYTHON");
    const char *python[] = {chosen && *chosen ? chosen : "python3", "/usr/bin/python3"};
    char *script = sb_format("%s/tests/bench/pytorch_peer.py", data && *data ? data : ".");
    if (!script) bench_fail("out of memory");
    set_peer_environment(threads, processor);
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof python / sizeof *python && !peer->out; i++)
        start_peer(peer, python[i], script, folder, threads);
    free(script);
}

/* Both sides must have the same network. */
static void must_agree(peer_side *peer, int depth, int size, const char *folder) {
    own_side own;
    sb_error error = {0};
    char *path = sb_format("%s/%d.safetensors", folder, depth);
    own_open(&own, depth, size, 1);
    if (!path) bench_fail("out of memory");
    bench_need(sb_model_write(&own.model, path, &error), &error);
    free(path);
    bench_need(own.network->backend->logits(own.network, own.images, 1, own.logits, &error), &error);
    if (peer->out && !ask(peer, "logits %d %d", depth, size))
        bench_fail("PyTorch ended before depth %d", depth);
    char *at = peer->line;
    for (int i = 0; i < SB_CLASSES && peer->out; i++) {
        double theirs = strtod(at, &at);
        if (!(fabs(theirs - (double)own.logits[i]) < 1e-3 * (1 + fabs(theirs))))
            bench_fail("depth %d: logit %d is %g, PyTorch has %g", depth, i, (double)own.logits[i], theirs);
    }
    own_close(&own);
}

/* ------------------------------------------------------------------ the comparison */
typedef struct {
    const char *label, *name; /* name: WORK-DEPTH-SIZE-BATCH for the peer */
    own_work *work;
    int depth;
    size_t batch, peer_batch;
    const char *wanted;
} bench_task;

static const bench_task task[] = {
    {"certification, ResNet-110", "certify", certify, 110, 500, 100, "2.5"},
    {"certification, ResNet-20", "certify", certify, 20, 1000, 100, NULL},
    {"input gradient, ResNet-110", "gradient", gradient, 110, 128, 128, "2.5"},
    {"input gradient, ResNet-20", "gradient", gradient, 20, BATCH, BATCH, NULL},
    {"training step, ResNet-20, batch 128", "train", train, 20, 128, 128, "1.8"},
    {"training step, ResNet-20, batch 256", "train", train, 20, BATCH, BATCH, "1.8"},
    {"TRADES step, ResNet-20, batch 256", "trades", trades, 20, BATCH, BATCH, "2.5"},
    {"the same as its published code does it", "trades-published", trades, 20, BATCH, BATCH, NULL},
};

static void run_task(const bench_task *at, peer_side *peer, sb_table *table) {
    own_side own;
    char *name = sb_format("%s-%d-32-%zu", at->name, at->depth, at->peer_batch), mode[sizeof peer->line] = "";
    double ours = 0, theirs = 0;
    if (!name) bench_fail("out of memory");
    own_open(&own, at->depth, 32, at->batch);
    own_rate(at->work, &own, .2);
    if (peer->out) {
        if (!ask(peer, "prepare %s", name)) bench_fail("PyTorch: %s failed", name);
        memcpy(mode, peer->line, sizeof mode);
    }
    int slow = strcmp(at->name, "trades-published") == 0; /* for information: once */
    for (int turn = 0; turn < (slow ? 1 : TURNS); turn++) {
        nanosleep(&(struct timespec){0, 200000000}, NULL); /* until the other side's threads sleep */
        ours = fmax(ours, own_rate(at->work, &own, 1));
        if (peer->out && !ask(peer, "run %s %d", name, slow ? 0 : 1)) bench_fail("PyTorch: %s failed", name);
        if (peer->out) theirs = fmax(theirs, atof(peer->line));
    }
    own_close(&own);
    free(name);
    sb_table_row(table);
    sb_table_set(table, 0, at->label);
    sb_table_setf(table, 1, "%.0f", ours);
    if (theirs > 0) sb_table_setf(table, 2, "%.0f", theirs);
    if (theirs > 0) sb_table_setf(table, 3, "%.2f", ours / theirs);
    if (at->wanted) sb_table_set(table, 4, at->wanted);
    if (theirs > 0) sb_table_set(table, 5, mode);
}

int main(void) {
    static const sb_column column[] = {{"task", "Task, 32x32", 0},
                                       {"ours", "Ours, images/s", SB_COLUMN_RIGHT},
                                       {"pytorch", "PyTorch, images/s", SB_COLUMN_RIGHT},
                                       {"ratio", "Ours / PyTorch", SB_COLUMN_RIGHT},
                                       {"wanted", "Wanted", SB_COLUMN_RIGHT},
                                       {"mode", "PyTorch's mode", 0}};
    int processor[MOST_PROCESSORS], threads = processors(processor, MOST_PROCESSORS);
    double memory[2] = {trades_memory(LEAST_DEPTH), trades_memory(DEEPEST)};
    const char *folder = bench_temporary_folder();
    peer_side peer = {0};
    sb_table table;
    find_peer(&peer, folder, threads, processor);
    char *version = peer.out ? sb_duplicate(peer.line) : NULL;
    must_agree(&peer, LEAST_DEPTH, 32, folder);
    must_agree(&peer, DEEPEST, 32, folder);
    sb_table_init(&table, NULL, column, sizeof column / sizeof column[0]);
    char *caption = sb_format("The networks in f32, %d thread%s, bound%s%s", threads, threads > 1 ? "s" : "",
                              version ? ", against " : "", version ? version : "");
    table.caption = caption;
    for (size_t i = 0; i < sizeof task / sizeof task[0]; i++) run_task(&task[i], &peer, &table);
    bench_print(&table,
                version
                    ? "Ours / PyTorch: how many times as many images per second; best of turns, wall time."
                    : "Comparison skipped: no python3 with torch.");
    printf("Peak memory of a process that makes a TRADES step at batch %d: ResNet-%d %.0f MiB, ResNet-%d "
           "%.0f MiB.\n\n",
           BATCH, LEAST_DEPTH, memory[0], DEEPEST, memory[1]);
    if (peer.out) stop_peer(&peer);
    free(caption);
    free(version);
    return 0;
}
