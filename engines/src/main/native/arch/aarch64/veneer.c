#include "veneer.h"

#include <linux/errno.h>

#include "instruction.h"
#include "room.h"

#define SAVE 0xa9b847f0U      /* stp x16, x17, [sp, #-ROOM]! */
#define RESTORE 0xa8c847f0U   /* ldp x16, x17, [sp], #ROOM */
#define HIGH 0x530a7d10U      /* lsr w16, w8, #10 */
#define IS_HIGH 0x35000110U   /* cbnz w16, wanted */
#define LOOK 0x38684a10U      /* ldrb w16, [x16, w8, uxtw] */
#define IS_WANTED 0x34000090U /* cbz w16, wanted */
#define BACK 0x10000051U      /* adr x17, back */
#define GO 0xd61f0200U	      /* br x16 */

_Static_assert(ROOM == 128, "SAVE and RESTORE");

struct writer {
	unsigned long at;
	unsigned *words;
	int count;
};

static void put(struct writer *writer, unsigned word)
{
	writer->words[writer->count++] = word;
}

static void put_constant(struct writer *writer, unsigned long constant)
{
	put(writer, instruction_movz(16, constant));
	put(writer, instruction_movk_high(16, constant));
}

static unsigned put_branch(struct writer *writer, unsigned long to)
{
	unsigned long from = writer->at + (unsigned long)writer->count * INSTRUCTION_BYTES;
	unsigned branch = instruction_branch(from, to);

	put(writer, branch);
	return branch;
}

int veneer_write(const struct veneer *veneer, unsigned words[VENEER_WORDS_MOST])
{
	struct writer writer = {.at = veneer->at, .words = words};
	unsigned long next = veneer->site + INSTRUCTION_BYTES;

	put(&writer, SAVE);
	if (veneer->pass != 0) {
		put(&writer, HIGH);
		put(&writer, IS_HIGH);
		put_constant(&writer, veneer->pass);
		put(&writer, LOOK);
		put(&writer, IS_WANTED);
		put(&writer, RESTORE);
		put(&writer, INSTRUCTION_CALL);
		if (put_branch(&writer, next) == 0)
			return -ERANGE;
	}
	put_constant(&writer, veneer->gate);
	put(&writer, BACK);
	put(&writer, GO);
	put(&writer, RESTORE);
	if (put_branch(&writer, next) == 0)
		return -ERANGE;
	return writer.count;
}
