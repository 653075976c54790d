#include "guest/tracing.h"

#include "base/mem.h"
#include "base/sys.h"
#include "guest/lines.h"
#include "guest/peer.h"
#include "intercept/engine.h"

static const char tracer_field[] = "TracerPid:\t";
static const char state_field[] = "State:\t";

/* For the tracer's answer to a stop at a call it is waited so often; the stop of a signal lasts. */
enum { LOOKS = 200 };

/* Our tracer is this engine before it becomes a guest, so it knows of no tracer. */
static bool is_ours(unsigned long tracer)
{
	unsigned trapping = TRAPPING_TRACED;

	return tracer != 0 && peer_is_guest(tracer) &&
	       peer_read(tracer, &engine.trapping, &trapping, sizeof(trapping)) == 0 &&
	       (trapping & TRAPPING_TRACED) == 0;
}

/* In a stop that a tracer sees. */
static bool look(int status, char *bytes, size_t room, unsigned long *tracer)
{
	struct lines lines = lines_of(status, bytes, room);
	bool stopped = false;
	char *line;
	size_t length;

	*tracer = 0;
	while (lines_next(&lines, &line, &length) > 0) {
		if (text_starts(line, state_field))
			stopped = line[sizeof(state_field) - 1] == 't';
		if (text_starts(line, tracer_field)) {
			text_read_number(line + sizeof(tracer_field) - 1, tracer);
			break;
		}
	}
	return stopped;
}

struct tracing tracing_of(int status, char *bytes, size_t room)
{
	unsigned long tracer;
	struct tracing tracing = {.stopped = look(status, bytes, room, &tracer)};

	tracing.ours = is_ours(tracer);
	for (int i = 0; i < LOOKS && tracing.ours && tracing.stopped; i++) {
		sys_sched_yield();
		tracing.stopped = look(status, bytes, room, &tracer);
	}
	return tracing;
}

bool tracing_add(struct text *out, const char *line, const struct tracing *tracing)
{
	bool stopped = tracing->ours && text_starts(line, state_field) &&
		       line[sizeof(state_field) - 1] == 't';
	bool traced = tracing->ours && text_starts(line, tracer_field);

	if (stopped)
		text_add(out, tracing->stopped ? "State:\tT (stopped)\n" : "State:\tR (running)\n");
	if (traced)
		text_add(out, "TracerPid:\t0\n");
	return stopped || traced;
}
