"""A small reader of calendars after RFC 5545, written for the tests: it shares no line with the library that writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

LONGEST = 75  # octets of a line, its end not counted
PARAMETER = re.compile(r';([A-Z0-9-]+)=("[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)')
NAME = re.compile(r"[A-Z][A-Z0-9-]*")
ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Property:
    """One content line: what it is called, its parameters, its value as it stands there."""

    name: str
    params: dict[str, str]
    value: str


@dataclass
class Component:
    """A calendar, an event, a time zone."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    whole: Component | None = None

    def property(self, name: str) -> Property:
        """The only property of this name."""
        (found,) = [each for each in self.properties if each.name == name]
        return found

    def __contains__(self, name: str) -> bool:
        return any(each.name == name for each in self.properties)

    def __getitem__(self, name: str) -> str:
        """The text of a property, with what is escaped read back."""
        value = self.property(name).value
        assert not re.search(r"(?<!\\)(\\\\)*[;,]", value) or name in {"URL"}, value
        return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)

    def number(self, name: str) -> int:
        return int(self.property(name).value)

    def moment(self, name: str) -> datetime:
        """A date with its time: in UTC, or in a zone that the calendar itself explains."""
        found = self.property(name)
        if found.value.endswith("Z"):
            return datetime.strptime(found.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        assert self.whole is not None
        (zone,) = [each for each in self.whole.all("VTIMEZONE") if each["TZID"] == found.params["TZID"]]
        (standard,) = zone.parts
        wall = datetime.strptime(found.value, "%Y%m%dT%H%M%S")
        return wall.replace(tzinfo=timezone(standard.offset("TZOFFSETTO")))

    def offset(self, name: str) -> timedelta:
        sign, hours, minutes = re.fullmatch(r"([+-])(\d\d)(\d\d)", self.property(name).value).groups()
        found = timedelta(hours=int(hours), minutes=int(minutes))
        return -found if sign == "-" else found

    def all(self, name: str) -> list[Component]:
        return [each for each in self.parts if each.name == name]


def content_lines(body: bytes) -> Iterator[str]:
    """The lines of a calendar, put together where they were folded. Whatever the RFC forbids in a line fails."""
    assert body.endswith(b"\r\n")
    folded = body[:-2].split(b"\r\n")
    for line in folded:
        assert len(line) <= LONGEST, line
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line), line
        line.decode()  # no character is cut in two
    assert folded[0][:1] not in (b" ", b"\t")
    yield from b"\r\n".join(folded).replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode().split("\r\n")


def read_line(line: str) -> Property:
    name = NAME.match(line)
    assert name, line
    place, params = name.end(), {}
    while found := PARAMETER.match(line, place):
        params[found[1]], place = found[2].strip('"'), found.end()
    assert line[place : place + 1] == ":", line
    return Property(name[0], params, line[place + 1 :])


def read_calendar(body: bytes) -> Component:
    """The one calendar of a file; fails on whatever is not well formed."""
    whole: Component | None = None
    open_: list[Component] = []
    for line in content_lines(body):
        found = read_line(line)
        if found.name == "BEGIN":
            assert whole is None or open_, "something stands after the calendar"
            part = Component(found.value, whole=whole)
            if open_:
                open_[-1].parts.append(part)
            whole = whole or part
            open_.append(part)
        elif found.name == "END":
            assert open_.pop().name == found.value
        else:
            open_[-1].properties.append(found)
    assert whole is not None
    assert not open_
    assert whole.name == "VCALENDAR"
    return whole
