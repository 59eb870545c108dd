"""What an operator may write, and what is told when it is wrong."""

import json
from typing import Any

import pytest

from mlops_platform.errors import AlertChannelsError
from mlops_platform.notifications.channel_settings import EXAMPLE, ChannelSettings, parse_channels

PRIVATE = "swordfish"
EMAIL = {"host": "smtp.example.com", "sender": "a@b.c", "recipients": ["d@e.f"]}


def test_the_document_of_the_template_sets_no_channel() -> None:
    assert parse_channels('{"channels": {}}') == ChannelSettings()


def test_the_example_of_the_message_is_valid_and_encrypted() -> None:
    channels = parse_channels(EXAMPLE)

    assert channels.slack
    assert channels.email
    assert channels.email.starttls


@pytest.mark.parametrize(
    ("channels", "told"),
    [
        ({"email": {"host": "h", "sender": "a@b.c"}}, "channels.email.recipients: Field required"),
        ({"email": {**EMAIL, "port": PRIVATE}}, "channels.email.port"),
        ({"email": {**EMAIL, "recipients": [PRIVATE]}}, "channels.email.recipients.0"),
        ({"email": {**EMAIL, "password": PRIVATE}}, "username and password belong together"),
        (
            {"email": {**EMAIL, "username": "u", "password": PRIVATE, "starttls": False}},
            "over an encrypted connection only",
        ),
        ({"slack": {"webhook_url": f"http://example.com/{PRIVATE}"}}, "starts with https://"),
        ({"slack": {"webhook_url": f"https://[{PRIVATE}"}}, "channels.slack.webhook_url"),
        ({"slack": {"url": f"https://example.com/{PRIVATE}"}}, "channels.slack.url"),
        ({"pager": PRIVATE}, "channels.pager: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_is_told_and_not_repeated(channels: dict[str, Any], told: str) -> None:
    with pytest.raises(AlertChannelsError) as refusal:
        parse_channels(json.dumps({"channels": channels}))

    assert told in str(refusal.value)
    assert "Put a document such as" in str(refusal.value)
    assert PRIVATE not in str(refusal.value)
    assert refusal.value.__context__ is None


@pytest.mark.parametrize("text", ["", PRIVATE, "[]", '{"slack": {}}', '{"channels": null}'])
def test_what_is_no_document_of_channels_is_told(text: str) -> None:
    with pytest.raises(AlertChannelsError, match="Put a document such as") as refusal:
        parse_channels(text)

    assert PRIVATE not in str(refusal.value)
