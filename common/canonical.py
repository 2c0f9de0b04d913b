"""One way to write data down so that equal data are equal bytes."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from common.numbers import plain


def _text(value: Any) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return plain(value)
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(data: Any) -> str:
    """JSON with sorted keys, no spaces, decimals as plain text and times in UTC.

    Raises:
        TypeError: for what has no canonical form, such as a moment without its time zone.
        ValueError: for a float that is not finite.
    """
    return json.dumps(
        data,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        default=_text,
    )


def sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
