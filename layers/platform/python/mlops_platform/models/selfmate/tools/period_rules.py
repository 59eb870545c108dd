"""Rules for the phrases that people call periods: what they look like, and the days they mean."""

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from mlops_platform.models.selfmate.tools.period import Period, Unit, months_later, of_unit

_DAYS_A_WEEK: Final = 7
_MONTHS_A_QUARTER: Final = 3
_SATURDAY: Final = 5
_MONTHS: Final = {name.lower(): n for n, name in enumerate(calendar.month_name) if name} | {
    name.lower(): n for n, name in enumerate(calendar.month_abbr) if name
}
_MONTHS["sept"] = 9
_WEEKDAYS: Final = {name.lower(): n for n, name in enumerate(calendar.day_name)}
# The first month of each; as meteorology has them, three months long.
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_NUMBERS: Final = {
    word: n
    for n, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(),  # noqa: SIM905
        start=1,
    )
} | {"a": 1, "a couple of": 2, "couple of": 2, "couple": 2, "a few": 3, "few": 3}
_ORDINALS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


# "May I ask" speaks of no month.
_MONTH_NAME: Final = rf"(?:(?!may (?:i|we|you|be|have|not)\b)(?:{_any_of(_MONTHS)}))"
_MONTH: Final = rf"(?P<month>{_MONTH_NAME})"
_YEAR: Final = r"(?:,? (?:of |in )?(?P<year>20\d\d|last year|this year))?"
_NUMBER: Final = rf"(?P<n>\d{{1,3}}|{_any_of(_NUMBERS)})"
_UNIT: Final = r"(?P<unit>day|week|month|year|fortnight|quarter)s?"
_RECENT: Final = r"(?:last|past|previous|preceding|latest|recent)"
_SO_FAR: Final = r"(?: so far)?"
_ORDINAL: Final = r"(?:st|nd|rd|th)?"
# Prices fall, too.
_SEASON: Final = rf"{_any_of(_SEASONS)}|(?:(?<=the )|(?<=last )|(?<=this ))fall"
# What a range may begin or end with.
_POINT: Final = (
    rf"(?:the )?(?:20\d\d-\d\d-\d\d|\d{{1,2}}{_ORDINAL}(?: of)? {_MONTH_NAME}(?: 20\d\d)?|"
    rf"{_MONTH_NAME} \d{{1,2}}{_ORDINAL}\b(?:,? 20\d\d)?|{_MONTH_NAME}(?: 20\d\d)?|20\d\d|"
    rf"{_any_of(_WEEKDAYS)}|(?:last|this) (?:week|month|year)|yesterday|today)"
)
_NOW: Final = r"(?:now|today|date|the present)"
_BEGINNING: Final = r"(?:(?:the )?(?:very )?(?:start|beginning|1st|first day) of )"

Reader = Callable[[re.Match[str], date, Period | None], Period | None]


def read_by_rules(
    text: str, today: date, earlier: Period | None, rules: Sequence[tuple[re.Pattern[str], Reader]]
) -> Period | None:
    """Return what the first rule that a text holds makes of it, None where no day comes of it."""
    for pattern, reader in rules:
        found = pattern.search(text.lower())
        if found:
            try:
                return reader(found, today, earlier)
            except (ValueError, OverflowError):
                # The 31st of June, or a year that no calendar has.
                return None
    return None


def _unit(word: str | None) -> Unit | None:
    units: dict[str, Unit] = {"day": "days", "week": "week", "month": "month", "year": "year"}
    return units[word] if word else None


def _before(found: re.Match[str], today: date, earlier: Period | None) -> Period:
    unit = _unit(found["unit"])
    here = earlier or of_unit(unit or "month", today)
    if unit is None or unit == here.unit:
        return here.before()
    return of_unit(unit, here.first).before()


def _current(found: re.Match[str], today: date, _: Period | None) -> Period:
    if found["unit"] == "quarter":
        return _quarter_of(today)
    return of_unit(_unit(found["unit"]) or "days", today)


def _last(found: re.Match[str], today: date, _: Period | None) -> Period:
    if found["unit"] == "quarter":
        return _quarter_of(_quarter_of(today).first - timedelta(days=1))
    return of_unit(_unit(found["unit"]) or "days", today).before()


def _last_many(found: re.Match[str], today: date, _: Period | None) -> Period:
    """So many days that end today."""
    n, unit = _number(found.groupdict().get("n") or "one"), found["unit"]
    if unit in _UNIT_DAYS:
        return Period(today - timedelta(days=n * _UNIT_DAYS[unit] - 1), today)
    return Period(months_later(today, -n * _UNIT_MONTHS[unit]) + timedelta(days=1), today)


