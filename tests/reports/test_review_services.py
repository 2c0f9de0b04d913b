"""Verdicts on one part and on all that remain: what is written, and what never is replaced."""

import json
from typing import Any

import pytest

from audit.models import Entry
from reports import review_services
from reports.errors import Conflict, NotAllowed, Stale
from reports.models import Rating, Remark, Report, Review
from reports.review_parts import Dossier, Part
from reports.review_queries import dossier_of
from reports.review_services import accept_remaining, save_verdict
from reports.services import save_remark
from tests import factory
from tests.conftest import World
from tests.reports.stored import changes, rows_now

KEYS = ("I1", "I2", "A1", "")
"""The codes of the parts of the report of Defence; the narrative has none."""


def opened(world: World) -> tuple[Review, Dossier]:
    """The open round with its parts as the reviewer reads them."""
    report = world.now()
    dossier = dossier_of(report, world.fresh(world.reviewer))
    review = dossier.review
    assert review is not None
    review.report = report
    return review, dossier


@pytest.fixture
def sitting(world: World) -> tuple[Review, Dossier]:
    world.under_review()
    return opened(world)


def part(dossier: Dossier, code: str) -> Part:
    return next(found for found in dossier.parts if found.code == code)


def verdicts() -> dict[str, tuple[str, str]]:
    """Verdict and text by the code of the part."""
    rows = Remark.objects.select_related("line__indicator", "action__action")
    return {
        (r.line.indicator.code if r.line else r.action.action.code if r.action else ""): (
            r.verdict,
            r.text,
        )
        for r in rows
    }


@pytest.mark.parametrize("code", KEYS)
def test_a_verdict_is_kept_with_its_part_and_shown_by_it(
    world: World, sitting: tuple[Review, Dossier], code: str
) -> None:
    review, dossier = sitting
    found = part(dossier, code)
    given: dict[str, Any] = {"verdict": "flagged", "text": "Which source?"}
    remark = save_verdict(review, found, by=world.reviewer, version=0, **given)
    assert verdicts() == {code: ("flagged", "Which source?")}
    assert (found.remark, found.is_flagged) == (remark, True)
    assert [p.code for p in opened(world)[1].parts if p.is_flagged] == [code]


def test_the_rating_of_a_line_is_shown_by_its_part_and_can_be_taken_back(
    world: World, sitting: tuple[Review, Dossier]
) -> None:
    review, dossier = sitting
    for version, rating in enumerate([("at_risk", "Too slow."), ("on_track", "Better."), None]):
        found: Any = part(dossier, "I1")
        given: dict[str, Any] = {"verdict": "accepted", "rating": rating}
        save_verdict(review, found, by=world.reviewer, version=version, **given)
        fresh: Any = part(opened(world)[1], "I1")
        assert found.rating_pair == fresh.rating_pair == rating


