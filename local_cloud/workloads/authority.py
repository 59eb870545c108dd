"""A certificate authority for the servers of one cloud: what speaks TLS there speaks it here."""

import datetime as dt
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from local_cloud.workloads.ports import LOOPBACK

_VALIDITY = dt.timedelta(days=30)
# Clocks of neighbours may lag behind.
_LEEWAY = dt.timedelta(hours=1)


class Authority:
    """Signs the certificate of this machine's servers; clients trust its certificate.

    Parameters
    ----------
    directory
        Where certificates and the servers' key are written.

    Attributes
    ----------
    certificate_file
        What clients are given as SSL_CERT_FILE, once `server_context` was asked for.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.certificate_file = directory / "authority.pem"

    def server_context(self) -> ssl.SSLContext:
        """Return what a server on the loopback address presents itself with."""
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        authority_key = ec.generate_private_key(ec.SECP256R1())
        authority_name = _name("Local cloud")
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        authority = (
            _builder(authority_name, authority_name, authority_key.public_key())
            .add_extension(constraint, critical=True)
            .sign(authority_key, hashes.SHA256())
        )
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))])
        certificate = (
            _builder(_name(LOOPBACK), authority_name, key.public_key())
            .add_extension(address, critical=False)
            .sign(authority_key, hashes.SHA256())
        )
        key_file = self._directory / "server.pem"
        key_file.touch(mode=0o600)
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        self.certificate_file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(key_file)
        return context


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + _VALIDITY)
    )
