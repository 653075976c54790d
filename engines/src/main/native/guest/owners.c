#include "guest/owners.h"

#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/stat.h>

#include "base/mem.h"
#include "base/sys.h"
#include "base/text.h"
#include "guest/owners_format.h"
#include "intercept/own.h"
#include "machine.h"
#include "path/view.h"

/* How much more than there is gets mapped, so that a growing table is seldom mapped anew. */
enum { MAP_AHEAD = 1 << 20 };

/*
 * Threads read both; `size` is stored last and never shrinks. An older, smaller mapping stays: some
 * thread may be reading in it.
 */
static unsigned char *map_at;
static size_t map_size;
static size_t file_size; /* that much of the file is known to be there */
static bool writable;
static const char *table_path;

static struct owners_header *header(void)
{
	return (struct owners_header *)(void *)map_at;
}

static size_t record_at(unsigned index)
{
	return OWNERS_RECORDS_AT + (size_t)index * OWNERS_RECORD_BYTES;
}

static unsigned *bucket_of(unsigned long device, unsigned long inode)
{
	unsigned long hash = (inode ^ device * OWNERS_DEVICE_MIX) * OWNERS_INODE_MIX;

	return (unsigned *)(void *)(map_at + OWNERS_BUCKETS_AT) + (hash >> OWNERS_HASH_SHIFT);
}

static long map_file(long file, size_t size)
{
	long mapped = sys_mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, (int)file, 0);

	/* A table that may only be read still tells what it knows. */
	writable = !sys_failed(mapped);
	if (mapped == -EACCES)
		mapped = sys_mmap(0, size, PROT_READ, MAP_SHARED, (int)file, 0);
	if (sys_failed(mapped))
		return mapped;
	own_add((unsigned long)mapped,
		(unsigned long)mapped + ((size + MACHINE_PAGE - 1) & ~(size_t)(MACHINE_PAGE - 1)));
	__atomic_store_n(&map_at, (unsigned char *)mapped, __ATOMIC_RELEASE);
	__atomic_store_n(&map_size, size, __ATOMIC_RELEASE);
	return 0;
}

static long open_table(const char *path)
{
	long file = sys_openat(AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);

	if (file == -EACCES || file == -EROFS)
		file = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	return file;
}

static long size_of(long file)
{
	struct statx status;
	long error = sys_statx((int)file, "", AT_EMPTY_PATH, STATX_SIZE, &status);

	return error < 0 ? error : (long)status.stx_size;
}

long owners_open(const char *path)
{
	long file = open_table(path);
	long size = file < 0 ? file : size_of(file);

	if (size >= 0 && size < (long)record_at(0))
		size = -EINVAL;
	if (size >= 0)
		size = map_file(file, (size_t)size + MAP_AHEAD) < 0 ? -ENOMEM : size;
	if (file >= 0)
		sys_close((int)file);
	if (size < 0)
		return size;
	if (memcmp(header()->mark, OWNERS_MARK, sizeof(header()->mark)) != 0 ||
		header()->version != OWNERS_VERSION) {
		map_at = NULL;
		map_size = 0;
		return -EPROTO;
	}
	file_size = (size_t)size;
	table_path = path;
	return 0;
}

/* The record, which the mapping may have to grow for. NULL when it cannot be had. */
static struct owners_record *reach(unsigned index)
{
	size_t end = record_at(index + 1);

	if (end > __atomic_load_n(&map_size, __ATOMIC_ACQUIRE)) {
		long file = open_table(table_path);
		long error = file < 0 ? file : map_file(file, end + end / 2 + MAP_AHEAD);

		if (file >= 0)
			sys_close((int)file);
		if (error < 0)
			return NULL;
	}
	return (struct owners_record *)(void *)(map_at + record_at(index));
}

static struct owners_record *search(unsigned long device, unsigned long inode, unsigned head)
{
	for (unsigned index = head; index != 0;) {
		struct owners_record *record = reach(index);

		if (record == NULL || (record->device == device && record->inode == inode))
			return record;
		index = record->next;
	}
	return NULL;
}

static struct owners_record *find(unsigned long device, unsigned long inode)
{
	if (map_at == NULL)
		return NULL;
	return search(device, inode, __atomic_load_n(bucket_of(device, inode), __ATOMIC_ACQUIRE));
}

