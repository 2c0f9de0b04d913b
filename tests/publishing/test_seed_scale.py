"""A large installation in small: what the bulk rows say is what the functions would have made."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import is_password_usable
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Institution, User
from audit.models import Entry
from audit.services import faults
from common.canonical import sha256
from indicators.cells import cells_of
from indicators.choices import Role
from indicators.models import Indicator, Membership, Plan, Target
from publishing.models import Edition
from publishing.queries import publication_of
from publishing.scale.shapes import shape_of
from publishing.snapshot import Stamp, snapshot_of
from reports.choices import ReportStatus, Side
from reports.content import content_of
from reports.judging import ROUNDED
from reports.missing import missing_in
from reports.models import (
    ActionProgress,
    Assessment,
    Line,
    Observation,
    Rating,
    Remark,
    Report,
    Review,
)
from reports.queries import lines_for_form
from reports.rules import can_edit, can_review

pytestmark = pytest.mark.django_db
D = Decimal
SMALL = {"plans": 1, "years": 1, "indicators": 15}


def seed(**options: Any) -> str:
    out = StringIO()
    call_command("seed_scale", stdout=out, **{**SMALL, **options})
    return out.getvalue()


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """One plan of one year, made once for this module; what the command printed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed(indicators=60)
        transaction.set_rollback(True)


def reports(**wanted: Any) -> list[Report]:
    return list(Report.objects.filter(**wanted).with_names().order_by("pk"))


def test_it_tells_what_it_made_and_how_long_it_took(seeded: str) -> None:
    lines = seeded.splitlines()
    assert lines[0].startswith("  S001 after ")
    number = f"{Observation.objects.count():,}"
    assert lines[1].startswith(f"There are now 1 editions, 40 reports, {number} observations. ")
    parts = [line.split()[0] for line in lines[2:]]
    assert parts[:5] == ["plan", "people", "reports", "revisions", "edition"]


def test_it_has_the_shape_of_a_real_plan(seeded: str) -> None:
    plan = Plan.objects.get(code="S001")
    assert plan.objectives.filter(depth=0).count() == 4
    assert plan.objectives.filter(depth=1).count() == 12
    assert (plan.indicators.count(), plan.actions.count()) == (60, 30)
    assert Institution.objects.filter(country=plan.country).count() == 10
    assert all(action.fundings.count() in (1, 2, 3) for action in plan.actions.all())
    assert plan.periods.count() == 4
    assert 8 <= Observation.objects.count() / Line.objects.exclude(version=0).count() <= 11
    revised = Target.objects.filter(indicator__plan=plan, version=2)
    assert {row.reason for row in revised} == {"The council moved the date."}
    assert revised.count() == 9
    assert plan.indicators.filter(frameworks__isnull=False).count() == 20


def test_every_row_of_the_plan_would_pass_its_form(seeded: str) -> None:
    plan = Plan.objects.get(code="S001")
    rows = [plan, *plan.indicators.all(), *plan.objectives.all(), *plan.actions.all()]
    for row in [*rows, *Target.objects.all(), *plan.dimensions.all(), *plan.levels.all()]:
        row.full_clean()


def test_cells_are_those_of_the_dimensions(seeded: str) -> None:
    rows = Indicator.objects.prefetch_related("splits__dimension__categories")
    for row in rows:
        assert [cell.key for cell in cells_of(row)] == shape_of(row.order).keys


def test_frozen_contents_are_what_content_of_gives(seeded: str) -> None:
    sample = reports(revision=1)
    assert len(sample) == 36
    for report in sample:
        [revision] = report.revisions.all()
        salt = json.loads(revision.content)["salt"]
        assert len(salt) == 32
        assert content_of(report, salt) == revision.content
        assert sha256(revision.content) == revision.sha256


def test_what_was_submitted_lacks_nothing(seeded: str) -> None:
    for report in reports(revision=1, period__year=2026, period__quarter=3):
        assert missing_in(report, lines_for_form(report)) == []


