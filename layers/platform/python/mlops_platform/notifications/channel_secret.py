"""The secret that holds the channels, read when it is needed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from mlops_platform.notifications.channel_settings import ChannelSettings, parse_channels

# A changed secret is in effect after this; until then a withdrawn credential fails and the queue
# brings the alert again.
_MAX_AGE_SECONDS: Final = 180.0


@dataclass(kw_only=True)
class ChannelSecret:
    """One secret of Secrets Manager.

    Parameters
    ----------
    secrets
        boto3's client.
    arn
        Which secret.
    clock
        Epoch seconds.
    """

    secrets: Any
    arn: str
    clock: Callable[[], float] = time.time
    _read: ChannelSettings | None = field(default=None, init=False, repr=False)
    _read_at: float = field(default=0.0, init=False, repr=False)

    def channels(self) -> ChannelSettings:
        """Return the channels as they were at most a few minutes ago.

        Raises
        ------
        AlertChannelsError
            The document is not what it should be; the next call reads it anew.
        """
        if self._read is None or self.clock() - self._read_at > _MAX_AGE_SECONDS:
            self._read = None
            answer = self.secrets.get_secret_value(SecretId=self.arn)
            self._read = parse_channels(answer["SecretString"])
            self._read_at = self.clock()
        return self._read
