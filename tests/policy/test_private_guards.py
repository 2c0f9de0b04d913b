"""Each guard taken away in turn: the walk over the table must see that it is gone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from accounts.backends import PersonBackend
from indicators.querysets import MembershipQuerySet, PlanQuerySet
from indicators.rules import holds_anywhere
from publishing import rules as publishing_rules
from reports import evidence, review_lists, rules, workflow
from reports.models import Report, Upload
from reports.querysets import ReportQuerySet
from reports.views.exchange import find_upload
from reports.views.filling import editable_report
from reports.views.refusals import find_report
from tests.conftest import World
from tests.policy.table import BY_STATE, PEOPLE, parse
from tests.policy.walking import (
    Answer,
    Scene,
    difference,
    leaks,
    replace_everywhere,
    stage,
    walk,
    wrong_links,
)

Patch = pytest.MonkeyPatch


def _always(*args: object, **more: object) -> bool:
    return True


def _opened(function: Callable[..., Any]) -> Callable[[Patch], None]:
    """Every place that asks this question hears yes, the table of decisions included."""

    def remove(patch: Patch) -> None:
        assert replace_everywhere(patch, function, _always)
        for name, row in workflow.TRANSITIONS.items():
            if row.allowed is function:
                patch.setitem(workflow.TRANSITIONS, name, replace(row, allowed=_always))

    return remove


def _all_rows(owner: type, method: str) -> Callable[[Patch], None]:
    """A queryset that leaves nothing out."""
    return lambda patch: patch.setattr(owner, method, lambda rows, *args, **more: rows.all())


def _any_report(request: Any, pk: int) -> Report:
    return Report.objects.with_names().get(pk=pk)


def _reports_of_all(patch: Patch) -> None:
    replace_everywhere(patch, find_report, _any_report)


def _any_upload(request: Any, pk: int, upload: int) -> Upload:
    return Upload.objects.get(pk=upload, report=editable_report(request, pk))


def _uploads_of_all(patch: Patch) -> None:
    replace_everywhere(patch, find_upload, _any_upload)


def _everybody_logs_in(patch: Patch) -> None:
    patch.setattr(PersonBackend, "user_can_authenticate", _always)


def _rows_of_all(patch: Patch) -> None:
    whole = Report.objects.all
    replace_everywhere(patch, review_lists.owed_rows, lambda user: whole())


class Guard(NamedTuple):
    """What is taken away, in which state, and the addresses at which that shows first."""

    name: str
    state: str
    rows: str
    remove: Callable[[Patch], None]


GUARDS = [
    Guard("visible_to", "draft", "report", _all_rows(ReportQuerySet, "visible_to")),
    Guard("visible_to", "submitted", "report_workbook", _all_rows(ReportQuerySet, "visible_to")),
    Guard("visible_to", "validated", "quarter_workbook", _all_rows(ReportQuerySet, "visible_to")),
    Guard("visible_to", "validated", "evidence", _all_rows(ReportQuerySet, "visible_to")),
    Guard(
        "visible_to",
        "published",
        "report_decide report submit",
        _all_rows(ReportQuerySet, "visible_to"),
    ),
    Guard("owed_by", "draft", "my_reports", _all_rows(ReportQuerySet, "owed_by")),
    Guard("find_report", "draft", "report_fill", _reports_of_all),
    Guard("with_role", "draft", "quarter", _all_rows(PlanQuerySet, "with_role")),
    Guard("with_role", "draft", "quarter_workbook", _all_rows(PlanQuerySet, "with_role")),
    Guard("in_force", "submitted", "review", _all_rows(MembershipQuerySet, "in_force")),
    Guard("log-in", "draft", "my_reports", _everybody_logs_in),
    Guard("holds_anywhere", "draft", "review_queue", _opened(holds_anywhere)),
    Guard("sees_live", "returned", "report_content", _opened(rules.sees_live)),
    Guard("sees_live", "returned", "quarter_workbook", _opened(rules.sees_live)),
    Guard("is_own", "submitted", "review", _opened(rules.is_own)),
    Guard("is_other_side", "under_review", "review", _opened(rules.is_other_side)),
    Guard("can_edit", "submitted", "report_save", _opened(rules.can_edit)),
    Guard("can_edit", "returned", "evidence_add", _opened(rules.can_edit)),
    Guard("can_edit", "submitted", "report_upload_preview", _opened(rules.can_edit)),
    Guard("can_edit", "returned", "remark_reply", _opened(rules.can_edit)),
    Guard("can_reply", "submitted", "light_reply", _opened(rules.can_reply_to_difference)),
    Guard("can_reply", "validated", "light_reply", _opened(rules.can_reply_to_difference)),
    Guard("visible_to", "draft", "matrix", _all_rows(ReportQuerySet, "visible_to")),
    Guard("with_role", "draft", "matrix", _all_rows(PlanQuerySet, "with_role")),
    Guard("visible_to", "validated", "quarter_lights", _all_rows(ReportQuerySet, "visible_to")),
    Guard("sees_coalition", "under_review", "quarter_differences", _opened(rules.sees_coalition)),
    Guard("sees_computed", "under_review", "computed", _opened(rules.sees_computed)),
    Guard("sees_computed", "validated", "computed", _opened(rules.sees_computed)),
    Guard("own_upload", "draft", "report_upload_preview", _uploads_of_all),
    Guard("own_upload", "draft", "report_upload_marked", _uploads_of_all),
    Guard("own_upload", "returned", "report_upload_discard", _uploads_of_all),
    Guard("can_edit", "validated", "evidence_remove", _opened(rules.can_edit)),
    Guard("can_submit", "draft", "report_decide report submit", _opened(rules.can_submit)),
    Guard(
        "on_behalf",
        "returned",
        "report_decide report submit_on_behalf",
        _opened(rules.can_submit_on_behalf),
    ),
    Guard(
        "can_withdraw", "submitted", "report_decide report withdraw", _opened(rules.can_withdraw)
    ),
    Guard("can_take", "submitted", "report_decide report take", _opened(rules.can_take)),
    Guard("can_review", "under_review", "report_decide report return", _opened(rules.can_review)),
    Guard("can_review", "under_review", "review_save", _opened(rules.can_review)),
    Guard("can_reopen", "published", "report_decide report reopen", _opened(rules.can_reopen)),
    Guard("sees_true", "validated", "report_content", _opened(rules.sees_true_figures)),
    Guard("sees_coalition", "under_review", "quarter_workbook", _opened(rules.sees_coalition)),
    Guard("sees_remark", "under_review", "quarter_workbook", _opened(rules.sees_remark)),
    Guard("may_read", "validated", "evidence", _opened(evidence.may_read)),
    Guard("is_frozen", "returned", "evidence", _opened(evidence.is_frozen)),
    Guard("publish", "validated", "publish", _opened(publishing_rules.can_publish)),
    Guard("knows_of", "draft", "publish", _opened(publishing_rules.knows_of)),
]


def _first_fault(scene: Scene, answers: Iterator[Answer]) -> str:
    """The first thing that is not as the table says; a page that breaks shows nothing."""
    for answer in answers:
        if answer.status < 500:
            found = [difference(scene, answer), *leaks(scene.state, [answer])]
            found += wrong_links(scene, [answer])
            if told := "".join(found[:1]) or "".join(found[1:2]):
                return told
    return ""


def _seen(scene: Scene, guard: Guard) -> str:
    """What the walk tells of a guard's addresses without it."""
    rows = [row for row in BY_STATE if guard.rows in (row.name, row.key)]
    assert rows, guard
    with Patch.context() as patch:
        guard.remove(patch)
        return _first_fault(scene, walk(scene, rows))


