"""What can be read off the source without running it: small finders, each a pure function.

They take text or a syntax tree and give back what they found, so that the tests can show each of
them a violation.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

# Each app may import those to its right, and itself.
APPS = ("nap_monitor", "publishing", "reports", "indicators", "accounts", "audit", "common")

# Inside an app a module may import those of its own row and of the rows above it. The last word of
# a name counts (review_forms is one of the forms); a module of another name stands with the latest
# of what it imports, so that nothing gets upward through it.
LAYERS = (
    "choices rules progress combine faults disclosure errors",
    "querysets models cells queries content checks missing sections",
    "workflow services periods",
    "forms tables filters exports resources",
    "views",
    "urls admin management demo templatetags middleware backends translation apps",
)
# No models and no pages there, so there is nothing to put in layers; or it is wiring alone.
WITHOUT_LAYERS = ("common", "nap_monitor")


class Module(NamedTuple):
    """One Python file: its path below the project, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.path.partition("/")[0]

    @property
    def unit(self) -> str:
        """What stands directly below the app: a module, or a package as a whole."""
        return self.path.split("/")[1].removesuffix(".py")


def module(path: str, text: str) -> Module:
    return Module(path, text, ast.parse(text))


def modules() -> list[Module]:
    """The project's own code; migrations are written by Django."""
    folders = (*APPS, "tools")
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [
        module(path.relative_to(ROOT).as_posix(), path.read_text())
        for path in found
        if "migrations" not in path.parts
    ]


def templates() -> dict[str, str]:
    found = sorted((ROOT / "templates").rglob("*.html"))
    return {path.relative_to(ROOT).as_posix(): path.read_text() for path in found}


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a tree; each finder looks at all of them, so each tree is walked once."""
    return tuple(ast.walk(tree))


def written_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def functions(tree: ast.Module) -> dict[str, int]:
    """Name and length of every function, from `def` to its last line, docstring included."""
    return {
        f"{node.name}:{node.lineno}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@cache
def _only_for_types(tree: ast.Module) -> set[ast.AST]:
    """Everything under `if TYPE_CHECKING:`."""
    return {
        inner
        for node in nodes(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for body in node.body
        for inner in ast.walk(body)
    }


@cache
def imports(tree: ast.Module, *, with_types: bool) -> tuple[str, ...]:
    """Every module imported, as dotted names; `from a import b` gives `a.b`."""
    return tuple(_imports(tree, with_types))


def _imports(tree: ast.Module, with_types: bool) -> Iterator[str]:
    skipped = set() if with_types else _only_for_types(tree)
    for node in nodes(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{a.name}" for a in node.names)


def upward_imports(module: Module) -> list[str]:
    """Imports of an app that stands above this one, of the tools or the tests; relative ones."""
    below = APPS[APPS.index(module.app) :]
    forbidden = {*APPS, "tools", "tests"} - {*below}
    names = imports(module.tree, with_types=True)
    return [name for name in names if name.partition(".")[0] in {*forbidden, ""}]


def named_layer(unit: str) -> int | None:
    """The row of LAYERS that a module's name puts it in; None when it says nothing."""
    words = (unit, unit.rpartition("_")[2], "admin" if unit.startswith("admin") else unit)
    rows = [row.split() for row in LAYERS]
    return next((n for word in words for n, row in enumerate(rows) if word in row), None)


def _inside(module: Module) -> set[str]:
    """The units of the same app that a module imports, as `app.unit`; not for types alone."""
    names = imports(module.tree, with_types=False)
    own = f"{module.app}."
    return {".".join(name.split(".")[:2]) for name in names if name.startswith(own)}


def layers(modules: Iterable[Module]) -> dict[str, int]:
    """The row of every `app.unit`: by its name, or else the latest row of what it imports."""
    modules = list(modules)
    named = {f"{m.app}.{m.unit}": named_layer(m.unit) for m in modules}
    rows = {unit: row or 0 for unit, row in named.items()}
    for _ in LAYERS:
        for m in modules:
            unit = f"{m.app}.{m.unit}"
            if named[unit] is None:
                rows[unit] = max([rows[unit], *(rows.get(other, 0) for other in _inside(m))])
    return rows


