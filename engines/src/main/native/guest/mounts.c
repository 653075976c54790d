#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

#include "base/mem.h"
#include "base/sys.h"
#include "guest/served.h"
#include "intercept/engine.h"

/*
 * The tables of mounts as a container's would be: its root, each bind as a mount of its own, and
 * what is mounted on the host somewhere below one of these. Nothing else of the host's table. All
 * three formats are made from mountinfo, which says the most (proc(5), fs/proc_namespace.c).
 */

enum { MADE_UP_ID = 1 << 20, TABLE_FIRST = 1 << 16, TABLE_MOST = 1 << 26 };

struct word {
	const char *at;
	size_t length;
};

/* One line of the host's mountinfo. */
struct mount {
	unsigned long id;
	unsigned long parent;
	struct word device;
	struct word root;
	char point[PATH_BYTES]; /* without escapes */
	size_t point_length;
	struct word options;
	struct word type;
	struct word source;
	struct word super;
};

struct table {
	char *text;
	size_t length;
	size_t room;
};

enum format { FORMAT_MOUNTS, FORMAT_INFO, FORMAT_STATS };

struct writing {
	struct served *served;
	struct table table;
	enum format format;
	unsigned long root_id;
};

/* A place of the guest where something is mounted. */
struct place {
	struct word host;
	struct word guest;
	const struct view_bind *bind; /* NULL for the root */
	unsigned long id;
	unsigned long parent;
};

static struct word next_word(const char **at)
{
	struct word word = {.at = *at};

	while (**at != ' ' && **at != '\n' && **at != '\0')
		(*at)++;
	word.length = (size_t)(*at - word.at);
	if (**at == ' ')
		(*at)++;
	return word;
}

static size_t unescape(const struct word *word, char *to, size_t room)
{
	size_t length = 0;

	for (size_t i = 0; i < word->length && length + 1 < room; i++) {
		const char *at = word->at + i;

		if (at[0] == '\\' && i + 3 < word->length) {
			to[length++] = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + at[3] - '0');
			i += 3;
		} else {
			to[length++] = at[0];
		}
	}
	to[length] = '\0';
	return length;
}

/* Reads the line at `at`; where the next begins, NULL at the end of the table. */
static const char *read_mount(const char *at, struct mount *mount)
{
	struct word word;

	if (*at == '\0')
		return NULL;
	text_read_number(next_word(&at).at, &mount->id);
	text_read_number(next_word(&at).at, &mount->parent);
	mount->device = next_word(&at);
	mount->root = next_word(&at);
	word = next_word(&at);
	mount->point_length = unescape(&word, mount->point, sizeof(mount->point));
	mount->options = next_word(&at);
	do {
		word = next_word(&at);
	} while (word.length != 0 && !(word.length == 1 && word.at[0] == '-'));
	mount->type = next_word(&at);
	mount->source = next_word(&at);
	mount->super = next_word(&at);
	while (*at != '\n' && *at != '\0')
		at++;
	return *at == '\n' ? at + 1 : at;
}

/* Is `path` what is mounted on `point`, or below it? "/" covers all. */
static bool covers(const char *point, size_t length, const char *path, size_t path_length)
{
	if (length == 1)
		length = 0;
	return path_length >= length && memcmp(point, path, length) == 0 &&
	       (path_length == length || path[length] == '/' || length == 0);
}

static void add_escaped(struct text *out, const char *path, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)path[i];
		char octal[4] = {'\\', (char)('0' + (byte >> 6)), (char)('0' + (byte >> 3 & 7)),
			(char)('0' + (byte & 7))};

		if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\\')
			text_add_bytes(out, octal, sizeof(octal));
		else
			text_add_bytes(out, path + i, 1);
	}
}

static void add_word(struct text *out, const struct word *word)
{
	text_add_bytes(out, word->at, word->length);
	text_add(out, " ");
}

/* Options begin with "rw" or "ro". What comes behind that, with its comma. */
static struct word behind_mode(const struct word *options)
{
	return (struct word){.at = options->at + 2, .length = options->length - 2};
}

