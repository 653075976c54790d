#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/builder.h"
#include "intercept/engine.h"
#include "intercept/index.h"
#include "test/check.h"

/* intercept/index.c and command/builder.c: what is written is found again, and nothing else is. */

struct engine engine;
static unsigned char build = 1;
static char path[] = "/tmp/index_tableXXXXXX";
static char page[4096];

enum { PLAIN_INODE = 11, CODE_INODE = 12, DEVICE = 7 };

long index_read_build(unsigned char bytes[INDEX_BUILD_BYTES])
{
	memset(bytes, build, INDEX_BUILD_BYTES);
	return 0;
}

static void add_entry(const struct builder *builder, unsigned long inode, unsigned code)
{
	*builder_entry(builder, inode) = (struct index_entry){.inode = inode,
		.size = 1000,
		.modified = 5,
		.modified_nanos = 6,
		.changed = 7,
		.changed_nanos = 8,
		.code = code};
}

static void write_index(void)
{
	static struct index_entry entries[1 << BUILDER_ENTRY_BITS];
	static struct index_code codes[1];
	static char names[64];
	struct builder builder = {.file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600),
		.at = 4096,
		.tree = 1,
		.entries = entries,
		.files = 2,
		.codes = codes,
		.code_count = 1,
		.names = text_in(names, sizeof(names))};

	text_add_bytes(&builder.names, "/lib/x", 7);
	codes[0] = (struct index_code){.low = 0,
		.high = 0x3000,
		.stubs = 8192,
		.stubs_length = 4096,
		.traps = 64,
		.segment_count = 1,
		.run_count = 1,
		.segments = {{.address = 0x1000,
			.offset = 0x1000,
			.length = 0x1000,
			.trap_count = 2,
			.run_count = 1}},
		.runs = {{.offset = 0x1000, .length = 0x1000, .at = 4096}}};
	memset(entries, 0, sizeof(entries));
	add_entry(&builder, PLAIN_INODE, 0);
	add_entry(&builder, CODE_INODE, 1);
	check_number("pages", 0, builder_append(&builder, page, sizeof(page)));
	check_number("stubs", 0, builder_append(&builder, page, 100));
	check_number("finish", 0, builder_finish(&builder));
	close(builder.file);
}

static void change_byte(long at)
{
	int file = open(path, O_RDWR);
	unsigned char byte;

	check_number("read", 1, pread(file, &byte, 1, at));
	byte ^= 1;
	check_number("write", 1, pwrite(file, &byte, 1, at));
	close(file);
}

static long check_now(void)
{
	return index_check(path, &engine.index);
}

static void broken_ones_are_refused(void)
{
	struct stat status;

	for (long at = 0; at < (long)sizeof(struct index_header); at++) {
		change_byte(at);
		check_number("header", -EILSEQ, check_now());
		change_byte(at);
	}
	stat(path, &status);
	for (long at = 3 * 4096; at < status.st_size; at++) {
		change_byte(at);
		check_number("tables", -EILSEQ, check_now());
		change_byte(at);
	}
	check_number("whole again", 0, check_now());
	check_number("cut", 0, truncate(path, status.st_size - 1));
	check_number("cut", -EILSEQ, check_now());
	check_number("empty", 0, truncate(path, 0));
	check_number("empty", -EILSEQ, check_now());
	write_index();
	build = 2;
	check_number("another build", -ESTALE, check_now());
	build = 1;
	check_number("missing", -ENOENT, index_check("/tmp/no-such-index", &engine.index));
}

static struct stat known(unsigned long inode)
{
	struct stat status = {.st_dev = DEVICE, .st_ino = inode, .st_size = 1000};

	status.st_mtim = (struct timespec){.tv_sec = 5, .tv_nsec = 6};
	status.st_ctim = (struct timespec){.tv_sec = 7, .tv_nsec = 8};
	return status;
}

static void only_the_same_file_is_found(void)
{
	const struct index_code *code = NULL;
	struct stat status = known(PLAIN_INODE);

	check_number("plain", INDEX_PLAIN, index_find(&status, &code));
	status = known(CODE_INODE);
	check_number("code", INDEX_CODE, index_find(&status, &code));
	check_number("high", 0x3000, (long)code->high);
	status = known(13);
	check_number("inode", INDEX_UNKNOWN, index_find(&status, &code));
	status = known(CODE_INODE);
	status.st_dev++;
	check_number("device", INDEX_UNKNOWN, index_find(&status, &code));
	status = known(CODE_INODE);
	status.st_size++;
	check_number("size", INDEX_UNKNOWN, index_find(&status, &code));
	status = known(CODE_INODE);
	status.st_mtim.tv_sec++;
	check_number("modified", INDEX_UNKNOWN, index_find(&status, &code));
	status = known(CODE_INODE);
	status.st_mtim.tv_nsec++;
	check_number("modified", INDEX_UNKNOWN, index_find(&status, &code));
	status = known(CODE_INODE);
	status.st_ctim.tv_sec++;
	check_number("changed", INDEX_UNKNOWN, index_find(&status, &code));
	status = known(CODE_INODE);
	status.st_ctim.tv_nsec++;
	check_number("changed", INDEX_UNKNOWN, index_find(&status, &code));
}

static void pages_tell_their_original(void)
{
	struct index_original original = {.path = ""};

	check_number("header", INDEX_NOTHING, index_original_of(0, &original));
	check_number("text", INDEX_TEXT, index_original_of(4096 + 17, &original));
	check_text("path", "/lib/x", original.path);
	check_number("offset", 0x1011, (long)original.offset);
	check_number("stubs", INDEX_STUBS, index_original_of(8192, &original));
	check_number("tables", INDEX_NOTHING, index_original_of(3 * 4096, &original));
}

static void one_that_was_replaced_is_not_used(void)
{
	long file;

	engine.index.path = path;
	file = index_open();
	check_number("open", true, file >= 0);
	check_number("use", 0, index_use((int)file));
	close((int)file);
	unlink(path);
	check_number("removed", -ENOENT, index_open());
	write_index();
	check_number("replaced", -ESTALE, index_open());
}

int main(void)
{
	close(mkstemp(path));
	write_index();
	check_number("check", 0, check_now());
	broken_ones_are_refused();
	check_number("check", 0, check_now());
	engine.index.tree_device = DEVICE;
	one_that_was_replaced_is_not_used();
	only_the_same_file_is_found();
	pages_tell_their_original();
	unlink(path);
	return check_report("index");
}
