"""What the workbook adds up and says of itself is what the database has, for each reader."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils import translation

from accounts.models import User
from common.reader import SheetRows, read_sheets
from indicators.choices import Role
from indicators.models import Membership
from reports.choices import FINAL, ReportStatus, Verdict
from reports.models import ActionProgress, Narrative, Observation, Report, Review
from reports.services import save_action, save_line, save_narrative, save_remark
from tests import factory
from tests.conftest import World
from tests.reports.exporting import fetched
from tests.reports.section_forms import in_words

READERS = ("contributor", "reviewer", "administrator", "observer")
STATES = [*ReportStatus, *ReportStatus, ReportStatus.DRAFT, ReportStatus.VALIDATED]


def book(world: World, who: str, about: Any = None, language: str = "en") -> dict[str, SheetRows]:
    person = getattr(world, who)
    User.objects.filter(pk=person.pk).update(language=language)
    data = fetched(world, world.fresh(person), about or world.period)
    return {sheet.title: sheet for sheet in read_sheets(data, "quarter.xlsx")}


def pairs(sheet: SheetRows) -> list[tuple[Any, Any]]:
    """The summary as it stands, term and value; a term may come more than once."""
    return [(row[0], row[1] if len(row) > 1 else None) for row in sheet.rows[1:]]


def column(sheet: SheetRows, heading: str, top: int = 0) -> list[Any]:
    at = sheet.rows[top].index(heading)
    return [row[at] if at < len(row) else None for row in sheet.rows[top + 1 :]]


def many(world: World) -> None:
    """Reports of fourteen more institutions, in every state."""
    for number, status in enumerate(STATES):
        place = factory.make_institution(f"Q{number:02}")
        report = Report.objects.create(
            period=world.period, institution=place, due_on=world.period.due_on, status=status
        )
        Narrative.objects.create(report=report)


def known_to(world: World, who: str) -> Any:
    """The reports a person may know of, told in another way than the product tells it."""
    reports = Report.objects.filter(period=world.period)
    if who in ("contributor", "approver"):
        return reports.filter(institution=world.defence)
    return reports.filter(status__in=FINAL) if who == "observer" else reports


def test_reports_are_counted_as_the_database_has_them(world: World) -> None:
    many(world)
    world.submitted()
    for who in READERS:
        told = [pair for pair in pairs(book(world, who)["Summary"]) if "Reports: " in pair[0]]
        rows = known_to(world, who).values("status").annotate(number=Count("pk")).order_by()
        stored = {row["status"]: row["number"] for row in rows}
        with translation.override("en"):
            names = [(f"Reports: {str(s.label).lower()}", stored.get(s)) for s in ReportStatus]
        assert told == [(name, number) for name, number in names if number], who
        assert sum(value for _term, value in told) == known_to(world, who).count()


def test_who_still_has_it_is_named_once_for_each_report(world: World) -> None:
    many(world)
    world.returned()
    told = [v for term, v in pairs(book(world, "lead")["Summary"]) if "Still with" in term]
    open_ones = Report.objects.filter(status__in=("draft", "returned")).select_related(
        "institution"
    )
    assert told == [str(r.institution) for r in open_ones.order_by("institution__code")]
    assert len(told) == 7


def missing(world: World) -> list[Any]:
    return [v for term, v in pairs(book(world, "contributor")["Summary"]) if "missing" in term]


def test_missing_answers_are_owed_ones_without_given_ones(world: World) -> None:
    """One figure, one split in three cells, their two ratings, one action, two texts."""
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule="open")
    factory.split(world.share, sex)
    lines = world.now().lines.select_related("report__period__plan")
    count, share = lines.get(indicator=world.indicator), lines.get(indicator=world.share)
    row = ActionProgress.objects.select_related("report__period__plan").get(report=world.report)
    by, rated = world.contributor, ("at_risk", "Late.")
    silent = Observation(state="not_available", reason="Registry closed.")
    two = [factory.fraction(1, 2, cell) for cell in ("", "sex=f")]
    words = {"done": "Trained.", "next_step": ""}
    steps: list[Callable[[], None]] = [
        lambda: save_line(count, by=by, version=0, answers=[silent], rating=None),
        lambda: save_line(share, by=by, version=0, answers=two, rating=rated),
        lambda: save_action(row, by=by, version=0, values={"status": "done"}),
        lambda: save_action(row, by=by, version=1, values={"spent": Decimal(0)}),
        lambda: save_narrative(world.now().narrative, by=by, version=0, values=words),
    ]
    told = [missing(world)]
    for number, step in enumerate(steps):
        step()
        told += [missing(world)] if number % 2 else []
    assert told == [[9], [5], [4]]
    assert missing(world) == [3]


def test_figures_add_up_to_those_of_the_database(world: World) -> None:
    factory.fill_in(world.now(), world.contributor, 41)
    factory.fill_in(world.now(world.other_report), world.other_contributor, 1)
    sheets = book(world, "administrator")
    values = Observation.objects.filter(line__report__period=world.period)
    assert (
        sum(v for v in column(sheets["Values by cell"], "Value") if v is not None)
        == (values.aggregate(total=Sum("value"))["total"])
    )
    for heading, name in (("Numerator", "numerator"), ("Denominator", "denominator")):
        told = sum(v for v in column(sheets["Values by cell"], heading) if v is not None)
        assert told == values.aggregate(total=Sum(name))["total"]
    money = sheets["Actions and money"]
    stored = ActionProgress.objects.aggregate(spent=Sum("spent"), allocated=Sum("allocated"))
    assert sum(column(money, "Spent in the quarter, ALL")) == stored["spent"]
    assert sum(column(money, "Allocated in the quarter, ALL")) == stored["allocated"]
    table = sheets["Indicators"]
    assert column(table, "Value to date", 2) == [42, 41]
    assert column(table, "Reported", 2) == column(table, "Of", 2) == [2, 1]


def test_numbers_and_days_are_numbers_and_days(world: World) -> None:
    """Read back by another program they are not texts that look like numbers."""
    world.validated()
    sheets = book(world, "lead")
    told = dict(pairs(sheets["Summary"]))
    days = [told[term] for term in ("From", "To", "Reports due")]
    assert days == [date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 30)]
    assert column(sheets["Reports"], "Due")[0] == date(2026, 10, 30)
    number = column(sheets["Actions and money"], "Spent in the quarter, ALL")[0]
    assert (type(number), number) == (Decimal, Decimal("1000.5"))


def test_the_roles_of_the_reader_stand_in_their_order(world: World) -> None:
    elsewhere = factory.make_plan("XK")
    for plan, role in ((world.plan, Role.REVIEWER), (elsewhere, Role.ADMINISTRATOR)):
        Membership.objects.create(user=world.lead, plan=plan, role=role)
    told = dict(pairs(book(world, "lead")["Summary"]))
    assert told["Roles in this plan"] == "Reviewer, Lead"
    assert dict(pairs(book(world, "observer")["Summary"]))["Roles in this plan"] == "Observer"


# ------------------------------------------------------------------ per role, in both languages


def headings(sheets: dict[str, SheetRows]) -> list[tuple[str, list[Any]]]:
    tops = [2 if number == place_of_indicators(sheets) else 0 for number in range(len(sheets))]
    return [(s.title, s.rows[top]) for s, top in zip(sheets.values(), tops)]


def place_of_indicators(sheets: dict[str, SheetRows]) -> int:
    """The one sheet with a note above its headings."""
    return next(n for n, s in enumerate(sheets.values()) if len([c for c in s.rows[0] if c]) == 1)


def told_remarks(world: World) -> None:
    """A returned report with a remark, being typed in again; the other one is a draft."""
    world.under_review()
    review = Review.objects.select_related("report__period__plan").get()
    line = world.now().lines.get(indicator=world.indicator)
    save_remark(
        review,
        by=world.reviewer,
        version=0,
        verdict=Verdict.FLAGGED,
        text="Canary of a remark",
        line=line,
        rating=("off_track", "Canary of a rating"),
    )
    factory.decide("return", world.report, world.reviewer, reason="Canary of a reason")
    for report in Report.objects.filter(period=world.period):
        Narrative.objects.filter(report=report).update(done=f"Canary of {report.institution.code}")


CANARIES = ("Canary of a remark", "Canary of a rating", "Canary of a reason")
READS: dict[str, set[str]] = {
    "contributor": {*CANARIES, "Canary of MM"},
    "reviewer": {*CANARIES},
    "administrator": {*CANARIES, "Canary of MM", "Canary of MB"},
    "observer": set(),
}


def cells(sheets: dict[str, SheetRows]) -> list[Any]:
    return [cell for s in sheets.values() for row in s.rows for cell in row if cell is not None]


def test_each_reader_gets_the_same_in_both_languages_and_no_more(world: World) -> None:
    told_remarks(world)
    for who in READERS:
        english, albanian = (book(world, who, language=language) for language in ("en", "sq"))
        for sheets in (english, albanian):
            found = {text for text in map(str, cells(sheets)) if "Canary" in text}
            assert found == READS[who], who
        shape = [[len(row) for row in s.rows] for s in english.values()]
        assert [[len(row) for row in s.rows] for s in albanian.values()] == shape
        numbers = [
            [cell for cell in cells(sheets) if isinstance(cell, Decimal)]
            for sheets in (english, albanian)
        ]
        assert numbers[0] == numbers[1]
        first = english["Reports"].rows[0]
        assert ("Reviews" in english) is (who != "observer")
        assert ("Reviewer" in first) is (who in ("reviewer", "administrator"))
        assert ("Answered" in first) is (who in ("contributor", "administrator"))


def test_every_sheet_and_every_heading_speaks_the_readers_language(world: World) -> None:
    told_remarks(world)
    english, albanian = (book(world, "administrator", language=lang) for lang in ("en", "sq"))
    assert list(albanian) == [in_words("sq", title)[:31] for title in english]
    same = [
        (title, word)
        for (title, words), (_title, said) in zip(headings(english), headings(albanian))
        for word, told in zip(words, said)
        if word == told
    ]
    assert same == []
    with translation.override("sq"):
        spent = translation.gettext("Spent in the quarter, %(currency)s") % {"currency": "ALL"}
    money = list(albanian.values())[list(english).index("Actions and money")]
    assert spent in money.rows[0]
