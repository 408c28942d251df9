/* One table holds the keys, each with a function that reads its value into the preset and one that prints it;
   all other keys belong to nn/training_options.h. */
#include "experiments/preset.h"

#include "nn/key_values.h"
#include "nn/resnet.h"
#include "support/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CIFAR_SIZE = 32 };

static const char *const arm_name[] = {"scaled", "fixed", "detail", NULL};

const char *sb_arm_name(sb_arm arm) {
    return arm_name[arm];
}

sb_status sb_arms_parse(const char *key, const char *text, unsigned *arms, sb_error *error) {
    *arms = 0;
    for (const char *word = text;; word++) {
        size_t length = strcspn(word, ","), blanks = strspn(word, " ");
        word += blanks;
        length -= blanks;
        while (length && word[length - 1] == ' ') length--;
        int arm = 0;
        while (arm < SB_ARMS &&
               (strlen(arm_name[arm]) != length || strncmp(arm_name[arm], word, length) != 0))
            arm++;
        if (arm == SB_ARMS)
            return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': '%.*s' is none of scaled, fixed and detail", key,
                           text, (int)(length < 20 ? length : 20), word);
        *arms |= 1u << arm;
        word += strcspn(word, ",");
        if (!*word) return SB_OK;
    }
}

/* ------------------------------------------------------------------ kinds of values */
typedef struct key key;
typedef sb_status read_function(const key *k, void *value, const char *text, sb_error *error);
typedef void print_function(const void *value, sb_text *out);
struct key {
    const char *name;
    read_function *read;
    print_function *print;
    size_t offset;
    uint64_t least, most; /* of whole numbers */
};

static int is_name(const char *text) {
    size_t length = strlen(text);
    return length && length <= 40 && text[0] != '.' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == length;
}

static sb_status read_name(const key *k, void *value, const char *text, sb_error *error) {
    char **name = value;
    if (!is_name(text))
        return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be of letters, digits and . - _", k->name,
                       text);
    free(*name);
    *name = sb_duplicate(text);
    return *name ? SB_OK : sb_fail_memory(error);
}

static sb_status read_data(const key *k, void *value, const char *text, sb_error *error) {
    char **data = value;
    if (strcmp(text, "shapes") != 0 && strcmp(text, "cifar-10") != 0)
        return sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be shapes or cifar-10", k->name, text);
    free(*data);
    *data = sb_duplicate(text);
    return *data ? SB_OK : sb_fail_memory(error);
}

static void print_string(const void *value, sb_text *out) {
    sb_text_append(out, *(char *const *)value);
}

static sb_status read_count(const key *k, void *value, const char *text, sb_error *error) {
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(k->name, text, &number, error);
    int whole = !status && !number.infinite && fmpz_is_one(fmpq_denref(number.value)) &&
                fmpq_sgn(number.value) >= 0 && fmpz_bits(fmpq_numref(number.value)) <= 64;
    uint64_t count = whole ? fmpz_get_ui(fmpq_numref(number.value)) : 0;
    if (!status && (!whole || count < k->least || count > k->most))
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be a whole number from %llu to %llu", k->name,
                         text, (unsigned long long)k->least, (unsigned long long)k->most);
    if (!status) memcpy(value, &count, sizeof count);
    sb_exact_clear(&number);
    return status;
}

static void print_count(const void *value, sb_text *out) {
    sb_text_format(out, "%llu", (unsigned long long)*(const uint64_t *)value);
}

static sb_status read_size(const key *k, void *value, const char *text, sb_error *error) {
    uint64_t size = 0;
    sb_status status = read_count(k, &size, text, error);
    if (!status) *(int *)value = (int)size;
    return status;
}

static void print_size(const void *value, sb_text *out) {
    sb_text_format(out, "%d", *(const int *)value);
}

static sb_status read_sizes(const key *k, void *value, const char *text, sb_error *error) {
    int *size = value;
    sb_dimension_list list = {NULL, 0};
    sb_status status = sb_dimension_list_parse(k->name, text, &list, error);
    if (!status && list.count != SB_SCALING_SIZES)
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be three sizes", k->name, text);
    for (size_t i = 0; i < list.count && !status; i++) {
        if (list.item[i] < k->least || list.item[i] > k->most)
            status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': %llu does not lie between %llu and %llu",
                             k->name, text, (unsigned long long)list.item[i], (unsigned long long)k->least,
                             (unsigned long long)k->most);
        else if (i && list.item[i] <= list.item[i - 1])
            status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must increase", k->name, text);
        else
            size[i] = (int)list.item[i];
    }
    sb_dimension_list_clear(&list);
    return status;
}

