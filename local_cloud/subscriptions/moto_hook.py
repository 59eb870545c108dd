"""Lets moto's log streams deliver through `Subscriptions`, and checks filter patterns early."""

from typing import Any

from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogGroup, LogStream

from local_cloud.patching import replace
from local_cloud.subscriptions.parcels import Record, Subscription
from local_cloud.subscriptions.patterns import compile_pattern
from local_cloud.subscriptions.service import Subscriptions


def install(subscriptions: Subscriptions) -> None:
    """Replace moto's delivery to functions."""

    def send(
        self: LogStream,
        service: str,
        destination_arn: str,
        filter_name: str,
        log_events: list[Record],
    ) -> None:
        matches = compile_pattern(self.log_group.subscription_filters[filter_name].filter_pattern)
        records = [record for record in log_events if matches(record["message"])]
        if records and service != "lambda":
            moto_send(self, service, destination_arn, filter_name, records)
        elif records:
            group, stream = self.log_group.name, self.log_stream_name
            subscriptions.put(
                Subscription(
                    self.account_id, self.region, group, stream, filter_name, destination_arn
                ),
                # CloudWatch's identifiers are texts of 56 digits.
                [{**record, "id": f"{record['id']:056d}"} for record in records],
            )

    def put_filter(self: LogGroup, filter_name: str, filter_pattern: str, *rest: Any) -> None:
        try:
            compile_pattern(filter_pattern)
        except ValueError as error:
            raise InvalidParameterException(str(error)) from error
        moto_put_filter(self, filter_name, filter_pattern, *rest)

    moto_send = replace(LogStream, "_send_log_events", send)
    moto_put_filter = replace(LogGroup, "put_subscription_filter", put_filter)
