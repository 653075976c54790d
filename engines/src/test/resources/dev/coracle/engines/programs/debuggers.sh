# strace inside: its children are seen, stopped and continued.
cat >traced.c <<'END'
#include <stdio.h>
int main(void) { puts("traced"); return 3; }
END
gcc -O0 -o traced traced.c
strace -f -o trace sh -c './traced; exit 5'; echo "strace ended with $?"
grep -c '+++ exited with' trace; grep -oE '\+\+\+ exited with [0-9]+' trace | sort
