"""The demonstration's course: how far each report gets, who is in it, and what they say."""

import json
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from indicators.choices import MINISTRY_ROLES, Role
from indicators.models import Membership
from publishing.demo import words
from publishing.demo.cycle import LAST, QUARTERS, RATINGS, Cast, Fate, fate_of, live_quarter
from publishing.demo.people import DEFENCE, INTERIOR, PEOPLE, approver_of
from publishing.models import Edition
from reports.choices import RatingValue, ReportStatus
from reports.missing import NARRATIVE_NEEDED
from reports.models import Review
from tests import factory
from tests.conftest import World

S = ReportStatus
TEN = ("DR", "INSTAT", "KOAL", "MB", "MD", "MM", "MSH", "PSH", "SHGPS", "SHPFA")


def fates(quarter: int, codes: tuple[str, ...] = TEN) -> dict[str, Fate]:
    return {c: fate_of(quarter, order, c, len(codes)) for order, c in enumerate(codes)}


def test_eight_quarters_follow_each_other() -> None:
    assert (QUARTERS[0], QUARTERS[LAST], len(QUARTERS)) == ((2024, 4), (2026, 3), 8)
    months = [year * 4 + quarter for year, quarter in QUARTERS]
    assert months == list(range(months[0], months[0] + 8))


@pytest.mark.parametrize(
    ("quarter", "ends"),
    [
        (0, {S.PUBLISHED: 10}),
        (1, {S.PUBLISHED: 9, S.DRAFT: 1}),
        (2, {S.PUBLISHED: 10}),
        (3, {S.PUBLISHED: 9, S.DRAFT: 1}),
        (4, {S.PUBLISHED: 9, S.DRAFT: 1}),
        (5, {S.PUBLISHED: 10}),
        (6, {S.PUBLISHED: 7, S.VALIDATED: 1, S.UNDER_REVIEW: 1, S.RETURNED: 1}),
        (7, {S.DRAFT: 2, S.SUBMITTED: 3, S.UNDER_REVIEW: 2, S.RETURNED: 2, S.VALIDATED: 1}),
    ],
)
def test_the_past_is_published_but_for_gaps_and_the_present_is_in_every_state(
    quarter: int, ends: dict[S, int]
) -> None:
    assert Counter(fate.end for fate in fates(quarter).values()) == ends


def test_the_two_ministries_with_a_log_in_have_the_last_report_to_do() -> None:
    found = fates(LAST)
    assert found[DEFENCE] == Fate(S.DRAFT)
    assert found[INTERIOR] == Fate(S.DRAFT, partly_filled=True)


def test_a_report_that_never_came_was_begun() -> None:
    gaps = [f for q in range(LAST) for f in fates(q).values() if f.end is S.DRAFT]
    assert gaps == [Fate(S.DRAFT, partly_filled=True)] * 3


@given(st.integers(0, LAST), st.integers(0, 9), st.sampled_from(TEN))
def test_fate_is_sealed(quarter: int, order: int, code: str) -> None:
    fate = fate_of(quarter, order, code, 10)
    assert fate == fate_of(quarter, order, code, 10)
    assert fate.late_days in (0, 4, 11)
    assert not (fate.returned_once and fate.end is not S.PUBLISHED)


def test_most_were_in_time_and_some_were_late_or_sent_back() -> None:
    past = [fate for quarter in range(LAST - 1) for fate in fates(quarter).values()]
    late = [f for f in past if f.late_days]
    returned = [f for f in past if f.returned_once]
    assert 0 < len(late) < len(past) / 2
    assert 0 < len(returned) < len(past) / 2


