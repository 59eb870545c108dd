import json
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from moto import mock_aws

from benchmarks.demo.alert_sinks import MailSink, SlackSink, running
from mlops_platform.aws.clients import client
from mlops_platform.notifications.alert_sender import AlertSender, Channels, make_channels
from mlops_platform.notifications.channel_secret import ChannelSecret
from mlops_platform.notifications.channel_settings import ChannelSettings
from mlops_platform.notifications.deliveries import Deliveries
from mlops_platform.notifications.email_channel import EmailChannel
from mlops_platform.notifications.slack_channel import SlackChannel
from tests.unit.monitoring.small_platform import TABLE, Clock, OneAtATime, create_storage


class Certificates(NamedTuple):
    """A server's certificate, and who believes it."""

    server: ssl.SSLContext
    client: Callable[[], ssl.SSLContext]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client.cache_clear()
    with mock_aws():
        create_storage(client("dynamodb"), client("s3"))
        yield
    client.cache_clear()


@pytest.fixture
def mail() -> Iterator[MailSink]:
    with running(MailSink()) as sink:
        yield sink


@pytest.fixture
def slack() -> Iterator[SlackSink]:
    with running(SlackSink()) as sink:
        yield sink


@pytest.fixture
def document(mail: MailSink, slack: SlackSink) -> dict[str, Any]:
    """What an operator writes for both sinks."""
    email = {
        "host": "127.0.0.1",
        "port": mail.port,
        "starttls": False,
        "sender": "mlops@example.com",
        "recipients": ["oncall@example.com", "lead@example.com"],
    }
    return {"channels": {"email": email, "slack": {"webhook_url": slack.url}}}


class Office:
    """The sender with its secret and table, a clock that moves by waiting, and both sinks."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.clock = Clock()
        self.waited: list[float] = []
        created = client("secretsmanager").create_secret(
            Name="channels", SecretString=json.dumps(document)
        )
        self.arn = created["ARN"]
        self.sender = AlertSender(
            environment="dev",
            secret=ChannelSecret(secrets=client("secretsmanager"), arn=self.arn, clock=self.clock),
            deliveries=Deliveries(
                dynamodb=OneAtATime(client("dynamodb")), table=TABLE, clock=self.clock
            ),
            make=self._make,
        )

    @property
    def deadline(self) -> float:
        return self.clock() + 55

    def put(self, text: str) -> None:
        client("secretsmanager").put_secret_value(SecretId=self.arn, SecretString=text)

    def _make(self, settings: ChannelSettings) -> Channels:
        channels = dict(make_channels(settings))
        if settings.slack:
            channels["slack"] = SlackChannel(
                settings=settings.slack, clock=self.clock, sleep=self._wait
            )
        if settings.email:
            channels["email"] = EmailChannel(settings=settings.email, clock=self.clock)
        return channels

    def _wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.clock.now += int(seconds)


@pytest.fixture
def office(aws: None, document: dict[str, Any]) -> Office:  # noqa: ARG001 - must be there first
    return Office(document)


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    """A certificate for loopback that nobody believes but the client here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "sink.pem"
    path.write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return Certificates(server, lambda: ssl.create_default_context(cadata=pem.decode()))
