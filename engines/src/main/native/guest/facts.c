#include <linux/auxvec.h>
#include <linux/errno.h>
#include <linux/signal.h>

#include "base/mem.h"
#include "base/sys.h"
#include "compat.h"
#include "guest/auxiliary.h"
#include "guest/identity.h"
#include "guest/lines.h"
#include "guest/peer.h"
#include "guest/served.h"
#include "guest/tracing.h"
#include "intercept/engine.h"
#include "intercept/masks.h"
#include "intercept/signals.h"
#include "intercept/state.h"

/* What /proc says of a process itself: status, environ, auxv (proc(5)). */

/* A guest's own belief about who it is, or what ours makes of the kernel's. */
struct owner {
	bool known;
	struct identity identity;
};

/* A process that is no guest: what is ours in truth looks ours. */
static void add_shown_ids(struct text *out, const char *line, unsigned real, unsigned shown)
{
	const char *ids = line + strlen("Uid:");

	text_add_bytes(out, line, strlen("Uid:"));
	for (size_t i = 0; i < 4; i++) {
		unsigned long id = 0;

		while (*ids == '\t')
			ids++;
		ids += text_read_number(ids, &id);
		text_add(out, "\t");
		text_add_number(out, (long)(id == real ? shown : id));
	}
	text_add(out, "\n");
}

/* True when the line is one of who the process is, and has been written or needs no writing. */
static bool add_identity(struct text *out, const char *line, const struct owner *owner)
{
	bool user = text_starts(line, "Uid:");
	bool ids = user || text_starts(line, "Gid:");

	if (!engine.identity.given)
		return false;
	if (ids && !owner->known && user)
		add_shown_ids(out, line, engine.identity.real_user, engine.identity.base_user);
	else if (ids && !owner->known)
		add_shown_ids(out, line, engine.identity.real_group, engine.identity.base_group);
	else if (user)
		identity_status_ids(out, &owner->identity);
	else if (owner->known && text_starts(line, "Groups:"))
		identity_status_groups(out, &owner->identity);
	else if (owner->known && text_starts(line, "CapInh:"))
		identity_status_capabilities(out, &owner->identity);
	else
		return ids || (owner->known && text_starts(line, "Cap"));
	return true;
}

/* Which of the engine's signals the process itself catches and ignores, as bits of a mask. */
struct wishes {
	bool known;
	bool kernels; /* the kernel knows them itself */
	unsigned long caught;
	unsigned long ignored;
};

static struct wishes wishes_of(unsigned long process)
{
	struct wishes wishes = {.known = true, .kernels = compat_runs_in(process)};

	for (int signal = 1; signal < MASKS_SIGNALS; signal++) {
		struct sys_sigaction action;
		unsigned long bit = 1UL << (signal - 1);

		if (!masks_ours(signal))
			continue;
		if (peer_read(process, signals_wish(signal), &action, sizeof(action)) < 0)
			wishes.known = false;
		else if (action.handler == (unsigned long)SIG_IGN)
			wishes.ignored |= bit;
		else if (action.handler != (unsigned long)SIG_DFL)
			wishes.caught |= bit;
	}
	return wishes;
}

static unsigned long read_mask(const char *text)
{
	unsigned long mask = 0;

	for (; *text != '\0'; text++) {
		unsigned digit = (unsigned)(*text - (*text >= 'a' ? 'a' - 10 : '0'));

		mask = digit < 16 && *text != '\t' ? mask << 4 | digit : mask;
	}
	return mask;
}

static void add_mask(struct text *out, const char *line, unsigned long mask)
{
	text_add_bytes(out, line, 7);
	text_add(out, "\t");
	for (unsigned shift = 64; shift > 0; shift -= 4)
		text_add_bytes(out, &"0123456789abcdef"[mask >> (shift - 4) & 15], 1);
	text_add(out, "\n");
}

static bool add_signals(
	struct served *served, const char *line, const struct wishes *wishes, bool running)
{
	unsigned long mask;