static void print_sizes(const void *value, sb_text *out) {
    const int *size = value;
    sb_text_format(out, "%d,%d,%d", size[0], size[1], size[2]);
}

/* A positive finite number. */
static sb_status read_positive(const key *k, void *value, const char *text, sb_error *error) {
    sb_exact number;
    sb_exact_init(&number);
    sb_status status = sb_exact_parse(k->name, text, &number, error);
    if (!status && (number.infinite || fmpq_sgn(number.value) <= 0))
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must be positive and finite", k->name, text);
    if (!status) fmpq_set(*(fmpq_t *)value, number.value);
    sb_exact_clear(&number);
    return status;
}

static sb_status read_fraction(const key *k, void *value, const char *text, sb_error *error) {
    sb_status status = read_positive(k, value, text, error);
    if (!status && fmpq_cmp_ui(*(fmpq_t *)value, 1) >= 0)
        status = sb_fail(error, SB_BAD_INPUT, "%s '%.60s': must lie between 0 and 1", k->name, text);
    return status;
}

static void print_rational(const void *value, sb_text *out) {
    char *text = sb_rational_print(*(const fmpq_t *)value);
    if (text)
        sb_text_append(out, text);
    else
        out->failed = 1;
    free(text);
}

static sb_status read_arms(const key *k, void *value, const char *text, sb_error *error) {
    return sb_arms_parse(k->name, text, value, error);
}

static void print_arms(const void *value, sb_text *out) {
    const char *comma = "";
    for (int arm = 0; arm < SB_ARMS; arm++) {
        if (!(*(const unsigned *)value & 1u << arm)) continue;
        sb_text_format(out, "%s%s", comma, arm_name[arm]);
        comma = ",";
    }
}

static sb_status read_rule(const key *k, void *value, const char *text, sb_error *error) {
    (void)k;
    return sb_certificate_rule_parse(text, value, error);
}

static void print_rule(const void *value, sb_text *out) {
    sb_text_append(out, sb_certificate_rule_name(*(const sb_certificate_rule *)value));
}

/* ------------------------------------------------------------------ the keys */
#define AT(member) offsetof(sb_preset, member)
#define SIDE SB_LEAST_IMAGE_SIZE, SB_LARGEST_IMAGE_SIZE
static const key table[] = {
    {"name", read_name, print_string, AT(name), 0, 0},
    {"data", read_data, print_string, AT(data), 0, 0},
    {"data-seed", read_count, print_count, AT(data_seed), 0, UINT64_MAX},
    {"sizes", read_sizes, print_sizes, AT(size), SIDE},
    {"source-size", read_size, print_size, AT(source_size), SIDE},
    {"reference-size", read_size, print_size, AT(reference_size), SIDE},
    {"sigma", read_positive, print_rational, AT(sigma), 0, 0},
    {"radius", read_positive, print_rational, AT(radius), 0, 0},
    {"control-sigma", read_positive, print_rational, AT(control_sigma), 0, 0},
    {"arms", read_arms, print_arms, AT(arms), 0, 0},
    {"rule", read_rule, print_rule, AT(rule), 0, 0},
    {"alpha", read_fraction, print_rational, AT(alpha), 0, 0},
    {"n0", read_count, print_count, AT(selection), 1, 100000000},
    {"n", read_count, print_count, AT(samples), 1, 100000000},
    {"test-images", read_count, print_count, AT(test_images), 1, 10000000},
    {"test-skip", read_count, print_count, AT(test_skip), 1, 10000000},
    {"report-radius", read_positive, print_rational, AT(report_radius), 0, 0},
    {"margin", read_fraction, print_rational, AT(margin), 0, 0},
    {"permutations", read_count, print_count, AT(permutations), 99, 100000000},
};
enum { KEYS = sizeof table / sizeof table[0], MOST_TRAINING_KEYS = 64 };

