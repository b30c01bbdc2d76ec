"""Matching rounds from the size of a city to that of a province: each in a process of its own, as `manage.py match` has it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

CANDIDATES = 20  # of each mentee
FIELDS = 19
VALUES = "0,1,5,25"  # of a knob, for its curve


@dataclass(frozen=True)
class Size:
    """How many there are, and what solving may take: seconds with twenty candidates each, MB of the process, and seconds
    over all pairs between so many districts."""

    supervisors: int
    mentees: int
    most_seconds: float
    most_mb: float
    districts: int = 4
    most_seconds_over_all: float = 60


SIZES = (
    Size(134, 2_000, 0.1, 200, 16, 1),
    Size(1_340, 20_000, 1, 200, 60, 10),
    Size(13_400, 200_000, 20, 1_000, 100, 60),
)


@dataclass(frozen=True)
class Round:
    """One round: who was paired, the distance from the optimum, and what it took."""

    size: Size
    engine: str
    matched: int
    gap: int
    seconds: float
    peak_mb: float
    passes: int = 1

    @property
    def most_seconds(self) -> float:
        return self.size.most_seconds_over_all if self.engine == "guided" else self.size.most_seconds

    @property
    def faults(self) -> list[str]:
        name, found = f"{self.size.supervisors} × {self.size.mentees}, {self.engine}", []
        if self.engine != "stable" and self.gap:
            found.append(f"{name}: not proved, {self.gap} points from the bound")
        if self.seconds > self.most_seconds:
            found.append(f"{name}: {self.seconds:.2f} s, over {self.most_seconds:g} s")
        if self.peak_mb > self.size.most_mb:
            found.append(f"{name}: {self.peak_mb:.0f} MB, over {self.size.most_mb:g} MB")
        return found

    def __str__(self) -> str:
        passes = f" in {self.passes} passes" if self.passes > 1 else ""
        return (
            f"{self.size.supervisors} supervisors, {self.size.mentees} mentees, {self.engine}{passes}: {self.matched} "
            f"paired in {self.seconds:.2f} s, {self.peak_mb:.0f} MB, gap {self.gap} (budget {self.most_seconds:g} s, "
            f"{self.size.most_mb:g} MB)"
        )


@dataclass(frozen=True)
class Curve:
    """The curve of one knob: what each value takes, and the largest distance from the optimum."""

    size: Size
    knob: str
    seconds: list[float]
    gap: int

    @property
    def faults(self) -> list[str]:
        name = f"{self.size.supervisors} × {self.size.mentees}, curve of {self.knob}"
        return [f"{name}: not proved, {self.gap} points from the bound"] if self.gap else []

    def __str__(self) -> str:
        each = ", ".join(f"{seconds:.2f}" for seconds in self.seconds)
        return (
            f"{self.size.supervisors} supervisors, {self.size.mentees} mentees, curve of {self.knob} at {VALUES}: "
            f"{each} s with the proof, gap {self.gap}"
        )


def rounds(most_mentees: int | None = None) -> list[Round | Curve]:
    """Each size with every engine, and the curve of each knob; only sizes of so many mentees if that is told."""
    found: list[Round | Curve] = []
    for size in SIZES:
        if most_mentees is not None and size.mentees > most_mentees:
            continue
        with tempfile.TemporaryDirectory(prefix="xinhuo-match-") as place:
            source = Path(place) / "in"
            _tables(source, size)
            found += [_round(source, Path(place) / engine, size, engine) for engine in ("optimal", "stable")]
            found += [_curve(source, Path(place) / knob, size, knob) for knob in ("wishes", "even", "keep")]
            groups = Path(place) / "groups"
            _groups(groups, size)
            found.append(_round(groups, Path(place) / "guided", size, "guided"))
    return found


def _round(source: Path, target: Path, size: Size, engine: str) -> Round:
    _work(source, target, engine)
    told = json.loads((target / "summary.json").read_text(encoding="utf-8"))
    passes = told.get("rounds", 1)
    return Round(size, engine, told["matched"], told["gap"], told["seconds"], told["peak_mb"], passes)


def _curve(source: Path, target: Path, size: Size, knob: str) -> Curve:
    """Kept are the pairs of the stable engine."""
    asked: dict[str, Any] = {"curve": knob, "curve_values": [int(value) for value in VALUES.split(",")]}
    if knob == "keep":
        asked["keep"] = str(target.with_name("stable") / "pairs.csv")
    _work(source, target, "optimal", json.dumps(asked))
    with (target / "curve.csv").open(encoding="utf-8", newline="") as file:
        points = list(csv.DictReader(file))
    return Curve(
        size, knob, [float(one["seconds"]) for one in points], max(int(one["gap"]) for one in points)
    )


def _work(source: Path, target: Path, engine: str, asked: str = "{}") -> None:
    command = [sys.executable, "-m", "supervision.matching.worker", str(source), str(target), engine, "en"]
    subprocess.run([*command, asked], cwd=settings.BASE_DIR, check=True, capture_output=True)


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


def _groups(folder: Path, size: Size) -> None:
    """Invented people in groups of a district and a field, everybody allowed with everybody: near and of the same field is
    worth more, a language that both speak besides, and half of the mentees wish for somebody; the same every time."""
    folder.mkdir()
    chance = np.random.default_rng(size.mentees)
    place = chance.random((size.districts, 2))
    near = 400 * np.exp(-3 * np.sqrt(((place[:, None] - place[None]) ** 2).sum(-1)))
    fit = chance.integers(0, 300, (FIELDS, FIELDS))
    np.fill_diagonal(fit, 500)
    groups = [f"d{district} f{field}" for district in range(size.districts) for field in range(FIELDS)]
    worth = (near[:, None, :, None].astype(int) + fit[None, :, None, :]).reshape(len(groups), len(groups))
    with (folder / "worth.csv").open("w", encoding="utf-8") as file:
        file.write("mentee_group,supervisor_group,score\n")
        for group, row in zip(groups, worth.tolist(), strict=True):
            file.writelines(f"{group},{other},{points}\n" for other, points in zip(groups, row, strict=True))
    (folder / "traits.csv").write_text("trait,score\nA,30\nB,20\nC,60\n", encoding="utf-8")
    speaks = ["", "", "A", "B", "C", "A C"]
    places = size.mentees // size.supervisors + 1
    with (folder / "supervisors.csv").open("w", encoding="utf-8") as file:
        file.write("id,capacity,group,points,traits\n")
        for number, group in enumerate(chance.integers(0, len(groups), size.supervisors).tolist()):
            points, speak = chance.integers(0, 40), speaks[chance.integers(0, len(speaks))]
            file.write(f"SV{number:05},{places},{groups[group]},{points},{speak}\n")
    crowded = (len(groups) * chance.random(size.mentees) ** 1.4).astype(int).tolist()
    with (folder / "mentees.csv").open("w", encoding="utf-8") as file:
        file.write("id,group,traits\n")
        for number, group in enumerate(crowded):
            file.write(f"M{number:06},{groups[group]},{speaks[chance.integers(0, len(speaks))]}\n")
    with (folder / "pairs.csv").open("w", encoding="utf-8") as file:
        file.write("mentee,supervisor,score\n")
        for number in range(0, size.mentees, 2):
            supervisor, points = chance.integers(0, size.supervisors), chance.integers(700, 1200)
            file.write(f"M{number:06},SV{supervisor:05},{points}\n")
