"""Covers of programmes: ink on paper with one flame, drawn from the title, so the same title has the same cover.

Shapes carry classes only (f flame, i ink, p paper; with s: stroke); components.css gives them today's colours.
"""

import random
import zlib
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, radians, sin

WIDTH, HEIGHT = 400, 225
Draw = Callable[[random.Random], list[str]]


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _path(d: str, cls: str, opacity: float = 1, width: float = 0) -> str:
    stroke = f' stroke-width="{_n(width)}" stroke-linecap="round" stroke-linejoin="round"' if width else ""
    faded = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<path class="{cls}" d="{d}"{stroke}{faded}/>'


def _disc(x: float, y: float, r: float, cls: str, opacity: float = 1, width: float = 0) -> str:
    stroke = f' stroke-width="{_n(width)}"' if width else ""
    faded = f' opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<circle class="{cls}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}"{stroke}{faded}/>'


def _hills(rng: random.Random, *, top: float, layers: int, opacity: float = 0.08) -> list[str]:
    """Washes of ink, one over the other, darker where they meet."""
    shapes = []
    for layer in range(layers):
        base, phase, sway = top + layer * 20, rng.uniform(0, 6), rng.uniform(10, 20)
        points = [
            (x, base + sway * sin(phase + x / 62) * 0.7 + sway * 0.5 * sin(phase * 2 + x / 27))
            for x in range(-20, WIDTH + 41, 20)
        ]
        d = f"M{_n(points[0][0])} {_n(points[0][1])}"
        for (x0, y0), (x1, y1) in pairwise(points):
            d += f"Q{_n(x0)} {_n(y0)} {_n((x0 + x1) / 2)} {_n((y0 + y1) / 2)}"
        shapes.append(_path(d + f"V{HEIGHT}H-20Z", "i", opacity))
    return shapes


def _tongue(x: float, base: float, width: float, height: float, lean: float) -> str:
    """One tongue of flame standing on (x, base), its tip leaning sideways."""
    w, tip = width / 2, x + lean
    return (
        f"M{_n(tip)} {_n(base - height)}"
        f"C{_n(tip + w * 0.15)} {_n(base - height * 0.68)} {_n(x + w)} {_n(base - height * 0.6)} {_n(x + w)} {_n(base - height * 0.27)}"
        f"C{_n(x + w)} {_n(base - height * 0.08)} {_n(x + w * 0.55)} {_n(base)} {_n(x)} {_n(base)}"
        f"C{_n(x - w * 0.55)} {_n(base)} {_n(x - w)} {_n(base - height * 0.08)} {_n(x - w)} {_n(base - height * 0.27)}"
        f"C{_n(x - w)} {_n(base - height * 0.55)} {_n(tip - w * 0.5)} {_n(base - height * 0.66)} {_n(tip)} {_n(base - height)}Z"
    )


def _flame(rng: random.Random) -> list[str]:
    x, side = rng.uniform(120, 280), rng.choice((-1, 1))
    lean, base = side * rng.uniform(6, 20), 196.0
    shapes = [_disc(x - side * rng.uniform(40, 80), rng.uniform(74, 96), rng.uniform(52, 68), "i", 0.05)]
    for layer, opacity in enumerate((0.06, 0.08, 0.12)):
        shapes.append(
            _path(
                _tongue(x, base, 176 - layer * 34, 190 - layer * 22, lean * (1.6 - layer * 0.3)), "i", opacity
            )
        )
    shapes.append(_path(_tongue(x, base, 74, 122, lean), "f"))
    shapes.append(_path(_tongue(x - lean * 0.1, base - 4, 36, 62, lean * 0.4), "p"))
    small = x + side * rng.uniform(82, 112)
    shapes.append(_path(_tongue(small, base, 30, 50, -lean * 0.4), "f", 0.85))
    shapes.append(_path(_tongue(small, base - 2, 13, 22, 0), "p"))
    shapes.append(_path(f"M{_n(x - 130)} {base}H{_n(x + 130)}", "is", 0.55, 1.5))
    sparks = [(rng.uniform(-70, 70), rng.uniform(16, 90), rng.uniform(0.9, 2.2)) for _ in range(7)]
    return shapes + [_disc(x + dx, y, r, "f", 0.8) for dx, y, r in sparks]


def _blade(x: float, y: float, angle: float, length: float, width: float) -> tuple[str, str]:
    """A leaf growing from (x, y) at an angle (degrees), and its vein."""
    a = radians(angle)
    tx, ty = x + length * cos(a), y + length * sin(a)
    ox, oy = width * -sin(a), width * cos(a)
    mx, my = x + length * 0.42 * cos(a), y + length * 0.42 * sin(a)
    leaf = f"M{_n(x)} {_n(y)}Q{_n(mx + ox)} {_n(my + oy)} {_n(tx)} {_n(ty)}Q{_n(mx - ox)} {_n(my - oy)} {_n(x)} {_n(y)}Z"
    return leaf, f"M{_n(x)} {_n(y)}L{_n(x + length * 0.82 * cos(a))} {_n(y + length * 0.82 * sin(a))}"


