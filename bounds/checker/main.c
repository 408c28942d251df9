/* sbcheck: decides whether certificates prove or refute what they claim (docs/certificates.md).

   Independent of the prover: GMP rationals and MPFR with directed rounding only. To see that an accepted
   certificate is a proof, read interval.c    exact interval arithmetic, functions.c   exp, log, sqrt, erf,
   gamma, lgamma and derivatives on an interval, jet.c         value, slope and curvature of sums, products,
   ..., functions, expression.c  the grammar, and the evaluation of an expression on a box, polynomial.c
   identities between rational functions, claim.c       the head of a certificate and the comparison with the
   claim, proof.c       trees, points, identities: the rules of proof, in this order; text.c reads lines and
   rationals. */
#include "proof.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef SB_VERSION
#define SB_VERSION "unversioned"
#endif

typedef struct {
    const char *claims; /* NULL: --free */
    bool quiet, json;
} options;

static const char help[] =
    "Usage: sbcheck [--claims DIR | --free] [--quiet] [--json] FILE...\n"
    "Checks certificates of inequalities and identities; FILE may be - for standard input.\n"
    "\n"
    "  --claims DIR  compare each certificate with the claim file DIR/NAME (default: the\n"
    "                claims that belong to this program)\n"
    "  --free        check certificates without a claim file\n"
    "  --quiet       print no verdicts\n"
    "  --json        print verdicts as JSON, one object a line\n"
    "  --help        print this text\n"
    "  --version     print the version\n"
    "\n"
    "Exit status: 0 all are valid proofs; 1 all are valid, at least one is a refutation;\n"
    "2 anything else (the first fault of each file is reported on standard error).\n";

/* --- one certificate --- */

/* Compares the certificate with the claim of its name and takes over the number of hand steps from there. */
static bool compare_with_claim(claim *certificate, const char *directory, fault *why) {
    size_t length = strlen(directory) + strlen(certificate->name) + 2;
    char *path = allocate(NULL, length);
    snprintf(path, length, "%s/%s", directory, certificate->name);
    reader r = {0};
    claim stated = {0};
    fault inner = {0};
    bool fine = reader_open(&r, path, &inner) && claim_read(&stated, &r, CLAIM_FIRST_LINE, &inner);
    if (fine && r.line)
        fine = fault_set(&inner, "'%.*s' does not belong into a claim file", TEXT_WORD_SHOWN, r.line);
    if (!fine && r.line_number)
        fault_set(why, "in the claim file %.200s:%ld: %.200s", path, r.line_number, inner.text);
    else if (!fine)
        fault_set(why, "the claim file %.200s: %.100s (--free checks without a claim file)", path,
                  inner.text);
    fine = fine && claim_same(certificate, &stated, why);
    if (fine) certificate->hand_steps = stated.hand_steps;
    claim_clear(&stated);
    reader_close(&r);
    free(path);
    return fine;
}

static const char *plural(long n) {
    return n == 1 ? "" : "s";
}

static void print_text(const claim *c, const outcome *o) {
    printf("%s ", c->name);
    if (o->verdict == REFUTED) {
        printf("refuted (goal = %s", o->value);
        for (int i = 0; i < c->variable_count; i++) gmp_printf("%s%Qd", i ? ", " : " at ", o->point[i]);
        printf(")\n");
        return;
    }
    if (strcmp(o->method, "identity") == 0)
        printf("proved (identity");
    else
        printf("proved (%ld %s, depth %ld", o->leaves, o->leaves == 1 ? "leaf" : "leaves", o->depth);
    printf(", %ld hand step%s)\n", c->hand_steps, plural(c->hand_steps));
}

/* All strings here are made of letters, digits and plain punctuation: nothing needs escaping, except in
   `file`. */
static void print_json(const char *file, const claim *c, const outcome *o) {
    printf("{\"schema\":\"smoothbound/check/1\",\"file\":\"");
    for (const char *p = file; *p; p++) {
        if (*p == '"' || *p == '\\' || (unsigned char)*p < 0x20)
            printf("\\u%04x", (unsigned char)*p);
        else
            putchar(*p);
    }
    printf("\",\"claim\":\"%s\",\"verdict\":\"%s\",\"method\":\"%s\",\"leaves\":%ld,\"depth\":%ld,\"hand_"
           "steps\":%ld",
           c->name, o->verdict == PROVED ? "proved" : "refuted", o->method, o->leaves, o->depth,
           c->hand_steps);
    if (o->verdict == REFUTED) {
        printf(",\"goal\":\"%s\",\"point\":[", o->value);
        for (int i = 0; i < c->variable_count; i++) gmp_printf("%s\"%Qd\"", i ? "," : "", o->point[i]);
        printf("]");
    }
    printf("}\n");
}

