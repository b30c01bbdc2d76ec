"""The length of a video is read from its file; a file that lies or is broken has none, and costs little."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.blocks.durations import duration_of, main


def box(name: bytes, content: bytes, *, large: bool = False) -> bytes:
    if large:
        return struct.pack(">I4sQ", 1, name, len(content) + 16) + content
    return struct.pack(">I4s", len(content) + 8, name) + content


def mvhd(scale: int, length: int, *, version: int = 0) -> bytes:
    if version:
        return box(b"mvhd", struct.pack(">I QQ IQ", 1 << 24, 0, 0, scale, length) + bytes(80))
    return box(b"mvhd", struct.pack(">I II II", 0, 0, 0, scale, length) + bytes(80))


def mp4(head: bytes, *, at_the_end: bool = False) -> bytes:
    movie, data = box(b"moov", box(b"iods", b"x") + head), box(b"mdat", bytes(500), large=True)
    return box(b"ftyp", b"isom") + (data + movie if at_the_end else movie + data)


def element(name: int, content: bytes, *, endless: bool = False) -> bytes:
    mark = name.to_bytes((name.bit_length() + 7) // 8, "big")
    size = b"\x01" + b"\xff" * 7 if endless else (len(content) | 1 << 28).to_bytes(4, "big")
    return mark + size + content


def webm(*info: bytes, endless: bool = False) -> bytes:
    segment = element(0xEC, bytes(20)) + element(0x1549A966, b"".join(info))
    return element(0x1A45DFA3, b"\x42\x86\x81\x01") + element(0x18538067, segment, endless=endless)


def read(data: bytes) -> int | None:
    return duration_of(io.BytesIO(data))


@pytest.mark.parametrize("at_the_end", [True, False])
@pytest.mark.parametrize("version", [0, 1])
def test_an_mp4_says_its_length_wherever_its_head_stands(version: int, at_the_end: bool) -> None:
    assert read(mp4(mvhd(600, 600 * 95, version=version), at_the_end=at_the_end)) == 95_000


@pytest.mark.parametrize("endless", [True, False])
def test_a_webm_says_its_length(endless: bool) -> None:
    scale = element(0x2AD7B1, (1_000_000).to_bytes(3, "big"))
    assert read(webm(scale, element(0x4489, struct.pack(">d", 12_345.6)), endless=endless)) == 12_345
    assert read(webm(element(0x4489, struct.pack(">f", 8_000.0)))) == 8_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no video at all",
        mp4(mvhd(0, 100)),
        mp4(mvhd(600, 0)),
        mp4(mvhd(600, 2**32 - 1)),
        mp4(mvhd(1, 2**40, version=1)),
        mp4(b""),
        box(b"moov", box(b"mvhd", b"x")),
        struct.pack(">I4s", 4, b"moov") * 50,
        struct.pack(">I4sQ", 1, b"moov", 2**63),
        webm(),
        webm(element(0x4489, struct.pack(">d", float("nan")))),
        webm(element(0x4489, struct.pack(">d", 1e300))),
        webm(element(0x4489, b"abc")),
        b"\x1a\x45\xdf\xa3" + b"\x00" * 40,
    ],
)
def test_a_file_that_does_not_say_it_has_no_length(data: bytes) -> None:
    assert read(data) is None


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x1a\x45\xdf\xa3", b"\x00\x00\x01\x00moov"]))
def test_whatever_the_bytes_are_they_are_read_without_a_fault(data: bytes, head: bytes) -> None:
    found = read(head + data)
    assert found is None or found > 0


class Counted(io.BytesIO):
    reads = 0

    def read(self, *args: int) -> bytes:
        self.reads += 1
        return super().read(*args)


def test_a_file_of_a_million_boxes_is_given_up_soon() -> None:
    file = Counted(box(b"free", b"") * 1_000_000)
    assert duration_of(file) is None
    assert file.reads < 1_000


def test_the_command_line_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.mp4").write_bytes(mp4(mvhd(1000, 2500)))
    main([str(tmp_path / "a.mp4")])
    assert json.loads(capsys.readouterr().out) == {str(tmp_path / "a.mp4"): 2500}
