# A program of 100 files, built by make -j4, run, and built again after one file changed.
set -e
mkdir build && cd build
for i in $(seq 1 99); do
    printf '#include "all.h"\nint part_%d(int x) { return x * %d + 1; }\n' "$i" "$i" >"part$i.c"
    echo "int part_$i(int x);" >>all.h
done
{
    printf '#include <stdio.h>\n#include "all.h"\nint main(void)\n{\n\tlong sum = 0;\n'
    for i in $(seq 1 99); do printf '\tsum += part_%d(%d);\n' "$i" "$i"; done
    printf '\tprintf("sum %%ld\\n", sum);\n\treturn 0;\n}\n'
} >main.c
cat >Makefile <<'END'
objects := $(patsubst %.c,%.o,$(wildcard *.c))
program: $(objects)
	$(CC) -o $@ $^
%.o: %.c all.h
	$(CC) -O1 -Wall -Werror -c -o $@ $<
END
make -j4 >log
sort log | uniq -c | wc -l
./program
touch part7.c
make -j4
echo 'int main(void) { return undeclared; }' >broken.c
gcc -c broken.c || echo "gcc said $?"
printf '#include <iostream>\nint main() { try { throw 7; } catch (int n) { std::cout << n << std::endl; } }\n' >throws.cc
g++ -O1 -o throws throws.cc && ./throws
