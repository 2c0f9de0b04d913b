"""A table of earlier figures goes in as a whole, and comes out as a whole."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from audit.services import faults as chain_faults
from reports.choices import ImportState
from reports.history.mapping import read_mapping
from reports.history.preview import preview
from reports.history.storing import (
    NotStored,
    StillNeeded,
    needed_by,
    save_mapping,
    set_mapping,
    store,
    undo,
)
from reports.history.tables import discard
from reports.models import HistoricValue, ImportBatch, ImportMapping
from tests.conftest import World
from tests.reports.bringing import draft, in_force, split_indicator

HEAD = "period,indicator,value,note"


def stored(world: World, *rows: str, head: str = HEAD, **more: Any) -> ImportBatch:
    batch = draft(world, head, *rows, **more)
    store(batch, by=world.administrator.email)
    return batch


def values() -> list[tuple[str, Any]]:
    return [(row[1][:4], row[4]) for row in in_force()]


def entries(action: str) -> list[dict[str, Any]]:
    rows = Entry.objects.filter(action=action).order_by("sequence")
    return [json.loads(row.data) for row in rows]


def test_every_figure_is_stored_with_its_source_and_row(world: World) -> None:
    split_indicator(world)
    head = "period,indicator,institution,sex,unit,value,source,note"
    rows = ("2020-Q3,S1,MM,f,number,4,A report,seen", "2020-Q3,S1,MM,f,percent,40,A report,")
    batch = stored(world, *rows, head=head)
    one, share = HistoricValue.objects.order_by("row")
    assert (one.batch, one.row, one.institution, one.cell) == (batch, 2, world.defence, "sex=f")
    assert (str(one.starts_on), str(one.ends_on)) == ("2020-07-01", "2020-09-30")
    assert (one.value, one.is_share, one.source, one.note) == (4, False, "A report", "seen")
    assert (share.value, share.is_share, share.in_force) == (40, True, True)


def test_fractions_are_stored_in_both_halves(world: World) -> None:
    head = "period,indicator,value,numerator,denominator"
    stored(world, "2019,I2,,3,20", "2020,I2,12.5,,", "2021,I2,15,3,20", head=head)
    assert [row[4:] for row in in_force()] == [
        (None, 3, 20),
        (Decimal("12.5"), None, None),
        (15, 3, 20),
    ]


def test_the_batch_says_who_stored_what_and_keeps_no_copy_of_the_file(world: World) -> None:
    batch = ImportBatch.objects.get(pk=stored(world, "2020,I1,5,", "2021,I1,,").pk)
    assert (batch.standing, batch.rows, batch.content) == (ImportState.STORED, 1, "")
    assert (batch.by, batch.stored_by) == (str(world.administrator), world.administrator.email)
    assert batch.stored_at is not None
    assert (len(batch.sha256), json.loads(batch.faults)) == (64, [])


def test_its_faults_are_kept_beside_it(world: World) -> None:
    split_indicator(world)
    rows = ("2020,S1,f,4", "2020,S1,m,5", "2020,S1,,10")
    batch = stored(world, *rows, head="period,indicator,sex,value")
    [fault] = json.loads(ImportBatch.objects.get(pk=batch.pk).faults)
    assert (fault["row"], fault["rows"], fault["stated"], fault["computed"]) == (
        4,
        [2, 3],
        "10",
        "9",
    )


def test_each_figure_and_the_batch_leave_an_entry_in_the_log(world: World) -> None:
    batch = stored(world, "2020,I1,5,", "2021,I1,6,")
    assert entries("history.stored") == [
        {"file": batch.sha256, "faults": 0, "new": 2, "changed": 0, "same": 0}
    ]
    told = [(e["row"], e["period"], e["before"], e["after"]) for e in entries("history.imported")]
    assert told == [(2, "2020", None, ["5", None, None]), (3, "2021", None, ["6", None, None])]
    about = Entry.objects.filter(action="history.imported").values_list("about_id", flat=True)
    assert set(about) == {str(pk) for pk in HistoricValue.objects.values_list("pk", flat=True)}
    assert list(chain_faults()) == []


def test_a_corrected_figure_replaces_the_earlier_one_and_never_deletes_it(world: World) -> None:
    stored(world, "2020,I1,5,", "2021,I1,6,")
    second = stored(world, "2020,I1,7,", "2021,I1,6,")
    assert values() == [("2020", 7), ("2021", 6)]
    new = HistoricValue.objects.get(batch=second)
    assert new.replaces is not None
    assert (new.replaces.value, new.replaces.in_force) == (5, False)
    assert HistoricValue.objects.count() == 3
    assert entries("history.imported")[-1]["before"] == ["5", None, None]


def test_a_changed_note_is_a_change_too(world: World) -> None:
    stored(world, "2020,I1,5,")
    found = preview(draft(world, HEAD, "2020,I1,5,now with a note"))
    assert ([len(found.new), len(found.changed), len(found.same)]) == [0, 1, 0]


def test_the_same_table_again_changes_nothing(world: World) -> None:
    stored(world, "2020,I1,5,")
    before = Entry.objects.count()
    again = draft(world, HEAD, "2020,I1,5,")
    with pytest.raises(NotStored, match="stored already"):
        store(again, by="x")
    assert HistoricValue.objects.count() == 1
    assert Entry.objects.count() == before + 1  # the upload of the second table
    assert ImportBatch.objects.get(pk=again.pk).standing is ImportState.DRAFT


def test_one_mistake_keeps_the_whole_table_out(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5,", "2021,I1,x,", "2022,XX,1,")
    with pytest.raises(NotStored, match="mistakes") as refusal:
        store(batch, by="x")
    assert refusal.value.found is not None
    assert len(refusal.value.found.problems) == 2
    assert HistoricValue.objects.count() == 0
    assert ImportBatch.objects.get(pk=batch.pk).standing is ImportState.DRAFT
    assert entries("history.stored") == entries("history.imported") == []


def test_a_fault_of_arithmetic_must_be_accepted_by_name(world: World) -> None:
    split_indicator(world)
    rows = ("2020,S1,f,12", "2020,S1,,10")
    batch = draft(world, "period,indicator,sex,value", *rows)
    with pytest.raises(NotStored, match="read the faults"):
        store(batch, by="x", accepts_faults=False)
    assert HistoricValue.objects.count() == 0
    store(batch, by="x", accepts_faults=True)
    assert HistoricValue.objects.count() == 2


def test_storing_twice_is_refused_and_stores_once(world: World) -> None:
    batch = stored(world, "2020,I1,5,")
    with pytest.raises(NotStored, match="stored or discarded already"):
        store(batch, by="x")
    assert HistoricValue.objects.count() == 1


def test_what_was_not_seen_is_not_stored(world: World) -> None:
    """Somebody stored another figure between the look and the confirmation."""
    batch = draft(world, HEAD, "2020,I1,5,")
    mark = preview(batch).mark
    stored(world, "2020,I1,4,")
    with pytest.raises(NotStored, match="changed while the page was open"):
        store(batch, by="x", mark=mark)
    assert values() == [("2020", 4)]
    store(batch, by="x", mark=preview(batch).mark)
    assert values() == [("2020", 5)]


# ------------------------------------------------------------------ undoing


def test_undoing_takes_every_figure_out_and_brings_back_what_stood_before(world: World) -> None:
    stored(world, "2020,I1,5,")
    second = stored(world, "2020,I1,7,", "2021,I1,8,")
    assert undo(second, by="x") == 2
    assert values() == [("2020", 5)]
    batch = ImportBatch.objects.get(pk=second.pk)
    assert (batch.standing, batch.undone_by) == (ImportState.UNDONE, "x")
    assert entries("history.undone") == [{"taken_out": 2, "in_force_again": 1}]
    assert HistoricValue.objects.count() == 3
    assert list(chain_faults()) == []


def test_undoing_is_refused_while_something_newer_depends_on_it(world: World) -> None:
    first = stored(world, "2020,I1,5,", "2021,I1,6,")
    second = stored(world, "2020,I1,7,", name="second.csv")
    assert (needed_by(first), needed_by(second)) == (["second.csv"], [])
    with pytest.raises(StillNeeded, match=r"Undo them first: second\.csv"):
        undo(first, by="x")
    assert values() == [("2020", 7), ("2021", 6)]
    assert ImportBatch.objects.get(pk=first.pk).standing is ImportState.STORED
    undo(second, by="x")
    assert undo(first, by="x") == 2
    assert values() == []


def test_a_newer_import_of_other_figures_is_no_hindrance(world: World) -> None:
    first = stored(world, "2020,I1,5,")
    stored(world, "2021,I1,6,")
    undo(first, by="x")
    assert values() == [("2021", 6)]


def test_undoing_twice_or_before_it_was_stored_is_refused(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5,")
    with pytest.raises(NotStored, match="not stored"):
        undo(batch, by="x")
    store(batch, by="x")
    undo(batch, by="x")
    with pytest.raises(NotStored, match="undone already"):
        undo(batch, by="x")
    assert len(entries("history.undone")) == 1


def test_an_undone_table_can_be_stored_anew(world: World) -> None:
    stored(world, "2020,I1,4,")
    undo(stored(world, "2020,I1,5,"), by="x")
    again = stored(world, "2020,I1,5,")
    assert values() == [("2020", 5)]
    undo(again, by="x")
    assert values() == [("2020", 4)]


# ------------------------------------------------------------------ drafts and mappings


def test_a_draft_can_be_discarded_once(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5,")
    assert discard(batch, by="x") is True
    assert discard(batch, by="x") is False
    assert ImportBatch.objects.count() == 0
    assert len(entries("history.discarded")) == 1


def test_a_stored_table_can_not_be_discarded(world: World) -> None:
    assert discard(stored(world, "2020,I1,5,"), by="x") is False
    assert values() == [("2020", 5)]


def test_a_stored_table_keeps_its_mapping(world: World) -> None:
    batch = stored(world, "2020,I1,5,")
    before = batch.mapping
    set_mapping(batch, read_mapping('{"columns": {}}'))
    assert ImportBatch.objects.get(pk=batch.pk).mapping == before


def test_a_mapping_is_kept_under_a_name_and_replaced_under_the_same(world: World) -> None:
    batch = draft(world, HEAD, "2020,I1,5,")
    save_mapping(batch, "Ours", by="x")
    set_mapping(batch, read_mapping('{"columns": {"a": "value"}}'))
    save_mapping(batch, "Ours", by="x")
    [kept] = ImportMapping.objects.all()
    assert read_mapping(kept.content).columns == {"a": "value"}
    assert [told["content"] for told in entries("mapping.saved")][-1] == kept.content


def test_a_hundred_figures_cost_hardly_more_queries_than_one(world: World) -> None:
    counts = []
    for number, year in ((1, 1910), (100, 1950)):
        rows = [f"{year + n // 4}-Q{n % 4 + 1},I1,{n}," for n in range(number)]
        batch = draft(world, HEAD, *rows)
        with CaptureQueriesContext(connection) as queries:
            store(batch, by="x")
        counts.append(len(queries))
    assert counts[0] <= counts[1] <= counts[0] + 2 <= 24
