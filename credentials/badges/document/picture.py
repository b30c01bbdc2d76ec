"""The badge as a picture: our own drawing, an SVG that needs no font, no script and no other file."""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
SPLIT = "]]]]><![CDATA[>"  # how "]]>" is written in a CDATA section, which it would end
_INK, _PAPER, _FLAME, _LINE = "#1f2328", "#fcf9f2", "#c8371f", "#b9ae9b"
# The emblem of core.pdf.ornaments on its field of 100 × 130, its y axis pointing up.
_OUTER = (
    "M50 24C25 24 10 41 12 62C13.5 77 24 84 25 101C33 95 37.5 86 37 76C45 90 41 112 55 129"
    "C56 110 67 102 77 88C86 75 90 64 88 54C85 36 71 24 50 24Z"
)
_INNER = "M50.5 32C38 32 29.5 41 31 53C32.5 66 46 70 50 88C55 75 68 68 69.5 53C71 41 62 32 50.5 32Z"
_HEART = "M50.5 32C44 32 40 37 41 43C42 50 48.5 53 50.5 62C53 54 59 50 60 43C61 37 57 32 50.5 32Z"
_ROOM = 20.0  # full-width characters in a line of the largest size


def draw_badge(*, title: str, issuer: str, credential: str = "") -> str:
    """The picture; with `credential` (a badge's JSON or its token) the badge itself is baked into it."""
    lines = _lines(_printable(title))
    size = 30 if len(lines) == 1 and _width(lines[0]) <= 11 else 22
    first = 388 - (len(lines) - 1) * size * 0.7
    words = "".join(
        f'<text x="256" y="{first + number * size * 1.35:.0f}" font-size="{size}" font-weight="700">'
        f"{escape(line)}</text>"
        for number, line in enumerate(lines)
    )
    baked = ""
    if credential:
        token = "" if credential.startswith("{") else f' verify="{escape(credential)}"'
        inside = f"<![CDATA[{credential.replace(']]>', SPLIT)}]]>" if credential.startswith("{") else ""
        baked = (
            f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"{token}>{inside}</openbadges:credential>'
        )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512" role="img">'
        f"<title>{escape(_printable(title))}</title>{baked}"
        f'<rect x="16" y="16" width="480" height="480" rx="56" fill="{_PAPER}" stroke="{_LINE}" stroke-width="4"/>'
        f'<rect x="30" y="30" width="452" height="452" rx="44" fill="none" stroke="{_FLAME}" stroke-width="2"/>'
        '<g transform="translate(164 298) scale(1.84 -1.84)">'
        f'<path d="M13 3.5L87 18.5M13 18.5L87 3.5" stroke="{_INK}" stroke-width="6.5" stroke-linecap="round"/>'
        f'<path d="{_OUTER}" fill="{_FLAME}"/><path d="{_INNER}" fill="{_PAPER}"/><path d="{_HEART}" fill="{_FLAME}"/></g>'
        f'<g text-anchor="middle" fill="{_INK}" font-family="serif">{words}'
        f'<text x="256" y="458" font-size="{_issuer_size(issuer)}">{escape(_printable(issuer))}</text></g></svg>\n'
    )


def baked_in(picture: str) -> str:
    """The badge (JSON) that is written in a picture of ours; "" when there is none. It is searched, never parsed."""
    _before, start, rest = picture.partition(
        f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"><![CDATA['
    )
    inside, end, _after = rest.partition("]]></openbadges:credential>")
    return inside.replace(SPLIT, "]]>") if start and end else ""


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs", "Cn"))


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.55 for char in text)


def _issuer_size(issuer: str) -> int:
    return max(9, min(17, int(420 / max(_width(issuer), 1))))


def _lines(title: str) -> list[str]:
    """The title in one line, or in two of about one length; what is longer is cut with an ellipsis: it is a picture."""
    if _width(title) <= 11:
        return [title]
    half = max(_width(title) / 2, 8)
    lines: list[str] = []
    line = ""
    for char in title:
        if line and _width(line + char) > min(half + 0.5, _ROOM) and len(lines) < 1:
            lines.append(line)
            line = ""
        line += char
    while _width(line) > _ROOM:
        line = line.rstrip("…")[:-1] + "…"
    return [*lines, line]
