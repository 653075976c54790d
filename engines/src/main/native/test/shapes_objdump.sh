#!/bin/sh
# shapes_objdump.sh SHAPES FILE...: what becomes of each system call that objdump sees in FILEs, as a table with a row per
# file that has any and the totals. Fails when one is not proven, or one is proven that objdump does not know. What objdump
# calls syscall between bytes that it cannot decode is data: libcrypto has tables in its text.
set -eu
shapes=$1
shift
report=$(mktemp)
trap 'rm -f "$report"' EXIT

for file; do
	objdump -f "$file" 2>/dev/null | grep -q 'file format elf64-x86-64' || continue
	objdump -d -w "$file" 2>/dev/null | awk -F'[ :\t]+' '
		/\(bad\)/ { bad = NR }
		/\tsyscall/ { at[NR] = $2; data[NR] = bad > NR - 16 }
		NR - 16 in at { if (!data[NR - 16] && bad < NR - 16) print at[NR - 16]; delete at[NR - 16] }
		END { for (line in at) if (!data[line] && bad < line) print at[line] }' | "$shapes" "$file"
done >"$report"

grep -v ': total ' "$report" || true
awk 'BEGIN { print "calls left jump looked-up trap | file" }
	/: total / {
		files++
		for (i = 3; i < NF; i += 2) sum[$i] += $(i + 1)
		if ($4 > 0) printf "%d %d %d %d %d | %s\n", $4, $8, $10, $12, $14, substr($1, 1, length($1) - 1)
	}
	END {
		printf "%d %d %d %d %d | %d files; %d not proven, %d unknown to objdump, %d old calls\n", sum["syscalls"], \
			sum["passes"], sum["jump"], sum["jump-looked-up"], sum["trap"], files, sum["not-proven"], \
			sum["not-objdump'"'"'s"], sum["old"]
		exit sum["not-proven"] + sum["not-objdump'"'"'s"] > 0
	}' "$report"