void sb_preset_init(sb_preset *preset) {
    memset(preset, 0, sizeof *preset);
    sb_training_options_init(&preset->training);
    fmpq_init(preset->sigma);
    fmpq_init(preset->radius);
    fmpq_init(preset->control_sigma);
    fmpq_init(preset->alpha);
    fmpq_init(preset->report_radius);
    fmpq_init(preset->margin);
    fmpq_set_si(preset->alpha, 1, 1000);
    fmpq_set_si(preset->margin, 1, 10);
    preset->arms = 1u << SB_ARM_SCALED | 1u << SB_ARM_FIXED;
    preset->rule = SB_RULE_COHEN;
    preset->selection = 100;
    preset->samples = 1000;
    preset->test_images = 500;
    preset->test_skip = 1;
    preset->permutations = 9999;
}

void sb_preset_clear(sb_preset *preset) {
    free(preset->name);
    free(preset->data);
    fmpq_clear(preset->sigma);
    fmpq_clear(preset->radius);
    fmpq_clear(preset->control_sigma);
    fmpq_clear(preset->alpha);
    fmpq_clear(preset->report_radius);
    fmpq_clear(preset->margin);
    sb_preset_init(preset);
}

/* ------------------------------------------------------------------ reading */
/* Keys of the training that a preset says otherwise. */
static int is_of_a_network(const char *name) {
    return strcmp(name, "size") == 0 || strcmp(name, "sigma") == 0 || strcmp(name, "radius") == 0;
}

static sb_status refuse_key(const char *name, sb_error *error) {
    const char *names[KEYS + MOST_TRAINING_KEYS + 1];
    size_t count = 0;
    for (size_t i = 0; i < KEYS; i++) names[count++] = table[i].name;
    const sb_training_option *option;
    for (size_t i = 0; i < MOST_TRAINING_KEYS && (option = sb_training_option_at(i)); i++)
        if (!is_of_a_network(option->key)) names[count++] = option->key;
    names[count] = NULL;
    const char *near = sb_nearest_word(name, names);
    if (near) return sb_fail(error, SB_BAD_INPUT, "unknown key '%.40s': did you mean %s?", name, near);
    return sb_fail(error, SB_BAD_INPUT, "unknown key '%.40s'", name);
}

static sb_status set_key(sb_preset *preset, const char *name, const char *value, sb_error *error) {
    for (size_t i = 0; i < KEYS; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].read(&table[i], (char *)preset + table[i].offset, value, error);
    int known = 0;
    if (is_of_a_network(name)) return refuse_key(name, error);
    sb_status status = sb_training_option_set(&preset->training, name, value, &known, error);
    return status || known ? status : refuse_key(name, error);
}

/* What is needed, what follows, and what does not go together. */
static sb_status complete(sb_preset *p, const char *path, sb_error *error) {
    const char *missing = !p->data                  ? "data"
                          : !p->size[0]             ? "sizes"
                          : fmpq_is_zero(p->sigma)  ? "sigma"
                          : fmpq_is_zero(p->radius) ? "radius"
                                                    : NULL;
    if (missing) return sb_fail(error, SB_BAD_INPUT, "%s: the key %s is missing", path, missing);
    if (!p->source_size) p->source_size = p->size[0];
    if (!p->reference_size) p->reference_size = p->size[SB_SCALING_SIZES - 1];
    if (fmpq_is_zero(p->control_sigma)) {
        fmpq_set_si(p->control_sigma, p->size[0], (ulong)p->reference_size);
        fmpq_mul(p->control_sigma, p->control_sigma, p->sigma);
    }
    if (strcmp(p->data, "cifar-10") == 0 && p->arms & 1u << SB_ARM_DETAIL &&
        p->size[SB_SCALING_SIZES - 1] > CIFAR_SIZE)
        return sb_fail(error, SB_BAD_INPUT, "%s: arm detail at %d pixels: CIFAR-10 has detail of %d", path,
                       p->size[SB_SCALING_SIZES - 1], CIFAR_SIZE);
    p->training.size = p->reference_size;
    p->training.sigma = fmpq_get_d(p->sigma);
    p->training.radius = fmpq_get_d(p->radius);
    sb_error why;
    if (sb_training_options_check(&p->training, &why))
        return sb_fail(error, SB_BAD_INPUT, "%.200s: %.350s", path, why.message);
    return SB_OK;
}

/* The file's name without folders and ending. */
static char *stem(const char *path) {
    const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
    size_t length = strlen(file);
    if (length > 5 && strcmp(file + length - 5, ".conf") == 0) length -= 5;
    return sb_format("%.*s", (int)length, file);
}