SENTENCES = {
    name: getattr(words, name) for name in ("DONE", "GAP", "CHALLENGE", "LESSON", "NEXT", "FLAG")
} | {
    f"{side}, {rating}": texts
    for side, table in (("ministry", words.MINISTRY), ("coalition", words.COALITION))
    for rating, texts in table.items()
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_are_whole_and_each_stands_once(name: str) -> None:
    texts = SENTENCES[name]
    assert len(set(texts)) == len(texts) >= 2
    written = [text for text in texts if text]
    assert [t for t in written if not (t[0].isupper() and t.endswith("."))] == []


def test_nothing_that_a_report_needs_can_be_empty() -> None:
    assert NARRATIVE_NEEDED == ("done", "next_step")
    needed = (*words.DONE, *words.NEXT, *words.FLAG, words.RETURN)
    rated = [
        t for table in (words.MINISTRY, words.COALITION) for row in table.values() for t in row
    ]
    assert [text for text in (*needed, *rated) if not text] == []


def test_there_is_a_sentence_for_every_rating_that_is_given() -> None:
    assert set(words.MINISTRY) == set(words.COALITION) == set(RATINGS)
    assert set(RATINGS) <= set(RatingValue.values)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=3))
def test_a_sentence_is_picked_by_its_numbers_alone(numbers: list[int]) -> None:
    assert words.pick(words.DONE, *numbers) == words.DONE[sum(numbers) % len(words.DONE)]
    assert words.pick(words.DONE, *numbers) == words.pick(words.DONE, *reversed(numbers))


def test_there_is_somebody_in_every_role_each_with_an_address_of_no_real_domain() -> None:
    assert {person.role for person in PEOPLE} == set(Role)
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)
    assert [p.email for p in PEOPLE if not p.email.endswith("@demo.example")] == []
    assert [p.role for p in PEOPLE if bool(p.institution) != (p.role in MINISTRY_ROLES)] == []


def test_who_has_a_log_in_reported_in_the_past_too(world: World) -> None:
    assert approver_of(world.plan, world.defence) == world.approver
    assert User.objects.filter(is_demo=True).count() == 0


def test_for_others_an_officer_without_a_password_is_invented_once(world: World) -> None:
    place = factory.make_institution("MK")
    officer = approver_of(world.plan, place)
    assert approver_of(world.plan, place) == officer
    assert (officer.email, officer.name) == ("mk@demo.example", "Officer of MK")
    assert (officer.is_demo, officer.has_usable_password()) == (True, False)
    held = Membership.objects.get(user=officer)
    assert (held.plan, held.role, held.institution) == (world.plan, Role.APPROVER, place)


def test_a_quarter_is_lived_at_its_dates_from_the_first_figure_to_the_edition(world: World) -> None:
    live_quarter(world.plan, Cast(world.reviewer, world.lead), 0)
    edition = Edition.objects.get()
    assert (edition.address, edition.published_by) == ("AL-2024-Q4-1", world.lead)
    assert edition.published_at.date() == date(2025, 3, 11)
    reports = list(edition.period.reports.order_by("institution__code"))
    assert [r.state for r in reports] == [S.PUBLISHED, S.PUBLISHED]
    ends_on, closes_on = edition.period.ends_on, edition.period.closes_on
    assert closes_on == date(2025, 6, 29)
    for report in reports:
        assert report.first_submitted_at is not None
        assert report.decided_at is not None
        assert ends_on < report.first_submitted_at.date() < report.decided_at.date() < closes_on
    assert_both_sides_spoke(edition, world.reviewer)


def assert_both_sides_spoke(edition: Edition, reviewer: User) -> None:
    """Every line has both ratings, and every round of review its end."""
    told = json.loads(edition.snapshot)["reports"]
    ratings = [line["ratings"] for report in told for line in report["lines"]]
    assert len(ratings) == 3
    assert [r for r in ratings if not (r["ministry"] and r["coalition"])] == []
    outcomes = Review.objects.order_by("report__institution__code", "round")
    assert set(outcomes.values_list("outcome", flat=True)) <= {"returned", "validated"}
    assert {review.reviewer for review in outcomes} == {reviewer}
