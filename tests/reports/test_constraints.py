"""What the database itself refuses, whoever writes: every named constraint with its name."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import override

from audit.models import Entry, Head
from reports.models import (
    ActionProgress,
    Assessment,
    Evidence,
    ExportJob,
    HistoricValue,
    ImportBatch,
    ImportMapping,
    LightReply,
    Line,
    Narrative,
    Observation,
    Performed,
    Period,
    Rating,
    Remark,
    Report,
    Review,
    Revision,
    SourceMoney,
    Upload,
)
from tests.conftest import World

Build = Callable[[World], models.Model]
DAY = date(2027, 1, 1)
MOMENT = datetime(2027, 1, 1, tzinfo=UTC)
MADE = {
    "state": "done",
    "filename": "a.csv",
    "sha256": "0" * 64,
    "finished_at": MOMENT,
    "expires_at": MOMENT,
}


def line(world: World) -> Line:
    return Line.objects.get(report=world.report, indicator=world.indicator)


def action(world: World) -> ActionProgress:
    return ActionProgress.objects.get(report=world.report)


def money(world: World, **fields: Any) -> SourceMoney:
    """Money from a source of its own, unless told otherwise."""
    return SourceMoney(progress=action(world), **{"source": "Donors", **fields})


def observation(world: World, **fields: Any) -> Observation:
    return Observation(line=line(world), cell="sex=f", **fields)


def period(world: World, **fields: Any) -> Period:
    dates = {"starts_on": DAY, "ends_on": DAY + timedelta(9), "due_on": DAY + timedelta(20)}
    return Period(plan=world.plan, **{"year": 2027, "quarter": 1, **dates, **fields})


def review(world: World, **fields: Any) -> Review:
    revision = Revision.objects.get_or_create(
        report=world.report, number=1, defaults={"content": "{}", "submitted_by": world.approver}
    )[0]
    return Review(report=world.report, revision=revision, reviewer=world.reviewer, **fields)


def remark(world: World, **fields: Any) -> Remark:
    known = Review.objects.filter(report=world.report).first()
    if known is None:
        known = review(world, round=1)
        known.save()
    return Remark(review=known, **{"verdict": "accepted", **fields})


def upload(world: World) -> Upload:
    """A second one that nobody confirmed, of the same person and report."""
    told = {"report": world.report, "by": world.contributor, "sha256": "0" * 64, "content": "{}"}
    Upload.objects.get_or_create(**told, name="first.xlsx")
    return Upload(**told, name="second.xlsx")


def batch(world: World, **fields: Any) -> ImportBatch:
    return ImportBatch(plan=world.plan, name="a.csv", sha256="0" * 64, **fields)


def historic(world: World, **fields: Any) -> HistoricValue:
    """A second figure at a place where one is in force."""
    known = ImportBatch.objects.filter(plan=world.plan).first()
    if known is None:
        known = batch(world)
        known.save()
    told = {"batch": known, "indicator": world.indicator, "row": 2, "starts_on": DAY}
    first = {"place": "a" * 64, "value": 1, "ends_on": DAY}
    HistoricValue.objects.get_or_create(**told, **first)
    return HistoricValue(**{**told, "place": "b" * 64, "value": 1, "ends_on": DAY, **fields})


def mapping(world: World) -> ImportMapping:
    ImportMapping.objects.get_or_create(plan=world.plan, name="Ours", content="{}")
    return ImportMapping(plan=world.plan, name="Ours", content="{}")


def assessment(world: World, **fields: Any) -> Assessment:
    told = {"indicator": world.indicator, "period": world.period, "rules_version": "1"}
    return Assessment(**told, **{"results": {}, "cell_set": "sex", **fields})


def export(world: World, **fields: Any) -> ExportJob:
    """A job that breaks nothing by itself."""
    told = {"by": world.lead, "plan": world.plan, "asked": "{}", "language": "en"}
    return ExportJob(**{**told, "question": "q", **fields})


def asked_again(world: World, state: str) -> ExportJob:
    """The same question of the same person while her first one is not finished."""
    ExportJob.objects.get_or_create(
        by=world.lead, plan=world.plan, question="open", state="running", asked="{}", language="en"
    )
    return export(world, question="open", state=state)


def evidence(world: World, **fields: Any) -> Evidence:
    return Evidence(report=world.report, name="a.pdf", size=1, uploaded_by=world.lead, **fields)


def entry(number: int, **fields: Any) -> Entry:
    now = "2026-01-01T00:00:00Z"
    unlike = {"previous_hash": str(number), "hash": f"h{number}"}
    return Entry(at=now, data="{}", **{"sequence": number, **unlike, **fields})


REFUSED: list[tuple[str, Build]] = [
    ("reports_period_once", lambda w: period(w, year=2026, quarter=3)),
    ("reports_period_quarter", lambda w: period(w, quarter=0)),
    ("reports_period_quarter", lambda w: period(w, quarter=5)),
    ("reports_period_dates_in_order", lambda w: period(w, ends_on=DAY)),
    ("reports_period_dates_in_order", lambda w: period(w, due_on=DAY + timedelta(9))),
    ("reports_period_dates_in_order", lambda w: period(w, closes_on=DAY + timedelta(19))),
    (
        "reports_one_per_institution_and_period",
        lambda w: Report(period=w.period, institution=w.defence, due_on=DAY),
    ),
    ("reports_known_status", lambda w: Report(pk=w.report.pk, status="waived", due_on=DAY)),
    ("reports_known_status", lambda w: Report(pk=w.report.pk, status="", due_on=DAY)),
    ("reports_line_once", lambda w: Line(report=w.report, indicator=w.indicator)),
    ("reports_observation_once", lambda w: Observation(line=line(w), cell="", value=2)),
    ("reports_value_is_there", observation),
    ("reports_value_is_there", lambda w: observation(w, numerator=3)),
    ("reports_value_is_there", lambda w: observation(w, denominator=3)),
    ("reports_value_is_there", lambda w: observation(w, numerator=3, denominator=-1)),
    ("reports_no_value_has_reason", lambda w: observation(w, state="withheld")),
    (
        "reports_no_value_has_reason",
        lambda w: observation(w, state="withheld", reason="x", value=0),
    ),
    (
        "reports_no_value_has_reason",
        lambda w: observation(w, state="not_available", reason="x", denominator=1),
    ),
    ("reports_rating_once_a_side", lambda w: Rating(line=line(w), side="ministry", reason="x")),
    (
        "reports_rating_has_reason",
        lambda w: Rating(line=line(w), side="coalition", value="at_risk"),
    ),
    (
        "reports_action_once",
        lambda w: ActionProgress(report=w.report, action=action(w).action),
    ),
    ("reports_money_not_negative", lambda w: ActionProgress(pk=action(w).pk, spent=-1)),
    ("reports_money_not_negative", lambda w: ActionProgress(pk=action(w).pk, allocated="-0.01")),
    ("reports_source_money_once", lambda w: money(w, source="State", spent=2)),
    ("reports_source_money_not_negative", lambda w: money(w, spent="-0.01")),
    ("reports_source_money_not_negative", lambda w: money(w, spent=1, allocated=-1)),
    ("reports_source_money_says_something", money),
    ("reports_evidence_backs_one_thing", lambda w: evidence(w, line=line(w), action=action(w))),
    ("reports_revision_number", lambda w: Revision(report=w.report, number=1, submitted_by=w.lead)),
    ("reports_review_round", lambda w: review(w, round=1, outcome="returned")),
    ("reports_one_open_review", lambda w: review(w, round=2)),
    ("reports_one_open_upload", upload),
    ("reports_assessment_once", lambda w: assessment(w, cell_set="", status="no_data")),
    ("reports_assessment_status_of_total", lambda w: assessment(w, status="met")),
    ("reports_assessment_status_of_total", lambda w: assessment(w, cell_set="", status="")),
    ("reports_assessment_status_of_total", lambda w: assessment(w, cell_set="", status="lost")),
    ("reports_export_known_state", lambda w: export(w, state="lost")),
    ("reports_export_rows_within_total", lambda w: export(w, done=2, total=1)),
    ("reports_export_done_has_file", lambda w: export(w, state="done")),
    ("reports_export_done_has_file", lambda w: export(w, **{**MADE, "filename": ""})),
    ("reports_export_done_has_file", lambda w: export(w, **{**MADE, "sha256": ""})),
    ("reports_export_done_has_file", lambda w: export(w, **{**MADE, "expires_at": None})),
    ("reports_export_done_has_file", lambda w: export(w, **{**MADE, "finished_at": None})),
    ("reports_export_failed_says_why", lambda w: export(w, state="failed", finished_at=MOMENT)),
    ("reports_export_failed_says_why", lambda w: export(w, state="failed", problem="Full.")),
    ("reports_export_failed_says_why", lambda w: export(w, problem="Not yet.")),
    ("reports_export_asked_once", lambda w: asked_again(w, "waiting")),
    ("reports_export_asked_once", lambda w: asked_again(w, "running")),
    ("reports_remark_line_once", lambda w: remark(w, line=line(w))),
    ("reports_remark_action_once", lambda w: remark(w, action=action(w))),
    ("reports_remark_narrative_once", remark),
    ("reports_remark_on_one_thing", lambda w: remark(w, line=line(w), action=action(w))),
    ("reports_flag_says_why", lambda w: remark(w, line=line(w), verdict="flagged")),
    ("reports_light_reply_has_text", lambda w: LightReply(line=line(w), text="")),
    ("reports_mapping_once", mapping),
    ("reports_batch_known_state", lambda w: batch(w, state="lost", stored_at=MOMENT)),
    ("reports_batch_stored_when", lambda w: batch(w, state="stored")),
    ("reports_batch_undone_when", lambda w: batch(w, state="undone", stored_at=MOMENT)),
    ("reports_history_one_in_force", lambda w: historic(w, place="a" * 64)),
    ("reports_history_has_figure", lambda w: historic(w, value=None)),
    ("reports_history_has_figure", lambda w: historic(w, value=None, numerator=1)),
    ("reports_history_dates", lambda w: historic(w, ends_on=DAY - timedelta(1))),
    ("audit_one_head", lambda w: Head(pk=2)),
]
"""A constraint and a row that breaks it and no other. Rows of before() are there already."""


def before(world: World) -> None:
    """One good row of each kind, so that a second one is one too many."""
    Observation.objects.create(line=line(world), cell="", value=1)
    Rating.objects.create(line=line(world), side="ministry", value="at_risk", reason="Late.")
    money(world, source="State", spent=1).save()
    for fields in ({"line": line(world)}, {"action": action(world)}, {}):
        remark(world, **fields).save()


def write(row: models.Model) -> None:
    """Store a row as it is; with a key of an existing one, only what was given is changed."""
    if row.pk is not None and type(row)._default_manager.filter(pk=row.pk).exists():
        names = {"Report": ["status"], "ActionProgress": ["spent", "allocated"]}
        row.save(update_fields=names[type(row).__name__])
    else:
        row.save(force_insert=True)


def constraint_in(error: IntegrityError, model: type[models.Model]) -> str:
    """The name of the constraint a database complains of. SQLite names a unique one by columns."""
    if connection.vendor == "postgresql":
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    text = str(error)
    if named := re.search(r"(?:CHECK constraint failed: |index ')(\w+)", text):
        return named[1]
    told = [part.split(".")[1] for part in text.partition("failed: ")[2].split(", ")]
    for constraint in model._meta.constraints:
        names = getattr(constraint, "fields", ())
        if [str(vars(model._meta.get_field(name))["column"]) for name in names] == told:
            return constraint.name
    return ", ".join(told)


def refusal_of(row: models.Model) -> str:
    """The constraint that refuses a row; nothing if it is taken, and it is then taken back."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                write(row)
        except IntegrityError as error:
            return constraint_in(error, type(row))
        transaction.set_rollback(True)
    return ""


