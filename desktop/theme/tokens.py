"""The colours of the program, by what they mean, for a light and a dark window.

Every pair that text is drawn with keeps a contrast of at least 4.5:1 (WCAG AA); a test measures
them. Nothing else in the program names a colour, except the labels, which carry their own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour, as ``#rrggbb``, for each role."""

    surface: str  # the window, and the page one reads on
    surface_raised: str  # fields, menus, cards
    surface_sunken: str  # the rail, the strip, table headers
    hover: str  # under the pointer
    text: str
    text_muted: str  # explanations, technical names
    line: str  # hairlines between areas
    line_strong: str  # borders of fields and buttons
    accent: str
    accent_text: str  # on accent
    accent_soft: str  # a tint of accent, under ordinary text
    danger: str
    danger_text: str  # on danger
    danger_soft: str
    warning: str
    warning_soft: str
    ok: str
    ok_soft: str
    selection: str  # selected rows and words, under ordinary text
    focus: str  # rings around what has the keyboard
    scroll: str  # handles of scroll bars


LIGHT = Tokens(
    surface="#fbfaf8",
    surface_raised="#ffffff",
    surface_sunken="#f3f2ee",
    hover="#e9e8e3",
    text="#1d1f23",
    text_muted="#5b6068",
    line="#e3e1db",
    line_strong="#c8c6bf",
    accent="#3a4ca8",
    accent_text="#ffffff",
    accent_soft="#eaecf8",
    danger="#b3261e",
    danger_text="#ffffff",
    danger_soft="#fbebe9",
    warning="#7d5200",
    warning_soft="#fbf1dc",
    ok="#1b6b41",
    ok_soft="#e6f3ea",
    selection="#dde2f6",
    focus="#3a4ca8",
    scroll="#c4c2bb",
)

DARK = Tokens(
    surface="#191a1d",
    surface_raised="#222428",
    surface_sunken="#131416",
    hover="#2c2f34",
    text="#e9e8e5",
    text_muted="#a6aab2",
    line="#2f3237",
    line_strong="#484c54",
    accent="#a3b0fa",
    accent_text="#14182e",
    accent_soft="#282d47",
    danger="#f49a92",
    danger_text="#2b0d0a",
    danger_soft="#402421",
    warning="#e9bb6d",
    warning_soft="#3b301c",
    ok="#82cea0",
    ok_soft="#1f3527",
    selection="#333c66",
    focus="#a3b0fa",
    scroll="#4a4e56",
)

TOKEN_NAMES = tuple(field.name for field in fields(Tokens))

TEXT_PAIRS = (
    *(("text", under) for under in ("surface", "surface_raised", "surface_sunken", "hover")),
    *(("text_muted", under) for under in ("surface", "surface_raised", "surface_sunken", "hover")),
    *(("text", f"{tone}_soft") for tone in ("accent", "danger", "warning", "ok")),
    *((tone, f"{tone}_soft") for tone in ("accent", "danger", "warning", "ok")),
    *((tone, "surface") for tone in ("accent", "danger", "warning", "ok")),
    *((tone, "surface_sunken") for tone in ("accent", "danger", "warning", "ok")),
    ("text", "selection"),
    ("text_muted", "selection"),
    ("accent_text", "accent"),
    ("danger_text", "danger"),
)
"""The pairs (ink, ground) that words are set in."""


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
