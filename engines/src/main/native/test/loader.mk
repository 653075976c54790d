# Damaged programs under the engine, which never fails itself (loader_fuzz.c). Included by the Makefile.

LOADER_ROUNDS ?= 100
MUTANTS = $(BUILD)/test/mutant-fixed $(BUILD)/test/mutant-moving $(BUILD)/test/mutant-interpreted
MUTANT_CFLAGS = -std=c11 -O1 -ffreestanding -nostdlib -fno-stack-protector -fPIE

.PHONY: fuzz-loader
fuzz-loader: $(BUILD)/test/loader_fuzz $(BUILD)/coracle-engine $(MUTANTS)
	@$(BUILD)/test/loader_fuzz $(abspath $(BUILD))/coracle-engine $(LOADER_ROUNDS) $(MUTANTS)

$(BUILD)/test/loader_fuzz: test/loader_fuzz.c
	@mkdir -p $(@D)
	@$(HOST_CC) -std=gnu11 -O2 $(WARNINGS) -o $@ $<

$(BUILD)/test/mutant-fixed: MUTANT_CFLAGS += -static -no-pie
$(BUILD)/test/mutant-moving: MUTANT_CFLAGS += -static-pie
$(BUILD)/test/mutant-interpreted: MUTANT_CFLAGS += -pie -Wl,--dynamic-linker=/mutant
$(MUTANTS): test/mutant_guest.c
	@mkdir -p $(@D)
	@$(HOST_CC) $(MUTANT_CFLAGS) -o $@ $<
