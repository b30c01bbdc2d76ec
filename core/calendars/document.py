"""Classes or meetings as a calendar that phones subscribe to (RFC 5545, RFC 7986): frozen facts to bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vText

ZONE = "Asia/Shanghai"
REFRESH = "PT1H"
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Entry:
    """One class or meeting as a calendar shows it; what of it may be told is for the caller to say."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    location: str
    url: str
    changed_at: datetime
    is_cancelled: bool


def calendar_of(name: str, entries: Iterable[Entry], *, product: str) -> bytes:
    """The calendar file; `product` names the part of the platform that makes it, such as "Timetable". The same facts
    give the same bytes, so that its hash can serve as an ETag."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Xinhuo//{product}//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(_clean(name)))
    calendar.add("x-wr-calname", vText(_clean(name)))
    calendar.add("x-wr-timezone", vText(ZONE))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(REFRESH))
    calendar.add_component(_zone())
    for entry in entries:
        calendar.add_component(_event(entry))
    made: bytes = calendar.to_ical()
    return made


def _zone() -> Timezone:
    """China has had one offset since 1992; nothing here stands in a year before."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 - a wall clock time by definition
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: Entry) -> Event:
    here = ZoneInfo(ZONE)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", _utc(entry.changed_at))
    event.add("last-modified", _utc(entry.changed_at))
    event.add("dtstart", entry.starts_at.astimezone(here))
    event.add("dtend", entry.ends_at.astimezone(here))
    event.add("summary", _clean(entry.summary))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    for name in ("description", "location"):
        if text := _clean(getattr(entry, name)):
            event.add(name, text)
    if entry.url:
        event.add("url", _clean(entry.url).replace("\n", ""))
    return event


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _clean(text: str) -> str:
    """Without the characters that no calendar may carry; every kind of line end becomes one."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
