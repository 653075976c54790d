#include "overlay/names.h"

#include <linux/errno.h>
#include <linux/mman.h>

#include "base/mem.h"
#include "base/sys.h"
#include "path/layers.h"

enum { DIRECTORY = 4, FIRST_ROOM = 1 << 16 };

/* FNV-1a, folded. */
static unsigned long position_of(const char *name, size_t length)
{
	unsigned long hash = 0xcbf29ce484222325UL;

	if (name[0] == '.' && length == 1)
		return NAMES_DOT;
	if (name[0] == '.' && name[1] == '.' && length == 2)
		return NAMES_DOTS;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * 0x100000001b3UL;
	return (hash >> 24 ^ (hash & 0xffffff)) + NAMES_FIRST;
}

/* Twice the room, in another place. */
static long grow(void **memory, size_t *room)
{
	size_t wanted = *room == 0 ? FIRST_ROOM : *room * 2;
	long mapped =
		sys_mmap(0, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (sys_failed(mapped))
		return mapped;
	if (*room > 0) {
		memcpy((void *)mapped, *memory, *room);
		sys_munmap((unsigned long)*memory, *room);
	}
	*memory = (void *)mapped;
	*room = wanted;
	return 0;
}

static long make_room(struct names *names, size_t length)
{
	void *entries = names->entries;
	void *bytes = names->bytes;
	long error = 0;

	if ((names->count + 1) * sizeof(*names->entries) > names->entry_room)
		error = grow(&entries, &names->entry_room);
	if (error == 0 && names->used + length > names->byte_room)
		error = grow(&bytes, &names->byte_room);
	names->entries = entries;
	names->bytes = bytes;
	return error;
}

long names_add(struct names *names, const char *name, unsigned long inode, unsigned char type,
	unsigned char layer, bool overlay)
{
	size_t length = strlen(name);
	struct names_entry *entry;
	bool hides = overlay && text_starts(name, LAYERS_WHITEOUT);
	long error;

	/* The engine's own: the mark of an opaque directory, and what lies in the upper root. */
	if (hides && text_starts(name, LAYERS_WHITEOUT LAYERS_WHITEOUT))
		return 0;
	if (hides) {
		name += strlen(LAYERS_WHITEOUT);
		length -= strlen(LAYERS_WHITEOUT);
	}
	error = make_room(names, length);
	if (error < 0 || length == 0)
		return error;
	entry = &names->entries[names->count++];
	*entry = (struct names_entry){.position = position_of(name, length),
		.inode = inode,
		.name = (unsigned)names->used,
		.length = (unsigned char)length,
		.type = type,
		.layer = layer,
		.hides = hides};
	memcpy(names->bytes + names->used, name, length);
	names->used += length;
	return 0;
}

static int compare_names(
	const struct names *names, const struct names_entry *a, const struct names_entry *b)
{
	size_t shorter = a->length < b->length ? a->length : b->length;
	int order = memcmp(names->bytes + a->name, names->bytes + b->name, shorter);

	return order != 0 ? order : (int)a->length - (int)b->length;
}

static bool is_before(
	const struct names *names, const struct names_entry *a, const struct names_entry *b)
{
	int order;

	if (a->position != b->position)
		return a->position < b->position;
	order = compare_names(names, a, b);
	if (order != 0)
		return order < 0;
	/* A whiteout says nothing about the layer that it is in. */
	return a->layer != b->layer ? a->layer < b->layer : !a->hides && b->hides;
}

static void sink(struct names *names, size_t at, size_t count)
{
	struct names_entry moved = names->entries[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= count)
			break;
		if (child + 1 < count &&
			is_before(names, &names->entries[child], &names->entries[child + 1]))
			child++;
		if (!is_before(names, &moved, &names->entries[child]))
			break;
		names->entries[at] = names->entries[child];
		at = child;
	}
	names->entries[at] = moved;
}

/* A heap sort: no recursion, no second copy. */
static void sort(struct names *names)
{
	for (size_t i = names->count / 2; i > 0; i--)
		sink(names, i - 1, names->count);
	for (size_t end = names->count; end > 1; end--) {
		struct names_entry largest = names->entries[0];

		names->entries[0] = names->entries[end - 1];
		names->entries[end - 1] = largest;
		sink(names, 0, end - 1);
	}
}

/* Of a directory in the upper layer the number is that of the one it is merged with, if there is
 * one: it was there before. So the number does not change when the upper one appears. */
static void take_inode(struct names_entry *entry, const struct names_entry *next, size_t count)
{
	bool dots = entry->position < NAMES_FIRST;

	if (entry->layer == 0 && entry->type == DIRECTORY && count > 0 && !next->hides &&
		(dots || next->type == DIRECTORY)) {
		entry->inode = next->inode;
		entry->layer = next->layer;
	}
}

void names_settle(struct names *names)
{
	size_t kept = 0;

	sort(names);
	for (size_t at = 0; at < names->count;) {
		struct names_entry first = names->entries[at];
		size_t same = at + 1;

		while (same < names->count && names->entries[same].position == first.position &&
			compare_names(names, &first, &names->entries[same]) == 0)
			same++;
		if (!first.hides) {
			take_inode(&first, &names->entries[at + 1], same - at - 1);
			names->entries[kept++] = first;
		}
		at = same;
	}
	names->count = kept;
}

void names_free(struct names *names)
{
	if (names->entry_room > 0)
		sys_munmap((unsigned long)names->entries, names->entry_room);
	if (names->byte_room > 0)
		sys_munmap((unsigned long)names->bytes, names->byte_room);
	*names = (struct names){.count = 0};
}
