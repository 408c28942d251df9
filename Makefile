# smoothbound: `make` builds, `make paper` regenerates the paper, `make test` tests; `make help` lists
# the rest. Both commands first see to missing packages (DEPS=no only prints what to install).

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
OUT     ?= out
LOGS    ?=
DATA    ?=
CC      ?= cc
V       ?= 0
DEBUG   ?= 0
SANITIZE ?= 0
WERROR  ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))

OPTIMISE := $(if $(filter 1,$(DEBUG) $(SANITIZE)),-O1 -g,-O2)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(filter 1,$(WERROR)),-Werror)
comma := ,
SANITIZERS := $(if $(filter 1,$(SANITIZE)),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined)
FEATURES := -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DSB_VERSION='"$(VERSION)"'
ALL_CPPFLAGS := -I. $(FEATURES) $(CPPFLAGS)
ALL_CFLAGS = -std=c17 $(OPTIMISE) $(WARNINGS) -fPIC -pthread $(SANITIZERS) $(CFLAGS)
COMPILE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS)

# Arb: in FLINT 3 (Debian 13), or in a library of its own (Debian 12: libflint-arb). Looked for once.
ARB_LIBRARIES = $(eval ARB_LIBRARIES := $$(shell sh build-aux/find-arb $(CC)))$(ARB_LIBRARIES)
LIBRARIES = $(ARB_LIBRARIES) -lglpk -lopenblas -lnettle -lmpfr -lgmp -lm -pthread

