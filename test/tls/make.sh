#!/bin/sh
# Makes the certificates that test/dialer/tls.test.ts serves and trusts. They are checked in, since openssl may be missing where
# the tests run: run this (openssl 3) only to change them. One throw-away key serves all; the CA's own is not kept.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }
new_key "$work/ca-key.pem"
new_key key.pem

# `openssl ca` and not `openssl x509`: before 3.4 it alone can date a certificate into the past.
: > "$work/index"
cat > "$work/ca.conf" <<CONF
[ca]
default_ca = test
[test]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
CONF

# certify NAME KEY EXTENSIONS FROM UNTIL ISSUER…
certify() {
  name=$1 key=$2 from=$4 until=$5
  printf '%b\n' "$3" > "$work/extensions"
  shift 5
  openssl req -new -key "$key" -subj "/CN=Dialgraph test $name" -out "$work/request"
  openssl ca -batch -notext -config "$work/ca.conf" -in "$work/request" -extfile "$work/extensions" \
    -startdate "$from" -enddate "$until" -out "$name.pem" "$@"
}
by_itself() { certify "$1" "$2" "$3" 20000101000000Z 21200101000000Z -selfsign -keyfile "$2"; }
by_ca() { certify "$1" key.pem "$2" "$3" "$4" -cert ca.pem -keyfile "$work/ca-key.pem"; }

localhost='subjectAltName = DNS:localhost, IP:127.0.0.1'
by_itself ca "$work/ca-key.pem" 'basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign'
by_itself self-signed key.pem "$localhost"
by_ca good "$localhost" 20000101000000Z 21200101000000Z
by_ca expired "$localhost" 20010101000000Z 20020101000000Z
by_ca wrong-host 'subjectAltName = DNS:dialer.invalid' 20000101000000Z 21200101000000Z
