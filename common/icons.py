"""The icons: names and drawings (24 × 24, strokes), written inline so that they also print."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

PATHS: dict[str, str] = {
    "arrow-down": '<path d="M12 4v16M5 13l7 7 7-7"/>',
    "arrow-right": '<path d="M4 12h16M13 5l7 7-7 7"/>',
    "arrow-up": '<path d="M12 20V4M5 11l7-7 7 7"/>',
    "ban": '<circle cx="12" cy="12" r="9"/><path d="M5.7 5.7l12.6 12.6"/>',
    "building": '<path d="M3 21h18M4 9l8-6 8 6M5 9h14M7 9v9M12 9v9M17 9v9M5 18h14"/>',
    "calendar": '<rect x="3" y="5" width="18" height="16" rx="1"/>'
    '<path d="M3 10h18M8 2v5M16 2v5"/>',
    "check": '<path d="M4 12.5l5.5 5.5L20 6.5"/>',
    "check-circle": '<circle cx="12" cy="12" r="9"/><path d="M8 12.5l3 3 5.5-6.5"/>',
    "chevron-down": '<path d="M5 9l7 7 7-7"/>',
    "chevron-left": '<path d="M15 5l-7 7 7 7"/>',
    "chevron-right": '<path d="M9 5l7 7-7 7"/>',
    "chevron-up": '<path d="M5 15l7-7 7 7"/>',
    "circle": '<circle cx="12" cy="12" r="8"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 6.5V12l4 2.5"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "dash": '<path d="M5 12h14"/>',
    "dot": '<circle cx="12" cy="12" r="4" fill="currentColor"/>',
    "download": '<path d="M12 3v12M6 10l6 6 6-6M4 21h16"/>',
    "eye": '<path d="M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "file": '<path d="M6 2h9l5 5v15H6zM14 2v6h6M9.5 13h7M9.5 17h7"/>',
    "filter": '<path d="M3 5h18M6.5 12h11M10 19h4"/>',
    "flag": '<path d="M5 22V3M5 4h14l-3 5 3 5H5"/>',
    "globe": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>',
    "history": '<path d="M4 5v5h5M4.5 10a8.5 8.5 0 1 1-.5 5M12 7.5V12l3.5 2"/>',
    "home": '<path d="M3 11l9-8 9 8M6 9v11h12V9M10 20v-6h4v6"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.5"/>',
    "list": '<path d="M8 6h13M8 12h13M8 18h13M3 6h1M3 12h1M3 18h1"/>',
    "lock": '<rect x="4" y="11" width="16" height="10" rx="1"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>',
    "log-out": '<path d="M14 4H5v16h9M10 12h11M17 8l4 4-4 4"/>',
    "menu": '<path d="M3 6h18M3 12h18M3 18h18"/>',
    "pencil": '<path d="M4 20l1-5L16 4l4 4L9 19zM14 6l4 4"/>',
    "plus": '<path d="M12 4v16M4 12h16"/>',
    "printer": '<path d="M7 9V3h10v6M7 18H3V9h18v9h-4M7 14h10v7H7z"/>',
    "question": '<circle cx="12" cy="12" r="9"/>'
    '<path d="M9 9.5a3 3 0 1 1 4 2.8c-.8.4-1 .9-1 1.7M12 17v.5"/>',
    "refresh": '<path d="M20 5v5h-5M4 19v-5h5M19.5 10A8 8 0 0 0 5 8M4.5 14A8 8 0 0 0 19 16"/>',
    "return": '<path d="M9 5L4 10l5 5M4 10h10a6 6 0 0 1 0 11h-3"/>',
    "send": '<path d="M21 3L3 10l7 3 3 8zM10 13l11-10"/>',
    "settings": '<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="3"/>'
    '<circle cx="8" cy="17" r="3"/>',
    "shield": ""
    '<path d="M12 2l8 3v6c0 5-3 9-8 11-5-2-8-6-8-11V5z"/><path d="M8.5 12l2.5 2.5 4.5-5"/>',
    "star": '<path fill="currentColor" '
    'd="M12 3l2.7 5.9 6.3.7-4.7 4.3 1.3 6.3L12 17l-5.6 3.2 1.3-6.3L3 9.6l6.3-.7z"/>',
    "table": '<rect x="3" y="4" width="18" height="16" rx="1"/>'
    '<path d="M3 10h18M3 15h18M10 10v10"/>',
    "target": '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="5"/>'
    '<circle cx="12" cy="12" r="1"/>',
    "trash": '<path d="M4 6h16M9 6V3h6v3M6 6l1 15h10l1-15M10 11v6M14 11v6"/>',
    "upload": '<path d="M12 17V4M6 9l6-6 6 6M4 21h16"/>',
    "user": '<circle cx="12" cy="8" r="4.5"/><path d="M3.5 21c.5-5 4-7 8.5-7s8 2 8.5 7"/>',
    "users": '<circle cx="9" cy="8" r="4"/><path d="M2 20c.4-4 3-6 7-6s6.6 2 7 6M16 4.5a4 4 0 0 '
    '1 0 7M18.5 14.5c2 .8 3.3 2.6 3.5 5.5"/>',
    "warning": '<path d="M12 3l10 18H2zM12 10v5M12 18v.5"/>',
}


def paths_of(name: str) -> str:
    """The drawing of an icon; a dot for an unknown name."""
    return PATHS.get(name, PATHS["dot"])


def icon_at(name: str, x: str, y: str, look: str, plate: str = "") -> SafeString:
    """A small icon inside a drawing, its middle at x; `look` is a class for its colour.

    `plate` is the class of a plain field behind it, where a pattern would run through it.
    """
    behind = '<rect class="{}" stroke="none" x="-1" y="-1" width="26" height="26" rx="13"/>'
    return format_html(
        '<svg class="bar-icon {}" x="{}" y="{}" width="16" height="16" viewBox="12 0 24 24"'
        ' overflow="visible" fill="none" stroke-width="3" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true" focusable="false">{}{}</svg>',
        look,
        x,
        y,
        format_html(behind, plate) if plate else "",
        mark_safe(paths_of(name)),
    )


def icon_svg(name: str, extra: str = "") -> SafeString:
    """The drawing of an icon, hidden from screen readers: a word always stands beside it.

    An unknown name draws a dot, so that a page never fails for a missing picture.
    """
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        ' aria-hidden="true" focusable="false">{}</svg>',
        f" {extra}" if extra else "",
        mark_safe(paths_of(name)),
    )
