#!/bin/sh
# sites_objdump.sh COMPARER [FILE...]: compares the syscall sites we prove, with unwind tables and
# without, with objdump's over FILEs, or over this machine's programs and libraries below 64 MB.
# Prints every missed and false site, then the totals. objdump also calls data in .text syscall.
set -eu
comparer=$1
shift
truth=$(mktemp)
report=$(mktemp)
trap 'rm -f "$truth" "$report"' EXIT

if [ $# -eq 0 ]; then
	find /usr/bin /usr/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-musl /usr/lib/jvm \
		/usr/libexec /usr/lib/gcc -type f -size -64M \
		\( -perm -100 -o -name '*.so*' \) | sort -u
else
	printf '%s\n' "$@"
fi | while read -r file; do
	objdump -f "$file" 2>/dev/null | grep -q 'file format elf64-x86-64' || continue
	objdump -d -w "$file" 2>/dev/null | awk -F'[ :\t]+' '/\tsyscall/ { print $2 }' >"$truth"
	for mode in with without; do
		"$comparer" "$file" "$mode" <"$truth" | sed "s|^|$mode |"
	done
done >"$report"

grep -v ': total ' "$report" || true
awk '/: total / { files[$1]++; for (i = 4; i < NF; i += 2) sum[$1, $i] += $(i + 1) }
	END { for (mode in files) print mode " unwind tables: " files[mode] " files, " \
		sum[mode, "candidates"] " candidates, " sum[mode, "syscalls"] " syscalls, " \
		sum[mode, "missed"] " missed, " sum[mode, "false"] " false, " \
		sum[mode, "numbers"] " with a known number" }' "$report"
