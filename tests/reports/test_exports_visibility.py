"""Who finds what in the working workbooks, searched for in every part of the file."""

import json
from typing import Any

import pytest

from audit.models import Entry
from reports.models import Report
from reports.services import save_line
from tests import factory
from tests.conftest import World
from tests.reports.exporting import (
    add_protected,
    ask,
    body,
    everything,
    fetched,
    indicators,
    remark,
    rows,
    sheets,
    summary,
    tell,
)

PEOPLE = (
    "contributor",
    "approver",
    "other_contributor",
    "other_approver",
    "reviewer",
    "other_reviewer",
    "lead",
    "administrator",
    "observer",
)
OWN = {"contributor", "approver"}
OTHERS = {"other_contributor", "other_approver"}
COALITION = {"reviewer", "other_reviewer", "lead"}

# Nine digits, so that no hash in a file holds one by chance.
FIRST = {"I1": 482715937, "I2": 482737159, "S1": 615473829, "R1": 735193847}
SECOND = {"I1": 593138273, "S1": 678019283}
NEWER = {"I1": 419992837, "I2": 419837261, "S1": 419572839, "R1": 419538271}


def found_by(world: World, about: Any, *canaries: object) -> dict[str, set[str]]:
    """By canary the people in whose file it stands, of all who are given one."""
    found: dict[str, set[str]] = {str(canary): set() for canary in canaries}
    for name in PEOPLE:
        response = ask(world, getattr(world, name), about)
        if response.status_code == 404:
            continue
        text = everything(body(response))
        for canary in found:
            if canary in text:
                found[canary].add(name)
    return found


def readers_of(world: World, report: Report) -> set[str]:
    """Those who are given the workbook of a report."""
    return {name for name in PEOPLE if ask(world, getattr(world, name), report).status_code == 200}


@pytest.fixture
def drafts(world: World) -> World:
    """Both ministries have filled in their drafts, with figures that occur nowhere else."""
    add_protected(world)
    tell(world.now(), world.contributor, FIRST, "Alpha")
    tell(world.now(world.other_report), world.other_contributor, SECOND, "Beta")
    return world


def send(world: World) -> None:
    """The first report to the coalition, and taken by the reviewer."""
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)


def validate(world: World, report: Report | None = None, approver: Any = None) -> None:
    report = report or world.report
    factory.decide("submit", report, approver or world.approver)
    factory.decide("take", report, world.reviewer)
    factory.decide("validate", report, world.reviewer)


def test_a_draft_is_read_by_its_own_people_and_the_secretariat_only(drafts: World) -> None:
    own = found_by(drafts, drafts.period, 482715937, "Alpha done", "Alpha note I1", "Alpha action")
    assert set(map(frozenset, own.values())) == {frozenset(OWN | {"administrator"})}
    other = found_by(drafts, drafts.period, 593138273, "Beta done", "Beta rating I1", "Beta next")
    assert set(map(frozenset, other.values())) == {frozenset(OTHERS | {"administrator"})}
    assert readers_of(drafts, drafts.report) == OWN | {"administrator"}


def test_no_sum_tells_of_a_draft_that_is_not_shown(drafts: World) -> None:
    """482715937 + 593138273: the coalition has one of the two, so it gets no sum."""
    validate(drafts)
    for name in PEOPLE:
        row = indicators(fetched(drafts, getattr(drafts, name), drafts.period))["I1"]
        expected = {
            "administrator": 1075854210,
            "other_contributor": 593138273,
            "other_approver": 593138273,
        }
        assert row["Value to date"] == expected.get(name, 482715937), name
    assert found_by(drafts, drafts.period, 1075854210) == {"1075854210": {"administrator"}}


def test_a_submitted_report_goes_to_the_coalition_not_to_others(drafts: World) -> None:
    factory.decide("submit", drafts.report, drafts.approver)
    found = found_by(drafts, drafts.period, 482715937, "Alpha done", "Alpha rating I1", 735193847)
    assert set(map(frozenset, found.values())) == {frozenset(OWN | COALITION | {"administrator"})}
    assert readers_of(drafts, drafts.report) == OWN | COALITION | {"administrator"}


