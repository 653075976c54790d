# 20 packages installed by apt and dpkg, with their users and set-uid programs, then checked and removed.
export DEBIAN_FRONTEND=noninteractive
rm -f /etc/apt/apt.conf.d/docker*
apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 /opt/debs/*.deb >log 2>&1; echo "install ended with $?"
grep -E '^(E|dpkg: error|dpkg: warning):' log
dpkg -l sudo rsync cron nano vim-tiny less | awk '/^[a-z]i/ || /^ii/ { print $1, $2, $3 }'
dpkg --audit; dpkg -V sudo rsync cron nano less tree; echo "verify ended with $?"
stat -c '%n %a %u:%g %F' /usr/bin/sudo /usr/bin/crontab /etc/sudoers /etc/sudoers.d /usr/bin/nano /var/spool/cron/crontabs
getent group crontab | cut -d: -f1; grep -c . /var/lib/dpkg/info/sudo.list
tree --noreport -d /etc/sudoers.d; rsync -a /etc/skel/ copy && ls -A copy; echo 'define(x,3)x' | m4
apt-get purge -y -q -o Dpkg::Use-Pty=0 nano tree >log2 2>&1; echo "purge ended with $?"; ls /usr/bin/tree /usr/bin/nano 2>&1