def _leaf(rng: random.Random) -> list[str]:
    side = rng.choice((-1, 1))
    x0 = 200 - side * rng.uniform(96, 130)
    shapes = [_disc(200 + side * rng.uniform(70, 110), rng.uniform(66, 92), rng.uniform(38, 54), "i", 0.06)]
    shapes += _hills(rng, top=176, layers=2, opacity=0.05)
    bend = rng.uniform(40, 66)
    stem = [
        (x0 + side * (t * 210), 226 - 190 * t + bend * sin(t * pi) * (0.6 if side > 0 else 0.5))
        for t in (n / 24 for n in range(25))
    ]
    shapes.append(_path("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in stem), "is", 0.8, 2.2))
    chosen = rng.choice((3, 4, 5))
    for number, at in enumerate((4, 7, 10, 13, 16, 19, 22)):
        x, y = stem[at]
        up = number % 2 == 0
        turn = (-78 if up else 14) + rng.uniform(-8, 8)
        angle = turn if side > 0 else 180 - turn
        length = (92 - number * 7) * rng.uniform(0.92, 1.1)
        leaf, vein = _blade(x, y, angle, length, length * 0.4)
        flame = number == chosen
        shapes.append(_path(leaf, "f" if flame else "i", 1 if flame else 0.16 + 0.05 * (number % 3)))
        shapes.append(_path(vein, "ps" if flame else "is", 0.9 if flame else 0.35, 1.2))
    leaf, vein = _blade(*stem[-1], -60 if side > 0 else 240, 46, 18)
    return [*shapes, _path(leaf, "i", 0.8), _path(vein, "ps", 0.7, 1)]


def _bridge(rng: random.Random) -> list[str]:
    water, sun = 168.0, rng.uniform(110, 300)
    spans = 3 + int(sun) % 3
    shapes = [_disc(sun, rng.uniform(62, 82), rng.uniform(26, 34), "f")]
    shapes += _hills(rng, top=108, layers=3, opacity=0.06)
    crown, span = rng.uniform(74, 90), 360 / spans

    def deck(x: float) -> float:
        return 134 - (134 - crown) * sin(pi * (x + 20) / 440)

    road = "M-20 " + _n(deck(-20)) + "".join(f"L{x} {_n(deck(x))}" for x in range(0, 421, 10))
    body = road + f"V{_n(water)}H-20Z"
    holes = ""
    for n in range(spans):
        x0, x1 = 20 + n * span + 4, 20 + (n + 1) * span - 4
        rise = min(water - deck((x0 + x1) / 2) - 9, (x1 - x0) * 0.72)
        holes += f"M{_n(x0)} {_n(water)}A{_n((x1 - x0) / 2)} {_n(rise)} 0 0 1 {_n(x1)} {_n(water)}Z"
    shapes.append(f'<path class="i" fill-rule="evenodd" d="{body}{holes}" opacity="0.78"/>')
    shapes.append(_path(road, "is", 1, 3))
    for n in range(spans):
        x0, x1 = 20 + n * span + 4, 20 + (n + 1) * span - 4
        depth = min(36, (x1 - x0) * 0.4)
        shapes.append(
            _path(f"M{_n(x0)} {water}A{_n((x1 - x0) / 2)} {_n(depth)} 0 0 0 {_n(x1)} {water}", "is", 0.3, 1.2)
        )
    for _ in range(9):
        x, y, long = rng.uniform(-10, 350), rng.uniform(174, 218), rng.uniform(24, 90)
        shapes.append(_path(f"M{_n(x)} {_n(y)}h{_n(long)}", "is", 0.28, 1.3))
    shapes.append(_path(f"M{_n(sun - 16)} 180h32M{_n(sun - 10)} 190h22M{_n(sun - 5)} 200h12", "fs", 0.9, 2))
    return shapes


def _star(rng: random.Random) -> list[str]:
    x, y = rng.uniform(130, 270), rng.uniform(72, 96)
    shapes = []
    for ring in range(15):
        r = 24 + ring * 13 + rng.uniform(-2, 2)
        for _ in range(2):
            start, sweep = rng.uniform(0, 360), rng.uniform(30, 130)
            a, b = radians(start), radians(start + sweep)
            d = f"M{_n(x + r * cos(a))} {_n(y + r * sin(a))}A{_n(r)} {_n(r)} 0 0 1 {_n(x + r * cos(b))} {_n(y + r * sin(b))}"
            shapes.append(_path(d, "is", rng.uniform(0.14, 0.42), rng.choice((0.8, 1.2, 1.8))))
    specks = [(rng.uniform(8, 392), rng.uniform(8, 150), rng.uniform(0.8, 1.9)) for _ in range(12)]
    shapes += [_disc(px, py, r, "i", 0.6) for px, py, r in specks]
    shapes += _hills(rng, top=170, layers=3, opacity=0.14)
    long, waist = 25.0, 4.2
    points = [
        (long, 0),
        (waist, 45),
        (long * 0.8, 90),
        (waist, 135),
        (long, 180),
        (waist, 225),
        (long * 0.8, 270),
        (waist, 315),
    ]
    tips = [(x + r * cos(radians(a - 90)), y + r * sin(radians(a - 90))) for r, a in points]
    shapes.append(_disc(x, y, 15, "p"))
    shapes.append(_path("M" + "L".join(f"{_n(px)} {_n(py)}" for px, py in tips) + "Z", "f"))
    return shapes


KINDS: dict[str, Draw] = {"flame": _flame, "leaf": _leaf, "bridge": _bridge, "star": _star}


@lru_cache(maxsize=512)
def cover_svg(kind: str, title: str) -> str:
    """A decorative SVG (400 × 225) for the title; an unknown kind is chosen from the title. Contains no text."""
    seed = zlib.crc32(title.encode())
    draw = KINDS.get(kind) or list(KINDS.values())[seed % len(KINDS)]
    shapes = "".join(draw(random.Random(seed)))  # noqa: S311 - a drawing, not a secret
    return (
        f'<svg class="cover" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice"'
        f' aria-hidden="true" focusable="false">{shapes}</svg>'
    )
