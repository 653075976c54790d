# Commits, branches, a merge, clones by path and by file URL, gc, fsck.
set -e
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
export GIT_AUTHOR_DATE='2020-01-01T00:00:00Z' GIT_COMMITTER_DATE='2020-01-01T00:00:00Z'
git init -q -b main first && cd first
for i in $(seq 1 40); do
    mkdir -p "dir$((i % 7))"
    seq "$i" "$((i * 50))" >"dir$((i % 7))/file$i"
    git add . && git commit -q -m "commit $i"
done
git checkout -q -b side HEAD~5
echo side >side && git add side && git commit -q -m side
git checkout -q main && git merge -q --no-edit side
git log --oneline | head -n 3
git gc -q && git fsck --full
git count-objects -v | sed 's/size-pack: .*/size-pack/'
cd ..
git clone -q first second
git clone -q --bare "file://$PWD/first" third.git
git -C second log --format=%H -n 1
git -C second diff --stat HEAD~10 | tail -n 1
cd second && echo more >>side && git commit -q -a -m more && git push -q ../third.git main
git -C ../third.git log --format=%s -n 1
git stash list && git status --short && git grep -c 777 | head -n 3
