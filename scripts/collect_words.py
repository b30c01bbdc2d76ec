"""Collect the words of every app into its catalogue, and say what still wants a translation.

usage: python -m scripts.collect_words [--check]

    (nothing)   update each <app>/locale/zh_Hans/LC_MESSAGES/django.po in place (needs the gettext programs)
    --check     change nothing; fail when a text of the code is not in its catalogue, or when an entry is
                missing, fuzzy, left over, names other placeholders than its source, or is said
                differently by another app
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from scripts.compile_words import PACKAGES, ROOT, catalogues

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HALF_WIDTH = re.compile("[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd](?![\w%])|\{\w*\}")
READ = {".py", ".html", ".txt", ".po"}  # what makemessages looks at, and the catalogue itself


def main(check: bool) -> int:
    if not shutil.which("xgettext"):
        sys.exit("xgettext is missing. Type: sudo apt-get install -y gettext")
    with tempfile.TemporaryDirectory() as scratch:
        fresh = {package: collect(package, Path(scratch)) for package in PACKAGES}
        faults = []
        for package, found in fresh.items():
            if found is None:
                continue
            target = ROOT / package / CATALOGUE
            if check:
                faults += compare(package, target, found)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(tidy(found), encoding="utf-8")
    for path in catalogues():
        faults += flaws(path)
    faults += contradictions()
    print("\n".join(faults) or "Every text has its translation.")
    return 1 if faults else 0


def collect(package: str, scratch: Path) -> Path | None:
    """Run makemessages in a copy of one package; returns the new catalogue, or None when there are no words."""
    copy = scratch / package
    for source in (ROOT / package).rglob("*"):
        inside = source.relative_to(ROOT)
        if source.suffix in READ and source.is_file() and "migrations" not in inside.parts:
            (scratch / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, scratch / inside)
    (copy / "locale").mkdir(parents=True, exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    command = [
        "-m",
        "django",
        "makemessages",
        "-l",
        "zh_Hans",
        "--no-wrap",
        "--no-obsolete",
        "--add-location",
        "file",
    ]
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{package}: {done.stderr.strip()}")
    found = copy / CATALOGUE
    return found if found.exists() else None


def tidy(path: Path) -> str:
    """The catalogue without what changes at every run (dates) or at every machine (names)."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.header = ""
    catalogue.metadata_is_fuzzy = False
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "zh_Hans",
        "MIME-Version": "1.0",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return f"{str(catalogue).strip()}\n"


def compare(package: str, target: Path, found: Path) -> list[str]:
    """What the code says and the catalogue does not know, and the other way round."""
    said = keys(found)
    known = keys(target) if target.exists() else set()
    lines = [f"{package}: not in the catalogue (make words): {key[1]!r}" for key in sorted(said - known)]
    return lines + [
        f"{package}: no longer in the code (make words): {key[1]!r}" for key in sorted(known - said)
    ]


def keys(path: Path) -> set[tuple[str, str]]:
    return {(entry.msgctxt or "", entry.msgid) for entry in polib.pofile(str(path)) if not entry.obsolete}


def contradictions() -> list[str]:
    """Texts that two apps translate differently: the catalogues are one at run time, so one of them is never shown."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    for package in PACKAGES:
        path = ROOT / package / CATALOGUE
        for entry in polib.pofile(str(path)) if path.exists() else ():
            if not entry.obsolete:
                text = entry.msgstr or "".join(entry.msgstr_plural.values())
                said.setdefault((entry.msgctxt or "", entry.msgid), {}).setdefault(text, package)
    return [
        f"translated differently in {' and '.join(texts.values())}, give one of them a context: {key[1]!r}"
        for key, texts in said.items()
        if len(texts) > 1
    ]


def flaws(path: Path) -> list[str]:
    """The entries of one catalogue that a reader would notice: missing, fuzzy, with other placeholders, or punctuated
    as English is."""
    lines = []
    for entry in polib.pofile(str(path)):
        if entry.obsolete:
            continue
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        if entry.fuzzy:
            fault = "fuzzy"
        elif not texts or not all(text.strip() for text in texts):
            fault = "not translated"
        elif any(set(PLACEHOLDER.findall(text)) != wanted for text in texts):
            fault = "other placeholders than the source"
        elif any(HALF_WIDTH.search(text) for text in texts):
            fault = "Latin punctuation in a Chinese sentence"
        else:
            continue
        lines.append(f"{path.relative_to(ROOT)}:{entry.linenum}: {fault}: {entry.msgid!r}")
    return lines


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv[1:]))
