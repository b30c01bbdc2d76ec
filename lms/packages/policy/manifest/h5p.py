"""h5p.json and content/content.json: which library plays it, and whether everything it needs is there."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Collection
from typing import Any

from lms.packages.policy.refusals import Reason, Refusal, Refused

PACKAGE, CONTENT = "h5p.json", "content/content.json"
ACTIVITY = "activity"
LIBRARY_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}", re.ASCII)
DEPTH_MOST = 40
Data = dict[str, Any]


def parsed(data: bytes, name: str) -> Any:
    """JSON of strangers. Raises Refused for what is none, is nested without end, or holds endless numbers."""
    try:
        text = data.decode("utf-8-sig")
        if _depth(text) > DEPTH_MOST * 2:
            raise Refused(Refusal(Reason.XML_TOO_DEEP, name))
        return json.loads(text, parse_int=_int)
    except (ValueError, RecursionError) as fault:
        raise Refused(Refusal(Reason.NOT_JSON, name, str(fault)[:120]))


def _int(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number of more than 20 digits")
    return int(digits)


def _depth(text: str) -> int:
    """How deep brackets stand in one another, at most; those in strings are counted too, which only errs upwards for
    texts that nobody writes."""
    deepest = depth = 0
    for one in re.finditer(r"[\[\]{}]", re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)):
        depth += 1 if one[0] in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def read_h5p(read: Callable[[str], bytes], files: Collection[str]) -> Data:
    """What h5p.json says. Every library that it names, and those they name, must be in the package. Raises Refused."""
    about = parsed(read(PACKAGE), PACKAGE)
    if not isinstance(about, dict):
        raise Refused(Refusal(Reason.NOT_JSON, PACKAGE))
    if CONTENT not in files:
        raise Refused(Refusal(Reason.MISSING_FILE, CONTENT, PACKAGE))
    content = parsed(read(CONTENT), CONTENT)
    main = _text(about, "mainLibrary")
    wanted = _dependencies(about, PACKAGE)
    if main not in [one["name"] for one in wanted]:
        raise Refused(Refusal(Reason.MISSING_LIBRARY, main, PACKAGE))
    missing: list[Refusal] = []
    seen: dict[str, str] = {}
    queue = list(wanted)
    while queue and len(seen) < 1000:
        one = queue.pop()
        folder = next((each for each in _folders(one) if f"{each}/library.json" in files), None)
        if one["name"] in seen:
            continue
        if folder is None:
            seen[one["name"]] = ""
            missing.append(Refusal(Reason.MISSING_LIBRARY, _folders(one)[0], one["by"]))
            continue
        seen[one["name"]] = folder
        library = parsed(read(f"{folder}/library.json"), f"{folder}/library.json")
        library = library if isinstance(library, dict) else {}
        missing += _missing_files(library, folder, files)
        queue += _dependencies(library, f"{folder}/library.json", needed=False)
    if missing:
        raise Refused(*missing[:20])
    return {
        "title": _text(about, "title", needed=False)[:500],
        "language": _text(about, "language", needed=False)[:20],
        "main_library": main,
        "main_folder": seen[main],
        "libraries": sorted(folder for folder in seen.values()),
        "mastery_score": _mastery(content),
    }


def activity_of(manifest: Data) -> Data:
    """The one item that an H5P package has, in the shape of a SCO."""
    return {
        "identifier": ACTIVITY,
        "title": manifest["title"],
        "href": PACKAGE,
        "is_sco": True,
        "mastery_score": manifest.get("mastery_score"),
    }


def _missing_files(library: Data, folder: str, files: Collection[str]) -> list[Refusal]:
    """The scripts and styles that a library loads and that are not in the package."""
    paths: list[str] = []
    for key in ("preloadedJs", "preloadedCss"):
        listed = library.get(key, [])
        rows = listed[:500] if isinstance(listed, list) else [None]
        named = [one.get("path") if isinstance(one, dict) else None for one in rows]
        texts = [path for path in named if isinstance(path, str)]
        if len(texts) < len(named):
            raise Refused(Refusal(Reason.BAD_VALUE, f"{folder}/library.json", key))
        paths += texts
    names = [posixpath.normpath(f"{folder}/{path}") for path in paths]
    return [Refusal(Reason.MISSING_FILE, one[:200], folder) for one in names if one not in files]


def _mastery(content: Any) -> float | None:
    """The mark that the content names (Question Set, Single Choice Set and others), scaled."""
    told = content if isinstance(content, dict) else {}
    behaviour = told.get("behaviour")
    for place in (told, behaviour if isinstance(behaviour, dict) else {}):
        mark = place.get("passPercentage")
        if isinstance(mark, int | float) and not isinstance(mark, bool) and 0 < mark <= 100:
            return mark / 100
    return None


def _folders(library: Data) -> list[str]:
    return [f"{library['name']}-{library['major']}.{library['minor']}", library["name"]]


def _dependencies(about: Data, name: str, *, needed: bool = True) -> list[Data]:
    listed = about.get("preloadedDependencies", [])
    if not isinstance(listed, list) or (needed and not listed):
        raise Refused(Refusal(Reason.MISSING_ENTRY, name, "preloadedDependencies"))
    found = []
    for one in listed[:500]:
        try:
            library: Data = {"name": str(one["machineName"]), "major": int(one["majorVersion"])}
            library["minor"] = int(one["minorVersion"])
        except (KeyError, TypeError, ValueError):
            raise Refused(Refusal(Reason.BAD_VALUE, name, "preloadedDependencies"))
        if not LIBRARY_NAME.fullmatch(library["name"]):
            raise Refused(Refusal(Reason.BAD_VALUE, name, library["name"][:80]))
        found.append({**library, "by": name})
    return found


def _text(about: Data, key: str, *, needed: bool = True) -> str:
    value = about.get(key, "")
    if not isinstance(value, str) or (needed and not value):
        raise Refused(Refusal(Reason.MISSING_ENTRY, PACKAGE, key))
    return value
