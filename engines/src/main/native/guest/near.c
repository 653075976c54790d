#include "guest/near.h"

#include "base/mem.h"
#include "base/sys.h"
#include "guest/here.h"
#include "intercept/engine.h"
#include "ticks.h"

static unsigned long known; /* is the working directory the tree's root? See known_word() */
static unsigned asked;	    /* how many wanted to know */
static bool others;	    /* there are or were threads */

/*
 * In one word, so that threads need no lock: after how many moves it was asked, when, the answer,
 * and a bit that tells it from nothing.
 */
enum { KNOWN = 1, KNOWN_YES = 2, AGE_SHIFT = 2, AGE_BITS = 30, MOVES_SHIFT = 32 };

static const unsigned long ages = (1UL << AGE_BITS) - 1;

/* Half of the time for which it counts. */
static unsigned long age_of(unsigned long ticks)
{
	return ticks / (MACHINE_TICKS_SHORT / 2) & ages;
}

static unsigned long known_word(unsigned long moves, unsigned long ticks, bool root)
{
	return moves << MOVES_SHIFT | age_of(ticks) << AGE_SHIFT | (root ? KNOWN_YES : 0) | KNOWN;
}

/* A program that uses a few paths and ends need not know. */
enum { ASKED_FEW = 16 };

static bool ask(unsigned long moves, unsigned long ticks)
{
	char host[PATH_BYTES];
	long length;
	bool root;

	if (asked < ASKED_FEW) {
		asked++;
		return false;
	}
	length = sys_getcwd(host, sizeof(host));
	root = length == (long)engine.view.root_length + 1 &&
	       memcmp(host, engine.view.root, engine.view.root_length) == 0;
	/* Of what was asked while somebody went nothing is kept. */
	if (!here_stayed(moves))
		return false;
	__atomic_store_n(&known, known_word(moves, ticks, root), __ATOMIC_RELEASE);
	return root;
}

static bool is_root(unsigned long moves, unsigned long ticks)
{
	unsigned long word = __atomic_load_n(&known, __ATOMIC_ACQUIRE);
	unsigned long age = word >> AGE_SHIFT & ages;

	if ((word & KNOWN) != 0 && word >> MOVES_SHIFT == (unsigned)moves &&
		((age_of(ticks) - age) & ages) <= 1)
		return (word & KNOWN_YES) != 0;
	return ask(moves, ticks);
}

/* The tree itself holds it, and no table of owners is asked for it by the same text. */
static bool is_in_tree(const struct walk *walk)
{
	size_t root = engine.view.root_length;

	return walk->bind == NULL && engine.view.layer_count == 0 && !engine.identity.given &&
	       !walk->magic && !walk->missing && root > 0 && walk->host.length > root + 1;
}

const char *near_host(struct slot *slot)
{
	const char *host = slot->walk.host.at;

	slot->near = false;
	if (!is_in_tree(&slot->walk) || !here_still(&slot->near_moves) ||
		!is_root(slot->near_moves, slot->now))
		return host;
	slot->near = true;
	return host + engine.view.root_length + 1;
}

const char *near_host_alone(struct slot *slot)
{
	slot->near = false;
	return __atomic_load_n(&others, __ATOMIC_ACQUIRE) ? slot->walk.host.at : near_host(slot);
}

bool near_held(const struct slot *slot)
{
	return !slot->near || here_stayed(slot->near_moves);
}

void near_with_others(void)
{
	__atomic_store_n(&others, true, __ATOMIC_RELEASE);
}

void near_in_child(void)
{
	others = false;
}
