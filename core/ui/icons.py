"""The icon sprite: a chosen part of Lucide (ISC licence) and our own two brand marks, in one cached file.

Rebuild after changing ICONS:  python -m core.ui.icons <folder of lucide-static's icons>
"""

import json
import re
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static/core"
SPRITE = STATIC / "icons.svg"
MANIFEST = STATIC / "icons.MANIFEST.json"
BRAND = STATIC / "img/brand.svg"

ICONS = tuple(
    """
    a-large-small accessibility arrow-down arrow-left arrow-right arrow-up arrow-up-down arrow-up-right award
    badge-check banknote bell book-open building-2 calendar calendar-check calendar-days chart-column check
    chevron-down chevron-left chevron-right chevron-up circle circle-alert circle-check circle-dot
    circle-question-mark circle-x clipboard-check clipboard-list clock copy database download ellipsis
    external-link eye eye-off file file-check file-text filter fingerprint flame folder globe graduation-cap
    handshake heart heart-handshake history hourglass house image inbox info key-round landmark languages
    layout-grid leaf life-buoy link list list-checks lock lock-open log-in log-out mail map-pin menu
    message-circle minus monitor paperclip pencil phone play plus printer qr-code refresh-cw save scroll-text
    search send settings share-2 shield-check sparkles stamp star target trash-2 trending-down trending-up
    triangle-alert undo-2 upload user user-round users users-round video wallet wifi-off x
    """.split()
)

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def body_of(svg: str) -> str:
    """The shapes of one SVG file, on one line, without its licence comment and outer element."""
    match = _BODY.search(svg)
    if match is None:
        raise ValueError("not an SVG file")
    return re.sub(r"\s*\n\s*", "", match[1]).replace(" />", "/>")


def sprite_of(folder: Path) -> str:
    """The whole sprite; a missing icon raises FileNotFoundError."""
    symbols = [
        f'<symbol id="{name}" viewBox="0 0 24 24">{body_of((folder / f"{name}.svg").read_text())}</symbol>'
        for name in ICONS
    ]
    head = (
        "<!-- Lucide (ISC licence, icons.LICENSE.txt) and our own brand marks; made by core/ui/icons.py -->"
    )
    lines = [head, '<svg xmlns="http://www.w3.org/2000/svg">', *symbols, body_of(BRAND.read_text()), "</svg>"]
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    """Write the sprite, its licence and its manifest from an unpacked lucide-static package."""
    package = json.loads((folder.parent / "package.json").read_text())
    SPRITE.write_text(sprite_of(folder), encoding="utf-8")
    (STATIC / "icons.LICENSE.txt").write_text((folder.parent / "LICENSE").read_text(), encoding="utf-8")
    facts = {
        "name": "lucide-static",
        "version": package["version"],
        "licence": package["license"],
        "icons": ICONS,
    }
    MANIFEST.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
