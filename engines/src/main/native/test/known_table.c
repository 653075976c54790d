#include "path/known.h"
#include "test/check.h"

/* path/known.c: what is remembered, and when it counts no more. */

static struct known known;

static const char *find(const char *text, unsigned long when, unsigned long age)
{
	static char bytes[256];
	struct known_moment moment = {.when = when, .age = age, .age_most = 10};
	struct text guest = text_in(bytes, sizeof(bytes));
	unsigned links = 0;

	return known_find(&known, text, strlen(text), &moment, &guest, &links) ? bytes : "-";
}

static void add(const char *text, const char *directory, unsigned long when, unsigned long age)
{
	char bytes[4096];
	struct known_moment moment = {.when = when, .age = age, .age_most = 10};
	struct text guest = text_in(bytes, sizeof(bytes));

	text_add(&guest, directory);
	known_add(&known, text, strlen(text), &moment, &guest, 3);
}

static void remembers_until_something_changes(void)
{
	check_text("nothing at first", "-", find("/lib/", 7, 100));
	add("/lib/", "/usr/lib", 7, 100);
	check_text("found", "/usr/lib", find("/lib/", 7, 105));
	check_text("another text", "-", find("/lib", 7, 105));
	check_text("a longer text", "-", find("/lib/x/", 7, 105));
	check_text("links have changed", "-", find("/lib/", 8, 105));
	check_text("too old", "-", find("/lib/", 7, 111));
	add("/lib/", "/other", 8, 120);
	check_text("the newer one", "/other", find("/lib/", 8, 121));
}

static void tells_views_apart(void)
{
	char bytes[64];
	struct known_moment moment = {.when = 8, .age = 121, .age_most = 10, .view = 1};
	struct text guest = text_in(bytes, sizeof(bytes));
	unsigned links = 0;

	check_number("another view", 0, known_find(&known, "/lib/", 5, &moment, &guest, &links));
}

static void tells_how_many_links(void)
{
	char bytes[64];
	struct known_moment moment = {.when = 8, .age = 121, .age_most = 10};
	struct text guest = text_in(bytes, sizeof(bytes));
	unsigned links = 0;

	known_find(&known, "/lib/", 5, &moment, &guest, &links);
	check_number("links", 3, links);
}

static void leaves_out_what_is_too_long(void)
{
	char longer[KNOWN_BYTES + 2];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	add(longer, "/a", 8, 100);
	check_text("a long text", "-", find(longer, 8, 100));
	add("/short/", longer, 8, 100);
	check_text("a long directory", "-", find("/short/", 8, 100));
}

static void keeps_its_size(void)
{
	char name[32];
	int found = 0;

	for (int i = 0; i < 10 * KNOWN_COUNT; i++) {
		snprintf(name, sizeof(name), "/directory/%d/", i);
		add(name, name, 8, 200);
	}
	for (int i = 0; i < 10 * KNOWN_COUNT; i++) {
		snprintf(name, sizeof(name), "/directory/%d/", i);
		if (strcmp(find(name, 8, 200), name) == 0)
			found++;
	}
	check_number("most places are in use", 1, found > KNOWN_COUNT / 2 && found <= KNOWN_COUNT);
}

static void is_not_read_while_it_is_written(void)
{
	add("/lib/", "/usr/lib", 9, 300);
	for (size_t i = 0; i < KNOWN_COUNT; i++)
		known.entries[i].version |= 1;
	check_text("half written", "-", find("/lib/", 9, 300));
	add("/lib/", "/other", 9, 305);
	check_text("still half written", "-", find("/lib/", 9, 305));
	add("/lib/", "/taken/over", 9, 320);
	check_text("its writer was killed", "/taken/over", find("/lib/", 9, 321));
}

int main(void)
{
	remembers_until_something_changes();
	tells_how_many_links();
	tells_views_apart();
	leaves_out_what_is_too_long();
	keeps_its_size();
	is_not_read_while_it_is_written();
	return check_report("known");
}
