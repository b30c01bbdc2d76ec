import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "core/static/core/css"
BLOCK = re.compile(r"\{([^{}]*)\}")
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")


def colours_in(name: str, start: str) -> dict[str, str]:
    """The colours of the first block after `start` in a style sheet."""
    css = (CSS / name).read_text()
    block = BLOCK.search(css, css.index(start))
    assert block is not None
    return dict(COLOUR.findall(block[1]))


LIGHT = colours_in("tokens.css", ":root {\n  color-scheme: light")
DARK = LIGHT | colours_in("tokens.css", ":root {\n    color-scheme: dark")
MODES = {
    "light": LIGHT,
    "dark": DARK,
    "elder light": LIGHT | colours_in("elder.css", "html[data-elder] {"),
    "elder dark": DARK | colours_in("elder.css", "  html[data-elder] {\n    --ink:"),
}


def light_of(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((light_of(one), light_of(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("paper", "surface", "sunk")
AAA = [(text, ground) for text in ("ink", "ink-soft") for ground in GROUNDS] + [
    ("ink", tint) for tint in ("good-tint", "warn-tint", "bad-tint", "info-tint", "flame-tint")
]
AA = (
    [
        (text, ground)
        for text in ("ink-mute", "flame-ink", "good", "warn", "bad", "info")
        for ground in GROUNDS
    ]
    + [(tone, f"{tone}-tint") for tone in ("good", "warn", "bad", "info")]
    + [("flame-ink", "flame-tint"), ("on-flame", "flame"), ("on-flame", "flame-hover")]
    + [("ink", f"tint-{n}") for n in range(1, 6)]
)
SHAPES = [(shape, ground) for shape in ("edge", "flame", "focus") for ground in ("paper", "surface")]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("least", "pairs"), [(7.0, AAA), (4.5, AA), (3.0, SHAPES)], ids=["AAA", "AA", "shapes"]
)
def test_everything_that_is_read_stands_out(mode: str, least: float, pairs: list[tuple[str, str]]) -> None:
    colours = MODES[mode]
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < least} == {}


def test_elder_mode_is_nowhere_weaker_than_the_normal_one() -> None:
    for mode in ("light", "dark"):
        for text in ("ink", "ink-soft", "ink-mute", "good", "warn", "bad", "info"):
            normal = contrast(MODES[mode][text], MODES[mode]["paper"])
            assert contrast(MODES[f"elder {mode}"][text], MODES[mode]["paper"]) >= normal
