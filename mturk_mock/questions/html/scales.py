"""Numeric inputs: numbers, dates and times with min, max and step, in exact arithmetic.

The rules are those of HTML's input element. [doc]
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random
from typing import Final

_DATE: Final = "([0-9]{4}-[0-9]{2}-[0-9]{2})"
_TIME: Final = r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]{1,3})?))?"

_DAY: Final = 24 * 60 * 60
_EPOCH: Final = date(1970, 1, 1).toordinal()
#: Days, counted from 1970-01-01.
_FIRST_DAY: Final = 1 - _EPOCH
_LAST_DAY: Final = date.max.toordinal() - _EPOCH
_DAY_2000: Final = date(2000, 1, 1).toordinal() - _EPOCH
_DAY_2030: Final = date(2030, 1, 1).toordinal() - _EPOCH


@dataclass(frozen=True)
class Scale:
    """The values of one kind of input, as numbers.

    ``what`` and ``unit``: a valid value and the unit of steps, for error messages.
    ``pattern``: the syntax. ``convert``: makes a number of the pattern's groups, or raises
    ValueError; ``write``: the inverse. ``usual``: the bounds of random values for inputs
    without bounds; ``widest``: the bounds of all valid values. ``step``: the default step.
    """

    what: str
    unit: str
    pattern: str
    convert: Callable[..., Fraction | int]
    write: Callable[[Fraction], str]
    usual: tuple[int, int]
    widest: tuple[int, int]
    step: int = 1

    def read(self, text: str) -> Fraction | None:
        """Return the number of a text; None if it is invalid."""
        found = re.fullmatch(self.pattern, text)
        try:
            return None if found is None else Fraction(self.convert(*found.groups()))
        except ValueError:
            return None


@dataclass(frozen=True)
class Limits:
    """The inclusive bounds and the step of one input, each None if there is none.

    ``base``: the value from which steps are counted.
    """

    low: Fraction | None
    high: Fraction | None
    step: Fraction | None
    base: Fraction


def find_scale_error(kind: str, attributes: Mapping[str, str], text: str) -> str | None:
    """Return what the input accepts instead of this text; None if it accepts it."""
    scale = SCALES[kind]
    value = scale.read(text)
    if value is None:
        return scale.what
    limits = _read_limits(kind, attributes)
    if limits.low is not None and value < limits.low:
        return f"values from {scale.write(limits.low)}"
    if limits.high is not None and value > limits.high:
        return f"values up to {scale.write(limits.high)}"
    if limits.step is not None and (value - limits.base) % limits.step:
        steps = _write_number(limits.step) + scale.unit
        return f"values in steps of {steps} from {scale.write(limits.base)}"
    return None


def make_scale_value(kind: str, attributes: Mapping[str, str], random: Random) -> str | None:
    """Return a value that the input accepts; None if it accepts no value.

    Without bounds, it is a small number or a date from 2000 to 2030. [assumed]
    """
    scale, limits = SCALES[kind], _read_limits(kind, attributes)
    step = limits.step or Fraction(scale.step)
    low, high = _confine(scale, limits, step)
    first, last = math.ceil((low - limits.base) / step), math.floor((high - limits.base) / step)
    if first > last:
        return None
    text = scale.write(limits.base + step * random.randint(first, last))
    return text if find_scale_error(kind, attributes, text) is None else None


def read_range(attributes: Mapping[str, str]) -> str:
    """Return the number that a range has at first: its value, or else the middle. [doc]

    It is moved to the nearest step within the bounds, up if two are as near.
    """
    limits = _read_limits("range", attributes)
    low, high = limits.low or Fraction(0), limits.high or Fraction(0)
    value = _NUMBERS.read(attributes.get("value", ""))
    value = min(max((low + high) / 2 if value is None else value, low), high)
    if limits.step is not None:
        highest = (high - limits.base) // limits.step
        value = limits.base + limits.step * min(
            math.floor((value - limits.base) / limits.step + Fraction(1, 2)), highest
        )
    return _write_number(value)


def _confine(scale: Scale, limits: Limits, step: Fraction) -> tuple[Fraction, Fraction]:
    """Return the bounds of a random value; a missing bound is set near the other one.

    A bound set here is at least one step from the other, so that a value lies between them.
    """
    usual_low, usual_high = scale.usual
    span = max(Fraction(usual_high - usual_low), step)
    low, high = limits.low, limits.high
    if low is None:
        low = Fraction(usual_low)
        low = low if high is None or low <= high - step else high - span
    if high is None:
        high = max(Fraction(usual_high), low + span)
    return max(low, Fraction(scale.widest[0])), min(high, Fraction(scale.widest[1]))


def _read_limits(kind: str, attributes: Mapping[str, str]) -> Limits:
    scale = SCALES[kind]
    low = scale.read(attributes.get("min", ""))
    high = scale.read(attributes.get("max", ""))
    own = scale.read(attributes.get("value", ""))
    base = low if low is not None else own if own is not None else Fraction(0)
    step = _read_step(scale, attributes.get("step", ""))
    if kind == "range":  # from 0 to 100 by default; min wins over max [doc]
        low = low or Fraction(0)
        high = max(low, Fraction(100) if high is None else high)
    if kind == "time" and low is not None and high is not None and low > high:
        low = high = None  # browsers allow a range over midnight
    return Limits(low, high, step, base)


def _read_step(scale: Scale, text: str) -> Fraction | None:
    """Return the step; None for "any". Steps of days, weeks and months are whole. [doc]"""
    if text.strip().lower() == "any":
        return None
    step = _NUMBERS.read(text)
    if step is None or step <= 0:
        return Fraction(scale.step)
    return Fraction(max(1, round(step))) if scale.unit in _WHOLE_UNITS else step


# Reading and writing ----------------------------------------------------------------------


def _write_number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else repr(float(value))


def _convert_date(text: str) -> int:
    return date.fromisoformat(text).toordinal() - _EPOCH


def _write_date(value: Fraction) -> str:
    return date.fromordinal(int(value) + _EPOCH).isoformat()


def _convert_month(year: str, month: str) -> int:
    first = date(int(year), int(month), 1)
    return (first.year - 1970) * 12 + first.month - 1


def _write_month(value: Fraction) -> str:
    year, month = divmod(int(value), 12)
    return f"{year + 1970:04}-{month + 1:02}"


def _convert_week(year: str, week: str) -> int:
    return _week_of(date.fromisocalendar(int(year), int(week), 1).toordinal() - _EPOCH)


def _week_of(day: int) -> int:
    """Return the number of a day's week; 0 is 1970-W01, from 1969-12-29. [doc]"""
    return (day + 3) // 7