class TestAcceptingAllThatRemain:
    def test_each_part_gets_one_verdict_and_one_entry(
        self, world: World, sitting: tuple[Review, Dossier]
    ) -> None:
        review, dossier = sitting
        assert accept_remaining(review, dossier.parts, by=world.reviewer) == 4
        assert verdicts() == dict.fromkeys(KEYS, ("accepted", ""))
        assert Entry.objects.filter(action="remark.saved").count() == 4
        assert factory.decide("validate", world.report, world.reviewer).status == "validated"

    def test_it_changes_no_figure_no_rating_and_no_state(
        self, world: World, sitting: tuple[Review, Dossier]
    ) -> None:
        review, dossier = sitting
        before = rows_now()
        accept_remaining(review, dossier.parts, by=world.reviewer)
        found = changes(before, rows_now())
        assert set(found) == {"+Remark", "+Entry", "Head.sequence", "Head.hash", "Report.version"}
        assert found["+Remark"] == found["+Entry"] == 4

    def test_what_has_a_verdict_keeps_it(
        self, world: World, sitting: tuple[Review, Dossier]
    ) -> None:
        review, dossier = sitting
        given: dict[str, Any] = {"verdict": "flagged", "text": "Count again."}
        save_verdict(review, part(dossier, "I2"), by=world.reviewer, version=0, **given)
        assert accept_remaining(review, dossier.parts, by=world.reviewer) == 3
        assert verdicts()["I2"] == ("flagged", "Count again.")

    def test_a_verdict_given_since_the_page_was_opened_is_not_replaced(
        self, world: World, sitting: tuple[Review, Dossier]
    ) -> None:
        review, dossier = sitting
        other, seen_by_other = opened(world)
        given: dict[str, Any] = {"verdict": "flagged", "text": "Mine."}
        save_verdict(other, part(seen_by_other, ""), by=world.lead, version=0, **given)
        assert part(dossier, "").remark is None
        assert accept_remaining(review, dossier.parts, by=world.reviewer) == 3
        assert verdicts()[""] == ("flagged", "Mine.")

    def test_a_second_time_there_is_nothing_left(
        self, world: World, sitting: tuple[Review, Dossier]
    ) -> None:
        review, dossier = sitting
        accept_remaining(review, dossier.parts, by=world.reviewer)
        kept = list(Remark.objects.order_by("pk").values())
        assert accept_remaining(review, dossier.parts, by=world.reviewer) == 0
        assert list(Remark.objects.order_by("pk").values()) == kept

    def test_a_rating_that_stands_is_kept(
        self, world: World, sitting: tuple[Review, Dossier]
    ) -> None:
        line = world.report.lines.get(indicator=world.indicator)
        Rating.objects.create(line=line, side="coalition", value="at_risk", reason="Too slow.")
        accept_remaining(*_again(world), by=world.reviewer)
        found = Rating.objects.get(side="coalition")
        assert (found.value, found.reason) == ("at_risk", "Too slow.")

    def test_all_or_none(
        self, world: World, sitting: tuple[Review, Dossier], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class FullDisk(Exception):
            pass

        review, dossier = sitting
        saved: list[Remark] = []
        save = save_verdict

        def third_fails(*given: Any, **more: Any) -> Remark:
            if len(saved) == 2:
                raise FullDisk
            saved.append(save(*given, **more))
            return saved[-1]

        monkeypatch.setattr(review_services, "save_verdict", third_fails)
        before = rows_now()
        with pytest.raises(FullDisk):
            accept_remaining(review, dossier.parts, by=world.reviewer)
        assert (len(saved), changes(before, rows_now())) == (2, {})


def _again(world: World) -> tuple[Review, list[Part]]:
    review, dossier = opened(world)
    return review, list(dossier.parts)


class TestWhoMay:
    REFUSED = ("contributor", "approver", "other_reviewer", "administrator", "observer")

    @pytest.mark.parametrize("who", ["reviewer", "lead"])
    def test_who_took_it_and_the_lead(
        self, world: World, sitting: tuple[Review, Dossier], who: str
    ) -> None:
        review, dossier = sitting
        assert accept_remaining(review, dossier.parts, by=getattr(world, who)) == 4
        assert set(Remark.objects.values_list("saved_by", flat=True)) == {getattr(world, who).pk}

    def test_nobody_else_one_by_one_or_all_at_once(
        self, world: World, sitting: tuple[Review, Dossier]
    ) -> None:
        review, dossier = sitting
        before = rows_now()
        for who in self.REFUSED:
            by = getattr(world, who)
            with pytest.raises(NotAllowed):
                accept_remaining(review, dossier.parts, by=by)
            with pytest.raises(NotAllowed):
                save_verdict(review, dossier.parts[0], by=by, version=0, verdict="accepted")
        assert changes(before, rows_now()) == {}

    @pytest.mark.parametrize("decision", ["return", "validate"])
    def test_nobody_once_it_is_decided(
        self, world: World, sitting: tuple[Review, Dossier], decision: str
    ) -> None:
        """The page still shows the round as open; the row that is held says no."""
        review, dossier = sitting
        factory.decide(decision, world.report, world.reviewer, reason="Done.")
        before = rows_now()
        with pytest.raises(Conflict):
            accept_remaining(review, dossier.parts, by=world.reviewer)
        with pytest.raises(Conflict):
            save_verdict(review, dossier.parts[0], by=world.reviewer, version=0, verdict="accepted")
        assert changes(before, rows_now()) == {}

    def test_control_without_the_hold_a_decided_round_would_take_more(
        self, world: World, sitting: tuple[Review, Dossier], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from reports import services

        review, dossier = sitting
        factory.decide("validate", world.report, world.reviewer)
        for module in (services, review_services):
            monkeypatch.setattr(module, "hold", lambda *_asked: None)
        assert accept_remaining(review, dossier.parts, by=world.reviewer) == 4


def test_a_verdict_over_one_that_was_not_seen_is_refused_and_the_part_shows_none(
    world: World, sitting: tuple[Review, Dossier]
) -> None:
    review, dossier = sitting
    other, seen = opened(world)
    given: dict[str, Any] = {"verdict": "flagged", "text": "First."}
    save_verdict(other, part(seen, "I1"), by=world.lead, version=0, **given)
    with pytest.raises(Stale) as refused:
        save_verdict(review, part(dossier, "I1"), by=world.reviewer, version=0, verdict="accepted")
    assert isinstance(refused.value.current, Remark)
    assert refused.value.current.text == "First."
    assert part(dossier, "I1").remark is None


def test_the_log_tells_the_first_verdict_too_with_its_rating(
    world: World, sitting: tuple[Review, Dossier]
) -> None:
    review, dossier = sitting
    given: dict[str, Any] = {"verdict": "flagged", "text": "Why?", "rating": ("at_risk", "Slow.")}
    save_verdict(review, part(dossier, "I1"), by=world.reviewer, version=0, **given)
    entry = Entry.objects.latest("sequence")
    assert (entry.action, entry.actor) == ("remark.saved", world.reviewer.email)
    assert json.loads(entry.data) == {
        "verdict": [None, "flagged"],
        "text": [None, "Why?"],
        "rating": [None, ["at_risk", "Slow."]],
    }
    assert Report.objects.get(pk=world.report.pk).version == review.report.version + 1


@pytest.mark.parametrize("kind", ["line", "action"])
def test_a_round_says_nothing_of_another_report(
    world: World, sitting: tuple[Review, Dossier], kind: str
) -> None:
    review, _dossier = sitting
    parts = {"line": world.other_report.lines, "action": world.other_report.actions}
    foreign: Any = {kind: parts[kind].get()}
    with pytest.raises(NotAllowed):
        save_remark(review, by=world.reviewer, version=0, verdict="accepted", **foreign)
    assert verdicts() == {}
