"""DynamoDB without capacity."""

from typing import Any


class RefusingClient:
    """A table that cancels its first transactions for a reason."""

    def __init__(self, client: Any, code: str, times: int) -> None:
        self._client, self._code, self.times = client, code, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **arguments: Any) -> Any:
        if not self.times:
            return self._client.transact_write_items(**arguments)
        self.times -= 1
        response: Any = {
            "Error": {"Code": "TransactionCanceledException", "Message": self._code},
            "CancellationReasons": [{"Code": self._code}, {"Code": "None"}],
        }
        error = self._client.exceptions.TransactionCanceledException
        raise error(response, "TransactWriteItems")
