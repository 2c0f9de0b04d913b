"""manage.py import_history: tells what would happen, stores, undoes."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from reports.history.storing import save_mapping
from reports.models import HistoricValue, ImportBatch
from tests.conftest import World
from tests.reports.bringing import csv, draft, in_force, split_indicator

HEAD = "period,indicator,value"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "figures.csv"
    path.write_bytes(csv(HEAD, "2020,I1,5", "2021,I1,6"))
    return path


def run(*args: Any, **options: Any) -> list[str]:
    out = StringIO()
    call_command("import_history", *map(str, args), stdout=out, **options)
    return out.getvalue().splitlines()


def test_without_commit_nothing_is_stored_and_nothing_left(world: World, file: Path) -> None:
    before = Entry.objects.count()
    assert run(file, plan="AL") == [
        "2 new, 0 changed, 0 unchanged, 0 without a figure",
        "This was a trial: nothing was stored. Repeat it with --commit to store it.",
    ]
    assert (ImportBatch.objects.count(), HistoricValue.objects.count()) == (0, 0)
    assert Entry.objects.count() == before


def test_with_commit_all_of_it_is_stored_once(world: World, file: Path) -> None:
    assert run(file, plan="AL", commit=True)[-1] == f"It is stored as import {last()}."
    assert [row[4] for row in in_force()] == [5, 6]
    assert run(file, plan="AL", commit=True) == [
        "0 new, 0 changed, 2 unchanged, 0 without a figure",
        "There is nothing to store: all of it is stored already.",
    ]
    assert ImportBatch.objects.count() == 1


def last() -> int:
    return ImportBatch.objects.latest("pk").pk


def test_mistakes_are_told_all_at_once(world: World, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(csv(HEAD, "20,I1,5", "2021,I1,x", "2022,I1,1"))
    with pytest.raises(CommandError) as refusal:
        run(path, plan="AL", commit=True)
    first, *more = str(refusal.value).splitlines()
    assert first == "bad.csv has 2 mistakes. Nothing was stored."
    assert [line[:22] for line in more] == ["  row 2, column period", "  row 3, column value:"]
    assert (ImportBatch.objects.count(), HistoricValue.objects.count()) == (0, 0)


def test_faults_are_told_and_do_not_keep_the_table_out(world: World, tmp_path: Path) -> None:
    split_indicator(world)
    path = tmp_path / "faulty.csv"
    path.write_bytes(csv("period,indicator,sex,value", "2020,S1,f,4", "2020,S1,m,5", "2020,S1,,10"))
    assert run(path, plan="AL", commit=True)[1:3] == [
        "1 fault in the table, which goes in as its source has it:",
        "  row 4: The total is 10, but its parts (rows 2, 3) add up to 9.",
    ]
    assert HistoricValue.objects.count() == 3


def test_a_mapping_comes_from_a_file_or_by_its_name(world: World, tmp_path: Path) -> None:
    path, mapping = tmp_path / "a.csv", tmp_path / "mapping.json"
    path.write_bytes(csv("when,what,n", "2020,Army,5"))
    words = '{"indicator": {"Army": "I1"}}'
    columns = '{"when": "period", "what": "indicator", "n": "value"}'
    mapping.write_text(f'{{"columns": {columns}, "words": {words}}}')
    assert run(path, plan="AL", mapping=str(mapping))[0].startswith("1 new")
    known = draft(world, "when,what,n", "2020,Army,5", words={"indicator": {"Army": "I1"}})
    known.mapping = mapping.read_text()
    save_mapping(known, "Ours", by="x")
    assert run(path, plan="AL", mapping="Ours")[0].startswith("1 new")


@pytest.mark.parametrize(
    ("args", "options", "told"),
    [
        ([], {}, "Name a file and --plan, or --undo and the number of an import."),
        (["a.csv"], {}, "Name a file and --plan"),
        (["a.csv"], {"plan": "XX"}, "There is no plan XX."),
        (["none.csv"], {"plan": "AL"}, "none.csv: "),
        (["a.csv"], {"plan": "AL", "mapping": "none"}, "no saved mapping called “none”"),
        ([], {"undo": 0}, "There is no import 0."),
    ],
)
def test_what_is_missing_is_said(
    world: World, args: list[str], options: dict[str, Any], told: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        run(*args, **options)
    assert told in str(refusal.value)


def test_a_mapping_that_is_none_is_refused(world: World, file: Path, tmp_path: Path) -> None:
    path = tmp_path / "mapping.json"
    path.write_text("{")
    with pytest.raises(CommandError, match="The mapping is no JSON"):
        run(file, plan="AL", mapping=str(path))


def test_a_file_of_another_kind_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="a PDF document"):
        run(path, plan="AL")


def test_an_import_is_undone_by_its_number(world: World, file: Path) -> None:
    run(file, plan="AL", commit=True)
    assert run(undo=last()) == ["2 figures were taken out."]
    assert in_force() == []
    with pytest.raises(CommandError, match="undone already"):
        run(undo=last())


def test_an_import_is_not_undone_while_a_newer_one_builds_on_it(world: World, file: Path) -> None:
    run(file, plan="AL", commit=True)
    first = last()
    file.write_bytes(csv(HEAD, "2020,I1,7"))
    run(file, plan="AL", commit=True)
    with pytest.raises(CommandError, match="Newer imports build on this one"):
        run(undo=first)
    assert [row[4] for row in in_force()] == [7, 6]
