"""A report goes out as a workbook and comes back, through LibreOffice too: nothing changes."""

import subprocess
from pathlib import Path

import pytest
from django.utils import translation

from accounts.models import User
from indicators.choices import Role
from indicators.models import Membership
from reports.exchange.outgoing import write_report
from reports.exchange.preview import preview
from reports.exchange.reading import take_in
from reports.missing import owed_cells
from reports.models import Line, Observation, Report
from tests import factory
from tests.office.generated import REPORTS, long_plan, made_up, store

SOFFICE = "/usr/bin/soffice"
FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods"}


def languages(number: int) -> str:
    """Every other report is written in Albanian."""
    return ("en", "sq")[number % 2]


@pytest.fixture
def generated(db: None) -> list[Report]:
    plan, period, indicators = long_plan()
    kinds = [(i.kind, len(owed_cells(Line(indicator=i)))) for i in indicators]
    found = made_up(kinds)
    assert len(found) == REPORTS
    stored = store(plan, period, found)
    return list(Report.objects.with_names().filter(pk__in=[r.pk for r in stored]).order_by("pk"))


@pytest.fixture
def officer(generated: list[Report]) -> User:
    """One person who fills in for all of them."""
    plan = generated[0].period.plan
    user = factory.make_user("officer@example.org")
    Membership.objects.bulk_create(
        Membership(user=user, plan=plan, role=Role.CONTRIBUTOR, institution=report.institution)
        for report in generated
    )
    return user


@pytest.fixture
def written(generated: list[Report], tmp_path: Path) -> list[Path]:
    paths = []
    for number, report in enumerate(generated):
        with translation.override(languages(number)):
            with write_report(report, language=languages(number)) as file:
                path = tmp_path / f"{number:03}.xlsx"
                path.write_bytes(file.read())
        paths.append(path)
    return paths


def resaved(paths: list[Path], folder: Path, kind: str) -> list[Path]:
    """The workbooks after LibreOffice opened and saved each of them."""
    out = folder / kind
    for start in range(0, len(paths), 50):
        command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", FILTERS[kind], "--outdir", str(out)]
        command += [str(path) for path in paths[start : start + 50]]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [out / f"{path.stem}.{kind}" for path in paths]


def differences(reports: list[Report], paths: list[Path], officer: User) -> dict[str, object]:
    """What each workbook would change or is blamed for, by its name; nothing for nothing."""
    found: dict[str, object] = {}
    for number, (report, path) in enumerate(zip(reports, paths, strict=True)):
        with translation.override(languages(number)):
            upload = take_in(report, path.read_bytes(), path.name, by=officer)
            seen = preview(upload)
        if seen.changes or seen.errors:
            found[path.name] = [*seen.changes[:3], *seen.errors[:3]]
    return found


def test_nothing_changes_through_our_own_reader(
    generated: list[Report], written: list[Path], officer: User
) -> None:
    assert differences(generated, written, officer) == {}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_nothing_changes_when_libreoffice_saved_it_in_between(
    generated: list[Report], written: list[Path], officer: User, tmp_path: Path, kind: str
) -> None:
    assert differences(generated, resaved(written, tmp_path, kind), officer) == {}


def test_control_a_figure_that_did_change_is_seen(
    generated: list[Report], written: list[Path], officer: User
) -> None:
    changed = Observation.objects.filter(line__report=generated[0], value__isnull=False).first()
    assert changed is not None
    assert changed.value is not None
    Observation.objects.filter(pk=changed.pk).update(value=changed.value + 1)
    assert list(differences(generated[:1], written[:1], officer)) == ["000.xlsx"]
