#!/bin/sh
# decode_objdump.sh COMPARER [FILE...]: compares our decoder with objdump over FILEs, or over this
# machine's programs and libraries below 64 MB. Prints every disagreement, then the totals.
set -eu
comparer=$1
shift
report=$(mktemp)
trap 'rm -f "$report"' EXIT

if [ $# -eq 0 ]; then
	find /usr/bin /usr/lib/x86_64-linux-gnu /usr/lib/jvm /usr/libexec /usr/lib/gcc \
		-type f -size -64M \( -perm -100 -o -name '*.so*' \) -exec realpath {} + | sort -u
else
	printf '%s\n' "$@"
fi | while read -r file; do
	objdump -f "$file" 2>/dev/null | grep -q 'file format elf64-x86-64' || continue
	objdump -d -w -M intel64 "$file" 2>/dev/null | "$comparer" | sed "s|^|$file: |"
done >"$report"

grep -v ': compared ' "$report" || true
awk '/: compared / { files++; for (i = 2; i < NF; i += 2) sum[$i] += $(i + 1) }
	END { print files " files, " sum["compared"] " instructions, " \
		sum["length-differences"] " length differences, " \
		sum["flow-differences"] " flow differences"
		exit sum["length-differences"] + sum["flow-differences"] > 0 }' "$report"
