# Unit tests of the parts that depend on no host: compiled with libc for ARCH, and run; for another
# architecture than this machine's under its user-mode emulator.
UNIT_CFLAGS = -std=c11 -O2 -g -static $(WARNINGS) $(INCLUDES)
ifeq ($(ARCH),$(shell uname -m))
UNIT_RUN =
else
UNIT_RUN = qemu-$(ARCH)-static
endif

UNIT_path = path/view.c path/walk.c path/layers.c base/text.c
UNIT_last = path/last.c path/view.c path/walk.c path/layers.c base/text.c
UNIT_mem = base/mem.c
UNIT_known = path/known.c base/text.c
UNIT_socket_names = guest/socket_names.c path/view.c base/text.c
UNIT_state = intercept/state.c intercept/custom.c intercept/identity_state.c path/view.c base/text.c
# The functions that rows name are not called here, so the table is compiled against empty ones.
UNIT_rules = rules/rules.c rules/names.c $(BUILD)/test/calls.c $(BUILD)/test/numbers.c
UNIT_owners = guest/owners.c guest/owners_create.c intercept/own.c base/sys.c base/text.c
UNIT_crash = intercept/crash.c base/text.c
UNIT_index = intercept/index.c intercept/index_check.c intercept/blocks.c command/builder.c \
	base/sys.c base/text.c
UNIT_json = command/json.c base/text.c
UNIT_layers = path/view.c path/walk.c path/layers.c overlay/names.c base/text.c base/sys.c
UNIT_filter = intercept/filter.c rules/rules.c $(BUILD)/test/calls.c
UNIT_custom = command/custom_words.c command/options.c command/nearest.c guest/elf_machine.c \
	base/report.c base/sys.c base/text.c
UNIT_front = command/front.c command/front_binds.c command/front_help.c command/front_mode.c \
	command/custom_words.c command/options.c command/nearest.c base/report.c base/sys.c base/text.c
UNITS = json mem path last socket_names known state rules crash index owners layers filter custom front
ifeq ($(ARCH),aarch64)
UNIT_veneer = arch/aarch64/instruction.c arch/aarch64/veneer.c
UNIT_extent = arch/aarch64/extent.c
UNITS += veneer extent
endif

ifeq ($(ARCH),x86_64)
UNIT_compat = arch/x86_64/compat/calls.c rules/rules.c $(BUILD)/test/calls.c \
	$(BUILD)/test/compat_calls.c $(BUILD)/test/compat_numbers.c $(BUILD)/test/numbers.c
UNITS += compat
endif

.PHONY: test check-units
test: check-units
ifeq ($(ARCH),x86_64)
test: check-decode compare-objdump fuzz-loader
include test/decode.mk
include test/loader.mk
endif
ifeq ($(ARCH),aarch64)
test: run-veneers
include test/veneer.mk
endif

check-units: $(UNITS:%=$(BUILD)/test/%_table)
	@for unit in $(UNITS); do $(UNIT_RUN) $(BUILD)/test/$${unit}_table || exit 1; done

$(BUILD)/test/calls.c: rules/calls.h
	@mkdir -p $(@D)
	@{ echo '#include "rules/calls.h"'; \
		sed -n 's/^\(enum slot_action [a-z0-9_]*\)(struct slot \*slot);/\1(struct slot *slot) { (void)slot; return SLOT_DONE; }/p' \
			rules/calls.h; } >$@

$(BUILD)/test/compat_calls.c: arch/x86_64/compat/calls.h
	@mkdir -p $(@D)
	@{ echo '#include "compat/calls.h"'; \
		sed -n 's/^\(enum slot_action [a-z0-9_]*\)(struct slot \*slot);/\1(struct slot *slot) { (void)slot; return SLOT_DONE; }/p' \
			$<; } >$@

# Every call of 32-bit programs that the installed headers number.
$(BUILD)/test/compat_numbers.c: test/numbers.h
	@mkdir -p $(@D)
	@{ printf '#include "test/numbers.h"\nconst struct numbered_call compat_numbered_calls[] = {\n'; \
		echo '#include <asm/unistd_32.h>' | $(CC) -E -dM - | \
			sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$$/\t{"\1", \2},/p'; \
		printf '\t{0, 0}};\n'; } >$@

# Every call that the installed headers and our own list number.
$(BUILD)/test/numbers.c: rules/numbers.h
	@mkdir -p $(@D)
	@{ printf '#include "rules/numbers.h"\n#include "test/numbers.h"\nconst struct numbered_call numbered_calls[] = {\n'; \
		$(CC) $(INCLUDES) -E -dM rules/numbers.h | \
			sed -n 's/^#define __NR_\([a-z0-9_]*\) .*/\t{"\1", __NR_\1},/p' | \
			grep -v -e '"syscalls"' -e '"arch_specific_syscall"'; \
		printf '\t{0, 0}};\n'; } >$@

# As in the engine: loops that are functions of the library must not become calls of them. Here they also take
# the library's place, which some of its own parts define once more.
$(BUILD)/test/mem_table: UNIT_CFLAGS += -ffreestanding -fno-tree-loop-distribute-patterns -Wl,-z,muldefs

.SECONDEXPANSION:
$(UNITS:%=$(BUILD)/test/%_table): $(BUILD)/test/%_table: test/%_table.c test/check.h test/units.mk $$(UNIT_$$*)
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_$*)
