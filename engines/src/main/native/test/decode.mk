# Tests of the decoder and of the finder of system call sites. Included by the Makefile or alone:
#   make -f test/decode.mk BUILD=DIR check-decode      golden bytes, always, under a second
#   make -f test/decode.mk BUILD=DIR compare-decode    against objdump -d over this machine's files
#   make -f test/decode.mk BUILD=DIR compare-sites     the same for sites; minutes each
#   make -f test/decode.mk BUILD=DIR compare-objdump FILES=...   both, and what becomes of each system call

BUILD ?= build
HOST_CC ?= gcc
DECODE_CFLAGS = -std=c11 -O2 -g -Wall -Wextra -Werror -Wpedantic -Wshadow -Wconversion \
	-Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wswitch-enum \
	-Wcast-qual
DECODE_NAMES = decode flow effect consensus functions pads sites surroundings
DECODE_SOURCES = $(DECODE_NAMES:%=arch/x86_64/%.c)
DECODE_HEADERS = $(DECODE_NAMES:%=arch/x86_64/%.h)
DECODE_TESTS = decode_table decode_objdump sites_table sites_objdump

SHAPES_SOURCES = $(DECODE_SOURCES) arch/x86_64/linear.c rules/rules.c $(BUILD)/test/calls.c

# The libraries that nearly every program runs in.
FILES ?= $(realpath $(wildcard /lib64/ld-linux-x86-64.so.2 /lib/x86_64-linux-gnu/libc.so.6 \
	/lib/ld-musl-x86_64.so.1))

.PHONY: check-decode compare-decode compare-sites compare-objdump

check-decode: $(BUILD)/test/decode_table $(BUILD)/test/sites_table
	$(BUILD)/test/decode_table
	$(BUILD)/test/sites_table

compare-decode: $(BUILD)/test/decode_objdump
	test/decode_objdump.sh $(BUILD)/test/decode_objdump

compare-objdump: $(BUILD)/test/decode_objdump $(BUILD)/test/shapes_objdump
	@test/decode_objdump.sh $(BUILD)/test/decode_objdump $(FILES)
	@test/shapes_objdump.sh $(BUILD)/test/shapes_objdump $(FILES)

$(BUILD)/test/shapes_objdump: test/shapes_objdump.c test/decode.mk $(SHAPES_SOURCES)
	@mkdir -p $(@D)
	@$(HOST_CC) $(DECODE_CFLAGS) -I. -Iarch/x86_64 -Irules -o $@ $< $(SHAPES_SOURCES)

compare-sites: $(BUILD)/test/sites_objdump
	test/sites_objdump.sh $(BUILD)/test/sites_objdump

$(DECODE_TESTS:%=$(BUILD)/test/%): $(BUILD)/test/%: \
		test/%.c test/decode.mk $(DECODE_SOURCES) $(DECODE_HEADERS)
	@mkdir -p $(@D)
	$(HOST_CC) $(DECODE_CFLAGS) -o $@ $< $(DECODE_SOURCES)