def test_every_constraint_of_the_cycle_and_the_log_is_tried() -> None:
    owned = [
        *apps.get_app_config("reports").get_models(),
        *apps.get_app_config("audit").get_models(),
    ]
    names = {constraint.name for model in owned for constraint in model._meta.constraints}
    assert names == {name for name, _build in REFUSED}


def test_each_broken_row_is_refused_by_the_constraint_of_its_name(world: World) -> None:
    before(world)
    found = [(name, refusal_of(build(world))) for name, build in REFUSED]
    assert found == [(name, name) for name, _build in REFUSED]


ACCEPTED: list[Build] = [
    period,
    assessment,
    lambda w: period(w, quarter=4, closes_on=DAY + timedelta(20)),
    lambda w: observation(w, value=0),
    lambda w: Observation(line=line(w), cell="sex=m", numerator=0, denominator=0),
    lambda w: Observation(line=line(w), cell="sex=x", text="Law 12/2026"),
    lambda w: Observation(line=line(w), cell="sex=n", state="not_applicable", reason="No office."),
    lambda w: Rating(line=line(w), side="coalition", value="at_risk", reason="We saw less."),
    lambda w: money(w, allocated=0),
    lambda w: money(w, source="Loan", spent=0),
    evidence,
    lambda w: evidence(w, line=line(w)),
    lambda w: evidence(w, action=action(w)),
    lambda w: review(w, round=2, outcome="validated"),
    lambda w: Revision(report=w.report, number=2, content="{}", submitted_by=w.lead),
    export,
    lambda w: export(w, **{**MADE, "question": "open"}),
    lambda w: export(w, state="failed", problem="Full.", finished_at=MOMENT, question="open"),
    lambda w: export(w, done=2, total=2, question="another"),
]