	if (!wishes->known || !text_starts(line, "Sig") || strlen(line) < 8)
		return false;
	mask = read_mask(line + 8);
	if (wishes->kernels && !(text_starts(line, "SigBlk:") && running))
		return false;
	if (wishes->kernels)
		mask = compat_blocked(served->slot);
	else if (text_starts(line, "SigCgt:"))
		mask = (mask & ~masks_own) | wishes->caught;
	else if (text_starts(line, "SigIgn:"))
		mask |= wishes->ignored;
	else if (text_starts(line, "SigBlk:") && running)
		mask |= masks_blocked();
	else
		return false;
	add_mask(&served->out, line, mask);
	return true;
}

/* What modes F2 and P1 have asked of the kernel is not the guest's doing. */
static bool add_confinement(struct text *out, const char *line, unsigned trapping)
{
	static const char count[] = "Seccomp_filters:\t";
	bool own_privileges =
		(trapping & (TRAPPING_PRIVILEGES | GUEST_PRIVILEGES)) == TRAPPING_PRIVILEGES;
	unsigned long filters;

	if ((trapping & TRAPPING_ON) == 0 || (trapping & TRAPPING_DISPATCH) != 0)
		return false;
	if (own_privileges && text_starts(line, "NoNewPrivs:")) {
		text_add(out, "NoNewPrivs:\t0\n");
	} else if ((trapping & GUEST_FILTER) == 0 && text_starts(line, "Seccomp:")) {
		text_add(out, "Seccomp:\t0\n");
	} else if (text_starts(line, count) &&
		   text_read_number(line + sizeof(count) - 1, &filters) > 0) {
		text_add(out, count);
		text_add_number(out, (long)filters - 1);
		text_add(out, "\n");
	} else {
		return false;
	}
	return true;
}

long facts_produce_status(struct served *served)
{
	struct lines lines =
		lines_of(served->source, served->slot->bytes, sizeof(served->slot->bytes));
	bool guest = peer_is_guest(served->process);
	bool running = served->thread == (unsigned long)sys_gettid();
	struct wishes wishes = {.known = false};
	struct owner owner = {.known = false};
	struct tracing tracing = {.ours = false};
	unsigned trapping = 0;
	char *line;
	size_t length;
	long more;

	if (guest) {
		if (peer_read(served->process, &engine.trapping, &trapping, sizeof(trapping)) < 0)
			trapping = 0;
		wishes = wishes_of(served->process);
		owner.known = peer_read(served->process, &engine.identity, &owner.identity,
				      sizeof(owner.identity)) == 0;
	}
	if ((engine.trapping & TRAPPING_TRACED) != 0)
		tracing = tracing_of(
			served->source, served->slot->bytes, sizeof(served->slot->bytes));
	for (more = lines_next(&lines, &line, &length); more > 0;
		more = lines_next(&lines, &line, &length)) {
		if (add_identity(&served->out, line, &owner) ||
			add_signals(served, line, &wishes, running) ||
			tracing_add(&served->out, line, &tracing) ||
			add_confinement(&served->out, line, trapping))
			continue;
		text_add_bytes(&served->out, line, length);
		text_add(&served->out, "\n");
	}
	return more;
}

/* Reads all of the file; true when it has fitted. */
static long read_all(struct served *served)
{
	struct text *out = &served->out;

	while (out->length + 1 < out->capacity) {
		long got = sys_pread(served->source, out->at + out->length,
			out->capacity - 1 - out->length, (long)out->length);

		if (got < 0)
			return got;
		if (got == 0)
			return 0;
		out->length += (size_t)got;
	}
	out->overflow = true;
	return 0;
}

/* The engine's string is the last one, and may have been cut into pieces where it stands. */
long facts_produce_environ(struct served *served)
{
	size_t mark = strlen(STATE_MARK);
	struct text *out = &served->out;
	long error = read_all(served);
	bool begins = true;

	for (size_t i = 0; error == 0 && i + mark <= out->length; i++) {
		if (begins && memcmp(out->at + i, STATE_MARK, mark) == 0) {
			text_cut(out, i);
			break;
		}
		begins = out->at[i] == '\0';
	}
	return error;
}

long facts_produce_auxv(struct served *served)
{
	struct auxiliary vector;

	if (peer_is_guest(served->process) &&
		peer_read(served->process, &auxiliary_kept, &vector, sizeof(vector)) == 0) {
		text_add_bytes(&served->out, (const char *)vector.entries,
			vector.count * sizeof(vector.entries[0]));
		return 0;
	}
	return read_all(served);
}
