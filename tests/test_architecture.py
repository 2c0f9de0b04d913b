"""The budgets and directions of the code. Each finder is also shown something it must find."""

import ast
import statistics

import pytest

from tests import inspection
from tests.inspection import ROOT, Module, module

MODULES = inspection.modules()
TEMPLATES = inspection.templates()
LENGTHS = {
    f"{m.path}:{name}": length
    for m in MODULES
    for name, length in inspection.functions(m.tree).items()
}

# Where a text is declared to be safe HTML, and why it is.
UNESCAPED = {
    "common/icons.py": "the icons are constants of that file",
}
# The one writer of a report's status.
STATUS_WRITER = "reports/workflow.py"


def found(finder, *leave_out: str) -> dict[str, list[str]]:
    """What a finder finds, by file."""
    result = {m.path: finder(m.tree) for m in MODULES if m.path not in leave_out}
    return {path: what for path, what in result.items() if what}


def test_there_is_something_to_inspect() -> None:
    assert {m.app for m in MODULES} == {*inspection.APPS, "tools"}
    assert len(LENGTHS) > 200
    assert len(TEMPLATES) > 30


def test_functions_are_short() -> None:
    lengths = sorted(LENGTHS.values())
    assert {name: n for name, n in LENGTHS.items() if n > 50} == {}
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 25


def test_modules_have_at_most_300_lines() -> None:
    sizes = {m.path: len(m.text.splitlines()) for m in MODULES}
    assert {path: n for path, n in sizes.items() if n > 300} == {}


def test_templates_have_at_most_130_lines() -> None:
    sizes = {path: len(text.splitlines()) for path, text in TEMPLATES.items()}
    assert {path: n for path, n in sizes.items() if n > 130} == {}


def test_there_are_at_least_12_lines_of_tests_for_10_of_code() -> None:
    tests = sum(inspection.written_lines(p.read_text()) for p in (ROOT / "tests").rglob("*.py"))
    code = sum(inspection.written_lines(m.text) for m in MODULES)
    assert tests >= 1.2 * code, f"{tests} lines of tests, {code} of code: {tests / code:.2f}"


def test_apps_import_downward_only() -> None:
    upward = {m.path: inspection.upward_imports(m) for m in MODULES if m.app != "tools"}
    assert {path: names for path, names in upward.items() if names} == {}


def test_inside_an_app_imports_come_from_the_same_row_or_an_earlier_one() -> None:
    project = [m for m in MODULES if m.app != "tools"]
    rows = inspection.layers(project)
    faults = {m.path: inspection.layer_faults(m, rows) for m in project}
    assert {path: names for path, names in faults.items() if names} == {}


def test_nothing_imports_views_but_addresses() -> None:
    importers = {
        m.path
        for m in MODULES
        for name in inspection.imports(m.tree, with_types=True)
        if name.split(".")[1:2] == ["views"] and name.partition(".")[0] in inspection.APPS
    }
    may = {path for path in importers if "/views" in path or "/urls" in path}
    assert importers == may


def test_no_except_is_bare_or_broad() -> None:
    assert found(inspection.broad_excepts) == {}


def test_nothing_listens_to_signals() -> None:
    assert found(inspection.receivers) == {}


def test_only_the_workflow_writes_the_status_of_a_report() -> None:
    assert found(inspection.status_writers, STATUS_WRITER) == {}
    workflow = next(m for m in MODULES if m.path == STATUS_WRITER)
    assert len(inspection.status_writers(workflow.tree)) == 1


def test_no_page_has_a_script_or_a_style_inside() -> None:
    in_templates = {path: inspection.inline(text) for path, text in TEMPLATES.items()}
    in_code = {
        f"{m.path}: {text[:40]}": inspection.inline(text)
        for m in MODULES
        for text in inspection.texts(m.tree)
        if "<" in text
    }
    assert {where: what for where, what in (in_templates | in_code).items() if what} == {}