@pytest.mark.parametrize("state", sorted({guard.state for guard in GUARDS}))
def test_the_walk_sees_each_guard_that_is_taken_away(world: World, state: str) -> None:
    scene = stage(world, state)
    guards = [guard for guard in GUARDS if guard.state == state]
    missed = [(g.name, g.rows) for g in guards if not _seen(scene, g)]
    assert missed == []


# Questions of these rules that stand alone before a page; the second lock of the others below.
_BEHIND_ANOTHER = {"can_publish"}


def test_every_question_of_the_rules_is_taken_away_once() -> None:
    asked = {
        name
        for name, value in vars(rules).items()
        if callable(value) and getattr(value, "__module__", "") == rules.__name__
        if not name.startswith("_")
    }
    names = {
        "on_behalf": "can_submit_on_behalf",
        "sees_true": "sees_true_figures",
        "can_reply": "can_reply_to_difference",
    }
    taken = {names.get(guard.name, guard.name) for guard in GUARDS}
    assert asked - taken == _BEHIND_ANOTHER


def test_the_second_lock_of_publishing_holds_without_the_first(world: World) -> None:
    """A reviewer let through to the page still publishes nothing: the decision asks again."""
    scene = stage(world, "validated")
    rows = [row for row in BY_STATE if row.name == "publish"]
    with Patch.context() as patch:
        _opened(publishing_rules.can_publish)(patch)
        told = list(walk(scene, rows, ["POST"], ["reviewer", "contributor", "observer"]))
    assert [answer.status == 302 for answer in told] == [False, False, False]
    assert world.now().status == "validated"


def test_a_page_that_breaks_is_no_proof_that_a_guard_was_missed(world: World) -> None:
    row = next(row for row in BY_STATE if row.name == "report")
    scene = stage(world, "draft")
    broken = Answer(row, "GET", "observer", 500, "", "canary-narrative")
    opened = broken._replace(status=200)
    assert _first_fault(scene, iter([broken])) == ""
    assert _first_fault(scene, iter([broken, opened])) == (
        "draft: GET report report by observer: 200, not 404"
    )


def test_a_wrong_line_of_the_table_is_told(world: World) -> None:
    """The table is no echo of the code: a line written otherwise differs from the answers."""
    scene = stage(world, "draft")
    rows = parse("report report\n  GET observer 200\n  GET contributor 404\n")
    told = [difference(scene, answer) for answer in walk(scene, rows, ["GET"], PEOPLE)]
    asked = "draft: GET report report by"
    assert [text for text in told if "observer" in text or "contributor:" in text][:2] == [
        f"{asked} contributor: 200, not 404",
        f"{asked} observer: 404, not 200",
    ]
