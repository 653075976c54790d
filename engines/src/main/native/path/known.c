#include "path/known.h"

#include "base/mem.h"

enum { WORD = sizeof(unsigned long) };

static unsigned long stir(unsigned long hash, unsigned long bytes)
{
	hash = (hash ^ bytes) * 0x9e3779b97f4a7c15UL;
	return hash ^ hash >> 32;
}

/* By whole words; the last one may hold bytes of the one before once more. */
static unsigned hash_of(const char *text, size_t length)
{
	unsigned long hash = length;
	unsigned long bytes = 0;

	if (length < WORD) {
		for (size_t i = 0; i < length; i++)
			bytes = bytes << 8 | (unsigned char)text[i];
		return (unsigned)stir(hash, bytes);
	}
	for (size_t i = 0; i + WORD < length; i += WORD) {
		memcpy(&bytes, text + i, WORD);
		hash = stir(hash, bytes);
	}
	memcpy(&bytes, text + length - WORD, WORD);
	return (unsigned)stir(hash, bytes);
}

static size_t place_of(unsigned hash)
{
	return (hash ^ hash >> 15) % KNOWN_COUNT;
}

static bool matches(const struct known_entry *entry, unsigned hash, const char *text, size_t length,
	const struct known_moment *moment)
{
	return entry->hash == hash && entry->text_length == length && entry->when == moment->when &&
	       entry->view == moment->view && moment->age - entry->age <= moment->age_most &&
	       memcmp(entry->text, text, length) == 0;
}

bool known_find(const struct known *known, const char *text, size_t length,
	const struct known_moment *moment, struct text *guest, unsigned *links)
{
	unsigned hash = hash_of(text, length);
	const struct known_entry *entry = &known->entries[place_of(hash)];
	unsigned version = __atomic_load_n(&entry->version, __ATOMIC_ACQUIRE);

	if (version % 2 != 0 || version == 0 || length > KNOWN_BYTES ||
		!matches(entry, hash, text, length, moment))
		return false;
	text_clear(guest);
	/* Not more than there is room for, whatever a writer is doing to it. */
	text_add_bytes(guest, entry->guest,
		entry->guest_length <= KNOWN_BYTES ? entry->guest_length : KNOWN_BYTES);
	*links = entry->links;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (__atomic_load_n(&entry->version, __ATOMIC_RELAXED) == version)
		return true;
	/* Somebody has written meanwhile: what was read may be of two texts. */
	text_clear(guest);
	*links = 0;
	return false;
}

void known_add(struct known *known, const char *text, size_t length,
	const struct known_moment *moment, const struct text *guest, unsigned links)
{
	unsigned hash = hash_of(text, length);
	struct known_entry *entry = &known->entries[place_of(hash)];
	unsigned version = __atomic_load_n(&entry->version, __ATOMIC_RELAXED);

	if (length > KNOWN_BYTES || guest->length > KNOWN_BYTES)
		return;
	/* Somebody else writes it, or we interrupted ourselves; or a writer was killed long ago. */
	if (version % 2 != 0 && moment->age - entry->age <= moment->age_most)
		return;
	if (!__atomic_compare_exchange_n(&entry->version, &version, (version | 1) + 2, false,
		    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	version = (version | 1) + 2;
	entry->age = moment->age;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	entry->hash = hash;
	entry->text_length = (unsigned short)length;
	entry->guest_length = (unsigned short)guest->length;
	entry->links = links;
	entry->when = moment->when;
	entry->view = moment->view;
	memcpy(entry->text, text, length);
	memcpy(entry->guest, guest->at, guest->length);
	/* Unless somebody took it for abandoned. */
	__atomic_compare_exchange_n(
		&entry->version, &version, version + 1, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}
