#ifndef CORACLE_INTERCEPT_SLOT_H
#define CORACLE_INTERCEPT_SLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "path/walk.h"

/*
 * One system call on its way through the engine. A guest's stack may have only a few hundred bytes
 * left (Go), and a vfork child shares its parent's, so the engine works on a slot: a record of the
 * call, scratch space, and a stack, taken from a pool that all threads of an address space share.
 * The gate (arch/ARCH/gate.S) takes and frees slots without a lock and knows the first fields by
 * offset; gate.h says them once for both.
 */
enum { SLOT_COUNT = 256, SLOT_SHIFT = 17, SLOT_BYTES = 1 << SLOT_SHIFT };

/* What the gate does after intercept_enter() or a leave function returned. */
enum slot_action {
	SLOT_DONE,   /* `result` is the answer */
	SLOT_RUN,    /* issue `number` with `argument` on the guest's stack; may block */
	SLOT_FORK,   /* the same; the child has a copy of this memory */
	SLOT_VFORK,  /* the same; the child shares this memory and the stack until it execs */
	SLOT_THREAD, /* the same; the child shares this memory and has a stack of its own */
	SLOT_PASS,   /* the call as the guest made it, with the slot free again before it */
};

/* What an execve() collects before it hands over. (fs/binfmt_script.c reads 256 bytes of a script.)
 */
enum { EXEC_SCRIPTS_MOST = 5, EXEC_LINE_BYTES = 256 };

struct exec_work {
	char name[PATH_BYTES];	    /* the path as it was given */
	char exe[PATH_BYTES];	    /* guest path of the program that will run */
	char file[PATH_HOST_BYTES]; /* host path of the same */
	char lines[EXEC_SCRIPTS_MOST + 1][EXEC_LINE_BYTES + 1];
};

struct slot {
	/* Known to gate.S. */
	unsigned long number;
	unsigned long argument[6];
	unsigned long original[6];
	unsigned long resume;	 /* guest address behind its system-call instruction */
	unsigned long stack;	 /* guest stack pointer */
	unsigned long saved[18]; /* guest registers that the gate itself uses */
	long result;
	unsigned long pending;	    /* signal put off while the engine worked, 0 for none */
	unsigned long pending_mask; /* the guest's mask from before it was put off */
	/* Runs after SLOT_RUN, SLOT_FORK (in both) or SLOT_VFORK and SLOT_THREAD (in the parent).
	 */
	enum slot_action (*leave)(struct slot *slot);
	unsigned long owner;	/* tells threads apart: the thread pointer, or the thread's id */
	unsigned long sequence; /* rises with every call */
	unsigned long alternate_away; /* 1: the gate gives the stack_t behind this back */
	unsigned long alternate[3];
	unsigned long alternate_mask;

	/* Only C from here. */
	unsigned char pending_info[128]; /* siginfo_t of the signal that was put off */
	bool lent;			 /* a vfork child needs it until it executes something */
	unsigned exec_owner;		 /* process whose execve() this slot serves, 0 for none */
	unsigned long exec_memory;	 /* its argument arrays, when too many for the slot */
	size_t exec_memory_size;
	long note[6];		   /* between a handler and its leave function */
	unsigned long rule_number; /* the guest's, whatever `number` has become */
	unsigned compat_number;	   /* the same of a 32-bit program's call (compat.h), and then: */
	bool compat_narrow;	   /* the kernel gets that one; of all others this is false */
	bool repeatable; /* a call that has not been made yet may begin again at the guest's site */
	bool again;	 /* links were changed meanwhile: this is the second time */
	bool steady;	 /* nobody was changing links when the walk began, and then: */
	unsigned long links_state; /* changes.h */
	unsigned long now;	   /* when that was, in the processor's ticks */
	bool near; /* the kernel got a path from the working directory (guest/near.h), and then: */
	unsigned long near_moves;
	unsigned change;			      /* the same: which one this call is */
	enum slot_action (*after)(struct slot *slot); /* what runs when those may be given up */
	int held[2];		   /* descriptors that stand for the paths during the call, or -1 */
	bool unheld[2];		   /* paths of which the overlay is asked first */
	unsigned long how[3];	   /* struct open_how */
	struct trace_notes *trace; /* when this run is traced; trace.h */
	unsigned long traced_number;
	enum slot_action (*traced_leave)(struct slot *slot);
	char path[PATH_BYTES];
	struct exec_work exec;
	char first_host[PATH_HOST_BYTES]; /* of two paths, where each lies */
	char second_host[PATH_HOST_BYTES];
	char bytes[16384];
	struct walk walk;
	/* The rest, up to SLOT_BYTES, is the stack. */
};

_Static_assert(sizeof(struct slot) <= SLOT_BYTES - 40960, "a slot has a stack of 40 KiB at least");

/* The last one is the spare: it is there to make room when all others are taken. */
extern unsigned char slot_pool[(SLOT_COUNT + 1) * (size_t)SLOT_BYTES];
extern unsigned long slot_taken[SLOT_COUNT / 64];
extern unsigned slot_spare_taken;
extern unsigned long slot_sequence;

/* 1 when the gate may read the thread pointer of the processor (AT_HWCAP2). */
extern unsigned char slot_has_thread_pointer;

/* The slot whose stack holds this address, or NULL. */
struct slot *slot_of_stack(unsigned long address);

/*
 * Called by the gate on the spare slot when all are taken. A handler that left a system call by
 * siglongjmp(3) never gives its slot back. Such a slot shows by a later call of the same thread
 * with as much or less on its stack: nested calls have more. If there are none to free, other
 * threads get time to finish.
 */
enum slot_action slot_reclaim(struct slot *spare);

/* As the gate does when a call is over. */
void slot_give_back(const struct slot *slot);

/* What struct slot's `owner` is for the running thread. */
unsigned long slot_own_thread(void);

/* After a fork only one thread is left: frees every slot but this one. */
void slot_keep_only(const struct slot *slot);

/* Frees what an execve() by this process held, which shared our memory until then. */
void slot_free_exec_of(unsigned process);

#endif
