"""The check of translations finds each kind of fault, and their compiler writes what changed."""

import gettext
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po
from django.conf import settings

from tools import messages
from tools.check_translations import PLACEHOLDER, fault, faults, texts
from tools.compile_messages import ROOT, compile_all

Text = str | tuple[str, str]
SOUND: list[tuple[Text, Text]] = [
    ("Save", "Ruani"),
    ("", ""),
    ("%(name)s was added.", "U shtua %(name)s."),
    ("%(a)s of %(b)s", "%(b)s nga %(a)s"),
    ("%s rows", "%s rreshta"),
    ("%d of %d", "%d nga %d"),
    ("{} of {}", "{} nga {}"),
    ("{name}", "{name}"),
    ("100 %", "100 %"),
    ("100 % of it", "100 % e saj"),
    ("%(n)d row\nand more", "%(n)d rresht\ndhe më shumë"),
    (("%(n)s row", "%(n)s rows"), ("%(n)s rresht", "%(n)s rreshta")),
    (("One row", "%(n)s rows"), ("%(n)s rresht", "%(n)s rreshta")),
    ("<b>%(x)s</b>", "%(x)s"),
]
FAULTY: list[tuple[Text, Text, str]] = [
    ("Save", "", "not translated"),
    ("Save", "   ", "not translated"),
    ("Save", "\n", "not translated"),
    (("%(n)s row", "%(n)s rows"), ("%(n)s rresht", ""), "not translated"),
    (("%(n)s row", "%(n)s rows"), ("", "%(n)s rreshta"), "not translated"),
    ("%(name)s was added.", "U shtua.", "placeholders differ"),
    ("%(name)s was added.", "U shtua %(emri)s.", "placeholders differ"),
    ("%(name)s was added.", "U shtua %(name)d.", "placeholders differ"),
    ("%(name)s was added.", "U shtua %(name) s.", "placeholders differ"),
    ("%(name)s was added.", "%(name)s u shtua %(name)s.", "placeholders differ"),
    ("Saved", "U ruajt %(name)s", "placeholders differ"),
    ("%s rows", "rreshta", "placeholders differ"),
    ("%s rows", "%d rreshta", "placeholders differ"),
    ("{} of {}", "{} nga", "placeholders differ"),
    ("{name}", "{emri}", "placeholders differ"),
    (("%(n)s row", "%(n)s rows"), ("%(n)s rresht", "rreshta"), "placeholders differ"),
    (("%(n)s row", "%(n)s rows"), ("rresht", "%(n)s rreshta"), "placeholders differ"),
]


def catalogue(*pairs: tuple[Text, Text], fuzzy: bool = False) -> Catalog:
    made = Catalog(locale="sq")
    for text, translated in pairs:
        made.add(text, translated, flags=["fuzzy"] if fuzzy else [])
    return made


@pytest.mark.parametrize(("text", "translated"), SOUND, ids=repr)
def test_a_sound_translation_passes(text: Text, translated: Text) -> None:
    assert list(faults(catalogue((text, translated)))) == []


@pytest.mark.parametrize(("text", "translated", "told"), FAULTY, ids=repr)
def test_each_kind_of_fault_is_told_with_its_text(text: Text, translated: Text, told: str) -> None:
    first = text if isinstance(text, str) else text[0]
    assert list(faults(catalogue((text, translated)))) == [f"{told}: {first!r}"]


def test_an_unsure_translation_is_told() -> None:
    assert list(faults(catalogue(("Save", "Ruani"), fuzzy=True))) == ["marked as unsure: 'Save'"]
    # What is not there at all is the worse fault of the two.
    assert list(faults(catalogue(("Save", ""), fuzzy=True))) == ["not translated: 'Save'"]