static void add_options(struct text *out, const struct mount *mount, bool read_only, bool both)
{
	struct word rest = behind_mode(&mount->options);
	struct word super = behind_mode(&mount->super);
	bool is_read_only = read_only || text_starts(mount->options.at, "ro") ||
			    (both && text_starts(mount->super.at, "ro"));

	text_add(out, is_read_only ? "ro" : "rw");
	text_add_bytes(out, rest.at, rest.length);
	if (both)
		text_add_bytes(out, super.at, super.length);
	text_add(out, " ");
}

/* The part of the file system that is seen there, behind what its own mount shows. */
static void add_root(struct text *out, const struct mount *mount, const struct place *place)
{
	size_t into = mount->point_length == 1 ? 0 : mount->point_length;

	/* The host's way to the tree is nobody's business. */
	if (place->bind == NULL) {
		text_add(out, "/ ");
		return;
	}
	if (mount->root.length > 1 || place->host.length <= into)
		text_add_bytes(out, mount->root.at, mount->root.length);
	if (place->host.length > into)
		add_escaped(out, place->host.at + into, place->host.length - into);
	text_add(out, " ");
}

static void write_info(struct writing *writing, const struct mount *mount,
	const struct place *place, const struct word *point)
{
	struct text *out = &writing->served->out;
	bool below = point->at != place->guest.at;

	text_add_number(out, (long)(below ? mount->id : place->id));
	text_add(out, " ");
	text_add_number(out, (long)(below ? place->id : place->parent));
	text_add(out, " ");
	add_word(out, &mount->device);
	if (below)
		add_word(out, &mount->root);
	else
		add_root(out, mount, place);
	add_escaped(out, point->at, point->length);
	text_add(out, " ");
	add_options(out, mount, place->bind != NULL && place->bind->read_only, false);
	text_add(out, "- ");
	add_word(out, &mount->type);
	add_word(out, &mount->source);
	text_add_bytes(out, mount->super.at, mount->super.length);
	text_add(out, "\n");
}

static void write_mount(struct writing *writing, const struct mount *mount,
	const struct place *place, const struct word *point)
{
	struct text *out = &writing->served->out;

	switch (writing->format) {
	case FORMAT_INFO:
		write_info(writing, mount, place, point);
		return;
	case FORMAT_STATS:
		text_add(out, "device ");
		add_word(out, &mount->source);
		text_add(out, "mounted on ");
		add_escaped(out, point->at, point->length);
		text_add(out, " with fstype ");
		text_add_bytes(out, mount->type.at, mount->type.length);
		text_add(out, "\n");
		return;
	case FORMAT_MOUNTS:
	default:
		add_word(out, &mount->source);
		add_escaped(out, point->at, point->length);
		text_add(out, " ");
		add_word(out, &mount->type);
		add_options(out, mount, place->bind != NULL && place->bind->read_only, true);
		text_add(out, "0 0\n");
		return;
	}
}

/* The mount of the host that holds this path: the deepest, and of several there the last. */
static bool find_mount(const struct writing *writing, const struct word *host, struct mount *found)
{
	const char *at = writing->table.text;
	const char *best = NULL;
	size_t best_length = 0;

	for (const char *next = read_mount(at, found); next != NULL; next = read_mount(at, found)) {
		if (found->point_length >= best_length &&
			covers(found->point, found->point_length, host->at, host->length)) {
			best = at;
			best_length = found->point_length;
		}
		at = next;
	}
	return best != NULL && read_mount(best, found) != NULL;
}

