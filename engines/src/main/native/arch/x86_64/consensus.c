#include "consensus.h"

#include "decode.h"

void consensus_open(struct consensus *out, const unsigned char *code, unsigned long start,
	unsigned long end, unsigned long candidate)
{
	unsigned long before = candidate - start;
	struct decoded decoded;

	*out = (struct consensus){0};
	out->voters = before < CONSENSUS_WINDOW ? (unsigned)before : CONSENSUS_WINDOW;
	for (unsigned i = out->voters; i > 0; i--) {
		unsigned long offset = candidate - i;
		int length = decode_instruction(code + offset, end - offset, &decoded);

		out->votes[i]++;
		if (length < 0)
			continue;
		out->length[i] = (unsigned char)length;
		if ((unsigned)length > i)
			out->passed += out->votes[i];
		else
			out->votes[i - (unsigned)length] += out->votes[i];
	}
}

bool consensus_agrees(const struct consensus *consensus)
{
	unsigned landed = consensus->votes[0];

	/* a third of all bytes, and three quarters of the streams that live */
	return landed * 3 >= consensus->voters && landed >= consensus->passed * 3 && landed > 0;
}

unsigned consensus_previous(const struct consensus *consensus, unsigned distance)
{
	unsigned best = 0, rest = 0;

	for (unsigned i = distance + 1; i <= consensus->voters; i++) {
		if (i - distance > DECODE_LENGTH_MAX)
			break;
		if (consensus->length[i] != i - distance)
			continue;
		rest += consensus->votes[i];
		if (best == 0 || consensus->votes[i] > consensus->votes[best])
			best = i;
	}
	if (best == 0)
		return 0;
	rest -= consensus->votes[best];
	return consensus->votes[best] >= rest * 3 ? best : 0;
}

int decode_is_boundary_by_consensus(
	const unsigned char *code, unsigned long start, unsigned long end, unsigned long candidate)
{
	struct consensus consensus;

	if (candidate < start || candidate >= end)
		return 0;
	consensus_open(&consensus, code, start, end, candidate);
	return consensus_agrees(&consensus);
}