static sb_status read_file(sb_preset *preset, const char *path, sb_error *error) {
    sb_key_values list;
    sb_status status = sb_key_values_read(&list, path, error);
    for (size_t i = 0; i < list.count && !status; i++)
        if (set_key(preset, list.item[i].key, list.item[i].value, error))
            status = sb_key_values_blame(&list, &list.item[i], error);
    sb_key_values_clear(&list);
    if (!status) status = complete(preset, path, error);
    if (!status && !preset->name && !(preset->name = stem(path))) status = sb_fail_memory(error);
    if (!status && !is_name(preset->name))
        status = sb_fail(error, SB_BAD_INPUT,
                         "%s: its name is not of letters, digits and . - _: give it a key name", path);
    return status;
}

/* path := the file of an installed preset; the nearest name when there is none. */
static sb_status installed(const char *name, char **path, sb_error *error) {
    char *file = sb_format("experiments/presets/%s.conf", name), *names = NULL;
    *path = NULL;
    sb_status status = file ? sb_data_path(file, path, error) : sb_fail_memory(error);
    free(file);
    if (!status && sb_file_exists(*path)) return SB_OK;
    free(*path);
    *path = NULL;
    status = sb_preset_names(&names, error);
    if (status) return status;
    const char *word[100];
    size_t count = 0;
    char *rest = names;
    for (char *at; count < 99 && (at = strtok_r(rest, "\n", &rest));) word[count++] = at;
    word[count] = NULL;
    const char *near = sb_nearest_word(name, word);
    if (near)
        status = sb_fail(error, SB_BAD_INPUT, "unknown preset '%.40s': did you mean %s?", name, near);
    else
        status = sb_fail(error, SB_BAD_INPUT, "unknown preset '%.40s' (see experiment --list)", name);
    free(names);
    return status;
}

sb_status sb_preset_read(sb_preset *preset, const char *name, sb_error *error) {
    size_t length = strlen(name);
    if (strchr(name, '/') || (length > 5 && strcmp(name + length - 5, ".conf") == 0))
        return read_file(preset, name, error);
    char *path;
    sb_status status = installed(name, &path, error);
    if (!status) status = read_file(preset, path, error);
    free(path);
    return status;
}

/* ------------------------------------------------------------------ printing */
void sb_preset_text(const sb_preset *preset, sb_text *text) {
    for (size_t i = 0; i < KEYS; i++) {
        const void *value = (const char *)preset + table[i].offset;
        if (table[i].offset == AT(report_radius) && fmpq_is_zero(preset->report_radius)) continue;
        sb_text_format(text, "%s = ", table[i].name);
        table[i].print(value, text);
        sb_text_append(text, "\n");
    }
    const sb_training_option *option;
    for (size_t i = 0; (option = sb_training_option_at(i)); i++) {
        if (is_of_a_network(option->key)) continue;
        char *value = sb_training_option_print(&preset->training, option->key);
        if (!value) text->failed = 1;
        sb_text_format(text, "%s = %s\n", option->key, value ? value : "");
        free(value);
    }
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

sb_status sb_preset_names(char **names, sb_error *error) {
    enum { MOST = 99 };
    char *directory, *name[MOST];
    size_t count = 0;
    *names = NULL;
    sb_status status = sb_data_path("experiments/presets", &directory, error);
    if (status) return status;
    DIR *folder = opendir(directory);
    if (!folder) status = sb_fail(error, SB_IO, "%s: %s", directory, strerror(errno));
    for (struct dirent *entry; folder && count < MOST && (entry = readdir(folder));) {
        size_t length = strlen(entry->d_name);
        if (length <= 5 || strcmp(entry->d_name + length - 5, ".conf") != 0) continue;
        if ((name[count] = stem(entry->d_name)))
            count++;
        else
            status = sb_fail_memory(error);
    }
    if (folder) closedir(folder);
    free(directory);
    qsort(name, count, sizeof *name, compare_names);
    sb_text list;
    sb_text_init(&list);
    for (size_t i = 0; i < count; i++) {
        sb_text_format(&list, "%s\n", name[i]);
        free(name[i]);
    }
    if (!status && !(*names = list.length ? sb_text_detach(&list) : sb_duplicate("")))
        status = sb_fail_memory(error);
    sb_text_clear(&list);
    return status;
}
