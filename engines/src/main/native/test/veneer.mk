# Runs veneers on aarch64, or under its emulator. Included by units.mk.
.PHONY: run-veneers

run-veneers: $(BUILD)/test/veneer_run
	@$(UNIT_RUN) $<

# Linked below 4 GiB, as the engine is.
$(BUILD)/test/veneer_run: test/veneer_run.c test/veneer_run.S $(UNIT_veneer) test/check.h test/veneer.mk
	@mkdir -p $(@D)
	@$(CC) $(UNIT_CFLAGS) -no-pie -o $@ $< test/veneer_run.S $(UNIT_veneer)
