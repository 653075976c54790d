# A static busybox: everything is one program.
b=/opt/guests/busybox
cd /work; $b mkdir -p a/b; $b ln -s /etc/hostname l; $b cat l /mnt/data/file; $b ln -s / root; $b ls root >/dev/null
$b cat "$HOST_ONLY" 2>/dev/null && exit 9; $b ls "root$HOST_ONLY" 2>/dev/null && exit 9
$b find /etc -name 'pass*' | $b sort; $b cp -a /etc/apt a; $b rm -rf a; $b readlink -f l; $b stat -c %n /etc/passwd
$b tar cf t.tar l root/etc/debian_version; $b tar tf t.tar; $b chmod 700 t.tar; $b touch t.tar; $b rm t.tar
$b readlink /proc/self/exe; $b sh -c 'cd /etc && pwd'; $b timeout 5 $b true; exit 0