def test_text_is_declared_safe_only_where_it_is_ours() -> None:
    in_templates = {p for p, text in TEMPLATES.items() if inspection.unescaped_in_template(text)}
    assert {*found(inspection.unescaped), *in_templates} == {*UNESCAPED}


def test_every_text_to_translate_is_marked_by_a_name_that_is_collected() -> None:
    assert found(inspection.renamed_translators) == {}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("from django.utils.translation import gettext as _now", ["_now"]),
        ("from django.utils.translation import gettext_lazy\nL = gettext_lazy", ["L"]),
        ("from django.utils import translation\ntell = translation.ngettext", ["tell"]),
        ("from django.utils.translation import gettext, gettext_lazy as _", []),
        ("from django.utils.translation import get_language as language", []),
    ],
)
def test_control_a_translator_by_another_name_is_seen(line: str, names: list[str]) -> None:
    assert inspection.renamed_translators(ast.parse(line)) == names


def test_control_the_length_of_a_function_is_seen() -> None:
    text = "class A:\n    def long(self):\n" + "        x = 1\n" * 50
    assert inspection.functions(ast.parse(text)) == {"long:2": 51}
    assert inspection.written_lines("a\n\n  \nb\n") == 2


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("common/a.py", "from accounts.models import User"),
        ("accounts/a.py", "import indicators.models"),
        ("indicators/a.py", "def f():\n    from reports import rules"),
        ("reports/a.py", "if TYPE_CHECKING:\n    from publishing.models import Edition"),
        ("publishing/a.py", "from nap_monitor.context import site"),
        ("publishing/a.py", "from tests.factory import make_plan"),
        ("publishing/a.py", "from tools.lint import main"),
        ("reports/a.py", "from .models import Report"),
    ],
)
def test_control_an_upward_import_is_seen(path: str, line: str) -> None:
    assert len(inspection.upward_imports(module(path, line))) == 1


def test_control_a_downward_import_is_none() -> None:
    text = "from django.db import models\nfrom common import csvfile\nfrom reports.rules import x"
    assert inspection.upward_imports(module("reports/a.py", text)) == []


# A small app of four modules; the last one's name says nothing about its row.
SMALL = (
    module("reports/models/cycle.py", "from reports.querysets import ReportQuerySet"),
    module("reports/services.py", "from reports.models import Report"),
    module("reports/views/quarters.py", "from reports import services"),
    module("reports/helpers.py", "from reports.services import save_line"),
)


def layer_faults(path: str, line: str) -> list[str]:
    one = module(path, line)
    return inspection.layer_faults(one, inspection.layers([*SMALL, one]))


@pytest.mark.parametrize(
    ("path", "line", "later"),
    [
        ("reports/choices.py", "from reports.models import Report", "models"),
        ("reports/querysets.py", "from reports.services import save_line", "services"),
        ("reports/workflow.py", "from reports import views", "views"),
        ("reports/review_forms.py", "def f():\n    from reports.views import quarters", "views"),
        ("reports/sections.py", "import reports.helpers", "helpers"),
    ],
)
def test_control_an_import_from_a_later_row_is_seen(path: str, line: str, later: str) -> None:
    assert layer_faults(path, line) == [f"reports.{later}"]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("reports/querysets.py", "from reports.models import Report"),
        ("reports/rules.py", "if TYPE_CHECKING:\n    from reports.models import Report"),
        ("reports/review_forms.py", "from reports.services import save_remark"),
        ("reports/workflow.py", "from reports.helpers import help"),
        ("reports/admin_report.py", "from reports.views import quarters"),
        ("reports/whatever.py", "from reports.views import quarters"),
        ("common/models.py", "from common.views import page"),
    ],
)
def test_control_an_import_from_an_earlier_row_is_none(path: str, line: str) -> None:
    assert layer_faults(path, line) == []


