"""The report form as a ministry fills it in: pages, saves with and without a script, versions."""

import pytest
from django.http import HttpResponse

from audit.models import Entry
from indicators.choices import Kind, TotalRule
from indicators.models import Indicator
from reports.models import Line, Observation, Rating, Remark, Report, Review
from tests import factory
from tests.conftest import World
from tests.reports.typed_forms import (
    action_of,
    close,
    fields_on,
    fill_url,
    line_of,
    save_url,
    text_of,
)


def form_of(world: World, page: str = "indicators-1") -> dict[str, str]:
    response = world.client(world.contributor).get(fill_url(world.report, page))
    assert response.status_code == 200
    return fields_on(response)


def save(world: World, line: Line, typed: dict[str, str]) -> HttpResponse:
    """One section as htmx sends it."""
    part = f"line-{line.pk}"
    own = {k: v for k, v in form_of(world).items() if k.startswith(f"{part}-")}
    data = own | {f"{part}-{name}": text for name, text in typed.items()}
    client = world.client(world.contributor)
    return client.post(save_url(world.report, part), data, headers={"HX-Request": "true"})


def figures(line: Line) -> dict[str, tuple[str, str, str]]:
    return {
        o.cell: (o.state, "" if o.figure is None else str(o.figure.normalize()), o.reason)
        for o in Observation.objects.filter(line=line)
    }


def test_last_value_target_and_expected_stand_beside_the_field(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2)
    report = Report.objects.with_names().get(period=earlier, institution=world.defence)
    factory.fill_in(report, world.contributor, 41)
    factory.decide("submit", report, world.approver)
    response = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
    count, share = response.context["filling"].forms
    row = count.groups[0][1][0]
    assert (row.previous, row.previous_period, row.target) == ("41", "2026 Q2", "100")
    assert row.expected == "68.7"
    assert share.groups[0][1][0].previous_note == "41 of 100"


def test_what_was_never_submitted_is_no_last_value(world: World) -> None:
    earlier = factory.open_quarter(world.plan, 2026, 2)
    report = Report.objects.with_names().get(period=earlier, institution=world.defence)
    factory.fill_in(report, world.contributor, 41)
    response = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
    assert response.context["filling"].forms[0].groups[0][1][0].previous == ""


def test_each_kind_of_indicator_asks_what_it_needs(world: World) -> None:
    names = {name.partition("-total-")[2] for name in form_of(world) if "-total-" in name}
    assert names == {"value", "numerator", "denominator", "state", "reason"}
    for kind, wanted in ((Kind.YES_NO, ["value"]), (Kind.REGISTER, ["value", "text"])):
        Indicator.objects.filter(pk=world.indicator.pk).update(kind=kind)
        response = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
        assert response.context["filling"].forms[0].figures == wanted


def test_a_section_is_saved_alone_and_answers_with_its_new_version(world: World) -> None:
    line = line_of(world)
    told = save(
        world,
        line,
        {
            "total-value": "12,5",
            "rating": "on_track",
            "rating_reason": "As planned.",
            "note": "Counted.",
        },
    )
    # Screen language is English: a comma is never taken for a point.
    assert told.status_code == 422
    told = save(
        world,
        line,
        {
            "total-value": "12.5",
            "rating": "on_track",
            "rating_reason": "As planned.",
            "note": "Counted.",
        },
    )
    assert (told.status_code, figures(line)) == (200, {"": ("value", "12.5", "")})
    assert fields_on(told)[f"line-{line.pk}-version"] == "1"
    line.refresh_from_db()
    assert (line.version, line.note, line.saved_by) == (1, "Counted.", world.contributor)
    assert Rating.objects.values_list("value", "reason").get() == ("on_track", "As planned.")
    assert Entry.objects.filter(action="line.saved", actor=world.contributor.email).count() == 1


def test_zero_is_a_value_and_blank_is_none(world: World) -> None:
    line = line_of(world)
    assert save(world, line, {"total-value": "0"}).status_code == 200
    assert figures(line) == {"": ("value", "0", "")}
    assert form_of(world)[f"line-{line.pk}-total-value"] == "0"
    assert save(world, line, {"total-value": ""}).status_code == 200
    assert figures(line) == {}


