"""What the native part converts by Python's own means: money, times, days and JSON."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

JAKARTA = timezone(timedelta(hours=7), "WIB")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)

rupiah = Decimal


def decimal_text(value: "Any") -> "Optional[str]":
    """A Decimal as rupiah with two decimals; None where that would change it."""
    if not isinstance(value, Decimal):
        raise TypeError(f"amount must be int (whole rupiah), Decimal or str, not {type(value).__name__}")
    # Written out, an exponent of a million would take a megabyte.
    if not value.is_finite() or value.adjusted() > 20:
        return None
    parts = value.as_tuple()
    if parts.sign or int(parts.exponent) < -100:
        return None
    whole, _, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals:0<2}" if len(decimals) <= 2 else None


def moment(unix_ms: int) -> "Optional[datetime]":
    """Milliseconds since 1970 UTC as a datetime in Jakarta time."""
    try:
        return (_EPOCH + unix_ms * _MILLISECOND).astimezone(JAKARTA)
    except OverflowError:
        return None


def unix_ms(value: "Any") -> int:
    """An aware datetime as milliseconds since 1970 UTC."""
    if not isinstance(value, datetime):
        raise TypeError(f"an aware datetime is needed, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise ValueError("the datetime has no time zone, such as datetime.now(timezone.utc) has")
    return (value - _EPOCH) // _MILLISECOND


def moment_text(field: str, value: "Any") -> "Optional[str]":
    """An aware datetime as the core reads it; None where it has no zone."""
    if not isinstance(value, datetime):
        raise TypeError(f"{field} must be an aware datetime or str, not {type(value).__name__}")
    if value.utcoffset() is None:
        return None
    try:
        return value.astimezone(timezone.utc).isoformat()
    except OverflowError:
        return None


def day_text(value: "Any") -> str:
    """A date, such as 2026-11-22. The day of a datetime depends on its zone, so it is Jakarta's."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise TypeError("day must be a date, or an aware datetime, whose day in Jakarta counts")
        return value.astimezone(JAKARTA).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"day must be a date or str, not {type(value).__name__}")


def json_text(value: "Any") -> str:
    """A mapping as JSON."""
    import json
    from collections.abc import Mapping

    if not isinstance(value, Mapping):
        raise TypeError(f"extra must be a mapping or JSON text, not {type(value).__name__}")
    members: dict[Any, Any] = dict(value)  # pyright: ignore[reportUnknownArgumentType]
    return json.dumps(members, ensure_ascii=False, allow_nan=False)