def _ago(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the day, week, month or year that was so long ago."""
    n, unit = _number(found["n"]), found["unit"]
    if unit in _UNIT_DAYS:
        day = today - timedelta(days=n * _UNIT_DAYS[unit])
        return Period.day(day) if unit == "day" else Period.week(day)
    day = months_later(today, -n * _UNIT_MONTHS[unit])
    return Period.year(day) if unit == "year" else Period.month(day)


_UNIT_DAYS: Final = {"day": 1, "week": _DAYS_A_WEEK, "fortnight": 2 * _DAYS_A_WEEK}
_UNIT_MONTHS: Final = {"month": 1, "quarter": _MONTHS_A_QUARTER, "year": 12}


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)


def _month(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the month of a year that is named, or else the latest that has begun."""
    number = _MONTHS[found["month"]]
    return Period.month(date(_year(found, today, number), number, 1))


def _last_month_called(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the latest month of a name that is over."""
    number = _MONTHS[found["month"]]
    return Period.month(date(today.year - (number >= today.month), number, 1))


def _year(found: re.Match[str], today: date, month: int) -> int:
    said = found.groupdict().get("year")
    if not said:
        return today.year - (month > today.month)
    return int(said) if said.isdecimal() else today.year - (said == "last year")


def _day_of_month(found: re.Match[str], today: date, earlier: Period | None) -> Period:
    month = _month(found, today, earlier).first
    return Period.day(month.replace(day=int(found["day"])))


def _day_alone(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the latest such day of a month that has come."""
    day = int(found["day"])
    month = today if day <= today.day else months_later(today.replace(day=1), -1)
    return Period.day(month.replace(day=day))


def _weekday(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the latest such day before today."""
    ago = (today.weekday() - _WEEKDAYS[found["weekday"]] - 1) % _DAYS_A_WEEK + 1
    return Period.day(today - timedelta(days=ago))


def _weekend(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return this week's Saturday and Sunday, or the latest ones that have begun."""
    saturday = Period.week(today).first + timedelta(days=_SATURDAY)
    if not found["this"] and (found["last"] or saturday > today):
        saturday -= timedelta(days=_DAYS_A_WEEK)
    return Period(saturday, saturday + timedelta(days=1))


def _quarter(found: re.Match[str], today: date, _: Period | None) -> Period:
    number = int(found["q"]) if found["q"] else _ORDINALS[found["nth"]]
    first = (number - 1) * _MONTHS_A_QUARTER + 1
    return _quarter_of(date(_year(found, today, first), first, 1))


def _quarter_of(day: date) -> Period:
    return _three_months(date(day.year, (day.month - 1) // _MONTHS_A_QUARTER * 3 + 1, 1))


def _season(found: re.Match[str], today: date, _: Period | None) -> Period:
    """Return the latest season of a name that has begun, or that is over if it is the last one."""
    month = _SEASONS.get(found["season"], _SEASONS["autumn"])
    first = date(_year(found, today, month), month, 1)
    season = _three_months(first)
    is_running = season.first <= today <= season.last
    return _three_months(months_later(first, -12)) if found["last"] and is_running else season


def _three_months(first: date) -> Period:
    return Period(first, months_later(first, _MONTHS_A_QUARTER) - timedelta(days=1))


def _week_of(found: re.Match[str], today: date, _: Period | None) -> Period | None:
    day = read_by_rules(found["point"], today, None, RULES)
    return Period.week(day.first) if day else None


def _since(found: re.Match[str], today: date, _: Period | None) -> Period | None:
    begin = read_by_rules(found["point"], today, None, RULES)
    return Period(begin.first, today) if begin and begin.first <= today else None


def _since_beginning(found: re.Match[str], today: date, _: Period | None) -> Period:
    return Period(of_unit(_unit(found["unit"]) or "days", today).first, today)


def _range(found: re.Match[str], today: date, _: Period | None) -> Period | None:
    """Return the days from one point to another one after it."""
    end = read_by_rules(found["end"], today, None, RULES)
    # "From November to February" begins in the year before.
    begin = read_by_rules(found["begin"], end.last, None, RULES) if end else None
    return Period(begin.first, end.last) if begin and end and begin.first <= end.last else None


def _compiled(*rules: tuple[str, Reader]) -> tuple[tuple[re.Pattern[str], Reader], ...]:
    return tuple((re.compile(rf"\b(?:{pattern})(?!\w)"), reader) for pattern, reader in rules)


# Ranges whose words could as well compare their ends: "the difference between March and April".
RANGES: Final = _compiled(
    (rf"between (?P<begin>{_POINT}) and (?P<end>{_POINT})", _range),
    (
        (
            rf"(?:from |between )?(?P<begin>{_POINT})"
            rf"(?: to | till | until | through | up to | ?[-\u2013] ?)(?P<end>{_POINT})"
        ),
        _range,
    ),
)
# The first pattern that a phrase holds decides.
RULES: Final = _compiled(
    (r"(?:the )?day before yesterday", lambda _, today, __: Period.day(today - timedelta(days=2))),
    (
        (
            rf"(?:since|from) {_BEGINNING}?(?P<point>{_POINT})"
            rf"(?: on(?:wards?)?| (?:till|until|up to|to) {_NOW})"
        ),
        _since,
    ),
    (rf"since {_BEGINNING}?(?P<point>{_POINT})", _since),
    (rf"{_BEGINNING}(?P<point>{_MONTH_NAME}(?: 20\d\d)?)", _since),
    (rf"(?:since |from )?{_BEGINNING}(?:the|this) (?P<unit>week|month|year)", _since_beginning),
    (rf"(?P<point>{_MONTH_NAME}(?: 20\d\d)?) on(?:wards?)?", _since),
    (r"(?P<unit>week|month|year)[ -]to[ -]date", _since_beginning),
    (rf"{_RECENT} {_NUMBER} {_UNIT}", _last_many),
    (
        r"(?:the )?(?P<unit>week|month|year) before last",
        lambda found, today, __: of_unit(_unit(found["unit"]) or "days", today).before().before(),
    ),
    (r"(?:the )?(?:previous|preceding|prior) (?P<unit>day|week|month|year)", _before),
    (
        (
            r"(?:the |one )?(?:(?P<unit>day|week|month|year) )?(?:before|prior|earlier)"
            r"(?: that)?(?: one)?"
        ),
        _before,
    ),
    (r"(?:the )?(?:previous|preceding)(?P<unit>)", _before),
    (rf"{_NUMBER} {_UNIT} ago", _ago),
    (
        r"yesterday(?: evening| night| morning| afternoon)?|last night",
        lambda _, today, __: Period.day(today - timedelta(days=1)),
    ),
    (
        rf"today{_SO_FAR}|tonight|this (?:morning|afternoon|evening)",
        lambda _, today, __: Period.day(today),
    ),
    (r"(?P<last>last |past )?(?P<this>this )?weekend(?! (?:away|break|trip|getaway))", _weekend),
    (r"(?:last|past) (?P<unit>fortnight)", _last_many),
    (rf"(?:this|current)(?: calendar)? (?P<unit>week|month|year|quarter){_SO_FAR}", _current),
    (rf"past {_UNIT}", _last_many),
    (rf"(?:last|past) {_MONTH}(?! (?:of )?20)", _last_month_called),
    (rf"(?:q(?P<q>[1-4])|(?P<nth>{_any_of(_ORDINALS)}) quarter){_YEAR}", _quarter),
    (rf"(?P<last>last )?(?P<season>{_SEASON}){_YEAR}", _season),
    (rf"week (?:of|commencing|beginning|starting) (?P<point>{_POINT})", _week_of),
    (r"(?P<iso>20\d\d-\d\d-\d\d)", lambda found, *_: Period.day(date.fromisoformat(found["iso"]))),
    (rf"(?P<day>\d{{1,2}}){_ORDINAL}(?: of)? {_MONTH}{_YEAR}", _day_of_month),
    (rf"{_MONTH}(?: the)? (?P<day>\d{{1,2}}){_ORDINAL}\b{_YEAR}", _day_of_month),
    (rf"(?:the )?(?:whole )?(?:month of )?{_MONTH}{_YEAR}", _month),
    (r"last (?:full |whole |entire |calendar )?(?P<unit>week|month|year|quarter)", _last),
    (r"(?:on )?the (?P<day>\d{1,2})(?:st|nd|rd|th)", _day_alone),
    (rf"(?:(?:this|last)(?: past)? )?(?P<weekday>{_any_of(_WEEKDAYS)})", _weekday),
    (r"(?P<year>20\d\d)", lambda found, *_: Period.year(date(int(found["year"]), 1, 1))),
)
