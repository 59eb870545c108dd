"""One entity's online state: what must be remembered to compute its features at any later time."""

from dataclasses import dataclass, field
from typing import NamedTuple

from mlops_platform.features.aggregates import NEVER, EntityKind
from mlops_platform.features.clock import DAY_SECONDS, day_of

# The longest window is 30 days; the rest is room for requests that look back while newer arrive.
KEEP_DAYS = 40
# A user's single transactions are kept this long, to tell what a moment's lag hides and to
# recognise a transaction that is delivered again.
RECENT_SECONDS = 2 * DAY_SECONDS
# Above this many transactions in two days the oldest are dropped from the list: window sums stay
# exact (they need only the newest minute), the count of the last hour saturates here.
MAX_RECENT = 256


@dataclass(slots=True)
class DayBucket:
    """What happened to an entity on one UTC day.

    `n`, `amount`, `squares` are of the day's transactions (minor units); `labels`, `frauds` of
    labels that became known that day; `fraud_known_day` is the earliest day on which a fraud among
    *this day's transactions* was known, `NEVER` if none is.
    """

    n: int = 0
    amount: int = 0
    squares: int = 0
    labels: int = 0
    frauds: int = 0
    fraud_known_day: int = NEVER


class RecentEvent(NamedTuple):
    """One transaction: epoch second, 64-bit hash of its id, minor units. Sorts by time."""

    timestamp: int
    id_hash: int
    amount: int


@dataclass(slots=True)
class EntityState:
    """State of one user or merchant; folding commutes, so arrival order does not matter.

    Exact for every moment from two days before the newest event on, and for events that arrive up
    to a day late. Events older than `KEEP_DAYS` before the newest day count in the totals only.

    Examples
    --------
    >>> state = EntityState(EntityKind.USER)
    >>> state.fold(1_772_323_200, 1_250, id_hash=7)
    True
    >>> state.fold(1_772_323_200, 1_250, id_hash=7)
    False
    """

    kind: EntityKind
    total: DayBucket = field(default_factory=DayBucket)
    days: dict[int, DayBucket] = field(default_factory=dict)
    recent: list[RecentEvent] = field(default_factory=list)
    first_timestamp: int = NEVER
    # The newest event that fell off the list of recent ones.
    forgotten_timestamp: int = NEVER
    newest_timestamp: int = NEVER

    def fold(self, timestamp: int, amount_minor: int, id_hash: int) -> bool:
        """Add one transaction; return False when it is in the list of recent ones already.

        Merchants, and users for transactions older than the list, cannot tell a repetition: the
        store's transaction markers do.
        """
        event = RecentEvent(timestamp, id_hash, amount_minor)
        if event in self.recent:
            return False
        for bucket in (self.total, self._bucket(day_of(timestamp))):
            bucket.n += 1
            bucket.amount += amount_minor
            bucket.squares += amount_minor * amount_minor
        if self.first_timestamp == NEVER or timestamp < self.first_timestamp:
            self.first_timestamp = timestamp
        if self.kind is EntityKind.USER:
            self.recent.append(event)
        self._advance(timestamp)
        return True

    def fold_label(
        self, transaction_timestamp: int, known_timestamp: int, *, is_fraud: bool
    ) -> None:
        """Add one label, which became known at `known_timestamp` (epoch seconds)."""
        known_day = day_of(known_timestamp)
        for bucket in (self.total, self._bucket(known_day)):
            bucket.labels += 1
            bucket.frauds += is_fraud
        if is_fraud:
            happened = self._bucket(day_of(transaction_timestamp))
            if happened.fraud_known_day == NEVER or known_day < happened.fraud_known_day:
                happened.fraud_known_day = known_day
        self._advance(known_timestamp, transactions=False)

    def _bucket(self, day: int) -> DayBucket:
        bucket = self.days.get(day)
        if bucket is None:
            bucket = self.days[day] = DayBucket()
        return bucket

    def _advance(self, timestamp: int, *, transactions: bool = True) -> None:
        """Move the newest moment on and forget what has left every window."""
        if transactions:
            self.forget_recent()
        self.newest_timestamp = max(self.newest_timestamp, timestamp)
        oldest = day_of(self.newest_timestamp) - KEEP_DAYS
        for day in [day for day in self.days if day <= oldest]:
            del self.days[day]

    def forget_recent(self) -> None:
        """Drop recent events by age and number; a pure function of the set of events."""
        if not self.recent:
            return
        self.recent.sort()
        oldest = self.recent[-1].timestamp - RECENT_SECONDS
        keep_from = max(0, len(self.recent) - MAX_RECENT)
        while self.recent[keep_from].timestamp <= oldest:
            keep_from += 1
        if keep_from:
            forgotten = self.recent[keep_from - 1].timestamp
            self.forgotten_timestamp = max(self.forgotten_timestamp, forgotten)
            del self.recent[:keep_from]
