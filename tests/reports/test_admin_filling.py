"""The ministry fills in its report in the admin: what is taken, refused, kept and logged."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.html import escape

from accounts.models import User
from audit.models import Entry
from indicators.choices import CellLayout
from indicators.models import Indicator
from reports.admin import filling
from reports.models import ActionProgress, Line, Narrative, Observation, Period, Rating, Report
from tests import factory
from tests.conftest import World
from tests.reports.test_admin_reports import decision, hidden_fields, opened, page, told


@pytest.fixture
def world(world: World) -> World:
    """Everybody was given access to the admin."""
    User.objects.update(is_staff=True)
    return world


def names(world: World) -> dict[str, str]:
    """Short names for the beginnings of the form's fields."""
    first, share = (world.report.lines.get(indicator=i) for i in (world.indicator, world.share))
    return {
        "count": f"line-{first.pk}",
        "share": f"line-{share.pk}",
        "action": f"action-{world.report.actions.get().pk}",
        "words": "narrative",
    }


def typed(world: World, **fields: str) -> dict[str, str]:
    """Fields by short names: count__total_value is the value of the first line."""
    begin = names(world)
    pairs = ((name.partition("__"), text) for name, text in fields.items())
    return {f"{begin[part]}-{dashed(rest)}": text for (part, _, rest), text in pairs}


def dashed(name: str) -> str:
    """The fields of a cell begin with its place."""
    return name.replace("total_", "total-", 1)


def send(world: World, by: User, **fields: str) -> Any:
    client = world.client(by)
    return client.post(
        page(world.report), opened(client, page(world.report)) | typed(world, **fields)
    )


def stored(world: World) -> list[Any]:
    """Everything a form of this report can write."""
    tables = (Observation, Rating, ActionProgress, Narrative, Line)
    return [sorted(t._default_manager.values_list(), key=repr) for t in tables]


def first(world: World) -> Observation:
    return Observation.objects.get(line__indicator=world.indicator)


def last(world: World) -> Observation:
    return Observation.objects.get(line__indicator=world.share)


def words(world: World) -> Narrative:
    return Narrative.objects.get(report=world.report)


def line(world: World) -> Line:
    return world.report.lines.get(indicator=world.indicator)


# ---------------------------------------------------------------- what is taken

TAKEN: list[tuple[str, dict[str, str], Callable[[World], Any], Any]] = [
    (
        "a value",
        {"count__total_value": "12.5"},
        lambda w: first(w).value,
        Decimal("12.5"),
    ),
    ("zero", {"count__total_value": "0"}, lambda w: first(w).value, Decimal(0)),
    (
        "a fraction",
        {"share__total_numerator": "3", "share__total_denominator": "9"},
        lambda w: (last(w).numerator, last(w).denominator),
        (3, 9),
    ),
    (
        "no value and why",
        {"count__total_state": "not_available", "count__total_reason": "Not counted yet."},
        lambda w: (first(w).state, first(w).reason),
        ("not_available", "Not counted yet."),
    ),
    (
        "a rating and why",
        {"count__rating": "at_risk", "count__rating_reason": "Slow."},
        lambda w: list(Rating.objects.values_list("side", "value", "reason")),
        [("ministry", "at_risk", "Slow.")],
    ),
    (
        "a comment",
        {"count__note": "  See annex.\r\nPage 2 "},
        lambda w: line(w).note,
        "See annex.\nPage 2",
    ),
    (
        "an action",
        {"action__status": "delayed", "action__spent": "0", "action__note": "Late."},
        lambda w: w.report.actions.values_list("status", "spent", "note").get(),
        ("delayed", Decimal(0), "Late."),
    ),
    (
        "words",
        {"words__challenge": "Money <b>"},
        lambda w: Narrative.objects.get(report=w.report).challenge,
        "Money <b>",
    ),
]


def test_what_is_typed_is_stored_and_shown_again(world: World) -> None:
    for version, (what, fields, read, expected) in enumerate(TAKEN, start=world.now().version + 1):
        response = send(world, world.contributor, **fields)
        assert response.status_code == 302, what
        assert told(response)[-1] == "Saved."
        assert (read(world), world.now().version) == (expected, version), what
    shown = world.client(world.approver).get(page(world.report))
    html, typed_in = shown.content.decode(), [row[1].values() for row in TAKEN[1:]]
    assert "<b>Money" not in html
    assert [t for texts in typed_in for t in texts if escape(t) not in html and "\n" not in t] == []


