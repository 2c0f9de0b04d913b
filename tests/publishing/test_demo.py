"""The demonstration: what stands in it, and that it stays where it belongs."""

from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from audit.services import faults
from common.canonical import sha256
from indicators.choices import Certainty, Sensitivity
from indicators.models import Action, Indicator, Membership, Plan
from publishing.demo.people import PASSWORD, PEOPLE
from publishing.demo.words import LIST
from publishing.models import Edition
from publishing.queries import read
from reports.choices import ReportStatus
from reports.models import Evidence, Period, Remark, Report, Revision


def seed() -> str:
    said = StringIO()
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(DEMO=True, PASSWORD_HASHERS=quick):
        call_command("seed_demo", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demonstration's evidence lies."""
    return tmp_path_factory.mktemp("evidence")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker, files: Path) -> Iterator[str]:
    """The whole demonstration, made once for these tests and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(EVIDENCE_ROOT=files):
            said = seed()
        yield said
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def test_both_real_plans_and_the_demonstration_are_there(demo: str) -> None:
    assert dict(Plan.objects.values_list("code", "is_demonstration")) == {
        "AL": True,
        "AL-2018": False,
        "CD-2019": False,
    }


def test_there_are_eight_quarters_from_2024_q4_to_2026_q3(demo: str) -> None:
    codes = [p.code for p in Period.objects.filter(plan__code="AL").order_by("starts_on")]
    assert codes == [
        "2024-Q4",
        "2025-Q1",
        "2025-Q2",
        "2025-Q3",
        "2025-Q4",
        "2026-Q1",
        "2026-Q2",
        "2026-Q3",
    ]


def test_reports_stand_in_every_state(demo: str) -> None:
    assert set(Report.objects.values_list("status", flat=True)) == set(ReportStatus.values)


def test_the_newest_quarter_is_open_and_its_two_ministries_still_have_to_report(demo: str) -> None:
    period = Period.objects.get(plan__code="AL", year=2026, quarter=3)
    drafts = period.reports.filter(status="draft").values_list("institution__code", flat=True)
    assert not period.is_closed
    assert {"MM", "MB"} <= set(drafts)
    defence = period.reports.get(institution__code="MM")
    assert not any(line.observations.exists() for line in defence.lines.all())


def test_the_past_happened_at_its_dates(demo: str) -> None:
    for report in Report.objects.with_names().filter(revision__gt=0):
        assert report.first_submitted_at is not None
        assert report.first_submitted_at.date() > report.period.ends_on
        assert report.first_submitted_at.year <= 2026


def test_some_were_late_and_some_were_returned_once(demo: str) -> None:
    reports = Report.objects.with_names().filter(status="published")
    assert any(report.was_late for report in reports)
    assert any(report.revision == 2 for report in reports)
    assert Remark.objects.filter(verdict="flagged").exists()


def test_each_frozen_thing_still_has_its_hash_and_the_log_is_whole(demo: str) -> None:
    assert [r.pk for r in Revision.objects.all() if sha256(r.content) != r.sha256] == []
    assert [e.address for e in Edition.objects.all() if sha256(e.snapshot) != e.sha256] == []
    assert list(faults()) == []


def test_some_figures_are_backed_by_a_file_and_the_edition_counts_them(
    demo: str, files: Path
) -> None:
    parts, _issue = read(Edition.objects.latest("pk").sha256)
    public = [row for row in parts.indicators.values() if row.sensitivity == Sensitivity.PUBLIC]
    assert {line.files for row in public for line in row.lines} == {0, 1}
    stored = {path.name: path.read_text("utf-8") for path in files.glob("*/*")}
    assert set(stored) == set(Evidence.objects.values_list("sha256", flat=True))
    assert {text.partition("\n")[0] for text in stored.values()} == {LIST}


def test_every_closed_quarter_has_its_edition(demo: str) -> None:
    addresses = sorted(Edition.objects.values_list("address", flat=True))
    assert addresses == [
        "AL-2024-Q4-1",
        "AL-2025-Q1-1",
        "AL-2025-Q2-1",
        "AL-2025-Q3-1",
        "AL-2025-Q4-1",
        "AL-2026-Q1-1",
        "AL-2026-Q2-1",
    ]


def test_what_was_invented_says_so(demo: str) -> None:
    known = {Certainty.PUBLISHED, Certainty.DEMONSTRATION}
    indicators = Indicator.objects.filter(plan__code="AL")
    assert set(indicators.values_list("certainty", flat=True)) == known
    assert set(Action.objects.filter(plan__code="AL").values_list("certainty", flat=True)) == {
        Certainty.DEMONSTRATION
    }
    published = indicators.filter(certainty=Certainty.PUBLISHED)
    assert published.count() == 20
    assert not published.filter(source="").exists()


def test_the_promised_people_exist_each_with_one_role(demo: str) -> None:
    held = Membership.objects.filter(user__email__in=[p.email for p in PEOPLE])
    rows = held.values_list("user__email", "role", "institution__code")
    assert sorted((email, role, code or "") for email, role, code in rows) == sorted(
        (p.email, p.role.value, p.institution) for p in PEOPLE
    )


def test_every_log_in_is_printed(demo: str) -> None:
    assert [p.email for p in PEOPLE if p.email not in demo] == []
    assert PASSWORD in demo


@pytest.mark.parametrize("person", PEOPLE, ids=lambda p: p.email)
def test_everybody_logs_in_while_the_demonstration_is_on(demo: str, person: object) -> None:
    with override_settings(DEMO=True):
        assert Client().login(username=person.email, password=PASSWORD)  # type: ignore[attr-defined]


def test_nobody_of_them_logs_in_where_it_is_off(demo: str) -> None:
    assert not any(Client().login(username=p.email, password=PASSWORD) for p in PEOPLE)


def test_a_session_of_theirs_ends_where_it_is_off(demo: str) -> None:
    client = Client()
    with override_settings(DEMO=True):
        client.login(username="lead@demo.example", password=PASSWORD)
        assert client.get("/quarters/").status_code == 200
    assert client.get("/quarters/").status_code != 200


def test_invented_officers_have_no_password_at_all(demo: str) -> None:
    known = [p.email for p in PEOPLE]
    others = User.objects.filter(is_demo=True).exclude(email__in=known)
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_a_second_seeding_keeps_what_was_entered(demo: str) -> None:
    report = Report.objects.filter(institution__code="MM").latest("pk")
    report.narrative.done = "Written by hand."
    report.narrative.save()
    before = Counter(Report.objects.values_list("status", flat=True))
    assert "Making" not in seed()
    report.narrative.refresh_from_db()
    assert report.narrative.done == "Written by hand."
    assert Counter(Report.objects.values_list("status", flat=True)) == before


def test_it_is_made_only_where_demo_is_on() -> None:
    before = User.objects.count()
    with pytest.raises(CommandError, match="only where DEMO is on"):
        call_command("seed_demo")
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/plans/AL/",
        "/plans/AL/indicators/",
        "/plans/AL/indicators/ALB-C01/",
        "/plans/AL/institutions/MM/",
        "/editions/AL-2026-Q2-1/",
        "/login/",
        "/method/",
    ],
)
def test_every_page_says_that_it_is_a_demonstration(demo: str, page: str) -> None:
    with override_settings(DEMO=True):
        text = Client().get(page).content.decode()
    assert "figures are invented for showing the system" in text


def test_the_demonstration_plan_says_so_even_where_demo_is_off(demo: str) -> None:
    text = Client().get("/plans/AL/").content.decode()
    assert "figures are invented for showing the system" in text
