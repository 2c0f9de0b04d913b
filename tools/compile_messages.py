"""Compile the translations in locale/ with Babel, so that no machine needs gettext's tools."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_all(locale: Path = ROOT / "locale") -> list[Path]:
    """Write a .mo beside each .po that is newer than its own; give back the ones written."""
    stale = [po for po in sorted(locale.glob("*/LC_MESSAGES/*.po")) if _is_newer(po)]
    return [_compile(po) for po in stale]


def _is_newer(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime <= po.stat().st_mtime


def _compile(po: Path) -> Path:
    """One catalogue; the finished file takes its place in one step."""
    with po.open("rb") as file:
        catalog = read_po(file, locale=po.parent.parent.name, abort_invalid=True)
    written = po.with_suffix(".mo.new")
    with written.open("wb") as file:
        write_mo(file, catalog)
    return written.rename(po.with_suffix(".mo"))


if __name__ == "__main__":
    compile_all()