def test_a_comma_is_a_decimal_sign_to_who_reads_albanian(world: World) -> None:
    User.objects.filter(pk=world.contributor.pk).update(language="sq")
    send(world, world.fresh(world.contributor), count__total_value="1234,5")

    assert Observation.objects.get().value == Decimal("1234.5")
    shown = world.client(world.fresh(world.contributor)).get(page(world.report))
    assert shown.context["sheet"].forms[0]["total-value"].value() == "1\u00a0234,5"


def test_parts_of_an_indicator_are_fields_of_their_own(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m")
    factory.split(world.indicator, sex)
    Indicator.objects.filter(pk=world.indicator.pk).update(cell_layout=CellLayout.SEPARATE)
    client, begin = world.client(world.contributor), names(world)["count"]
    data = opened(client, page(world.report))
    for place, text in (("total", "9"), ("sex-f", "4"), ("sex-m", "5")):
        data[f"{begin}-{place}-value"] = text
    assert client.post(page(world.report), data).status_code == 302

    found = Observation.objects.order_by("cell").values_list("cell", "value")
    assert list(found) == [("", 9), ("sex=f", 4), ("sex=m", 5)]
    data = opened(client, page(world.report)) | {f"{begin}-sex-f-value": "10"}
    response = client.post(page(world.report), data)
    assert response.status_code == 422
    assert Observation.objects.get(cell="sex=f").value == 4


def test_what_is_not_touched_is_not_saved(world: World) -> None:
    factory.fill_in(world.now(), world.contributor)
    kept, entries = stored(world), Entry.objects.count()
    client = world.client(world.approver)
    data, sheet = {}, client.get(page(world.report)).context["sheet"]
    for bound in (bound for form in sheet.forms for bound in form):
        data[bound.html_name] = bound.value() or ""
    assert client.post(page(world.report), data).status_code == 302

    assert (stored(world), Entry.objects.count()) == (kept, entries)


def test_a_save_is_logged_with_who_saved(world: World) -> None:
    send(world, world.contributor, count__total_value="7", words__done="Trained.")

    entries = Entry.objects.order_by("-sequence")[:2]
    assert {entry.actor for entry in entries} == {world.contributor.email}
    assert {entry.about_type for entry in entries} == {"reports.line", "reports.narrative"}
    assert all(json.loads(entry.data) for entry in entries)


def test_one_refused_part_holds_up_no_other(world: World) -> None:
    response = send(
        world, world.contributor, count__total_value="many", words__done="Kept.", action__spent="x"
    )
    html = response.content.decode()

    assert response.status_code == 422
    assert Narrative.objects.get(report=world.report).done == "Kept."
    assert not Observation.objects.exists()
    assert world.report.actions.get().spent is None
    assert 'value="many"' in html
    assert 'value="x"' in html
    anchors = [address for _text, address in response.context["sheet"].problems]
    begin = names(world)
    assert anchors == [f"#{begin['count']}-total-value", f"#{begin['action']}-spent"]


# ---------------------------------------------------------------- what is refused

REFUSED: list[tuple[dict[str, str], str]] = [
    ({"count__total_value": "-1"}, "count-total-value"),
    ({"count__total_value": "1,234"}, "count-total-value"),
    ({"count__total_value": "1e3"}, "count-total-value"),
    ({"count__total_value": "0.12345"}, "count-total-value"),
    ({"count__total_value": "=1+1"}, "count-total-value"),
    ({"count__total_value": "9" * 30}, "count-total-value"),
    ({"share__total_numerator": "3"}, "share-total-denominator"),
    ({"share__total_numerator": "9", "share__total_denominator": "3"}, "share-total-numerator"),
    ({"share__total_numerator": "1", "share__total_denominator": "0"}, "share-total-denominator"),
    ({"count__total_state": "not_available"}, "count-total-reason"),
    ({"count__total_state": "canary"}, "count-total-state"),
    ({"count__rating": "at_risk"}, "count-rating_reason"),
    ({"count__rating": "canary", "count__rating_reason": "x"}, "count-rating"),
    ({"action__spent": "-1"}, "action-spent"),
    ({"action__spent": "0.125"}, "action-spent"),
    ({"action__status": "canary"}, "action-status"),
]


def test_what_cannot_be_is_refused_at_its_field_and_nothing_of_it_is_stored(world: World) -> None:
    kept, version = stored(world), world.now().version
    begin, client = names(world), world.client(world.contributor)
    blank = opened(client, page(world.report))
    for fields, where in REFUSED:
        response = client.post(page(world.report), blank | typed(world, **fields))
        part, _dash, rest = where.partition("-")
        anchors = [address for _text, address in response.context["sheet"].problems]
        assert response.status_code == 422, fields
        assert {*anchors} == {f"#{begin[part]}-{rest}"}, fields
        for text in fields.values():
            assert text in response.content.decode()
    assert (stored(world), world.now().version) == (kept, version)


PEOPLE_AND_ANSWERS = [
    ("other_contributor", 404),
    ("other_approver", 404),
    ("reviewer", 404),
    ("lead", 404),
    ("observer", 404),
    ("stranger", 404),
    ("administrator", 403),
]


def test_nobody_else_writes_in_a_draft(world: World) -> None:
    kept, data = stored(world), typed(world, count__total_value="31337", words__done="CANARY")
    sent = data | opened(world.client(world.contributor), page(world.report))
    for name, status in PEOPLE_AND_ANSWERS:
        response = world.client(getattr(world, name)).post(page(world.report), sent)
        assert response.status_code == status, name
    assert stored(world) == kept


def test_a_report_that_was_sent_off_takes_nothing_and_gives_the_words_back(world: World) -> None:
    client = world.client(world.contributor)
    data = opened(client, page(world.report)) | typed(world, words__done="My long text")
    world.submitted()
    for action, by in (("take", world.reviewer), ("validate", world.reviewer), ("", world.lead)):
        kept = stored(world)
        response = client.post(page(world.report), data)
        assert response.status_code == 409
        assert "The report moved on while your page was open." in response.content.decode()
        assert "My long text" in response.content.decode()
        assert stored(world) == kept
        factory.decide(action or "publish", world.report, by)
    assert client.post(page(world.report), data).status_code == 409


def test_a_closed_quarter_is_read_only(world: World) -> None:
    client = world.client(world.contributor)
    data = opened(client, page(world.report)) | typed(world, count__total_value="5")
    dates = {"starts_on": date(2020, 1, 1), "ends_on": date(2020, 3, 31)}
    closed = {"due_on": date(2020, 4, 30), "closes_on": date(2020, 5, 31)}
    Period.objects.filter(pk=world.period.pk).update(**dates, **closed)
    kept = stored(world)

    assert client.get(page(world.report)).context["kind"] == "read"
    assert client.post(page(world.report), data).status_code in (403, 409)
    assert stored(world) == kept


def test_nothing_but_the_form_can_be_written(world: World) -> None:
    before = Report.objects.filter(pk=world.report.pk).values().get()
    extra = {"status": "published", "reviewer": str(world.contributor.pk), "due_on": "2030-01-01"}
    client = world.client(world.contributor)
    data = opened(client, page(world.report)) | extra | {"revision": "9", "institution": "1"}
    data |= {"line-999999-total-value": "5", f"line-{other_line(world)}-total-value": "31337"}
    client.post(page(world.report), data)

    assert Report.objects.filter(pk=world.report.pk).values().get() == before
    assert not Observation.objects.exists()


def other_line(world: World) -> int:
    return world.other_report.lines.get().pk


# ---------------------------------------------------------------- long reports


def test_a_long_report_is_filled_in_sheet_by_sheet(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "MAX_CELLS", 1)  # so that a short one is long
    client, url, found, parts = world.client(world.contributor), page(world.report), {}, []
    for asked in ("1", "2", "3", "999", "0", "canary", ""):
        sheet = client.get(url, {"sheet": asked}).context["sheet"]
        found[asked] = (sheet.number, sheet.of)
        if asked in "123":
            parts += [form.part for form in sheet.forms]
    last = client.post(f"{url}?sheet=3", typed(world, words__done="The end."))

    numbers = {asked: number for asked, (number, _of) in found.items()}
    assert numbers == {"1": 1, "2": 2, "3": 3, "999": 3, "0": 1, "canary": 1, "": 1}
    assert {of for _number, of in found.values()} == {3}
    begin = names(world)
    assert parts[:4] == [begin["count"], begin["share"], begin["action"], begin["words"]]
    assert last.status_code == 409  # it does not say what was typed over
    data = hidden_fields(client.get(f"{url}?sheet=3").content.decode())
    last = client.post(f"{url}?sheet=3", data | typed(world, words__done="The end."))
    assert last.headers["Location"] == f"{url}?sheet=3"
    assert words(world).done == "The end."


def test_what_is_missing_leads_to_its_sheet(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MAX_CELLS", 1)
    listed = world.client(world.approver).get(decision(world.report, "submit")).context["gaps"]

    sheets = {address.split("?")[1].split("-")[0] for _text, address in listed}
    assert sheets == {"sheet=1#line", "sheet=2#action", "sheet=3#narrative"}
