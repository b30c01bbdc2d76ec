"""An archive that may be unpacked. Nothing is written here, and nothing is believed: every byte is counted."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lms.packages.policy.directory import Entry, read_directory
from lms.packages.policy.names import (
    collisions,
    ending_fault,
    is_archive,
    is_left_by_tools,
    name_fault,
    shown,
)
from lms.packages.policy.refusals import Limits, Notice, Reason, Refusal, Refused, Warned

PIECE = 64 * 1024
SHOWN_MOST = 20  # so many refusals are told at once


@dataclass
class Archive:
    """An archive whose directory holds. `files` are the members to unpack, by name."""

    file: BinaryIO
    files: dict[str, Entry]
    limits: Limits
    warnings: list[Warned] = field(default_factory=list)

    @property
    def total(self) -> int:
        """Bytes when unpacked, as the directory says; a member that has more is refused when it is read."""
        return sum(entry.size for entry in self.files.values())

    @property
    def packed(self) -> int:
        return sum(entry.packed for entry in self.files.values())

    def pieces(self, name: str, most: int | None = None) -> Iterator[bytes]:
        """The data of a member. Raises Refused as soon as it is more than the directory says, or other."""
        entry = self.files[name]
        seen, crc = 0, 0
        for piece in _unpacked(self.file, entry):
            seen += len(piece)
            if seen > min(entry.size, most if most is not None else self.limits.file):
                raise Refused(Refusal(Reason.LIES_ABOUT_SIZE, shown(name), str(entry.size)))
            crc = zlib.crc32(piece, crc)
            yield piece
        if seen != entry.size:
            raise Refused(Refusal(Reason.LIES_ABOUT_SIZE, shown(name), str(entry.size)))
        if crc != entry.crc:
            raise Refused(Refusal(Reason.WRONG_CHECKSUM, shown(name)))

    def read(self, name: str, most: int) -> bytes:
        """A small member whole; refused when it is larger than `most` bytes."""
        if self.files[name].size > most:
            raise Refused(Refusal(Reason.MANIFEST_TOO_LARGE, shown(name), str(self.files[name].size)))
        return b"".join(self.pieces(name, most))

    def pour(self, name: str, write: Callable[[bytes], object]) -> int:
        """Hand the data of a member to `write`, piece by piece; returns the number of bytes."""
        total = 0
        for piece in self.pieces(name):
            write(piece)
            total += len(piece)
        return total


def open_archive(file: BinaryIO, limits: Limits | None = None) -> Archive:
    """The archive, if every guard lets it pass; raises Refused with every reason otherwise. Unpacks nothing yet."""
    limits = limits or Limits()
    entries, gbk = read_directory(file, limits)
    faults = [fault for entry in entries if (fault := _member_fault(entry, limits))]
    faults += collisions([entry.name for entry in entries])
    faults += _size_faults(entries, limits)
    if faults:
        raise Refused(
            *[Refusal(each.reason, shown(each.member), shown(each.detail)) for each in faults[:SHOWN_MOST]]
        )
    warnings = [Warned(Notice.NAMES_IN_GBK)] if gbk else []
    files: dict[str, Entry] = {}
    for entry in entries:
        if entry.is_folder:
            continue
        if is_left_by_tools(entry.name):
            warnings.append(Warned(Notice.LEFT_OUT, entry.name))
            continue
        if is_archive(entry.name):
            warnings.append(Warned(Notice.ARCHIVE_KEPT, entry.name))
        files[entry.name] = entry
    return Archive(file, files, limits, warnings)


def _member_fault(entry: Entry, limits: Limits) -> Refusal | None:
    reason = name_fault(entry.name, limits)
    if reason is None and not entry.is_folder and not is_left_by_tools(entry.name):
        reason = ending_fault(entry.name)
    if reason is not None:
        return Refusal(reason, entry.name)
    if entry.is_folder and entry.size:
        return Refusal(Reason.SPECIAL_FILE, entry.name)
    if entry.size > limits.file:
        return Refusal(Reason.FILE_TOO_LARGE, entry.name, str(entry.size))
    if entry.size > limits.ratio_from and entry.size > limits.file_ratio * max(entry.packed, 1):
        return Refusal(Reason.FILE_RATIO, entry.name, str(entry.size // max(entry.packed, 1)))
    return None


def _size_faults(entries: list[Entry], limits: Limits) -> list[Refusal]:
    size, packed = sum(entry.size for entry in entries), sum(entry.packed for entry in entries)
    if size > limits.total:
        return [Refusal(Reason.TOTAL_TOO_LARGE, detail=str(size))]
    if size > limits.ratio_from and size > limits.ratio * max(packed, 1):
        return [Refusal(Reason.RATIO, detail=str(size // max(packed, 1)))]
    return []


def _unpacked(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The member's data in pieces of at most PIECE bytes, whatever its packed form would become."""
    file.seek(entry.begins)
    left = entry.packed
    broken = Refused(Refusal(Reason.BROKEN_DATA, shown(entry.name)))
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == 8 else None
    while left > 0:
        packed = file.read(min(PIECE, left))
        if not packed:
            raise broken
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        while packed:
            try:
                yield inflate.decompress(packed, PIECE)
            except zlib.error:
                raise broken
            packed = inflate.unconsumed_tail
        if inflate.unused_data or (inflate.eof and left):
            raise broken
    if inflate is not None:
        while not inflate.eof and (rest := inflate.decompress(b"", PIECE)):
            yield rest
        if not inflate.eof:
            raise broken
