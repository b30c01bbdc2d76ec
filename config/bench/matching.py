"""Matching rounds from the size of a city to that of a province: each in a process of its own, as `manage.py match` has it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.conf import settings

CANDIDATES = 20  # of each mentee


@dataclass(frozen=True)
class Size:
    """How many there are, and what solving may take: seconds, and MB of the process."""

    supervisors: int
    mentees: int
    most_seconds: float
    most_mb: float


SIZES = (Size(134, 2_000, 0.1, 200), Size(1_340, 20_000, 1, 200), Size(13_400, 200_000, 20, 1_000))


@dataclass(frozen=True)
class Round:
    """One round: who was paired, the distance from the optimum, and what it took."""

    size: Size
    engine: str
    matched: int
    gap: int
    seconds: float
    peak_mb: float

    @property
    def faults(self) -> list[str]:
        name, found = f"{self.size.supervisors} × {self.size.mentees}, {self.engine}", []
        if self.engine == "optimal" and self.gap:
            found.append(f"{name}: not proved, {self.gap} points from the bound")
        if self.seconds > self.size.most_seconds:
            found.append(f"{name}: {self.seconds:.2f} s, over {self.size.most_seconds:g} s")
        if self.peak_mb > self.size.most_mb:
            found.append(f"{name}: {self.peak_mb:.0f} MB, over {self.size.most_mb:g} MB")
        return found

    def __str__(self) -> str:
        return (
            f"{self.size.supervisors} supervisors, {self.size.mentees} mentees, {self.engine}: {self.matched} paired in "
            f"{self.seconds:.2f} s, {self.peak_mb:.0f} MB, gap {self.gap} (budget {self.size.most_seconds:g} s, "
            f"{self.size.most_mb:g} MB)"
        )


def rounds() -> list[Round]:
    """Each size with both engines."""
    found = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="xinhuo-match-") as place:
            source = Path(place) / "in"
            _tables(source, size)
            found += [_round(source, Path(place) / engine, size, engine) for engine in ("optimal", "stable")]
    return found


def _round(source: Path, target: Path, size: Size, engine: str) -> Round:
    command = [sys.executable, "-m", "supervision.matching.worker", str(source), str(target), engine, "en"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, capture_output=True)
    told = json.loads((target / "summary.json").read_text(encoding="utf-8"))
    return Round(size, engine, told["matched"], told["gap"], told["seconds"], told["peak_mb"])


def _tables(folder: Path, size: Size) -> None:
    """Invented people, each with about twenty candidates; the same every time."""
    folder.mkdir()
    chance = np.random.default_rng(size.supervisors)
    mentee = np.repeat(np.arange(size.mentees), CANDIDATES)
    supervisor = chance.integers(0, size.supervisors, len(mentee))
    key = np.unique(mentee * size.supervisors + supervisor)
    score = chance.integers(0, 1000, len(key)).tolist()
    places = size.mentees // size.supervisors + 1
    with (folder / "supervisors.csv").open("w", encoding="utf-8") as file:
        file.write("id,capacity\n")
        file.writelines(f"SV{number:05},{places}\n" for number in range(size.supervisors))
    with (folder / "mentees.csv").open("w", encoding="utf-8") as file:
        file.write("id\n")
        file.writelines(f"M{number:06}\n" for number in range(size.mentees))
    pairs = zip((key // size.supervisors).tolist(), (key % size.supervisors).tolist(), score, strict=True)
    with (folder / "pairs.csv").open("w", encoding="utf-8") as file:
        file.write("mentee,supervisor,score\n")
        file.writelines(f"M{one:06},SV{other:05},{points}\n" for one, other, points in pairs)