/* What is mounted below a place of the host, where no other bind hides it. */
static void write_below(struct writing *writing, const struct place *place, struct mount *mount)
{
	struct slot *slot = writing->served->slot;
	const char *at = writing->table.text;

	for (const char *next = read_mount(at, mount); next != NULL; next = read_mount(at, mount)) {
		struct text guest = text_in(slot->first_host, sizeof(slot->first_host));
		struct word point;

		at = next;
		if (mount->point_length <= place->host.length ||
			!covers(place->host.at, place->host.length == 0 ? 1 : place->host.length,
				mount->point, mount->point_length))
			continue;
		if (place->guest.length > 1)
			text_add_bytes(&guest, place->guest.at, place->guest.length);
		text_add(&guest, mount->point + place->host.length);
		if (view_bind_of(&engine.view, guest.at, guest.length) != place->bind)
			continue;
		point = (struct word){.at = guest.at, .length = guest.length};
		write_mount(writing, mount, place, &point);
	}
}

/* The number of the bind that this place is mounted in. */
static unsigned long id_of(const struct writing *writing, const struct view_bind *bind)
{
	return bind == NULL ? writing->root_id
			    : MADE_UP_ID + (unsigned long)(bind - engine.view.binds);
}

static unsigned long parent_of(const struct writing *writing, const struct view_bind *bind)
{
	size_t length = bind->guest_length;

	while (length > 0 && bind->guest[length - 1] != '/')
		length--;
	return id_of(writing, view_bind_of(&engine.view, bind->guest, length > 1 ? length - 1 : 1));
}

static void write_place(struct writing *writing, struct place *place)
{
	struct mount *mount = (struct mount *)(void *)writing->served->slot->bytes;

	_Static_assert(sizeof(struct mount) <= sizeof(writing->served->slot->bytes), "fits");
	if (!find_mount(writing, &place->host, mount))
		return;
	if (place->bind == NULL) {
		writing->root_id = mount->id;
		place->parent = mount->parent;
	} else {
		place->parent = parent_of(writing, place->bind);
	}
	place->id = id_of(writing, place->bind);
	write_mount(writing, mount, place, &place->guest);
	write_below(writing, place, mount);
}

static void write_all(struct writing *writing)
{
	const struct view *view = &engine.view;
	struct place root = {.host = {.at = view->root, .length = view->root_length},
		.guest = {.at = "/", .length = 1}};

	write_place(writing, &root);
	/* Shortest path first, so that each comes behind what it is mounted in. */
	for (size_t i = view->bind_count; i > 0; i--) {
		const struct view_bind *bind = &view->binds[i - 1];
		struct place place = {.host = {.at = bind->host, .length = bind->host_length},
			.guest = {.at = bind->guest, .length = bind->guest_length},
			.bind = bind};

		if (view_bind_of(view, bind->guest, bind->guest_length) == bind)
			write_place(writing, &place);
	}
}

/* The host's table, as this process sees it, into a mapping of its own. */
static long read_table(struct table *table)
{
	long file = sys_openat(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY | O_CLOEXEC, 0);
	long got = file < 0 ? file : 1;

	table->length = 0;
	while (got > 0) {
		got = table->length + 1 < table->room
			      ? sys_pread((int)file, table->text + table->length,
					table->room - 1 - table->length, (long)table->length)
			      : -E2BIG;
		if (got > 0)
			table->length += (size_t)got;
	}
	if (file >= 0)
		sys_close((int)file);
	table->text[table->length] = '\0';
	return got;
}

static long produce(struct served *served, enum format format)
{
	struct writing writing = {.served = served, .format = format};
	struct table *table = &writing.table;
	long error = -E2BIG;

	for (table->room = TABLE_FIRST; error == -E2BIG && table->room <= TABLE_MOST;
		table->room *= 4) {
		long memory = sys_mmap(0, table->room, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (sys_failed(memory))
			return memory;
		table->text = (char *)memory;
		error = read_table(table);
		if (error == 0)
			write_all(&writing);
		sys_munmap((unsigned long)memory, table->room);
	}
	return error;
}

long mounts_produce(struct served *served)
{
	return produce(served, FORMAT_MOUNTS);
}

long mounts_produce_info(struct served *served)
{
	return produce(served, FORMAT_INFO);
}

long mounts_produce_stats(struct served *served)
{
	return produce(served, FORMAT_STATS);
}
