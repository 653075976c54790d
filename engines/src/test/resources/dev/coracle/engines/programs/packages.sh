# 25 packages from an archive on the disk, installed by apt with their users and set-uid programs, then checked and purged.
export DEBIAN_FRONTEND=noninteractive
cd /opt/debs && for deb in *.deb; do
    dpkg-deb -f "$deb"; echo "Filename: ./$deb"; stat -c 'Size: %s' "$deb"; echo "SHA256: $(sha256sum "$deb" | cut -d' ' -f1)"; echo
done >Packages
cd /work && rm -rf /etc/apt/sources.list.d/* && echo 'deb [trusted=yes] file:/opt/debs ./' >/etc/apt/sources.list
apt-get update -q >update.log 2>&1; echo "update ended with $?"; grep -E '^[EW]:' update.log
names=$(sed -n 's/^Package: //p' /opt/debs/Packages)
apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 $names >log 2>&1; echo "install ended with $?"
grep -E '^(E|W|dpkg: error|dpkg: warning):' log; grep -E 'newly installed' log
dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Version}\n' $names
dpkg --audit; dpkg -V; echo "verify ended with $?"
stat -c '%n %a %u:%g %F' /usr/bin/sudo /usr/bin/crontab /etc/sudoers /etc/sudoers.d /usr/bin/nano /var/spool/cron/crontabs
getent group crontab | cut -d: -f1; grep -c . /var/lib/dpkg/info/sudo.list
tree --noreport -d /etc/sudoers.d; rsync -a /etc/skel/ copy && ls -A copy; echo 'define(x,3)x' | m4
useradd -m -s /bin/sh sailor && echo 'sailor ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/sailor && su sailor -c 'sudo -n id; crontab -l'
apt-get purge -y -q -o Dpkg::Use-Pty=0 nano tree cron >log2 2>&1; echo "purge ended with $?"; ls /usr/bin/tree /usr/bin/nano /usr/bin/crontab 2>&1
dpkg -V; echo "verify ended with $?"
exit 0