@pytest.mark.parametrize(
    "line",
    [
        "try:\n    f()\nexcept:\n    pass",
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept (ValueError, BaseException) as error:\n    pass",
        "with contextlib.suppress(Exception):\n    f()",
    ],
)
def test_control_a_broad_except_is_seen(line: str) -> None:
    assert len(inspection.broad_excepts(ast.parse(line))) == 1


def test_control_a_named_except_is_none() -> None:
    text = "try:\n    f()\nexcept (ValueError, MyException):\n    raise Exception"
    assert inspection.broad_excepts(ast.parse(text)) == []


@pytest.mark.parametrize(
    "line",
    [
        "from django.dispatch import receiver",
        "from django.db.models.signals import post_save",
        "from django.contrib.auth import signals",
        "models.signals.post_save.connect(f)",
    ],
)
def test_control_a_receiver_is_seen(line: str) -> None:
    assert len(inspection.receivers(ast.parse(line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "report.status = 'draft'",
        "report.status, other = 'draft', 1",
        "reports.filter(pk=1).update(status='draft')",
        "Report.objects.create(period=period, status='validated')",
        "Report.objects.update_or_create(pk=1, status='validated')",
        "models.Report(status='validated')",
        "Report.objects.bulk_update(reports, ['status', 'version'])",
        "setattr(report, 'status', 'draft')",
        "cursor.execute('UPDATE reports_report SET status = 1')",
    ],
)
def test_control_a_second_writer_of_the_status_is_seen(line: str) -> None:
    assert len(inspection.status_writers(ast.parse(line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "if report.status == 'draft': pass",
        "Report.objects.filter(status='draft')",
        "Report.objects.filter(pk=1).update(version=2)",
        "render(request, 'a.html', status=409)",
        "setattr(report, name, value)",
        "status = report.status",
    ],
)
def test_control_reading_a_status_is_none(line: str) -> None:
    assert inspection.status_writers(ast.parse(line)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<style>a {}</style>", "style element"),
        ('<p class="a" style="color: red">', "style attribute"),
        ("<p style={{ css }}>", "style attribute"),
        ("<script>f()</script>", "script without src"),
        ('<script type="module">f()</script>', "script without src"),
        ('<button type="button" onclick="f()">', "event handler"),
        ('<body hx-on:click="f()">', "htmx script"),
        ("<p hx-vals='js:{a: 1}'>", "htmx script"),
        ('<a href="javascript:f()">', "script address"),
    ],
)
def test_control_what_the_policy_forbids_is_seen(text: str, what: str) -> None:
    assert what in inspection.inline(text)


def test_control_what_the_policy_allows_is_none() -> None:
    text = (
        '<script src="{% static "a.js" %}" defer></script>{# <p style="x"> #}'
        '{% comment "old" %}<p onclick="f()">{% endcomment %}'
        '<link rel="stylesheet" href="a.css"><p data-once="1" class="style">'
    )
    assert inspection.inline(text) == []


@pytest.mark.parametrize("text", ["mark_safe(text)", "safestring.mark_safe(x)", "SafeString(x)"])
def test_control_a_text_declared_safe_is_seen(text: str) -> None:
    assert len(inspection.unescaped(ast.parse(text))) == 1


@pytest.mark.parametrize("text", ["{{ a|safe }}", "{{ a| safe }}", "{% autoescape off %}"])
def test_control_a_template_that_does_not_escape_is_seen(text: str) -> None:
    assert len(inspection.unescaped_in_template(text)) == 1


def test_control_an_escaped_text_is_none() -> None:
    assert inspection.unescaped_in_template("{{ a }} {# a|safe #} {{ b|safely }}") == []
    assert inspection.unescaped(ast.parse("format_html('{}', a)")) == []


def test_a_module_knows_its_app_and_its_place() -> None:
    deep: Module = module("reports/views/coalition.py", "")
    assert (deep.app, deep.unit) == ("reports", "views")
    assert (module("reports/rules.py", "").unit) == "rules"
