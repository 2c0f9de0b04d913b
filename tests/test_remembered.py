"""A world that is brought back is the world that was lived, and nothing else is brought back."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.utils import translation

from accounts.models import Institution
from common import clock
from indicators.models import Framework, Plan
from reports.errors import NotAllowed
from reports.models import Report, Revision
from tests import factory
from tests.conftest import World, make_world
from tests.remembered import Held, Memory, rows

pytestmark = pytest.mark.django_db
VOLATILE = {"password", "date_joined", "at", "hash", "previous_hash", "sha256"}
"""What no two worlds have in common: salted or dated, and what is hashed of it."""
SALTED = {"content", "data"}
"""Texts in which something of it stands among other things; those others are compared."""


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """One that remembers nothing yet, in the place of that of the other tests."""
    fresh = Memory()
    monkeypatch.setattr(factory, "memory", fresh)
    return fresh


def told(memory: Memory, *steps: str) -> list[str]:
    """The steps, each of which makes an institution of its name, that had to be lived."""
    lived: list[str] = []

    def live(name: str) -> str:
        lived.append(name)
        return Institution.objects.create(code=name, country="AL", kind="ministry").code

    with transaction.atomic(), memory.following():
        for name in steps:
            assert memory.step((name,), lambda name=name: live(name)) == name
        assert list(Institution.objects.values_list("code", flat=True)) == sorted(steps)
        transaction.set_rollback(True)
    return lived


Shown = dict[str, dict[str, object]]


def shown(world: World) -> Shown:
    """Every row a world holds, with all that stands in it."""
    return {
        name: {key: value for key, value in vars(row).items() if not key.startswith("_")}
        for name, row in vars(world).items()
        if name != "sessions"
    }


def steady(held: Held) -> dict[str, list[dict[str, object]]]:
    """Rows without their volatile columns, and without the numbers that a sequence gave."""
    return {
        table.name: [
            {
                column: SALT.sub("", value) if column in SALTED else value
                for column, value in zip(table.columns, row)
                if column not in VOLATILE and not column.endswith(("_at", "id"))
            }
            for row in held_rows.values()
        ]
        for table, held_rows in held.items()
    }


SALT = re.compile(r'"(?:salt|sha256)":"[0-9a-f]+"')


def twice(memory: Memory) -> list[tuple[World, Shown, Held]]:
    """The world as it is lived, and as it is brought back, each in an empty database, and every
    row after its report was submitted."""
    found = []
    for _ in range(2):
        with transaction.atomic(), memory.following():
            world = memory.step(("world",), make_world)
            stands = shown(world)
            world.submitted()
            found.append((world, stands, rows()))
            transaction.set_rollback(True)
    return found


def test_a_world_brought_back_has_every_row_as_it_was_lived(memory: Memory) -> None:
    (*_, lived), (*_, again) = twice(memory)
    assert again == lived
    assert len(memory.known) == 3
    assert sum(len(held) for held in again.values()) > 40


def test_a_world_brought_back_holds_the_same_people_and_things(memory: Memory) -> None:
    (lived, lived_rows, _), (again, again_rows, _) = twice(memory)
    assert again_rows == lived_rows
    assert again.indicator.plan is again.plan
    assert again.sessions == {}
    assert again.contributor is not lived.contributor


def test_a_world_brought_back_is_one_freshly_made(memory: Memory) -> None:
    _, (*_, again) = twice(memory)
    make_world().submitted()
    assert steady(rows()) == steady(again)


def test_a_world_brought_back_can_be_lived_on(memory: Memory) -> None:
    told(memory, "A")
    with memory.following():
        memory.step(("A",), lambda: pytest.fail("it is known"))
        Institution.objects.create(code="B", country="AL", kind="ministry")
    assert [i.code for i in Institution.objects.order_by("pk")] == ["A", "B"]
    connection.check_constraints()


def test_a_person_brought_back_can_log_in(world: World) -> None:
    assert world.client(world.contributor).get("/reports/").status_code == 200
    assert world.fresh(world.contributor).check_password(factory.PASSWORD)


def test_a_step_is_lived_once(memory: Memory) -> None:
    assert told(memory, "A", "B") == ["A", "B"]
    assert told(memory, "A", "B") == []


def test_a_step_from_another_place_is_lived(memory: Memory) -> None:
    told(memory, "A", "B")
    assert told(memory, "B", "A") == ["B", "A"]
    assert told(memory, "A", "C") == ["C"]


def test_what_a_step_changed_and_removed_is_brought_back(memory: Memory) -> None:
    def live() -> None:
        Plan.objects.update(title_en="It's 5 % \\ new")
        Framework.objects.all().delete()

    for lived in (True, False):
        with transaction.atomic(), memory.following():
            memory.step(("plan",), factory.make_plan)
            memory.step(("framework",), lambda: Framework.objects.create(code="un"))
            memory.step(("change",), live if lived else lambda: pytest.fail("it is known"))
            assert Plan.objects.get().title_en == "It's 5 % \\ new"
            assert not Framework.objects.exists()
            transaction.set_rollback(True)


@pytest.mark.parametrize("undone", [False, True], ids=["kept", "undone"])
def test_after_another_write_everything_is_lived(memory: Memory, undone: bool) -> None:
    told(memory, "A", "B")
    with memory.following():
        memory.step(("A",), lambda: pytest.fail("it is known"))
        with transaction.atomic():
            Institution.objects.update(name_en="Written by the test")
            transaction.set_rollback(undone)
        assert memory.step(("B",), lambda: "lived") == "lived"


def test_who_reads_or_logs_in_stays_on_the_chain(world: World) -> None:
    memory = Memory()
    memory.place = ()
    with connection.execute_wrapper(memory._on_statement):
        world.client(world.lead).get("/quarters/")
        assert Report.objects.count() == 2
        assert memory.place == ()
        world.plan.save()
        assert memory.place is None


def test_in_a_database_that_is_not_empty_everything_is_lived(memory: Memory) -> None:
    told(memory, "A")
    Framework.objects.create(code="un")
    assert told(memory, "A") == ["A"]


def test_at_another_time_everything_is_lived(memory: Memory) -> None:
    told(memory, "A")
    with clock.at(datetime(2026, 4, 1, tzinfo=UTC)):
        assert told(memory, "A") == ["A"]


def test_while_time_is_travelled_everything_is_lived(memory: Memory, time_machine) -> None:
    told(memory, "A")
    time_machine.move_to("2026-04-01")
    assert told(memory, "A") == ["A"]


def test_in_another_language_a_step_is_lived(memory: Memory) -> None:
    for language, lived in [("en", ["A"]), ("sq", ["A"]), ("en", [])]:
        with translation.override(language):
            assert told(memory, "A") == lived


def test_a_step_that_is_refused_is_not_remembered(world: World) -> None:
    for _ in range(2):
        with pytest.raises(NotAllowed):
            factory.decide("submit", world.report, world.observer)


def test_a_report_brought_back_is_the_one_that_was_submitted(world: World) -> None:
    report = world.submitted()
    assert (report, report.status, report.version) == (
        world.now(),
        world.now().status,
        world.now().version,
    )
    assert Revision.objects.get(report=report).submitted_by == world.approver