def test_every_fault_is_told_in_the_order_of_the_catalogue() -> None:
    made = catalogue(("A", ""), ("B", "b"), ("%s", ""), ("{}", "x"))
    assert list(faults(made)) == [
        "not translated: 'A'",
        "not translated: '%s'",
        "placeholders differ: '{}'",
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [("a", ("a",)), (("a", "b"), ("a", "b")), (["a", "b"], ("a", "b")), (None, ("",)), ((), ("",))],
)
def test_a_text_is_all_its_forms(
    value: str | tuple[str, ...] | None, found: tuple[str, ...]
) -> None:
    assert texts(value) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%(a)s %(b_2)d", ["%(a)s", "%(b_2)d"]),
        ("%s%d", ["%s", "%d"]),
        ("{}{a}{0}", ["{}", "{a}", "{0}"]),
        ("50 % of", []),
        ("50%", []),
        ("{a.b}", []),
    ],
)
def test_these_are_placeholders(text: str, found: list[str]) -> None:
    assert PLACEHOLDER.findall(text) == found


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_stored_catalogue_has_no_fault(language: str) -> None:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        stored = read_po(file, locale=language, abort_invalid=True)
    assert [fault(message) for message in stored if message.id and fault(message)] == []
    assert len(stored) > 500
    assert stored.obsolete == {}


def test_every_language_that_is_offered_is_collected_but_that_of_the_texts() -> None:
    offered = [code for code, _name in settings.LANGUAGES]
    assert [code for code in offered if code != settings.LANGUAGE_CODE] == list(messages.LANGUAGES)


def test_every_folder_with_texts_is_collected() -> None:
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tools", "tests"}
    assert set(messages.SOURCES) == ours | {"templates"}


def test_without_gettext_the_collecting_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        messages.collect(tmp_path)
    assert ended.value.code == "gettext is missing. On Debian: sudo apt install gettext"
    assert list(tmp_path.iterdir()) == []


PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Save"
msgstr "{word}"

msgid "%(n)s row"
msgid_plural "%(n)s rows"
msgstr[0] "%(n)s rresht"
msgstr[1] "%(n)s rreshta"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def _write(word: str = "Ruani", language: str = "sq", age: int = 0) -> Path:
        path = tmp_path / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PO.format(word=word))
        os.utime(path, (10_000 - age, 10_000 - age))
        return path

    return _write


def read(path: Path) -> gettext.GNUTranslations:
    with path.with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_what_is_compiled_is_what_readers_get(tmp_path: Path, write: Callable[..., Path]) -> None:
    po = write("Ruaje çdo ditë")
    assert compile_all(tmp_path) == [po.with_suffix(".mo")]
    found = read(po)
    assert found.gettext("Save") == "Ruaje çdo ditë"
    assert [found.ngettext("%(n)s row", "%(n)s rows", n) for n in (1, 2, 0)] == [
        *("%(n)s rresht", "%(n)s rreshta", "%(n)s rreshta")
    ]


def test_only_what_is_newer_is_compiled_again(tmp_path: Path, write: Callable[..., Path]) -> None:
    sq, fr = write(), write("Garder", "fr")
    assert compile_all(tmp_path) == [path.with_suffix(".mo") for path in (fr, sq)]
    for path in (sq, fr):
        os.utime(path.with_suffix(".mo"), (20_000, 20_000))
    assert compile_all(tmp_path) == []
    write("Ruajeni")
    os.utime(sq, (20_000, 20_000))
    assert compile_all(tmp_path) == [sq.with_suffix(".mo")]
    assert (read(sq).gettext("Save"), read(fr).gettext("Save")) == ("Ruajeni", "Garder")


def test_a_broken_catalogue_is_an_error_and_leaves_the_old_one(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    po = write()
    compile_all(tmp_path)
    po.write_text(po.read_text() + "this is no catalogue\n")
    os.utime(po.with_suffix(".mo"), (10_000, 10_000))
    with pytest.raises(PoFileError):
        compile_all(tmp_path)
    assert read(po).gettext("Save") == "Ruani"


def test_nothing_else_is_left_beside_it(tmp_path: Path, write: Callable[..., Path]) -> None:
    compile_all(tmp_path)
    assert list(tmp_path.iterdir()) == []
    po = write()
    compile_all(tmp_path)
    assert sorted(path.name for path in po.parent.iterdir()) == ["django.mo", "django.po"]
