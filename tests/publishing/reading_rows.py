"""The rows of a file, as those who download it read them."""

import csv
from io import StringIO

from tests.publishing.pages import ask


def rows_of(address: str, language: str = "en") -> list[list[str]]:
    """The rows of a CSV file, without its headings."""
    return table_of(address, language)[1:]


def table_of(address: str, language: str = "en") -> list[list[str]]:
    text = ask(address, language).content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))