def test_states_are_as_far_as_they_are(seeded: str) -> None:
    found = Counter(Report.objects.values_list("status", flat=True))
    assert found == {"published": 30, "draft": 4, "submitted": 2, "under_review": 2, "validated": 2}
    for report in reports():
        rounds = list(report.reviews.values_list("outcome", flat=True))
        wanted = {"under_review": [""], "validated": ["validated"], "published": ["validated"]}
        assert rounds == wanted.get(report.status, [])
        assert report.revision == report.revisions.count()
        assert (report.reviewer is None) == (report.status in ("draft", "submitted"))
        assert (report.decided_at is None) == (report.status not in ("validated", "published"))


def test_drafts_are_empty_or_half_filled(seeded: str) -> None:
    shares = []
    for report in reports(status=ReportStatus.DRAFT):
        filled = report.lines.filter(observations__isnull=False).distinct().count()
        shares.append(filled / report.lines.count())
        assert filled == report.lines.exclude(version=0).count()
        assert filled == Rating.objects.filter(line__report=report).count()
    assert sorted(round(share, 1) for share in shares)[:2] == [0, 0]
    assert all(0.3 <= share <= 0.6 for share in sorted(shares)[2:])


def test_both_sides_have_rated_what_was_decided_and_differ_at_times(seeded: str) -> None:
    decided = Line.objects.filter(report__status__in=("validated", "published"))
    assert Rating.objects.filter(side=Side.COALITION).count() == decided.count()
    values = {(r.line_id, r.side): r.value for r in Rating.objects.filter(line__in=decided)}
    pairs = [
        (values[pk, "ministry"], values[pk, "coalition"])
        for pk in decided.values_list("pk", flat=True)
    ]
    assert 0 < sum(a != b for a, b in pairs) < len(pairs) / 3


def test_a_decided_report_has_a_verdict_on_every_part(seeded: str) -> None:
    for review in Review.objects.filter(outcome="validated").select_related("report"):
        parts = review.report.lines.count() + review.report.actions.count() + 1
        assert review.remarks.count() == parts
    for review in Review.objects.filter(outcome=""):
        assert review.remarks.count() == review.report.lines.count() // 2
    assert set(Remark.objects.values_list("verdict", flat=True)) == {"accepted"}


def test_money_is_reported_with_every_report(seeded: str) -> None:
    rows = ActionProgress.objects.exclude(report__status=ReportStatus.DRAFT)
    assert rows.filter(spent__isnull=True).count() == 0
    assert rows.filter(status="").count() == 0
    assert all(row.spent <= row.allocated for row in rows)


def test_one_entry_stands_in_the_log_for_all_rows_and_the_chain_is_whole(seeded: str) -> None:
    assert list(faults()) == []
    found = Counter(Entry.objects.values_list("action", flat=True))
    assert found == {"plan.invented": 1, "report.publish": 10, "edition.published": 1}
    entry = Entry.objects.get(action="plan.invented")
    assert (entry.actor, json.loads(entry.data)) == ("system", {"plan": "S001", "reports": 40})


def test_the_edition_is_that_of_the_last_quarter_but_one(seeded: str) -> None:
    edition = Edition.objects.get()
    assert edition.address == "S001-2026-Q2-1"
    publication = publication_of("S001")
    assert publication.issue is not None
    assert len(publication.parts.reports) == 30
    assert [m.quarter.code for m in publication.parts.missing] == []
    statuses = Counter(str(row.status) for row in publication.parts.indicators.values())
    assert len(statuses) >= 4
    assert sum(statuses.values()) == 60
    assert "no_data" not in statuses


def test_a_check_of_all_assessments_finds_nothing_wrong(seeded: str) -> None:
    out = StringIO()
    call_command("recompute", "--check", stdout=out)
    number = Assessment.objects.count()
    assert out.getvalue() == f"S001: {number} assessments; 0 missing, 0 other, 0 gone\n"
    owed = set(Line.objects.values_list("indicator", "report__period__ends_on"))
    days = {ends_on for _indicator, ends_on in owed}
    until = {(indicator, day) for indicator, first in owed for day in days if day >= first}
    totals = Assessment.objects.filter(cell_set="")
    assert set(totals.values_list("indicator", "period__ends_on")) == until


