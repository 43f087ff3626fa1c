"""What keeps strangers out of the embedded store's own ports.

Of SeaweedFS's servers only the S3 gateway asks for keys by itself. Master, volume server and filer serve whoever
reaches their ports, over HTTP and gRPC, and on one machine that is every user. So all of them talk TLS with each other
and take only clients with a certificate of an authority that is made at each start, and writes need a token besides.
Sources: ``weed scaffold -config security``.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID = timedelta(days=3650)  # a new one comes with the next start
SERVERS = ("master", "volume", "filer", "s3")


def write_security(folder: Path, hosts: Sequence[str]) -> None:
    """Write ``security.toml`` and its certificates into ``folder``, the server's working directory.

    ``hosts`` are the names and addresses by which the servers call each other. All files are for this user only.
    """
    tls = folder / "tls"
    tls.mkdir(mode=0o700, parents=True, exist_ok=True)
    for place in (folder, tls):
        place.chmod(0o700)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("broadsheet store authority", authority_key, authority_key, None, [])
    certificate = _certificate("broadsheet store", key, authority_key, authority, hosts)
    _write(tls / "ca.pem", authority.public_bytes(serialization.Encoding.PEM))
    _write(tls / "store.pem", certificate.public_bytes(serialization.Encoding.PEM))
    _write(
        tls / "store.key",
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    _write(folder / "security.toml", _settings(tls).encode())


def _settings(tls: Path) -> str:
    pair = f'cert = "{tls / "store.pem"}"\nkey = "{tls / "store.key"}"\n'
    authority = f'ca = "{tls / "ca.pem"}"\n'
    tables = [
        *(f'[jwt.{name}]\nkey = "{secrets.token_urlsafe(32)}"\n' for name in ("signing", "filer_signing")),
        f'[jwt.filer_signing.read]\nkey = "{secrets.token_urlsafe(32)}"\n',
        f"[grpc]\n{authority}",
        *(f"[grpc.{name}]\n{pair}" for name in (*SERVERS, "client")),
        f"[https.client]\nenabled = true\n{pair}{authority}",
        *(f"[https.{name}]\n{pair}{authority}" for name in SERVERS[:3]),
    ]
    return "\n".join(tables)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    hosts: Sequence[str],
) -> x509.Certificate:
    """An authority's certificate without ``issuer``; else one for servers and clients that are called ``hosts``."""
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer:
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName([_host(h) for h in hosts]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


if __name__ == "__main__":
    write_security(Path(sys.argv[1]), ["127.0.0.1", "localhost"])
