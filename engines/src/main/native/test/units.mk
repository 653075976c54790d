# Unit tests of the parts that depend on no host: compiled with libc for ARCH, and run; for another
# architecture than this machine's under its user-mode emulator.
UNIT_CFLAGS = -std=c11 -O2 -g -static $(WARNINGS) $(INCLUDES)
ifeq ($(ARCH),$(shell uname -m))
UNIT_RUN =
else
UNIT_RUN = qemu-$(ARCH)-static
endif

UNIT_path = path/view.c path/walk.c base/text.c
UNIT_state = intercept/state.c path/view.c base/text.c
# The functions that rows name are not called here, so the table is compiled against empty ones.
UNIT_rules = rules/rules.c $(BUILD)/test/calls.c
UNITS = path state rules
ifeq ($(ARCH),aarch64)
UNIT_veneer = arch/aarch64/instruction.c arch/aarch64/veneer.c
UNIT_extent = arch/aarch64/extent.c
UNITS += veneer extent
endif

.PHONY: test check-units
test: check-units
ifeq ($(ARCH),x86_64)
test: check-decode
include test/decode.mk
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

.SECONDEXPANSION:
$(UNITS:%=$(BUILD)/test/%_table): $(BUILD)/test/%_table: test/%_table.c test/check.h test/units.mk $$(UNIT_$$*)
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) -o $@ $< $(UNIT_$*)
