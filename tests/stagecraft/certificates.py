# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates that sign for themselves: believed only by a browser that is told to."""

import base64
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST: Final = "127.0.0.1"
SHA256_OID: Final = "OID.2.16.840.1.101.3.4.2.1"


class Certificate(NamedTuple):
    """What a server shows, and what each browser is told to believe."""

    context: ssl.SSLContext
    key: str  # Chromium: digest of the public key, base64
    override: str  # Firefox: a line of cert_override.txt


def own_certificate(folder: Path, name: str, port: int) -> Certificate:
    """A new certificate of 127.0.0.1, kept as NAME.pem; port: where it will be shown."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(HOST))]), False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public)
    print_ = made.fingerprint(hashes.SHA256()).hex(":").upper()
    override = f"{HOST}:{port}:\t{SHA256_OID}\t{print_}\t\n"
    return Certificate(context, base64.b64encode(digest.finalize()).decode(), override)
