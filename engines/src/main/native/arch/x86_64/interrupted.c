#include "interrupted.h"

#include "base/mem.h"
#include "context.h"
#include "intercept/blocks.h"
#include "intercept/guarded.h"
#include "intercept/slot.h"
#include "intercept/trapping.h"
#include "machine.h"

/* The two system calls of the gate: the address of each, which is where one begins again. */
extern const char gate_run_call[];
extern const char gate_pass_call[];

/* What the gate keeps there: the red zone, and one word below it. */
enum { KEPT_BYTES = 128 + 8 };

static bool is_at(unsigned long pc, const char *call, bool *made)
{
	*made = pc == (unsigned long)call + MACHINE_CALL_BYTES;
	return *made || pc == (unsigned long)call;
}

/* A call that has been made goes on behind the site; one that has not is made by the site's trap.
 */
static bool show(struct sigcontext *registers, unsigned long resume, bool made)
{
	unsigned long site = resume - MACHINE_CALL_BYTES;

	if (!made && !trapping_spares_sites() && !blocks_have_trap(site))
		return false;
	registers->rip = made ? resume : site;
	registers->rcx = registers->rip;
	return true;
}

static void show_run(struct sigcontext *registers, bool made)
{
	struct slot *slot;

	memcpy(&slot, (const void *)registers->rsp, sizeof(slot));
	/* Somebody still has to see the answer, once there is one. */
	if ((slot->leave != NULL && (made || !slot->repeatable)) ||
		!show(registers, slot->resume, made))
		return;
	/* A call that begins again is the guest's own, and not what it had become (openat2 for
	 * open). */
	if (!made && registers->rax == slot->number)
		registers->rax = slot->rule_number;
	registers->rdi = slot->original[0];
	registers->rsi = slot->original[1];
	registers->rdx = slot->original[2];
	registers->r10 = slot->original[3];
	registers->r8 = slot->original[4];
	registers->r9 = slot->original[5];
	registers->rsp = slot->stack;
	slot_give_back(slot);
}

static void show_pass(struct sigcontext *registers, bool made)
{
	unsigned long resume;

	memcpy(&resume, (const void *)registers->rsp, sizeof(resume));
	if (show(registers, resume, made))
		registers->rsp += KEPT_BYTES;
}

/* In a stub (stub.h) a jump to behind the site follows the call. */
static void show_stub(struct sigcontext *registers)
{
	unsigned char bytes[2 * MACHINE_CALL_BYTES + 5];
	const unsigned char *jump = bytes + MACHINE_CALL_BYTES;
	unsigned long from = registers->rip;
	bool made;
	int distance;

	if (guarded_copy(bytes, (const void *)(from - MACHINE_CALL_BYTES), sizeof(bytes)) < 0)
		return;
	made = bytes[0] == 0x0f && bytes[1] == 0x05;
	if (!made) {
		jump += MACHINE_CALL_BYTES;
		from += MACHINE_CALL_BYTES;
	}
	if (jump[-2] != 0x0f || jump[-1] != 0x05 || jump[0] != 0xe9)
		return;
	memcpy(&distance, jump + 1, sizeof(distance));
	show(registers, from + 5 + (unsigned long)(long)distance, made);
}

void interrupted_show_site(struct ucontext *context)
{
	struct sigcontext *registers = &context->uc_mcontext;
	unsigned long pc = context_pc(context);
	bool made;

	if (is_at(pc, gate_run_call, &made))
		show_run(registers, made);
	else if (is_at(pc, gate_pass_call, &made))
		show_pass(registers, made);
	else
		show_stub(registers);
}