@pytest.mark.parametrize("state", ["not_available", "not_applicable", "withheld"])
def test_no_value_is_typed_and_keeps_its_reason(world: World, state: str) -> None:
    line = line_of(world)
    told = save(world, line, {"total-value": "abc", "total-state": state, "total-reason": "Why."})
    assert (told.status_code, figures(line)) == (200, {"": (state, "", "Why.")})


def test_numerator_and_denominator_are_kept_as_they_are(world: World) -> None:
    line = line_of(world, world.share)
    told = save(world, line, {"total-numerator": "3", "total-denominator": "8"})
    assert told.status_code == 200
    row = Observation.objects.get(line=line)
    assert (int(row.numerator), int(row.denominator), row.value) == (3, 8, None)


def test_the_same_save_twice_changes_nothing_more(world: World) -> None:
    line, part = line_of(world), f"line-{line_of(world).pk}"
    typed = form_of(world) | {f"{part}-total-value": "7"}
    client = world.client(world.contributor)
    first = client.post(save_url(world.report, part), typed)
    assert first.status_code == 200
    # The page takes over version and mark from the answer: sent once more, nothing is touched.
    again = client.post(save_url(world.report, part), typed | fields_on(first))
    line.refresh_from_db()
    assert (again.status_code, line.version) == (200, 1)
    assert Entry.objects.filter(action="line.saved").count() == 1


def test_the_same_old_page_sent_twice_stores_once(world: World) -> None:
    part = f"line-{line_of(world).pk}"
    typed = form_of(world) | {f"{part}-total-value": "7"}
    client = world.client(world.contributor)
    codes = [client.post(save_url(world.report, part), typed).status_code for _ in range(2)]
    assert codes == [200, 409]
    assert Entry.objects.filter(action="line.saved").count() == 1


def test_a_plain_form_saves_every_touched_section_and_goes_on(world: World) -> None:
    count, share = line_of(world), line_of(world, world.share)
    typed = form_of(world) | {
        f"line-{count.pk}-total-value": "7",
        f"line-{share.pk}-total-numerator": "1",
        f"line-{share.pk}-total-denominator": "4",
    }
    client = world.client(world.contributor)
    response = client.post(fill_url(world.report, "indicators-1"), typed | {"continue": "1"})
    assert (response.status_code, response["Location"]) == (
        302,
        fill_url(world.report, "actions-1"),
    )
    assert figures(count) == {"": ("value", "7", "")}
    assert figures(share) == {"": ("value", "25", "")}
    assert "2 parts were saved." in text_of(client.get(response["Location"]))


def test_an_untouched_page_saves_nothing(world: World) -> None:
    client = world.client(world.contributor)
    response = client.post(fill_url(world.report, "indicators-1"), form_of(world) | {"save": "1"})
    assert response["Location"] == fill_url(world.report, "indicators-1")
    assert "Nothing was changed" in text_of(client.get(response["Location"]))
    assert not Entry.objects.filter(action="line.saved").exists()


def test_one_refused_section_holds_up_no_other(world: World) -> None:
    count, share = line_of(world), line_of(world, world.share)
    typed = form_of(world) | {
        f"line-{count.pk}-total-value": "seven",
        f"line-{share.pk}-total-numerator": "1",
        f"line-{share.pk}-total-denominator": "4",
    }
    client = world.client(world.contributor)
    response = client.post(fill_url(world.report, "indicators-1"), typed)
    assert (response.status_code, figures(count)) == (422, {})
    assert figures(share) == {"": ("value", "25", "")}
    shown = fields_on(response)
    assert shown[f"line-{count.pk}-total-value"] == "seven"
    # What was saved stands there with its new version, so the page can be sent again as it is.
    assert shown[f"line-{share.pk}-version"] == "1"
    mended = client.post(
        fill_url(world.report, "indicators-1"), shown | {f"line-{count.pk}-total-value": "7"}
    )
    assert (mended.status_code, figures(count)) == (302, {"": ("value", "7", "")})


