#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# A Debian 12 machine from nothing to serving. Run as root; run it again after each step it asks
# for, and to upgrade: it makes only what is missing, and draws no key twice.
#
#   sh install.sh FOLDER    # with encrier-*.whl and encrier_answers-*.whl of one release
set -eu
umask 022

wheels=${1:?"the folder of the wheels: sh install.sh FOLDER"}
here=$(dirname "$(readlink -f "$0")")
etc=/etc/encrier-answers
opt=/opt/encrier-answers
user=encrier-answers

say() { printf '%s\n' "$*" >&2; }

[ "$(id -u)" = 0 ] || { say "Run this as root."; exit 2; }

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    apt-get update -q
    apt-get install -qy --no-install-recommends python3-venv
fi

id "$user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"

[ -x "$opt/bin/python" ] || python3 -m venv "$opt"
"$opt/bin/pip" install --quiet --upgrade "$wheels"/encrier-*.whl "$wheels"/encrier_answers-*.whl

install -d -m 0755 "$etc" /srv/encrier-answers/bundles /srv/encrier-answers/player
install -d -m 0700 "$etc/keys"
[ -e "$etc/keys/store.key" ] || "$opt/bin/encrier" answers draw-key --kind store --out "$etc/keys/store.key"
if [ ! -e "$etc/keys/receipt.key" ]; then
    say "Send this public half of the receipt key to the ministry, for the manifest:"
    "$opt/bin/encrier" answers draw-key --out "$etc/keys/receipt.key"
fi
[ -e "$etc/settings.env" ] || install -m 0644 "$here/settings.env.example" "$etc/settings.env"

install -m 0644 "$here/encrier-answers.service" /etc/systemd/system/encrier-answers.service
install -m 0644 "$here/60-encrier-answers.conf" /etc/sysctl.d/60-encrier-answers.conf
install -m 0755 "$here/encrier-answers" /usr/local/sbin/encrier-answers
sysctl --quiet --load /etc/sysctl.d/60-encrier-answers.conf || say "The kernel refused a setting: encrier-answers doctor tells."
systemctl daemon-reload

missing=""
for file in "$etc/manifest.json" "$etc/tls.pem" "$etc/keys/tls.key"; do
    [ -s "$file" ] || missing="$missing $file"
done
if [ -n "$missing" ]; then
    say "Still to be put in place, then run this again:$missing"
    say "and fill in $etc/settings.env; booklets and player go to /srv/encrier-answers."
    exit 1
fi

# Nothing of these is secret, and the server is not root.
chmod -R a+rX "$etc/manifest.json" "$etc/tls.pem" /srv/encrier-answers

encrier-answers doctor || { say "Something would fail: see above, then run this again."; exit 1; }
systemctl enable --quiet encrier-answers
systemctl restart encrier-answers
say "Serving: systemctl status encrier-answers"
