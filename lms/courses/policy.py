"""What a published course consists of, what changed since the last version, and how a lesson is put together."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]
KINDS = ("lessons", "papers", "assignments")  # the last only where a course has any
MARK = re.compile(r"<!--(check|video|frame|talk):([0-9a-f-]{1,40})-->")


def mark_of(key: str, kind: str = "check") -> str:
    """The place in a rendered lesson where the check question with this key stands, where this video ends, where another
    site is shown, or where something is discussed."""
    return f"<!--{kind}:{key}-->"


@dataclass(frozen=True)
class Part:
    """A stretch of a lesson: its HTML, the check question that stands there, the video that has just been shown, what
    another site shows there, or what is discussed."""

    html: str = ""
    check: Mapping[str, Any] | None = None
    video: Any = None
    frame: Mapping[str, Any] | None = None
    talk: Mapping[str, Any] | None = None


def parts_of(
    html: str,
    checks: Sequence[Mapping[str, Any]],
    videos: Mapping[str, Any] | None = None,
    *,
    frames: Iterable[Mapping[str, Any]] = (),
    talks: Iterable[Mapping[str, Any]] = (),
) -> list[Part]:
    """The lesson cut at its check questions, after its videos, and where something of elsewhere is shown or discussed. A
    mark without its thing leaves nothing behind."""
    things: dict[str, Mapping[str, Any]] = {
        "check": {check["key"]: check for check in checks},
        "video": videos or {},
        "frame": {frame["key"]: frame for frame in frames},
        "talk": {talk["key"]: talk for talk in talks},
    }
    pieces = MARK.split(html)
    parts = [Part(html=pieces[0])] if pieces[0] else []
    for kind, key, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if (thing := things[kind].get(key)) is not None:
            parts.append(Part(**{kind: thing}))
        if text:
            parts.append(Part(html=text))
    return parts


def hidden(check: Mapping[str, Any]) -> dict[str, Any]:
    """The question as a trainee may see it before the answer: without the right choices and the explanation."""
    return {name: value for name, value in check.items() if name not in ("correct", "explanation")}


def fingerprint_of(content: Content, previous: str = "") -> str:
    """A hash of the content in the place where it stands: after the version with the fingerprint `previous`.

    So that going back to older content makes a new version, while publishing the same twice does not.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def earlier_only(wanted: Iterable[str], seen: Iterable[str]) -> list[str]:
    """Of the wanted prerequisites those that come before the lesson: a later one would lock it for ever."""
    known = set(seen)
    return [key for key in dict.fromkeys(wanted) if key in known]


@dataclass(frozen=True)
class Changes:
    """How the pages differ from the latest version, counted in lessons, quizzes and assignments."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    frame: bool = False  # the course's own facts: title, order, modules, rule

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.frame)


def changes_between(old: Content, new: Content) -> Changes:
    """What publishing `new` would change for those who start after it."""
    before, after = dict(_items(old)), dict(_items(new))
    both = before.keys() & after.keys()
    frame = [{k: v for k, v in content.items() if k not in (*KINDS, "media")} for content in (old, new)]
    changed = sum(1 for key in both if before[key] != after[key])
    added, removed = len(after.keys() - both), len(before.keys() - both)
    return Changes(added, changed, removed, frame[0] != frame[1] and not (added or removed))


def _items(content: Content) -> Iterator[tuple[str, Any]]:
    for kind in KINDS:
        for item in content.get(kind, ()):
            yield item["key"], {name: value for name, value in item.items() if name != "position"}
