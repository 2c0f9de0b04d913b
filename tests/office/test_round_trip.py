"""A report goes out as a workbook and comes back, through LibreOffice too: nothing changes."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
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
        with write_report(report, language=languages(number)) as file:
            path = tmp_path / f"{number:03}.xlsx"
            path.write_bytes(file.read())
        paths.append(path)
    return paths


def resaved(paths: list[Path], folder: Path, kind: str) -> list[Path]:
    """The workbooks after LibreOffice opened and saved each of them."""
    out = folder / kind
    for start in range(0, len(paths), 50):
        profile = f"-env:UserInstallation=file://{folder}/profile-{kind}"
        command = [SOFFICE, "--headless", profile]
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


def test_nothing_changes_on_the_way_out_and_back(
    generated: list[Report], written: list[Path], officer: User, tmp_path: Path
) -> None:
    """Through our own reader, and through a save by LibreOffice in between, in both its formats.

    One test, since what costs is to make the reports. The control at its end changes one figure.
    """
    with ThreadPoolExecutor() as beside:
        saved = {kind: beside.submit(resaved, written, tmp_path, kind) for kind in FILTERS}
        assert differences(generated, written, officer) == {}
        for kind, paths in saved.items():
            assert differences(generated, paths.result(), officer) == {}, kind
    changed = Observation.objects.filter(line__report__in=generated, value__isnull=False)[0]
    changed.value = 1 if changed.value != 1 else 2
    changed.save()
    assert len(differences(generated, written, officer)) == 1