def test_the_good_rows_beside_them_are_taken(world: World) -> None:
    before(world)
    for build in ACCEPTED:
        write(build(world))
    assert Observation.objects.count() == 5
    assert Evidence.objects.count() == 3


@pytest.mark.parametrize(
    "second",
    [{"sequence": 1}, {"hash": "h1"}, {"previous_hash": "1"}],
    ids=lambda row: next(iter(row)),
)
def test_two_entries_of_the_log_share_no_number_and_no_hash(
    db: None, second: dict[str, Any]
) -> None:
    entry(1).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        entry(2, **second).save()
    entry(2).save()


def test_a_key_is_carried_out_once_whoever_brings_it(world: World) -> None:
    Performed.objects.create(key="k", report=world.report, action="take", user=world.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Performed.objects.create(
            key="k", report=world.other_report, action="x", user=world.approver
        )


def test_a_report_has_one_narrative(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Narrative.objects.create(report=world.report)


def test_what_has_a_history_is_not_deleted(world: World) -> None:
    world.under_review()
    evidence(world).save()
    kept = [
        world.report,
        world.period,
        world.defence,
        world.reviewer,
        world.approver,
        world.indicator,
    ]
    for row in (*kept, Revision.objects.get(), line(world).indicator, world.contributor):
        with pytest.raises(ProtectedError):
            row.delete()
    assert Report.objects.filter(pk=world.report.pk).exists()


SENTENCES: list[tuple[Build, str, str]] = [
    (
        lambda w: period(w, quarter=5),
        "A quarter is 1, 2, 3 or 4.",
        "Tremujori është 1, 2, 3 ose 4.",
    ),
    (
        lambda w: period(w, year=2026, quarter=3),
        "This plan already has this quarter.",
        "Ky plan e ka tashmë këtë tremujor.",
    ),
]


@pytest.mark.parametrize(("build", "english", "albanian"), SENTENCES)
def test_a_person_who_meets_one_reads_a_sentence(
    world: World, build: Build, english: str, albanian: str
) -> None:
    for language, sentence in (("en", english), ("sq", albanian)):
        with override(language), pytest.raises(ValidationError) as refused:
            build(world).validate_constraints()
        assert refused.value.messages == [sentence]
