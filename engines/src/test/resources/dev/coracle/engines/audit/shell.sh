# Debian's shell, coreutils, findutils, tar and gzip, with links that would lead out if the kernel followed them.
cd /work && mkdir -p a/b && ln -s /etc/hostname absolute && ln -s ../../../../../../etc dots && ln -s / root
cat absolute dots/passwd root/etc/debian_version ../../../../../etc/group >/dev/null
ls -laR a >/dev/null; cp -a /etc/apt a/apt; mv a/apt a/b/moved; rm -rf a/b/moved
cat "$HOST_ONLY" "root$HOST_ONLY" "/proc/self/root$HOST_ONLY" "/proc/self/cwd/../..$HOST_ONLY" 2>/dev/null
for f in "$HOST_ONLY" "root/..$HOST_ONLY"; do [ -e "$f" ] && exit 9; echo x 2>/dev/null >"$f"; rm -f "$f"; stat "$f" 2>/dev/null; done
cat /mnt/data/file; echo more >/mnt/data/new; ln -s ../../../../etc/shadow /mnt/data/link; cat /mnt/data/link >/dev/null; mv /mnt/data/new a/new
find / -maxdepth 2 -xdev >/dev/null; find a -type f -exec cat {} +; seq 9 | xargs -P2 -n2 echo >/dev/null
touch -d 2001-01-01 f; chmod 600 f; chown 1:1 f; truncate -s 9 f; ln f g; stat -c %n f absolute; readlink -f absolute dots
tar cf - a absolute | (mkdir x; cd x; tar xf -; ls >/dev/null); gzip f; zcat f.gz >/dev/null
readlink /proc/self/exe /proc/self/cwd /proc/self/root; df / >/dev/null; exec 3</etc/passwd; cat /dev/fd/3 >/dev/null
printf '#!/bin/sh\necho script "$0"\n' >s; chmod +x s; ./s; cd dots && pwd && cd - >/dev/null; mknod p p; timeout 5 true
sh -c 'kill -9 $$'; none 2>/dev/null; bash -c 'cat <(echo substitution)'; exit 0
