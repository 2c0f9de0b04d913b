"""A block of cells as a spreadsheet puts it on the clipboard: a text with tabs and line breaks."""

import csv
import io

from django.utils.translation import gettext as _

MAX_BYTES = 200_000
MAX_CELLS = 2_000

Rows = list[list[str]]


class BlockError(ValueError):
    """A text that is no block of cells; str() is a sentence for the person."""


def parse(block: str) -> Rows:
    """The cells of a block as a spreadsheet copies it: tabs, line breaks, quotes where needed.

    Raises:
        BlockError: it is empty or too large.
    """
    if len(block.encode(errors="replace")) > MAX_BYTES:
        sentence = _("The block is larger than %(size)d kB. Paste a smaller part of it.")
        raise BlockError(sentence % {"size": MAX_BYTES // 1000})
    rows = _split(block.replace("\r\n", "\n").replace("\r", "\n"))
    while rows and not rows[-1]:
        rows.pop()
    if not any(cell.strip() for row in rows for cell in row):
        raise BlockError(nothing_in_it())
    if sum(max(len(row), 1) for row in rows) > MAX_CELLS:
        sentence = _("The block has more than %(number)d cells. Paste a smaller part of it.")
        raise BlockError(sentence % {"number": MAX_CELLS})
    return [row or [""] for row in rows]


def nothing_in_it() -> str:
    return _("There is nothing in the block. Copy some cells and paste them here.")


def _split(text: str) -> Rows:
    """Quotes hold a cell together where they pair up; else they are part of the text."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), "excel-tab", strict=True))
    except csv.Error:
        return [line.split("\t") if line else [] for line in text.split("\n")]