def _write_week(value: Fraction) -> str:
    year, week, _ = date.fromordinal(_EPOCH + 7 * int(value)).isocalendar()
    return f"{year:04}-W{week:02}"


def _convert_time(hour: str, minute: str, second: str | None) -> Fraction:
    return int(hour) * 3600 + int(minute) * 60 + Fraction(second or 0)


def _write_time(value: Fraction) -> str:
    minutes, thousandths = divmod(round(value * 1000), 60_000)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    if thousandths:
        text += f":{thousandths // 1000:02}"
    return text + f".{thousandths % 1000:03}" if thousandths % 1000 else text


def _convert_moment(day: str, *clock: str) -> Fraction:
    return _convert_date(day) * _DAY + _convert_time(*clock)


def _write_moment(value: Fraction) -> str:
    day, clock = divmod(value, _DAY)
    return f"{_write_date(Fraction(day))}T{_write_time(clock)}"


_WHOLE_UNITS: Final = (" days", " weeks", " months")

_NUMBERS: Final = Scale(
    "a number",
    "",
    r"(-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)",
    lambda text: Fraction(
        repr(float(text))
    ),  # as a double, because long texts would make huge fractions
    _write_number,
    usual=(0, 100),
    widest=(-(10**308), 10**308),
)

#: The scales by type attribute. Years range from 1 to 9999. [assumed]
SCALES: Final[Mapping[str, Scale]] = {
    "number": _NUMBERS,
    "range": _NUMBERS,
    "date": Scale(
        "a date such as 2026-01-31",
        " days",
        _DATE,
        _convert_date,
        _write_date,
        (_DAY_2000, _DAY_2030),
        (_FIRST_DAY, _LAST_DAY),
    ),
    "month": Scale(
        "a month such as 2026-01",
        " months",
        "([0-9]{4})-(0[1-9]|1[0-2])",
        _convert_month,
        _write_month,
        (30 * 12, 60 * 12),
        (-1969 * 12, 8030 * 12 - 1),
    ),
    "week": Scale(
        "a week such as 2026-W05",
        " weeks",
        "([0-9]{4})-W([0-9]{2})",
        _convert_week,
        _write_week,
        (_week_of(_DAY_2000), _week_of(_DAY_2030)),
        (_week_of(_FIRST_DAY), _week_of(_LAST_DAY)),
    ),
    "time": Scale(
        "a time such as 23:59",
        " seconds",
        _TIME,
        _convert_time,
        _write_time,
        (0, _DAY - 1),
        (0, _DAY - 1),
        60,
    ),
    "datetime-local": Scale(
        "a date and time such as 2026-01-31T23:59",
        " seconds",
        f"{_DATE}[T ]{_TIME}",
        _convert_moment,
        _write_moment,
        (_DAY_2000 * _DAY, _DAY_2030 * _DAY),
        (_FIRST_DAY * _DAY, (_LAST_DAY + 1) * _DAY - 1),
        60,
    ),
}
