import json
import re
from pathlib import Path

from core.templatetags.ui import STATUS_ICONS
from core.ui import icons

ROOT = Path(__file__).resolve().parents[3]
NAMED = re.compile(
    r"""\{% icon "([a-z0-9-]+)"|<c-(?:button|icon|status|empty|alert|row|menu)\b[^>]*?\b(?:icon|after|name)="([a-z0-9-]+)\""""
)


def symbols() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', icons.SPRITE.read_text()))


def test_the_sprite_holds_every_chosen_icon_and_the_brand() -> None:
    assert symbols() == {*icons.ICONS, "brand-mark", "brand-word"}


def test_the_sprite_carries_its_licence_and_version() -> None:
    facts = json.loads(icons.MANIFEST.read_text())
    assert facts["licence"] == "ISC"
    assert facts["version"]
    assert "ISC License" in (icons.STATIC / "icons.LICENSE.txt").read_text()


def test_every_icon_named_in_a_template_exists() -> None:
    named = set(STATUS_ICONS.values())
    for path in ROOT.glob("*/templates/**/*.html"):
        named |= {one or other for one, other in NAMED.findall(path.read_text())}
    assert named - symbols() == set()


def test_the_shapes_of_a_file_are_taken_without_its_frame() -> None:
    svg = '<!-- c --><svg\n width="24">\n  <path d="M1 2" />\n</svg>'
    assert icons.body_of(svg) == '<path d="M1 2"/>'
