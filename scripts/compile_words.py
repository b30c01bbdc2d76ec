"""Compile every .po catalogue that is newer than its .mo, in Python: a server needs no gettext programs.

usage: python -m scripts.compile_words
"""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("core", "lms", "supervision", "credentials", "cms", "config")


def catalogues() -> list[Path]:
    """Every catalogue of ours, in a stable order."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Write the missing and the outdated .mo files beside their sources; returns how many were written.

    Fuzzy entries are left out, as gettext does. A file appears whole or not at all, so that two processes
    may compile at the same time.
    """
    written = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        part = target.with_suffix(".mo.part")
        polib.pofile(str(source)).save_as_mofile(str(part))
        part.replace(target)
        written += 1
    return written


if __name__ == "__main__":
    if count := compile_all():
        print(f"Compiled {count} catalogues.")