def test_action_and_money(world: World) -> None:
    progress = action_of(world)
    part = f"action-{progress.pk}"
    typed = form_of(world, "actions-1") | {
        f"{part}-status": "in_progress",
        f"{part}-allocated": "1 000",
        f"{part}-spent": "1 200.55",
        f"{part}-note": "More came late.",
    }
    response = world.client(world.contributor).post(save_url(world.report, part), typed)
    progress.refresh_from_db()
    assert (response.status_code, progress.status) == (200, "in_progress")
    assert (str(progress.allocated), str(progress.spent)) == ("1000.00", "1200.55")
    assert "More was spent than allocated" in text_of(response)


def test_the_narrative_is_kept_as_typed(world: World) -> None:
    typed = form_of(world, "narrative") | {
        "narrative-done": " Two lines\r\nof <b>words</b> ",
        "narrative-next_step": "=1+1",
    }
    response = world.client(world.contributor).post(save_url(world.report, "narrative"), typed)
    narrative = world.now().narrative
    assert response.status_code == 200
    assert (narrative.done, narrative.next_step) == ("Two lines\nof <b>words</b>", "=1+1")
    page = world.client(world.contributor).get(fill_url(world.report, "narrative"))
    assert "<b>words</b>" not in page.content.decode()
    assert fields_on(page)["narrative-done"] == "Two lines\nof <b>words</b>"


def test_a_total_that_is_summed_is_not_asked_and_is_told(world: World) -> None:
    sex = factory.make_dimension(world.plan, "sex", "f", "m", total_rule=TotalRule.SUMMED)
    factory.split(world.indicator, sex)
    line = line_of(world)
    assert f"line-{line.pk}-total-value" not in form_of(world)
    told = save(world, line, {"sex-f-value": "2", "sex-m-value": "3"})
    assert figures(line)[""] == ("value", "5", "")
    assert f'<strong id="line-{line.pk}-total-errors-sum" class="number"' in told.content.decode()


def stale(world: World) -> tuple[Line, dict[str, str]]:
    """A page that was opened before somebody else saved the same line."""
    line = line_of(world)
    typed = form_of(world) | {f"line-{line.pk}-total-value": "7", f"line-{line.pk}-note": "Mine."}
    save(world, line, {"total-value": "5", "note": "Theirs."})
    return line, typed


def test_a_stale_section_is_refused_with_both_texts(world: World) -> None:
    line, typed = stale(world)
    client = world.client(world.approver)
    for address in (
        save_url(world.report, f"line-{line.pk}"),
        fill_url(world.report, "indicators-1"),
    ):
        response = client.post(address, typed)
        page = text_of(response)
        assert response.status_code == 409
        for text in ("Mine.", "Theirs.", "Keep what I typed", "Take what is stored"):
            assert text in page
        assert figures(line) == {"": ("value", "5", "")}


@pytest.mark.parametrize(
    ("choice", "value", "note"), [("mine", "7", "Mine."), ("theirs", "5", "Theirs.")]
)
def test_the_person_chooses_which_text_stays(
    world: World, choice: str, value: str, note: str
) -> None:
    line, typed = stale(world)
    client, address = world.client(world.approver), fill_url(world.report, "indicators-1")
    shown = fields_on(client.post(address, typed))
    assert shown[f"line-{line.pk}-total-value"] == "7"
    response = client.post(address, shown | {f"line-{line.pk}-choice": choice})
    line.refresh_from_db()
    assert (response.status_code, figures(line)) == (302, {"": ("value", value, "")})
    assert line.note == note


def test_a_choice_made_on_what_has_changed_again_is_asked_again(world: World) -> None:
    line, typed = stale(world)
    client, address = world.client(world.approver), fill_url(world.report, "indicators-1")
    shown = fields_on(client.post(address, typed))
    save(world, line, {"total-value": "6", "note": "Third."})
    response = client.post(address, shown | {f"line-{line.pk}-choice": "mine"})
    assert (response.status_code, figures(line)) == (409, {"": ("value", "6", "")})
    assert "Third." in text_of(response)