LAYERS          := support distributions distributions/families bounds nn nn/reference nn/cpu experiments plots paper_tables report
LIBRARY_SOURCES := $(sort $(foreach d,$(LAYERS),$(wildcard $(d)/*.c)))
HEADERS         := $(sort $(foreach d,$(LAYERS),$(wildcard $(d)/*.h)))
CLI_SOURCES     := $(sort $(wildcard cli/*.c))
CHECKER_SOURCES := $(sort $(wildcard bounds/checker/*.c))
TEST_SOURCES    := $(sort $(foreach d,$(LAYERS) checker,$(wildcard tests/$(d)/t_*.c)))
TEST_SCRIPTS    := $(sort $(wildcard tests/*/t_*.sh))
BENCH_SOURCES   := $(sort $(wildcard tests/bench/b_*.c))

LIBRARY_OBJECTS := $(LIBRARY_SOURCES:%.c=$(BUILD)/obj/%.o)
CLI_OBJECTS     := $(CLI_SOURCES:%.c=$(BUILD)/obj/%.o)
CHECKER_OBJECTS := $(CHECKER_SOURCES:%.c=$(BUILD)/obj/%.o)
TEST_PROGRAMS   := $(TEST_SOURCES:%.c=$(BUILD)/%)
BENCH_PROGRAMS  := $(BENCH_SOURCES:%.c=$(BUILD)/%)
PROGRAMS        := $(BUILD)/bin/smoothbound $(BUILD)/bin/sbcheck
STATIC          := $(BUILD)/lib/libsmoothbound.a
SHARED          := $(BUILD)/lib/libsmoothbound.so

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY: # keep the objects of the tests

all: $(PROGRAMS) $(STATIC) $(SHARED)  ## the programs and the libraries (default)

# Changed flags rebuild everything.
export COMPILE
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$COMPILE" | cmp -s - $@ || printf '%s\n' "$$COMPILE" >$@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

# The kernels of the networks: multiplications and additions may fuse there, and only there.
$(BUILD)/obj/nn/cpu/%.o: private OPTIMISE := $(if $(filter 1,$(DEBUG) $(SANITIZE)),-O1 -g,-O3) -ffp-contract=fast

$(STATIC): $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(SHARED): $(LIBRARY_OBJECTS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libsmoothbound.so.0 -o $@ $^ $(LIBRARIES)

$(BUILD)/bin/smoothbound: $(CLI_OBJECTS) $(STATIC)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

$(BUILD)/bin/sbcheck: $(CHECKER_OBJECTS)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lmpfr -lgmp -lm

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(STATIC)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARIES)

paper: deps  ## everything of the paper into out/ (LOGS=DIR: the authors' logs; DATA=DIR: CIFAR-10)
	$(Q)$(MAKE) --no-print-directory $(PROGRAMS)
	$(Q)$(BUILD)/bin/smoothbound paper --output-dir $(OUT) $(if $(LOGS),--logs $(LOGS)) $(if $(DATA),--data $(DATA))

CIFAR10_MD5 := c32a1d4ab5d03f1284b67883e8d87530
data:  ## where CIFAR-10 is to be had, and how to use it (downloads nothing)
	@printf '%s\n' 'CIFAR-10, binary version (162 MB), from https://www.cs.toronto.edu/~kriz/cifar.html:' '' \
		'  curl -O https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz' \
		'  echo "$(CIFAR10_MD5)  cifar-10-binary.tar.gz" | md5sum -c' \
		'  tar xzf cifar-10-binary.tar.gz    # makes the folder cifar-10-batches-bin' '' \
		'then  make paper DATA=cifar-10-batches-bin' \
		'or    smoothbound train --data cifar-10-batches-bin ...' '' \
		'Without it, --data shapes is built in: ten classes of striped and chequered figures.'

test: deps  ## build and run all tests
	$(Q)$(MAKE) --no-print-directory check

deps:
	$(Q)sh build-aux/dependencies $(CC)

check: $(PROGRAMS) $(TEST_PROGRAMS)  ## the same without a look at missing packages
	$(Q)sh tests/run $(BUILD) $(TEST_PROGRAMS) $(TEST_SCRIPTS)

# `make check-bounds` runs the tests under tests/bounds only, and so on.
check-%: $(PROGRAMS) $(TEST_PROGRAMS)
	$(Q)sh tests/run $(BUILD) $(filter $(BUILD)/tests/$*/%,$(TEST_PROGRAMS)) $(filter tests/$*/%,$(TEST_SCRIPTS))

bench: $(PROGRAMS) $(BENCH_PROGRAMS)  ## speed, as ratios measured in one run
	$(Q)SMOOTHBOUND=$(abspath $(BUILD))/bin/smoothbound SBCHECK=$(abspath $(BUILD))/bin/sbcheck \
		SMOOTHBOUND_DATA=$${SMOOTHBOUND_DATA:-$(CURDIR)}; export SMOOTHBOUND SBCHECK SMOOTHBOUND_DATA; \
		for b in $(abspath $(BENCH_PROGRAMS)); do $$b || exit 1; done

SHARE := $(DESTDIR)$(PREFIX)/share/smoothbound
INSTALLED := bin/smoothbound bin/sbcheck lib/libsmoothbound.a lib/libsmoothbound.so lib/libsmoothbound.so.0 \
	lib/pkgconfig/smoothbound.pc

install: all  ## into PREFIX (/usr/local), below DESTDIR
	$(Q)install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin lib/pkgconfig) $(SHARE)/bounds/claims $(SHARE)/plots \
		$(SHARE)/paper_tables/published $(SHARE)/experiments/presets
	$(Q)install -m 755 $(PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	$(Q)install -m 644 $(STATIC) $(DESTDIR)$(PREFIX)/lib
	$(Q)install -m 755 $(SHARED) $(DESTDIR)$(PREFIX)/lib/libsmoothbound.so.0
	$(Q)ln -sf libsmoothbound.so.0 $(DESTDIR)$(PREFIX)/lib/libsmoothbound.so
	$(Q)for h in $(HEADERS); do install -D -m 644 $$h $(DESTDIR)$(PREFIX)/include/smoothbound/$$h; done
	$(Q)install -m 644 bounds/claims/* $(SHARE)/bounds/claims
	$(Q)install -m 644 plots/*.gp $(SHARE)/plots
	$(Q)install -m 644 experiments/presets/*.conf $(SHARE)/experiments/presets
	$(Q)install -m 644 paper_tables/published/* $(SHARE)/paper_tables/published
	$(Q)install -m 644 LICENSE $(SHARE)
	$(Q)sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@ARB@|$(ARB_LIBRARIES)|' \
		build-aux/smoothbound.pc.in >$(DESTDIR)$(PREFIX)/lib/pkgconfig/smoothbound.pc

uninstall:  ## removes what `make install` put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(INSTALLED))
	rm -rf $(SHARE) $(DESTDIR)$(PREFIX)/include/smoothbound

clean:  ## remove the build directory
	rm -rf $(BUILD)

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  variables: CC, BUILD, PREFIX, DESTDIR, OUT, LOGS, DATA; V=1 (commands), DEBUG=1, SANITIZE=1, WERROR=1, DEPS=no"

FORCE:
.PHONY: all paper data test deps check bench install uninstall clean help FORCE

-include $(LIBRARY_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(CHECKER_OBJECTS:.o=.d) $(TEST_SOURCES:%.c=$(BUILD)/obj/%.d) \
	$(BENCH_SOURCES:%.c=$(BUILD)/obj/%.d)
