#!/bin/sh
# What "coracle demo" runs inside its image. Arguments: places outside that must not be seen. Input: lines to sort.
has() { command -v "$1" >/dev/null; }
say() { printf '%-10s %s\n' "$1" "$2"; }

has uname && say kernel "$(uname -srm)"
has id && say user "$(id)"
# shellcheck disable=SC2012 # only names of this image, shown to a person
has ls && has tr && say 'files in /' "$(ls / | tr '\n' ' ')"
has env && has sort && say variables "$(env | sort | while IFS='=' read -r name _; do printf '%s ' "$name"; done)"
has sort && has tr && say sorted "$(sort | tr '\n' ' ')"
has sha256sum && has head && say 'sha256 sh' "$(sha256sum /bin/sh | head -c 32)..."

echo visit >>/tmp/visits
has wc && say visits "$(wc -l </tmp/visits) (a file in /tmp of the image counts them)"

for place; do
    if [ -e "$place" ]; then
        say 'ESCAPED' "$place of the host is here"
        exit 1
    fi
    say 'not here' "$place"
done
[ -z "$AWS_SECRET_ACCESS_KEY$AWS_SESSION_TOKEN" ] || exit 1
say 'not here' "the function's AWS credentials"