def layer_faults(module: Module, rows: Mapping[str, int]) -> list[str]:
    """What a module imports of its own app although it stands in a later row."""
    if module.app in WITHOUT_LAYERS:
        return []
    own = rows[f"{module.app}.{module.unit}"]
    return sorted(unit for unit in _inside(module) if rows.get(unit, 0) > own)


def broad_excepts(tree: ast.Module) -> list[str]:
    """`except:` without a class, and Exception or BaseException caught or suppressed."""
    caught = [node.type for node in nodes(tree) if isinstance(node, ast.ExceptHandler)]
    suppressed = [
        argument
        for node in nodes(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress")
        for argument in node.args
    ]
    words = ["" if node is None else ast.unparse(node) for node in (*caught, *suppressed)]
    return [w or "bare" for w in words if not w or re.search(r"\b(Base)?Exception\b", w)]


def receivers(tree: ast.Module) -> list[str]:
    """Anything that listens to a signal, or reaches for one."""
    names = [
        name
        for name in imports(tree, with_types=False)
        if ".signals" in name or name.startswith("django.dispatch")
    ]
    reached = [
        ast.unparse(node)
        for node in nodes(tree)
        if isinstance(node, ast.Attribute) and node.attr == "signals"
    ]
    return names + reached


def _status_keyword(node: ast.Call) -> bool:
    """Whether a call stores a status: an update of rows, or a report made with one."""
    called = ast.unparse(node.func)
    if called.endswith("bulk_update"):
        return any("'status'" in ast.unparse(argument) for argument in node.args)
    if called == "setattr":
        return ast.unparse(node.args[1]) == "'status'"
    makes = re.fullmatch(r"(\w+\.)?Report(\.objects\.\w*create\w*)?", called)
    stores = called.endswith(".update") or makes
    return bool(stores) and any(keyword.arg == "status" for keyword in node.keywords)


def status_writers(tree: ast.Module) -> list[str]:
    """Every place that stores a status, in a row or in an object."""
    found = []
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and node.attr == "status":
            writes = isinstance(node.ctx, ast.Store)
        elif isinstance(node, ast.Call):
            writes = _status_keyword(node)
        else:
            text = node.value if isinstance(node, ast.Constant) else ""
            writes = bool(re.search(r"update\s+\W?reports_report\b", str(text), re.IGNORECASE))
        if writes:
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def unescaped(tree: ast.Module) -> list[str]:
    """Calls that declare a text to be safe HTML."""
    return [
        ast.unparse(node)
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and re.search(r"(mark_safe|SafeString|SafeText)$", ast.unparse(node.func))
    ]


def renamed_translators(tree: ast.Module) -> list[str]:
    """Other names for gettext than `_`: texts marked by them are never collected."""
    functions = {
        "gettext",
        "gettext_lazy",
        "ngettext",
        "ngettext_lazy",
        "pgettext",
        "pgettext_lazy",
    }
    aliases = [
        alias.asname
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in functions and alias.asname not in (None, "_")
    ]
    given = [
        ast.unparse(node.targets[0])
        for node in nodes(tree)
        if isinstance(node, ast.Assign)
        and ast.unparse(node.value).rpartition(".")[2] in functions
        and ast.unparse(node.targets[0]) != "_"
    ]
    return [*filter(None, aliases), *given]


def texts(tree: ast.Module) -> Iterator[str]:
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


_COMMENT = re.compile(r"{#.*?#}|{% comment .*?{% endcomment %}", re.DOTALL)

INLINE: Mapping[str, re.Pattern[str]] = {
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"""\sstyle\s*=\s*["'{]""", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "event handler": re.compile(r"""\son[a-z]+\s*=\s*["'{]""", re.IGNORECASE),
    "htmx script": re.compile(r"""\shx-on|=\s*["']js:""", re.IGNORECASE),
    "script address": re.compile(r"""=\s*["']\s*javascript:""", re.IGNORECASE),
}


def inline(text: str) -> list[str]:
    """Scripts and styles inside the page, which the policy of the site forbids."""
    text = _COMMENT.sub("", text)
    return [what for what, pattern in INLINE.items() if pattern.search(text)]


def unescaped_in_template(text: str) -> list[str]:
    text = _COMMENT.sub("", text)
    return re.findall(r"\|\s*safe(?:seq)?\b|{%\s*autoescape\s+off", text)
