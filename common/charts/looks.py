"""How the classes of a drawing look where no style sheet is read: attributes, colours by name.

The colours are those of static/css/tokens.css, and a test holds both to be the same.
"""

from __future__ import annotations

TOKENS = {
    "--ink": "#17262d",
    "--ink-muted": "#4f5f67",
    "--paper": "#ffffff",
    "--line": "#d7dee1",
    "--line-strong": "#84939a",
    "--light-computed": "#0d4f62",
    "--light-coalition": "#a44a06",
    "--neutral-paper": "#eef1f2",
    "--neutral-line": "#bcc7cc",
    "--neutral-ink": "#43525a",
    "--neutral-fill": "#b3bfc4",
    "--info-paper": "#e7f0f8",
    "--info-line": "#a6c4e0",
    "--info-ink": "#1c4c7a",
    "--info-fill": "#4d83b6",
    "--progress-paper": "#e3f0f2",
    "--progress-line": "#97c4cd",
    "--progress-ink": "#0b5160",
    "--progress-fill": "#2d8798",
    "--attention-paper": "#fcf1da",
    "--attention-line": "#dfbd76",
    "--attention-ink": "#734700",
    "--attention-fill": "#dba035",
    "--good-paper": "#e5f2e8",
    "--good-line": "#9fcaac",
    "--good-ink": "#1b5833",
    "--good-fill": "#2e7a49",
    "--bad-paper": "#fae9e7",
    "--bad-line": "#e3aea8",
    "--bad-ink": "#8b2019",
    "--bad-fill": "#b23a30",
}

FONT = {"font-family": "Noto Sans, Liberation Sans, Arial, sans-serif", "font-size": "12"}
TONES = ("neutral", "info", "progress", "attention", "good", "bad")

Look = dict[str, str]


def _line(colour: str, width: str, dash: str = "") -> Look:
    look = {"fill": "none", "stroke": colour, "stroke-width": width}
    return look | ({"stroke-dasharray": dash} if dash else {})


LOOKS: dict[str, Look] = {
    "axis": {"stroke": "--line", "stroke-width": "1"},
    "axis--base": {"stroke": "--line-strong"},
    "line-actual": _line("--light-computed", "2.5") | {"stroke-linejoin": "round"},
    "line-expected": _line("--ink-muted", "1.5", "2 4"),
    "line-target": _line("--light-coalition", "1.5", "8 4"),
    "line-path": _line("--light-coalition", "2", "8 4"),
    "line-earlier-0": _line("--line-strong", "2", "2 4"),
    "line-earlier-1": _line("--line-strong", "1.5", "6 3 1 3"),
    "point-actual": {"fill": "--light-computed", "stroke": "--paper", "stroke-width": "2"},
    "point-path": {"fill": "--light-coalition"},
    "point-earlier": {"fill": "--paper", "stroke": "--line-strong", "stroke-width": "1.5"},
    "point-baseline": {"fill": "--paper", "stroke": "--ink", "stroke-width": "2"},
    "text-actual": {"fill": "--light-computed", "font-size": "13", "font-weight": "600"},
    "text-target": {"fill": "--light-coalition", "font-weight": "600"},
    "text-unit": {"font-size": "11", "font-style": "italic"},
    "text-label": {"fill": "--ink"},
    "text-value": {"fill": "--ink", "font-weight": "600"},
    "text-hidden": {"font-style": "italic", "font-size": "10"},
    "tick-extra": {},
    "bar": {},
    "hover": {},
    "bar-icon": {},
    "bar-icon--light": {"stroke": "--paper"},
    "bar-icon--dark": {"stroke": "--ink"},
    "bar-part": {"stroke": "--paper", "stroke-width": "2"},
    "texture-solid": {},
    "texture-lines": {},
    "texture-dots": {},
    "texture-light": {"fill-opacity": "0.6"},
    "pattern-line": {"stroke": "--paper", "stroke-opacity": "0.6", "stroke-width": "2.5"},
    "pattern-dot": {"fill": "--paper", "fill-opacity": "0.6"},
    "column": {"fill": "--light-computed"},
    "spark-line": _line("--light-computed", "1.75"),
    "spark-dot": {"fill": "--light-computed"},
    "spark-last": {"fill": "--light-computed", "stroke": "--paper", "stroke-width": "1.5"},
}
"""Attributes by class; a value that names a token stands for its colour."""

LOOKS |= {f"fill-{tone}": {"fill": f"--{tone}-fill"} for tone in TONES}
LOOKS |= {f"ink-{tone}": {"fill": f"--{tone}-ink", "font-size": "11"} for tone in TONES}
