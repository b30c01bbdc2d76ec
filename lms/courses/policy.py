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
MARK = re.compile(r"<!--(check|video):([0-9a-f-]{1,40})-->")


def mark_of(key: str, kind: str = "check") -> str:
    """The place in a rendered lesson where the check question with this key stands, or where this video ends."""
    return f"<!--{kind}:{key}-->"


@dataclass(frozen=True)
class Part:
    """A stretch of a lesson: its HTML, the check question that stands there, or the video that has just been shown."""

    html: str = ""
    check: Mapping[str, Any] | None = None
    video: Any = None


def parts_of(
    html: str, checks: Sequence[Mapping[str, Any]], videos: Mapping[str, Any] | None = None
) -> list[Part]:
    """The lesson cut at its check questions and after its videos. A mark without its question or video leaves nothing
    behind."""
    by_key = {check["key"]: check for check in checks}
    pieces = MARK.split(html)
    parts = [Part(html=pieces[0])] if pieces[0] else []
    for kind, key, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if kind == "check" and key in by_key:
            parts.append(Part(check=by_key[key]))
        elif kind == "video" and videos and key in videos:
            parts.append(Part(video=videos[key]))
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
