#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# An authority for one pair, and a certificate for each of its machines.
#     sh certificates.sh FOLDER ADDRESS…
# Makes FOLDER/authority.{pem,key} where it is not there, and FOLDER/ADDRESS/machine.{pem,key}.
set -eu
umask 077
folder=$1
shift
mkdir -p "$folder"
curve="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
if [ ! -e "$folder/authority.key" ]; then
  # shellcheck disable=SC2086
  openssl req -x509 $curve -days 1825 -subj "/CN=answers authority" \
    -keyout "$folder/authority.key" -out "$folder/authority.pem" 2>/dev/null
fi
for address in "$@"; do
  case $address in
    *[!0-9.]*) said="DNS:$address" ;;
    *) said="IP:$address" ;;
  esac
  mkdir -p "$folder/$address"
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$said" \
    >"$folder/$address/extensions"
  # shellcheck disable=SC2086
  openssl req $curve -subj "/CN=$address" -keyout "$folder/$address/machine.key" \
    -out "$folder/$address/request" 2>/dev/null
  openssl x509 -req -in "$folder/$address/request" -days 1825 -CAcreateserial \
    -CA "$folder/authority.pem" -CAkey "$folder/authority.key" \
    -extfile "$folder/$address/extensions" -out "$folder/$address/machine.pem" 2>/dev/null
  cp "$folder/authority.pem" "$folder/$address/"
  rm "$folder/$address/request" "$folder/$address/extensions"
done
