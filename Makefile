# smoothbound: `make` builds, `make paper` regenerates the paper, `make test` tests; `make help` lists the rest.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
V       ?= 0
DEBUG   ?= 0
SANITIZE ?= 0
WERROR  ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))

OPTIMISE := $(if $(filter 1,$(DEBUG) $(SANITIZE)),-O1 -g,-O2)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(if $(filter 1,$(WERROR)),-Werror)
SANITIZERS := $(if $(filter 1,$(SANITIZE)),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
comma := ,
CPPFLAGS += -I. -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -DSB_VERSION='"$(VERSION)"'
ALL_CFLAGS := -std=c17 $(OPTIMISE) $(WARNINGS) -fPIC -pthread $(SANITIZERS) $(CFLAGS)

# Arb: in FLINT 3 (Debian 13), or in a library of its own (Debian 12: libflint-arb; elsewhere: libarb).
ARB_LIBRARIES = $(shell sh build-aux/find-arb $(CC))
LIBRARIES = $(ARB_LIBRARIES) -lmpfr -lgmp -lm -pthread

LIBRARY_SOURCES := $(sort $(foreach d,support distributions bounds nn experiments plots paper_tables report,$(wildcard $(d)/*.c)))
CLI_SOURCES     := $(sort $(wildcard cli/*.c))
CHECKER_SOURCES := $(sort $(wildcard bounds/checker/*.c))
TEST_SOURCES    := $(sort $(foreach d,support distributions bounds nn paper_tables plots,$(wildcard tests/$(d)/t_*.c)))
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

all: $(PROGRAMS) $(STATIC) $(SHARED)  ## the programs and the libraries (default)

$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS)' | cmp -s - $@ || printf '%s\n' '$(CC) $(CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS)' >$@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

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

programs: $(PROGRAMS) $(TEST_PROGRAMS)

check: $(PROGRAMS) $(TEST_PROGRAMS)  ## build and run the tests (what is installed already; `make test` sees to the rest)
	$(Q)sh tests/run $(BUILD) $(TEST_PROGRAMS) $(TEST_SCRIPTS)

# `make check-bounds` runs the tests under tests/bounds only, and so on.
check-%: $(PROGRAMS) $(TEST_PROGRAMS)
	$(Q)sh tests/run $(BUILD) $(filter $(BUILD)/tests/$*/%,$(TEST_PROGRAMS)) $(filter tests/$*/%,$(TEST_SCRIPTS))

bench: $(PROGRAMS) $(BENCH_PROGRAMS)  ## speed, as ratios measured in one run
	$(Q)for b in $(BENCH_PROGRAMS); do $$b || exit 1; done

clean:  ## remove the build directory
	rm -rf $(BUILD)

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

FORCE:
.PHONY: all programs check bench clean help FORCE

-include $(LIBRARY_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(CHECKER_OBJECTS:.o=.d) $(TEST_SOURCES:%.c=$(BUILD)/obj/%.d)
