"""manage.py load_plan: what it prints, in both languages, and how it ends."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from audit.models import Entry
from indicators.models import Action, Plan
from tests.indicators import plan_files

pytestmark = pytest.mark.django_db
COUNTS = {name: len(rows) for name, rows in plan_files.sheets().items()}
BAD_ROW = {"planned": "much"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return plan_files.write_folder(tmp_path / "plan", plan_files.sheets())


def told(*paths: Path, commit: bool = False, language: str = "en") -> list[str]:
    out = StringIO()
    with override(language):
        call_command("load_plan", *map(str, paths), commit=commit, stdout=out)
    return out.getvalue().splitlines()


def refused(*paths: Path, commit: bool = True, language: str = "en") -> list[str]:
    with override(language), pytest.raises(CommandError) as refusal:
        call_command("load_plan", *map(str, paths), commit=commit, stdout=StringIO())
    return str(refusal.value).splitlines()


def test_every_sheet_is_told_with_its_counts_and_nothing_is_stored(folder: Path) -> None:
    lines = told(folder)

    assert lines[0] == str(folder)
    assert [line.split()[:2] for line in lines[1:-1]] == [[n, str(c)] for n, c in COUNTS.items()]
    assert all(line.endswith("created, 0 changed, 0 unchanged") for line in lines[1:-1])
    assert (Plan.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_workbook_is_told_as_a_folder_is(tmp_path: Path, folder: Path) -> None:
    book = plan_files.write_book(tmp_path / "plan.xlsx", plan_files.sheets())

    assert told(book)[1:] == told(folder)[1:]
    assert told(book, commit=True)[-1] == "It is stored."
    assert told(folder)[-1] == "There is nothing to store: all of it is stored already."


def test_a_trial_of_a_change_names_it_and_leaves_it(folder: Path) -> None:
    told(folder, commit=True)
    Action.objects.filter(code="A1").update(title_en="Other")
    lines = told(folder)

    assert "    A1: title_en" in lines
    assert lines[-1].startswith("This was a trial")
    assert Action.objects.get(code="A1").title_en == "Other"  # type: ignore[attr-defined]
    assert Entry.objects.count() == 1


def test_it_speaks_albanian(tmp_path: Path, folder: Path) -> None:
    english, albanian = told(folder), told(folder, language="sq")
    assert [a for e, a in zip(english[1:], albanian[1:]) if e == a] == []

    content = plan_files.sheets()
    content["funding"][0].update(BAD_ROW)
    broken = plan_files.write_folder(tmp_path / "broken", content)
    lines = refused(broken), refused(broken, language="sq")
    assert [a for e, a in zip(*lines) if e == a] == []
    assert "rreshti 2, kolona planned" in lines[1][1]


def test_one_fault_and_several_are_counted(tmp_path: Path) -> None:
    content = plan_files.sheets()
    content["funding"][0].update(BAD_ROW)
    path = plan_files.write_folder(tmp_path / "plan", content)
    assert refused(path)[0] == f"{path} has 1 error. Nothing was stored."

    content["funding"][1].update(BAD_ROW)
    plan_files.write_folder(path, content)
    assert refused(path)[0] == f"{path} has 2 errors. Nothing was stored."
    assert refused(path, commit=False)[0] == f"{path} has 2 errors. Nothing was stored."
    assert (Plan.objects.count(), Entry.objects.count()) == (0, 0)


def test_what_comes_after_a_fault_is_not_told(tmp_path: Path, folder: Path) -> None:
    content = plan_files.sheets()
    content["funding"][0].update(BAD_ROW)
    content["plan"][0]["code"] = "T2"
    broken = plan_files.write_folder(tmp_path / "broken", content)
    nowhere = tmp_path / "nowhere"

    assert refused(folder, broken, nowhere)[0].startswith(str(broken))
    assert refused(nowhere, folder)[0].startswith(str(nowhere))
    assert Plan.objects.count() == 0


def test_without_a_path_it_says_what_it_needs() -> None:
    with pytest.raises(CommandError, match="PATH"):
        call_command("load_plan")
