"""Where alerts go and with which credentials: the JSON document that an operator writes."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from mlops_platform.errors import AlertChannelsError

EXAMPLE: Final = (
    '{"channels": {"email": {"host": "smtp.example.com", "port": 587, "username": "…", '
    '"password": "…", "sender": "mlops@example.com", "recipients": ["oncall@example.com"]}, '
    '"slack": {"webhook_url": "https://hooks.slack.com/services/…"}}}'
)
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def _check_url(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or plain):
        raise ValueError("it must be an address that starts with https://")
    return url


def _check_address(address: str) -> str:
    # An address goes into a header: more than this the mail server knows better.
    if "@" not in address or not address.isprintable() or " " in address:
        raise ValueError("it must be an address such as oncall@example.com")
    return address


Address = Annotated[str, AfterValidator(_check_address)]
Url = Annotated[SecretStr, AfterValidator(_check_url)]


class _Document(BaseModel):
    # What was written may be a credential, so no error repeats it.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class EmailSettings(_Document):
    """A mail server that takes messages for others.

    Attributes
    ----------
    host, port
        Where it listens for submissions.
    starttls
        Whether the connection is encrypted, and the server's certificate checked, before anything
        is said.
    username, password
        Its login; both or neither.
    sender, recipients
        Addresses.
    """

    host: str = Field(min_length=1)
    port: int = Field(default=587, ge=1, le=65_535)
    starttls: bool = True
    username: str = ""
    password: SecretStr = SecretStr("")
    sender: Address
    recipients: list[Address] = Field(min_length=1)

    @model_validator(mode="after")
    def _check_login(self) -> "EmailSettings":
        if bool(self.username) != bool(self.password.get_secret_value()):
            raise ValueError("username and password belong together; give both or neither")
        if self.username and not self.starttls:
            raise ValueError("a password is sent over an encrypted connection only; set starttls")
        return self


class SlackSettings(_Document):
    """An incoming webhook of Slack; its address is a credential."""

    webhook_url: Url


class ChannelSettings(_Document):
    """The channels that are set; what is absent or null is not."""

    email: EmailSettings | None = None
    slack: SlackSettings | None = None


class _Whole(_Document):
    channels: ChannelSettings


def parse_channels(document: str) -> ChannelSettings:
    """Read the secret's document.

    Raises
    ------
    AlertChannelsError
        It is not what it should be; the message says where, without repeating what stands there.
    """
    try:
        return _Whole.model_validate_json(document).channels
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, each['loc'])) or 'the document'}: {each['msg']}"
            for each in error.errors(include_input=False, include_context=False, include_url=False)
        ]
    raise AlertChannelsError(
        f"The secret with the alert channels cannot be used: {'; '.join(problems)}. "
        f"Put a document such as {EXAMPLE} into it; leave out the channels that you do not want."
    )