def test_an_observer_reads_what_is_validated(drafts: World) -> None:
    validate(drafts)
    assert found_by(drafts, drafts.period, 482715937, "Alpha done")["482715937"] == (
        OWN | COALITION | {"administrator", "observer"}
    )
    assert readers_of(drafts, drafts.report) == OWN | COALITION | {"administrator", "observer"}
    assert readers_of(drafts, drafts.other_report) == OTHERS | {"administrator"}


def test_what_is_typed_after_a_return_is_not_for_the_coalition(drafts: World) -> None:
    send(drafts)
    factory.decide("return", drafts.report, drafts.reviewer, reason="Check.")
    tell(drafts.now(), drafts.contributor, NEWER, "Gamma")
    words = ["Gamma done", "Gamma note I1", "Gamma rating I2", "Gamma action"]
    newer = found_by(drafts, drafts.period, *NEWER.values(), *words)
    assert set(map(frozenset, newer.values())) == {frozenset(OWN | {"administrator"})}
    older = found_by(drafts, drafts.period, *FIRST.values(), "Alpha done", "Alpha action")
    assert set(map(frozenset, older.values())) == {frozenset(COALITION)}


def test_a_previous_value_that_is_being_changed_is_shown_as_it_was_submitted(
    world: World,
) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2).reports.get(institution=world.defence)
    numbers = {"I1": 482715937, "I2": 482737159}
    tell(earlier, world.contributor, numbers, "Alpha")
    factory.decide("submit", earlier, world.approver)
    factory.decide("take", earlier, world.reviewer)
    factory.decide("return", earlier, world.reviewer, reason="Check.")
    tell(world.now(earlier), world.contributor, {"I1": 419992837, "I2": 419837261}, "Gamma")
    world.submitted()
    found = found_by(world, world.period, 482715937, 419992837)
    assert found == {"482715937": COALITION, "419992837": OWN | {"administrator"}}


def test_remarks_and_ratings_of_an_open_round_are_for_the_coalition(drafts: World) -> None:
    send(drafts)
    remark(drafts, "Delta remark", ("off_track", "Delta rating"))
    marks = ("Delta remark", "Delta remark words", "Delta rating", "Off track")
    found = found_by(drafts, drafts.period, *marks[:3])
    assert found == dict.fromkeys(marks[:3], COALITION)
    for name in OWN | {"administrator"}:
        for about in (drafts.period, drafts.report):
            row = indicators(fetched(drafts, getattr(drafts, name), about))["I1"]
            assert row["Coalition"] is None
            assert rows(fetched(drafts, getattr(drafts, name), about), "Reviews") == []


def test_a_decided_round_is_for_both_sides_and_the_secretariat(drafts: World) -> None:
    send(drafts)
    remark(drafts, "Delta remark", ("off_track", "Delta rating"))
    factory.decide("return", drafts.report, drafts.reviewer, reason="Delta reason")
    marks = ("Delta remark", "Delta remark words", "Delta rating", "Delta reason")
    found = found_by(drafts, drafts.period, *marks)
    assert found == dict.fromkeys(marks, OWN | COALITION | {"administrator"})


def test_an_observer_reads_the_ratings_but_no_remark(world: World) -> None:
    world.under_review()
    remark(world, "Delta remark", ("off_track", "Delta rating"))
    factory.decide("return", world.report, world.reviewer, reason="Delta reason")
    factory.decide("submit", world.report, world.approver)
    factory.decide("take", world.report, world.reviewer)
    factory.decide("validate", world.report, world.reviewer, reason="Delta praise")
    data = fetched(world, world.observer, world.period)
    assert "Reviews" not in sheets(data)
    text = everything(data)
    assert [m for m in ("remark", "reason", "praise", "rating") if f"Delta {m}" in text] == [
        "rating"
    ]
    assert "Delta praise" in everything(fetched(world, world.lead, world.period))


def test_the_reviewer_is_named_to_the_coalition_and_the_secretariat(drafts: World) -> None:
    validate(drafts)
    found = found_by(drafts, drafts.period, "Reviewer.Al")
    assert found["Reviewer.Al"] == COALITION | {"administrator"}


