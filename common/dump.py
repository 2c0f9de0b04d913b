"""Large tables as a workbook, a row at a time: memory stays flat however many rows there are.

Text is written as typed strings, so none becomes a formula; a number keeps the 15 digits that
every sheet program holds. Plain for programs, or styled for people.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from rustpy_xlsxwriter import Format, write_worksheet

from common.cells import Column, Value, clean_text
from common.workbook import A3, MAX_DIGITS, cut, date_shape, is_exact, legal_title, width_of

Cell = str | float | int | date | None

_NUMBERS = {"number": "General", "integer": "#,##0", "percent": '0.0###" %"', "money": "#,##0.00"}


def write_dump(
    path: Path,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    is_styled: bool = False,
) -> None:
    """Write the rows below their headings into a workbook of one sheet, in the active language.

    Each row holds its values in the order of the columns, whose headings differ from each other.
    A blank or None leaves its cell empty; zero is 0.
    """
    headings = [clean_text(str(column.heading)) for column in columns]
    name = legal_title(title, set())
    write_worksheet(
        _records(headings, rows),
        str(path),
        sheet_name=name,
        freeze_row=1,
        bold_headers=True,
        column_widths=[float(width_of(column)) for column in columns],
        datetime_format=date_shape(),
        **(_style(columns, name) if is_styled else {}),
    )


def _style(columns: Sequence[Column], name: str) -> dict[str, Any]:
    """The same look as every other workbook: headings, filter, number formats, print set-up."""
    head = Format().set_bold().set_background_color("#E8EEF4").set_font_color("#1B2A3A")
    head.set_border_bottom("thin").set_border_bottom_color("#8CA0B3").set_text_wrap()
    footer = _("Page %(page)s of %(pages)s") % {"page": "&P", "pages": "&N"}
    return {
        "header_format": head,
        "column_formats": [_shape(column) for column in columns],
        "autofilter": True,
        "page_setup": {
            "landscape": True,
            "paper_size": A3,
            "fit_to_pages": (1, 0),
            "repeat_rows": 0,
            "footer": f"&L{name.replace('&', '&&')}&R{footer}",
        },
    }


def _shape(column: Column) -> Any:
    shape = Format().set_align("top")
    if column.kind in _NUMBERS:
        return shape.set_align("right").set_num_format(_NUMBERS[column.kind])
    if column.kind in ("date", "datetime"):
        return shape.set_num_format(date_shape())
    return shape.set_quote_prefix()


def _records(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[dict[str, Cell]]:
    is_empty = True
    for row in rows:
        is_empty = False
        yield dict(zip(headings, [v if v is None else _cell(v) for v in row]))
    if is_empty:  # else a table without rows would have no headings
        yield dict.fromkeys(headings)


def _cell(value: Value) -> Cell:
    kind = type(value)
    if kind is str:
        return _text(value) if value else None
    if kind is Decimal:
        return _number(value)  # type: ignore[arg-type]  # it is a number here
    return value  # type: ignore[return-value]  # nothing, a whole number or a day


def _number(value: Decimal) -> float | str:
    is_short = len(value.as_tuple().digits) <= MAX_DIGITS
    return float(value) if is_short or is_exact(value) else format(value, "f")


@lru_cache(maxsize=4_096)
def _text(value: str) -> str:
    """A text a cell can hold; most texts of a table stand in it many times."""
    return cut(clean_text(value))
