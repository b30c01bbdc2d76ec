"""The directory of a ZIP file, read by ourselves: every field that a reader may be deceived with is looked at."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lms.packages.policy.names import decoded, shown
from lms.packages.policy.refusals import Limits, Reason, Refusal, Refused

END, END_SIZE = b"PK\x05\x06", 22
ENTRY, ENTRY_SIZE = b"PK\x01\x02", 46
LOCAL, LOCAL_SIZE = b"PK\x03\x04", 30
LARGE_END, LARGE_LOCATOR, LARGE_SIZE = b"PK\x06\x06", b"PK\x06\x07", 56 + 20
COMMENT_MOST = 65_535
KIND, FILE, FOLDER, LINK = 0o170000, 0o100000, 0o040000, 0o120000  # of a Unix mode
DESCRIPTOR_MOST = 24  # bytes after a member's data that repeat its size
UTF8, ENCRYPTED_BITS, HAS_DESCRIPTOR = 0x0800, 0x0001 | 0x0040 | 0x2000, 0x0008


@dataclass(frozen=True)
class Entry:
    """One member as the directory has it. `begins` and `ends` are the places of its data in the file."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int  # the Unix mode, 0 where there is none
    offset: int  # of the local header
    begins: int = 0

    @property
    def ends(self) -> int:
        return self.begins + self.packed

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")


def read_directory(file: BinaryIO, limits: Limits) -> tuple[list[Entry], bool]:
    """All members, checked against what stands before their data, and whether the names were in GBK.

    Raises Refused. Reads the directory and the headers only; at most `limits.files` of them.
    """
    size = file.seek(0, 2)
    if size > limits.archive:
        raise Refused(Refusal(Reason.ARCHIVE_TOO_LARGE, detail=str(size)))
    start, length, count = _end_of(file, size)
    if count > limits.files:
        raise Refused(Refusal(Reason.TOO_MANY, detail=str(count)))
    file.seek(start)
    raw = list(_entries(file.read(length), count))
    names, gbk = decoded([(name, bool(fields[2] & UTF8), extra) for fields, name, extra in raw])
    entries = [_entry(name, fields) for name, (fields, _, _) in zip(names, raw, strict=True)]
    _refuse_kinds(entries)
    placed = [_placed(file, entry, name) for entry, (_, name, _) in zip(entries, raw, strict=True)]
    _refuse_overlaps(placed, start)
    return placed, gbk


def _end_of(file: BinaryIO, size: int) -> tuple[int, int, int]:
    """Place, length and number of entries of the directory."""
    file.seek(0)
    head = file.read(4)
    file.seek(max(0, size - END_SIZE - COMMENT_MOST))
    tail = file.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_SIZE:
        raise Refused(Refusal(Reason.TRUNCATED if head == LOCAL else Reason.NO_ARCHIVE))
    _, disk, first, here, count, length, start, comment = struct.unpack(
        "<4s4H2LH", tail[place : place + END_SIZE]
    )
    at = size - len(tail) + place
    if at + END_SIZE + comment != size:
        raise Refused(Refusal(Reason.TRAILING if at + END_SIZE + comment < size else Reason.TRUNCATED))
    if disk or first or here != count:
        raise Refused(Refusal(Reason.SPLIT))
    if count == 0xFFFF:
        raise Refused(Refusal(Reason.TOO_MANY, detail=str(count)))
    gap = at - start - length
    if gap < 0 or start > size:
        raise Refused(Refusal(Reason.DAMAGED))
    if gap and not (gap == LARGE_SIZE and _is_large(tail, place)):
        raise Refused(
            Refusal(Reason.PREFIXED if gap > 0 and head != LOCAL else Reason.HIDDEN, detail=str(gap))
        )
    if count == 0:
        raise Refused(Refusal(Reason.NO_MANIFEST))
    return start, length, count


def _is_large(tail: bytes, place: int) -> bool:
    """Whether the two records for large archives stand before the end; some tools always write them."""
    before = tail[max(0, place - LARGE_SIZE) : place]
    return before.startswith(LARGE_END) and before[56:60] == LARGE_LOCATOR