def test_the_coalition_knows_of_a_draft_only_that_it_is_owed(drafts: World) -> None:
    row = rows(fetched(drafts, drafts.lead, drafts.period), "Reports")[0]
    assert {name: value for name, value in row.items() if value is not None} == {
        "Code": "MB",
        "Institution": "Ministry of Interior",
        "State": "Draft",
        "Due": row["Due"],
        "Overdue": "Yes" if drafts.other_report.is_overdue else "No",
    }
    told = [r["Code"] for r in rows(fetched(drafts, drafts.observer, drafts.period), "Reports")]
    assert told == []


def test_the_dates_of_a_withdrawn_report_are_not_for_the_coalition(world: World) -> None:
    world.submitted()
    factory.decide("withdraw", world.report, world.approver)
    for person, expected in ((world.approver, 1), (world.lead, None)):
        row = next(
            row
            for row in rows(fetched(world, person, world.period), "Reports")
            if row["Code"] == "MM"
        )
        assert row["Revision"] == expected
        assert (row["Submitted"] is None) is (expected is None)
        assert (row["First submitted"] is None) is (expected is None)


def test_the_halves_of_a_protected_share_stay_in(world: World) -> None:
    world.share.sensitivity = "small_counts"
    world.share.save()
    tell(world.now(), world.contributor, FIRST, "Alpha")
    validate(world)
    found = found_by(world, world.period, 482737159, 999999937)
    assert set(map(frozenset, found.values())) == {frozenset(OWN | COALITION | {"administrator"})}


def test_protected_figures_and_their_reasons_are_not_for_observers(drafts: World) -> None:
    validate(drafts)
    validate(drafts, drafts.other_report, drafts.other_approver)
    figures = (615473829, 735193847, 678019283, 615473829 + 678019283, 881236457)
    reasons = ("Alpha note S1", "Alpha rating S1", "Alpha note R1", "Beta rating S1")
    found = found_by(drafts, drafts.period, *figures, *reasons)
    assert [name for name, people in found.items() if "observer" in people] == []
    assert found["735193847"] == OWN | COALITION | {"administrator"}
    assert found[str(615473829 + 678019283)] == COALITION | {"administrator"}
    found = found_by(drafts, drafts.report, *figures, *reasons)
    assert [name for name, people in found.items() if "observer" in people] == []


def test_a_word_stands_in_the_place_of_a_protected_figure(drafts: World) -> None:
    validate(drafts)
    data = fetched(drafts, drafts.observer, drafts.period)
    told = indicators(data)
    assert (told["S1"]["Value to date"], told["R1"]["Value to date"]) == (
        "protected",
        "restricted",
    )
    assert (told["S1"]["Target"], told["S1"]["Expected now"]) == (None, None)
    answers = {row["Indicator"]: row for row in rows(data, "Values by cell")}
    assert answers["I1"]["Value"] == 482715937
    assert {n: v for n, v in answers["R1"].items() if v is not None} == {
        "Institution": "Ministry of Defence",
        "State": "Validated",
        "Indicator": "R1",
        "Title": "Indicator R1",
        "Unit": "persons",
        "Answer": "restricted",
    }
    assert summary(data)["Figures not shown to you"] == "R1, S1"


def test_the_reason_of_a_coalition_rating_of_a_protected_indicator_stays_in(
    drafts: World,
) -> None:
    send(drafts)
    review = drafts.now().reviews.select_related("report__period__plan").get()
    line = review.report.lines.get(indicator__code="R1")
    line.ratings.create(side="coalition", value="off_track", reason="Epsilon of 3 women")
    factory.decide("validate", drafts.report, drafts.reviewer)
    found = found_by(drafts, drafts.period, "Epsilon of 3 women")
    assert found["Epsilon of 3 women"] == OWN | COALITION | {"administrator"}
    rated = {
        row["Indicator"]: row
        for row in rows(fetched(drafts, drafts.observer, drafts.period), "Ratings")
    }
    assert (rated["R1"]["Coalition"], rated["R1"]["Its reason"]) == ("Off track", None)