bool owners_find(unsigned long device, unsigned long inode, struct owners_entry *entry)
{
	const struct owners_record *record = find(device, inode);
	unsigned long what;
	unsigned long owner;

	if (record == NULL)
		return false;
	do {
		what = __atomic_load_n(&record->what, __ATOMIC_ACQUIRE);
		owner = __atomic_load_n(&record->owner, __ATOMIC_RELAXED);
		entry->birth = __atomic_load_n(&record->birth, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (__atomic_load_n(&record->what, __ATOMIC_RELAXED) != what);
	entry->has_owner = (what & OWNERS_HAS_OWNER) != 0;
	entry->has_mode = (what & OWNERS_HAS_MODE) != 0;
	entry->user = (unsigned)(owner >> 32);
	entry->group = (unsigned)owner;
	entry->mode = (unsigned)(what & OWNERS_MODE_BITS);
	entry->special = (unsigned)(what >> 32);
	return (what & OWNERS_LIVE) != 0 && (entry->has_owner || entry->has_mode);
}

/*
 * Makes the file long enough for one more record. A chunk ends with a field that is always 0, so
 * that two processes that lengthen it at once do no harm.
 */
static long lengthen(unsigned index)
{
	size_t end = record_at((index / OWNERS_CHUNK + 1) * OWNERS_CHUNK);
	unsigned char zero = 0;
	long file;
	long error;

	if (record_at(index + 1) <= file_size)
		return 0;
	file = sys_openat(AT_FDCWD, table_path, O_RDWR | O_CLOEXEC, 0);
	if (file < 0)
		return file;
	error = size_of(file);
	if (error >= 0 && (size_t)error < end) {
		/* Blocks that are there cannot be missing when the mapping is written to. */
		error = sys_fallocate((int)file, 0, (long)end);
		if (error == -EOPNOTSUPP || error == -ENOSYS)
			error = sys_pwrite((int)file, &zero, 1, (long)end - 1);
	}
	sys_close((int)file);
	if (error < 0)
		return error;
	file_size = end;
	return 0;
}

static struct owners_record *add(const struct owners_key *key, long *error)
{
	unsigned *bucket = bucket_of(key->device, key->inode);
	unsigned head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
	struct owners_record *record = search(key->device, key->inode, head);
	unsigned index;

	if (record != NULL)
		return record;
	index = __atomic_fetch_add(&header()->used, 1, __ATOMIC_RELAXED);
	*error = index < OWNERS_RECORDS_MOST ? lengthen(index) : -ENOSPC;
	record = *error < 0 ? NULL : reach(index);
	if (record == NULL) {
		*error = *error < 0 ? *error : -ENOMEM;
		return NULL;
	}
	record->device = key->device;
	record->inode = key->inode;
	record->birth = key->birth;
	record->owner = 0;
	record->what = OWNERS_LIVE;
	do {
		/* Another process may have been faster: then its record is the one. */
		struct owners_record *other = search(key->device, key->inode, head);

		if (other != NULL)
			return other;
		record->next = head;
	} while (!__atomic_compare_exchange_n(
		bucket, &head, index, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
	return record;
}

/* The record of this very file; one that was left by an earlier file of its number is taken over.
 */
static struct owners_record *take(const struct owners_key *key, long *error)
{
	struct owners_record *record = add(key, error);
	unsigned long what;

	if (record == NULL)
		return NULL;
	what = __atomic_load_n(&record->what, __ATOMIC_ACQUIRE);
	if ((what & OWNERS_LIVE) != 0 && record->birth == key->birth)
		return record;
	/* Who is killed between these leaves a record that says nothing. */
	if (__atomic_compare_exchange_n(
		    &record->what, &what, 0, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		__atomic_store_n(&record->birth, key->birth, __ATOMIC_RELAXED);
		__atomic_store_n(&record->what, OWNERS_LIVE, __ATOMIC_RELEASE);
	}
	return record;
}

/* Replaces the bits of `mask` in a record's `what`. */
static void change(struct owners_record *record, unsigned long mask, unsigned long bits)
{
	unsigned long what = __atomic_load_n(&record->what, __ATOMIC_ACQUIRE);

	while (!__atomic_compare_exchange_n(&record->what, &what, (what & ~mask) | bits, false,
		__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		continue;
}

/*
 * The record to write into: 1, or -errno. A table that cannot be written to remembers nothing,
 * which is no error: 0.
 */
static long record_to_set(const struct owners_key *key, struct owners_record **record)
{
	long error = 0;

	if (!writable)
		return 0;
	*record = take(key, &error);
	return *record == NULL ? error : 1;
}

long owners_set_owner(const struct owners_key *key, unsigned user, unsigned group)
{
	struct owners_record *record;
	long found = record_to_set(key, &record);

	if (found <= 0)
		return found;
	__atomic_store_n(&record->owner, (unsigned long)user << 32 | group, __ATOMIC_RELEASE);
	change(record, 0, OWNERS_HAS_OWNER);
	return 0;
}

long owners_set_mode(const struct owners_key *key, unsigned mode, unsigned special)
{
	struct owners_record *record;
	long found = record_to_set(key, &record);

	if (found <= 0)
		return found;
	change(record, OWNERS_MODE_BITS | OWNERS_SPECIAL_BITS,
		OWNERS_HAS_MODE | mode | (unsigned long)special << 32);
	return 0;
}

static void drop(const struct owners_key *key, unsigned long bit)
{
	struct owners_record *record = find(key->device, key->inode);

	if (record != NULL && record->birth == key->birth &&
		(__atomic_load_n(&record->what, __ATOMIC_ACQUIRE) & bit) != 0)
		change(record, bit, 0);
}

void owners_drop_owner(const struct owners_key *key)
{
	drop(key, OWNERS_HAS_OWNER);
}

void owners_drop_mode(const struct owners_key *key)
{
	drop(key, OWNERS_HAS_MODE);
}

void owners_forget(unsigned long device, unsigned long inode)
{
	struct owners_record *record = find(device, inode);

	if (record != NULL)
		__atomic_store_n(&record->what, 0, __ATOMIC_RELEASE);
}

bool owners_any(void)
{
	return map_at != NULL && header()->used > 1;
}

void owners_base(unsigned *user, unsigned *group)
{
	if (map_at == NULL)
		return;
	*user = header()->user;
	*group = header()->group;
}

unsigned owners_flags(void)
{
	return map_at == NULL ? 0 : header()->flags;
}

void owners_set_flag(unsigned flag)
{
	if (writable)
		__atomic_fetch_or(&header()->flags, flag, __ATOMIC_RELAXED);
}