def test_a_save_without_a_version_is_never_taken(world: World) -> None:
    line = line_of(world)
    client = world.client(world.contributor)
    data = {f"line-{line.pk}-total-value": "7"}
    assert client.post(save_url(world.report, f"line-{line.pk}"), data).status_code == 409
    assert figures(line) == {}


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("other_contributor", 404),
        ("reviewer", 404),
        ("observer", 404),
        ("stranger", 404),
        ("administrator", 403),
    ],
)
def test_nobody_else_writes_in_a_report(world: World, who: str, answer: int) -> None:
    line, typed = line_of(world), form_of(world)
    typed |= {f"line-{line.pk}-total-value": "7"}
    client = world.client(getattr(world, who))
    addresses = [save_url(world.report, f"line-{line.pk}"), fill_url(world.report, "indicators-1")]
    for address in addresses:
        assert client.post(address, typed).status_code == answer
    assert client.get(addresses[1]).status_code == answer
    assert figures(line) == {}


def test_a_section_of_another_report_does_not_exist_here(world: World) -> None:
    client = world.client(world.contributor)
    foreign = Line.objects.get(report=world.other_report)
    parts = [f"line-{foreign.pk}", "line-0", "line-x", "action-99", "words", f"line-{'9' * 40}"]
    codes = {client.post(save_url(world.report, part), {}).status_code for part in parts}
    assert codes == {404}
    assert client.get(fill_url(world.report, "indicators-9")).status_code == 404


def test_what_is_submitted_is_no_longer_written_in(world: World) -> None:
    line, typed = line_of(world), form_of(world)
    world.submitted()
    client, part = world.client(world.contributor), f"line-{line.pk}"
    typed |= {f"{part}-total-value": "99", f"{part}-note": "My long sentence"}
    for address in (save_url(world.report, part), fill_url(world.report, "indicators-1")):
        response = client.post(address, typed)
        assert response.status_code == 403
        assert "This report can not be changed now" in text_of(response)
        assert "My long sentence" in text_of(response)
    assert figures(line) == {"": ("value", "5", "")}


def test_a_closed_quarter_takes_nothing_and_says_so(world: World) -> None:
    line, typed = line_of(world), form_of(world)
    close(world.period)
    typed |= {f"line-{line.pk}-total-value": "99", f"line-{line.pk}-note": "My long sentence"}
    for address in (
        save_url(world.report, f"line-{line.pk}"),
        fill_url(world.report, "indicators-1"),
    ):
        response = world.client(world.contributor).post(address, typed)
        assert response.status_code == 403
        assert "closed on" in text_of(response)
        assert "My long sentence" in text_of(response)
    assert figures(line) == {}


def test_a_section_is_never_saved_by_a_get(world: World) -> None:
    part = f"line-{line_of(world).pk}"
    response = world.client(world.contributor).get(
        save_url(world.report, part), {f"{part}-total-value": "7"}
    )
    assert (response.status_code, figures(line_of(world))) == (405, {})


def test_a_start_leads_to_the_first_page_that_lacks_an_answer(world: World) -> None:
    client, start = world.client(world.contributor), f"/reports/{world.report.pk}/fill/"
    assert client.get(start)["Location"] == fill_url(world.report, "indicators-1")
    factory.fill_in(world.now(), world.contributor)
    Report.objects.get(pk=world.report.pk).actions.update(spent=None)
    assert client.get(start)["Location"] == fill_url(world.report, "actions-1")
    part = f"line-{line_of(world).pk}"
    there = client.get(start, {"part": part})["Location"]
    assert there == fill_url(world.report, "indicators-1") + f"#{part}"


def test_the_remark_of_the_coalition_stands_at_its_line(world: World) -> None:
    world.under_review()
    line, review = line_of(world), Review.objects.get(report=world.report)
    Remark.objects.create(review=review, line=line, verdict="flagged", text="Count again.")
    factory.decide("return", world.report, world.reviewer, reason="One line.")
    page = world.client(world.contributor).get(fill_url(world.report, "indicators-1"))
    forms = page.context["filling"].forms
    assert [form.remark.text if form.remark else "" for form in forms] == ["Count again.", ""]
    assert "Count again." in text_of(page)