def test_an_officer_who_also_observes_gets_no_sum_with_others_protected_figures(
    drafts: World,
) -> None:
    validate(drafts)
    validate(drafts, drafts.other_report, drafts.other_approver)
    drafts.contributor.memberships.create(plan=drafts.plan, role="observer")
    data = fetched(drafts, drafts.contributor, drafts.period)
    text = everything(data)
    assert "615473829" in text
    assert "678019283" not in text
    assert str(615473829 + 678019283) not in text
    assert indicators(data)["S1"]["Value to date"] == "protected"


def test_who_holds_no_role_in_the_plan_finds_no_such_page(world: World) -> None:
    world.validated()
    elsewhere = factory.make_plan("XK")
    foreign = factory.make_member("lead", elsewhere)
    for person in (world.stranger, foreign):
        for about in (world.period, world.report):
            assert ask(world, person, about).status_code == 404


def test_a_role_that_has_ended_opens_nothing(world: World) -> None:
    world.validated()
    world.lead.memberships.update(expires_on="2020-01-01")
    assert ask(world, world.lead, world.period).status_code == 404


def test_nobody_reads_without_logging_in(world: World) -> None:
    world.published()
    for about in (world.period, world.report):
        response = ask(world, None, about)
        assert response.status_code == 302
        assert "/login" in response.url


def test_protected_figures_that_leave_are_logged(drafts: World) -> None:
    fetched(drafts, drafts.contributor, drafts.report)
    entry = Entry.objects.get(action="workbook.exported")
    assert (entry.actor, entry.about_type, entry.about_id) == (
        drafts.contributor.email,
        "reports.report",
        str(drafts.report.pk),
    )
    assert json.loads(entry.data) == {
        "period": "2026-Q3",
        "indicators": ["R1", "S1"],
        "institutions": ["MM"],
    }


def test_the_file_carries_the_entry_that_tells_of_it(drafts: World) -> None:
    data = fetched(drafts, drafts.administrator, drafts.period)
    entry = Entry.objects.get(action="workbook.exported")
    assert (entry.about_type, entry.about_id) == ("reports.period", str(drafts.period.pk))
    assert summary(data)["Head of the log"] == entry.hash


def test_public_figures_leave_without_an_entry(drafts: World) -> None:
    validate(drafts)
    number = Entry.objects.count()
    fetched(drafts, drafts.observer, drafts.period)
    fetched(drafts, drafts.observer, drafts.report)
    assert Entry.objects.count() == number


def test_an_earlier_protected_figure_that_leaves_is_logged_too(world: World) -> None:
    """It stands in the sums and beside the values of the next quarter."""
    add_protected(world)
    tell(world.now(), world.contributor, FIRST, "Alpha")
    validate(world)
    later = factory.open_quarter(world.plan, 2026, 4)
    assert "735193847" in everything(fetched(world, world.contributor, later))
    assert Entry.objects.filter(action="workbook.exported").count() == 1


def test_a_changed_value_is_in_the_next_file(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    before = rows(fetched(world, world.approver, world.report), "Values by cell")[0]
    line = world.now().lines.get(indicator=world.indicator)
    answers = [factory.value(6)]
    save_line(line, by=world.contributor, version=line.version, answers=answers, rating=None)
    after = rows(fetched(world, world.approver, world.report), "Values by cell")[0]
    assert (before["Value"], after["Value"]) == (5, 6)


def test_targets_of_protected_indicators_are_withheld_before_any_report_is_open(
    world: World,
) -> None:
    add_protected(world)
    world.submitted()
    hidden = indicators(fetched(world, world.observer, world.period))
    assert (hidden["S1"]["Value to date"], hidden["S1"]["Target"]) == ("protected", None)
    assert (hidden["R1"]["Value to date"], hidden["R1"]["Expected now"]) == ("restricted", None)
    assert hidden["I1"]["Target"] == 100
    for user in (world.lead, world.administrator, world.contributor):
        shown = indicators(fetched(world, user, world.period))
        assert shown["R1"]["Target"] == 881236457