def test_the_edition_is_what_publishing_the_same_quarter_gives_byte_for_byte(seeded: str) -> None:
    edition = Edition.objects.select_related("period").get()
    moment = edition.published_at
    stamp = Stamp(edition.address, edition.number, moment, edition.audit_head, edition.note)
    assert snapshot_of(edition.period, stamp) == edition.snapshot
    assert edition.sha256 == sha256(edition.snapshot)


def exact(row: dict[str, Any]) -> tuple[Any, ...]:
    """How a figure was judged; decimals are written with and without needless zeros."""
    inputs = {k: v for k, v in row["inputs"].items() if k not in ROUNDED}
    figures = [row["progress"], row["pace"], *(row["inputs"][name] for name in ROUNDED)]
    return row["status"], row["marks"], inputs, [None if f is None else D(f) for f in figures]


def test_the_edition_and_the_stored_assessments_judge_alike(seeded: str) -> None:
    """One reads frozen contents, the other the rows: two ways, one result."""
    stored = {
        (row.indicator.code, row.period.code): row
        for row in Assessment.objects.filter(cell_set="").select_related("indicator", "period")
    }
    told = json.loads(Edition.objects.get().snapshot)["assessments"]
    kept = [stored[row["indicator"], row["period"]] for row in told]
    assert [row["status"] for row in told] == [row.status for row in kept]
    opened = [(row, own.results[""]) for row, own in zip(told, kept, strict=True) if "pace" in row]
    assert len(opened) > 80
    assert [exact(row) for row, _own in opened] == [exact(own) for _row, own in opened]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/plans/S001/",
        "/plans/S001/objectives/1.1/",
        "/plans/S001/indicators/I01/",
        "/plans/S001/indicators/I15/",
        "/plans/S001/institutions/S001-M01/",
        "/editions/S001-2026-Q2-1/",
        "/editions/S001-2026-Q2-1/data.csv",
    ],
)
def test_public_pages_open(seeded: str, address: str) -> None:
    assert Client().get(address).status_code == 200


def test_everybody_has_one_role_and_a_password_nobody_has(seeded: str) -> None:
    assert User.objects.count() == Membership.objects.count() == 24
    roles = Counter(Membership.objects.values_list("role", flat=True))
    assert roles == {
        **dict.fromkeys(("administrator", "lead", "reviewer", "observer"), 1),
        **dict.fromkeys(("contributor", "approver"), 10),
    }
    for user in User.objects.all():
        assert (user.is_demo, user.is_staff, user.is_superuser) == (True, False, False)
        assert not is_password_usable(user.password)


def test_people_find_their_work(seeded: str) -> None:
    draft = reports(status=ReportStatus.DRAFT)[0]
    held = Membership.objects.filter(institution=draft.institution, role=Role.CONTRIBUTOR)
    assert can_edit(held.get().user, draft)
    reviewer = Membership.objects.get(role=Role.REVIEWER).user
    assert can_review(reviewer, reports(status=ReportStatus.UNDER_REVIEW)[0])


@pytest.mark.parametrize("first", [1])
def test_a_second_run_is_refused_and_makes_nothing(seeded: str, first: int) -> None:
    before = Plan.objects.count(), Entry.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match="Already there, so nothing was made: S001, S001-M01"):
        seed(first=first)
    with pytest.raises(CommandError, match="S001"):
        seed(first=1, plans=3)
    assert before == (Plan.objects.count(), Entry.objects.count(), User.objects.count())


def test_another_plan_finds_its_place_beside_what_is_there(seeded: str) -> None:
    assert "  S002 after " in seed(first=2)
    assert list(Plan.objects.order_by("code").values_list("code", flat=True)) == ["S001", "S002"]
    assert list(faults()) == []
    assert Edition.objects.count() == 2
