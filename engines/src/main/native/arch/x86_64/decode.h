#ifndef CORACLE_ARCH_X86_64_DECODE_H
#define CORACLE_ARCH_X86_64_DECODE_H

#include <stdbool.h>

/*
 * How long is one x86-64 instruction, and where may control go after it? Pure: reads only the bytes
 * it is given, keeps no state, works on the host and inside a guest.
 */

enum {
	DECODE_LENGTH_MAX = 15 /* the processor refuses longer instructions */
};

enum decode_flow {
	FLOW_NEXT,	    /* goes on to the following instruction */
	FLOW_JUMP,	    /* jmp to target */
	FLOW_BRANCH,	    /* jcc, loop, jrcxz, xbegin: to target or on */
	FLOW_CALL,	    /* call target */
	FLOW_INDIRECT_JUMP, /* jmp through a register or memory */
	FLOW_INDIRECT_CALL, /* call through a register or memory */
	FLOW_RETURN,	    /* ret, far ret, iret, sysret, sysexit */
	FLOW_TRAP,	    /* ud0, ud1, ud2, int1, int3, hlt */
	FLOW_SYSCALL	    /* 0f 05 and nothing else */
};

enum decode_encoding { ENCODING_LEGACY, ENCODING_VEX, ENCODING_EVEX, ENCODING_XOP };

enum decode_prefix {
	PREFIX_OPERAND_SIZE = 1, /* 66 */
	PREFIX_ADDRESS_SIZE = 2, /* 67 */
	PREFIX_REPNE = 4,	 /* f2 */
	PREFIX_REP = 8,		 /* f3 */
	PREFIX_LOCK = 16,	 /* f0 */
	PREFIX_SEGMENT = 32	 /* 26 2e 36 3e 64 65 */
};

struct decoded {
	unsigned char length;
	unsigned char encoding;	  /* enum decode_encoding */
	unsigned char opcode_map; /* 0 one byte, 1 0f, 2 0f38, 3 0f3a; 1..6 (E)VEX; 8..10 XOP */
	unsigned char opcode;
	unsigned char flow;	/* enum decode_flow */
	unsigned char prefixes; /* legacy prefixes, enum decode_prefix */
	unsigned char rex;	/* 40..4f, 0 for none */
	unsigned char modrm;	/* meaningful if has_modrm */
	bool has_modrm;
	bool rip_relative;
	unsigned char rip_displacement_offset; /* of the disp32 inside the instruction */
	bool loads_eax_immediate;	       /* whole eax becomes a constant, flags aside */
	unsigned immediate;		       /* that constant */
	long target; /* of relative jumps, branches and calls: bytes from the instruction's start */
};

/*
 * Decodes the instruction at code. Returns its length (1..15), -EINVAL if 64-bit mode does not
 * define it, or -ENODATA if it is longer than the available bytes. *out is complete only on
 * success.
 */
int decode_instruction(const unsigned char *code, unsigned long available, struct decoded *out);

/* The same without what flow.c adds (flow, loads_eax_immediate, immediate, target): half the time.
 */
int decode_length(const unsigned char *code, unsigned long available, struct decoded *out);

#endif