/* The exit status that this file alone asks for. */
static int check_file(const char *file, const options *option) {
    reader r = {0};
    claim c = {0};
    fault why = {0};
    outcome o;
    outcome_init(&o);
    bool fine = reader_open(&r, file, &why) && claim_read(&c, &r, CERTIFICATE_FIRST_LINE, &why) &&
                (!option->claims || compare_with_claim(&c, option->claims, &why)) &&
                proof_check(&o, &c, &r, &why);
    if (!fine && r.line_number)
        fprintf(stderr, "sbcheck: %s:%ld: %s\n", file, r.line_number, why.text);
    else if (!fine)
        fprintf(stderr, "sbcheck: %s: %s\n", file, why.text);
    else if (option->json)
        print_json(file, &c, &o);
    else if (!option->quiet)
        print_text(&c, &o);
    int status = !fine ? 2 : o.verdict == REFUTED ? 1 : 0;
    outcome_clear(&o);
    claim_clear(&c);
    reader_close(&r);
    return status;
}

/* --- the program --- */

/* GMP and MPFR end the program as the rest does when memory runs out. */
static void *gmp_allocate(size_t size) {
    return allocate(NULL, size);
}

static void *gmp_reallocate(void *old, size_t old_size, size_t size) {
    (void)old_size;
    return allocate(old, size);
}

static void gmp_free(void *memory, size_t size) {
    (void)size;
    free(memory);
}

/* Writes where the claims are: in the source tree (program in build/bin) or beside an installed program (in
   PREFIX/bin). false: neither place exists. */
static bool find_claims(char *path, size_t size) {
    static const char *const places[] = {"../../bounds/claims", "../share/smoothbound/claims",
                                         "../share/smoothbound/bounds/claims"};
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    if (length <= 0 || (size_t)length >= size - 1) return false;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    size_t left = size - (size_t)(slash - path) - 1;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (strlen(places[i]) >= left) return false;
        strcpy(slash + 1, places[i]);
        if (access(path, X_OK) == 0) return true;
    }
    return false;
}

static int complain(const char *what, const char *word) {
    fprintf(stderr, "sbcheck: %s%s\n", what, word);
    return 2;
}

/* Flushes standard output: a verdict that could not be written has not been given. */
static int finish(int status) {
    if (fflush(stdout) != 0 || ferror(stdout))
        return complain("cannot write to standard output: ", strerror(errno));
    return status;
}

int main(int argc, char **argv) {
    options option = {0};
    bool free_of_claims = false;
    int first = 1;
    for (; first < argc && argv[first][0] == '-' && argv[first][1] != '\0'; first++) {
        const char *word = argv[first];
        if (strcmp(word, "--") == 0) {
            first++;
            break;
        } else if (strcmp(word, "--help") == 0) {
            return fputs(help, stdout), finish(0);
        } else if (strcmp(word, "--version") == 0) {
            return printf("sbcheck %s (GMP %s, MPFR %s)\n", SB_VERSION, gmp_version, mpfr_get_version()),
                   finish(0);
        } else if (strcmp(word, "--free") == 0) {
            free_of_claims = true;
        } else if (strcmp(word, "--quiet") == 0) {
            option.quiet = true;
        } else if (strcmp(word, "--json") == 0) {
            option.json = true;
        } else if (strncmp(word, "--claims=", 9) == 0) {
            option.claims = word + 9;
        } else if (strcmp(word, "--claims") == 0) {
            if (first + 1 == argc) return complain("--claims needs a directory", "");
            option.claims = argv[++first];
        } else {
            return complain("unknown option ", word);
        }
    }
    if (first == argc) return complain("no certificate given; see sbcheck --help", "");
    if (free_of_claims && option.claims) return complain("--claims and --free exclude each other", "");
    char found[4096];
    if (!free_of_claims && !option.claims) {
        if (!find_claims(found, sizeof found))
            return complain("no directory of claims beside the program: give --claims DIR, or --free", "");
        option.claims = found;
    }
    mp_set_memory_functions(gmp_allocate, gmp_reallocate, gmp_free);
    interval_setup();
    int status = 0;
    for (int i = first; i < argc; i++) {
        int one = check_file(argv[i], &option);
        if (one > status) status = one;
    }
    mpfr_free_cache();
    return finish(status);
}