def _entries(data: bytes, count: int) -> Iterator[tuple[tuple[int, ...], bytes, bytes]]:
    at = 0
    for _ in range(count):
        if data[at : at + 4] != ENTRY or at + ENTRY_SIZE > len(data):
            raise Refused(Refusal(Reason.DAMAGED))
        fields = struct.unpack("<6H3L5H2L", data[at + 4 : at + ENTRY_SIZE])
        name, extra, comment = fields[9], fields[10], fields[11]
        at += ENTRY_SIZE
        if at + name + extra + comment > len(data):
            raise Refused(Refusal(Reason.DAMAGED))
        yield fields, data[at : at + name], data[at + name : at + name + extra]
        at += name + extra + comment
    if at != len(data):
        raise Refused(Refusal(Reason.HIDDEN, detail=str(len(data) - at)))


def _entry(name: str, fields: tuple[int, ...]) -> Entry:
    _made, _needs, flags, method, _time, _date, crc, packed, size, *_lengths, _disk, _inner, outer, offset = (
        fields
    )
    return Entry(name, flags, method, crc, packed, size, outer >> 16, offset)


def _refuse_kinds(entries: list[Entry]) -> None:
    """Links, devices, and what cannot be unpacked."""
    found = []
    for entry in entries:
        kind = entry.mode & KIND
        name = shown(entry.name)
        if kind == LINK:
            found.append(Refusal(Reason.SYMLINK, name))
        elif kind not in (0, FILE, FOLDER) or (kind == FOLDER and not entry.is_folder):
            found.append(Refusal(Reason.SPECIAL_FILE, name))
        elif entry.flags & ENCRYPTED_BITS or entry.method == 99:
            found.append(Refusal(Reason.ENCRYPTED, name))
        elif entry.method not in (0, 8):
            found.append(Refusal(Reason.COMPRESSION, name, str(entry.method)))
    if found:
        raise Refused(*found[:20])


def _placed(file: BinaryIO, entry: Entry, raw: bytes) -> Entry:
    """The entry with the place of its data; refused where the header there says something else than the directory."""
    file.seek(entry.offset)
    head = file.read(LOCAL_SIZE)
    differs = Refused(Refusal(Reason.HEADERS_DIFFER, shown(entry.name)))
    if len(head) < LOCAL_SIZE or head[:4] != LOCAL:
        raise differs
    _, flags, method, _time, _date, crc, packed, size, name, extra = struct.unpack("<5H3L2H", head[4:])
    if file.read(name) != raw or method != entry.method:
        raise differs
    if flags & ENCRYPTED_BITS:
        raise Refused(Refusal(Reason.ENCRYPTED, shown(entry.name)))
    large = 0xFFFFFFFF in (packed, size)
    if (
        not flags & HAS_DESCRIPTOR
        and not large
        and (crc, packed, size) != (entry.crc, entry.packed, entry.size)
    ):
        raise differs
    if entry.method == 0 and entry.packed != entry.size:
        raise Refused(Refusal(Reason.LIES_ABOUT_SIZE, shown(entry.name), str(entry.size)))
    begins = entry.offset + LOCAL_SIZE + name + extra
    fields = {**vars(entry), "begins": begins}
    return Entry(**fields)


def _refuse_overlaps(entries: list[Entry], start: int) -> None:
    """Members that share data: how a small archive becomes an endless one. And what lies between them unseen."""
    before = 0
    for entry in sorted(entries, key=lambda each: each.offset):
        if entry.offset < before:
            raise Refused(Refusal(Reason.OVERLAP, shown(entry.name)))
        if entry.offset - before > DESCRIPTOR_MOST:
            reason = Reason.HIDDEN if before else Reason.PREFIXED
            raise Refused(Refusal(reason, shown(entry.name), str(entry.offset - before)))
        before = entry.ends
    if before > start:
        raise Refused(Refusal(Reason.OVERLAP, shown(max(entries, key=lambda each: each.ends).name)))
    if start - before > DESCRIPTOR_MOST:
        raise Refused(Refusal(Reason.HIDDEN, detail=str(start - before)))
