"""Whether every text marked for translation has one, complete and with the same placeholders.

The texts are collected afresh from a copy of the sources, so a text that never reached the
catalogue counts as missing.
"""

import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tools.messages import LANGUAGES, ROOT, SOURCES, collect

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def fresh_catalogue(language: str) -> Catalog:
    """The catalogue as `make messages` would leave it now."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in (*SOURCES, "locale"):
            shutil.copytree(ROOT / name, copy / name)
        shutil.copy(ROOT / "manage.py", copy)
        collect(copy)
        with (copy / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
            return read_po(file, locale=language)


def texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Every plural form of a text; one form when it has no plural."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def fault(message: Message) -> str:
    """What is wrong with one entry; empty when nothing is."""
    translated = texts(message.string)
    if not all(text.strip() for text in translated):
        return "not translated"
    if message.fuzzy:
        return "marked as unsure"
    wanted = Counter(PLACEHOLDER.findall(texts(message.id)[-1]))
    if any(Counter(PLACEHOLDER.findall(text)) != wanted for text in translated):
        return "placeholders differ"
    return ""


def faults(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if message.id and (what := fault(message)):
            yield f"{what}: {texts(message.id)[0]!r}"


def main() -> int:
    found = [
        f"{language}: {what}"
        for language in LANGUAGES
        for what in faults(fresh_catalogue(language))
    ]
    print("\n".join(found))
    print(f"{len(found)} texts are not in order.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
