"""Hostile and broken archives: each is refused with its own reason, and nothing of it reaches the disk."""

import io
import json
import random
import struct
import zipfile

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.packages.policy.archive import open_archive
from lms.packages.policy.manifest import examine
from lms.packages.policy.refusals import Limits, Notice, Reason, Refused
from lms.packages.queries.summary import refused_summary
from tests.factories.packages import (
    CMI5,
    FIFO,
    LINK,
    MANIFEST_12,
    PAGE,
    bomb,
    changed,
    cmi5,
    h5p,
    overlapping,
    packed,
    put,
    scorm12,
    scorm12_by,
    scorm2004,
    with_mode,
    with_name,
)

LOCAL = b"PK\x03\x04"
ROOT = '<manifest identifier="M1"'
BILLION = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + ROOT
XXE = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + ROOT
OUTSIDE = '<!DOCTYPE m SYSTEM "http://example.com/evil.dtd">' + ROOT


def listed(name: str) -> bytes:
    """A package with one more file of this name."""
    return scorm12(**{name: "text"})


HOSTILE = {
    # Names
    "zip slip": (lambda: listed("../../evil.txt"), Reason.ESCAPES),
    "zip slip within": (lambda: listed("a/../../evil.txt"), Reason.ESCAPES),
    "absolute name": (lambda: listed("/etc/evil.txt"), Reason.ABSOLUTE),
    "drive": (lambda: listed("C:/evil.txt"), Reason.DRIVE),
    "drive without a stroke": (lambda: listed("C:evil.txt"), Reason.DRIVE),
    "network name": (lambda: with_name(b"\\\\host\\x.txt"), Reason.NETWORK_NAME),
    "backslash": (lambda: with_name(b"..\\evil.txt"), Reason.BACKSLASH),
    "NUL in a name": (lambda: with_name(b"a.txt\x00.exe.txt"), Reason.CONTROL_CHARACTER),
    "line break in a name": (lambda: listed("a\nb.txt"), Reason.CONTROL_CHARACTER),
    "turned name": (lambda: listed("a\u202etxt.exe.txt"), Reason.CONTROL_CHARACTER),
    "stream of NTFS": (lambda: listed("page.html:hidden.txt"), Reason.RESERVED_CHARACTER),
    "device of Windows": (lambda: listed("content/aux.txt"), Reason.RESERVED_NAME),
    "dot at the end": (lambda: listed("folder./a.txt"), Reason.DOT_OR_SPACE_END),
    "empty part": (lambda: listed("a//b.txt"), Reason.EMPTY_PART),
    "long name": (lambda: listed("a/" * 10 + "n" * 230 + ".txt"), Reason.PATH_TOO_LONG),
    "long name in Chinese": (lambda: listed("长" * 80 + ".txt"), Reason.PATH_TOO_LONG),
    "deep folders": (lambda: listed("a/" * 30 + "b.txt"), Reason.TOO_DEEP),
    "broken UTF-8": (lambda: with_name(b"a\xff\xfe\xfdb.txt", utf8=True), Reason.NAME_ENCODING),
    "same but for case": (lambda: listed("content/ONE.html"), Reason.DUPLICATE),
    "same but for the form of an accent": (
        lambda: scorm12(**{"caf\u00e9.txt": "a", "cafe\u0301.txt": "b"}),
        Reason.DUPLICATE,
    ),
    "file and folder": (lambda: scorm12(**{"content/one.html/x.txt": "a"}), Reason.FILE_AND_FOLDER),
    "program": (lambda: listed("setup.exe"), Reason.EXECUTABLE),
    "script of a server": (lambda: listed("content/shell.PHP"), Reason.EXECUTABLE),
    "unknown ending": (lambda: listed("data.xyzzy"), Reason.UNKNOWN_ENDING),
    "archive inside": (lambda: listed("more.tar"), Reason.ARCHIVE_INSIDE),
    # Members
    "symbolic link": (lambda: with_mode(LINK), Reason.SYMLINK),
    "pipe": (lambda: with_mode(FIFO), Reason.SPECIAL_FILE),
    "encrypted": (lambda: changed(scorm12(), b"content/one.html", put("H", 8, 1)), Reason.ENCRYPTED),
    "encrypted in its header": (
        lambda: changed(scorm12(), b"content/one.html", put("H", 6, 1), head=LOCAL),
        Reason.ENCRYPTED,
    ),
    "unknown compression": (
        lambda: changed(scorm12(), b"content/one.html", put("H", 10, 95)),
        Reason.COMPRESSION,
    ),
    "headers differ in the name": (
        lambda: scorm12(**{"first.txt": "x"}).replace(b"first.txt", b"other.txt", 1),
        Reason.HEADERS_DIFFER,
    ),
    "headers differ in the size": (
        lambda: changed(scorm12(), b"content/one.html", put("L", 22, 7), head=LOCAL),
        Reason.HEADERS_DIFFER,
    ),
    "overlap": (overlapping, Reason.OVERLAP),
    "wrong checksum": (
        lambda: changed(
            changed(scorm12(), b"content/one.html", put("L", 16, 7)),
            b"content/one.html",
            put("L", 14, 7),
            head=LOCAL,
        ),
        Reason.WRONG_CHECKSUM,
    ),
    "size that is a lie": (
        lambda: changed(
            changed(bomb(1), b"big.txt", put("L", 24, 5)), b"big.txt", put("L", 22, 5), head=LOCAL
        ),
        Reason.LIES_ABOUT_SIZE,
    ),
    "bomb by the ratio of a file": (lambda: bomb(2), Reason.FILE_RATIO),
    "too many files": (
        lambda: scorm12(**{f"{number}.txt": "x" for number in range(10_001)}),
        Reason.TOO_MANY,
    ),
    # The archive
    "no archive": (lambda: b"just a text", Reason.NO_ARCHIVE),
    "empty file": (lambda: b"", Reason.NO_ARCHIVE),
    "RAR": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(200), Reason.NO_ARCHIVE),
    "cut off": (lambda: scorm12()[:-40], Reason.TRUNCATED),
    "something behind it": (lambda: scorm12() + b"MZ more", Reason.TRAILING),
    "something before it": (lambda: b"MZ" + bytes(100) + scorm12(), Reason.PREFIXED),
    "damaged directory": (lambda: scorm12().replace(b"PK\x01\x02", b"PK\x01\x03"), Reason.DAMAGED),
    "empty archive": (lambda: packed({}), Reason.NO_MANIFEST),
    "several parts": (
        lambda: scorm12()[:-22] + struct.pack("<4s4H2LH", b"PK\x05\x06", 1, 1, 1, 1, 1, 1, 0),
        Reason.SPLIT,
    ),
    # Manifests
    "no manifest": (lambda: packed({"index.html": PAGE}), Reason.NO_MANIFEST),
    "manifest in a folder": (
        lambda: packed({"course/imsmanifest.xml": MANIFEST_12, "course/one.html": PAGE}),
        Reason.MANIFEST_IN_FOLDER,
    ),
    "AICC": (lambda: packed({"course.crs": "[Course]", "course.au": "x"}), Reason.AICC),
    "xAPI without cmi5": (lambda: packed({"tincan.xml": "<tincan/>", "index.html": PAGE}), Reason.TINCAN),
    "broken XML": (lambda: scorm12_by("</manifest>", ""), Reason.NOT_XML),
    "billion laughs": (lambda: scorm12_by(ROOT, BILLION), Reason.ENTITIES),
    "XXE": (lambda: scorm12_by(ROOT, XXE), Reason.EXTERNAL_ENTITY),
    "DTD from outside": (lambda: scorm12_by(ROOT, OUTSIDE), Reason.EXTERNAL_ENTITY),
    "deep XML": (
        lambda: scorm12_by("<organizations", "<a>" * 200 + "</a>" * 200 + "<organizations"),
        Reason.XML_TOO_DEEP,
    ),
    "wrong root": (lambda: scorm12(**{"imsmanifest.xml": "<html/>"}), Reason.WRONG_ROOT),
    "wrong namespace": (
        lambda: scorm12_by("http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://example.com/imscp"),
        Reason.WRONG_NAMESPACE,
    ),
    "unknown version": (
        lambda: scorm12_by("<schemaversion>1.2<", "<schemaversion>7.0<"),
        Reason.UNKNOWN_VERSION,
    ),
    "unknown encoding": (lambda: scorm12_by('encoding="UTF-8"', 'encoding="klingon"'), Reason.ENCODING),
    "no organisation": (
        lambda: scorm12(
            **{
                "imsmanifest.xml": MANIFEST_12.replace("organization ", "other ").replace(
                    "/organization>", "/other>"
                )
            }
        ),
        Reason.NO_ORGANISATION,
    ),
    "NUL in the manifest": (lambda: scorm12_by("家庭探访", "家\0访"), Reason.NOT_XML),
    "missing SCO": (lambda: scorm12_by('href="two.html"', 'href="gone.html"'), Reason.MISSING_FILE),
    "SCO outside": (lambda: scorm12_by('href="two.html"', 'href="../../two.html"'), Reason.FOREIGN_ADDRESS),
    "SCO elsewhere": (
        lambda: scorm12_by('href="two.html"', 'href="https://example.com/x"'),
        Reason.FOREIGN_ADDRESS,
    ),
    "SCO that is a script": (
        lambda: scorm12_by('href="two.html"', 'href="javascript:alert(1)"'),
        Reason.FOREIGN_ADDRESS,
    ),
    "unknown resource": (
        lambda: scorm12_by('identifierref="R2"', 'identifierref="R9"'),
        Reason.UNKNOWN_RESOURCE,
    ),
    "same identifier": (
        lambda: scorm12_by('item identifier="I2"', 'item identifier="I1"'),
        Reason.SAME_IDENTIFIER,
    ),
    "wrong mastery score": (lambda: scorm12_by(">80<", ">1e999<"), Reason.BAD_VALUE),
    "H5P that is no JSON": (lambda: h5p(**{"h5p.json": "{"}), Reason.NOT_JSON),
    "H5P nested without end": (lambda: h5p(**{"content/content.json": "[" * 5000}), Reason.XML_TOO_DEEP),
    "H5P without its library": (
        lambda: h5p(
            **{
                "H5P.Own-1.0/library.json": json.dumps(
                    {
                        "preloadedDependencies": [
                            {"machineName": "H5P.Gone", "majorVersion": 1, "minorVersion": 2}
                        ]
                    }
                )
            }
        ),
        Reason.MISSING_LIBRARY,
    ),
    "cmi5 without its unit": (
        lambda: packed({"cmi5.xml": CMI5}),
        Reason.MISSING_FILE,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused_with_its_own_reason(name):
    make, reason = HOSTILE[name]
    with pytest.raises(Refused) as refused:
        examine(io.BytesIO(make()))
    assert refused.value.refusals[0].reason == reason, refused.value.refusals


@pytest.mark.parametrize("make", [scorm12, scorm2004, cmi5, h5p])
def test_a_package_that_holds_is_let_pass(make):
    archive, found = examine(io.BytesIO(make()))
    assert found.manifest and archive.total > 0


def test_every_reason_has_its_sentence_in_both_languages():
    from lms.packages.policy.refusals import Refusal

    for reason in Reason:
        said = refused_summary([Refusal(reason, "成员.html", "细节")])["refusals"][0]["sentence"]
        assert said["en"] and said["zh"] and said["en"] != said["zh"]


def test_sizes_are_bounded_whatever_the_limits_are_called():
    data = scorm12(**{"a.txt": random.Random(1).randbytes(3000)})
    for limits, reason in (
        (Limits(archive=1000), Reason.ARCHIVE_TOO_LARGE),
        (Limits(total=2000), Reason.TOTAL_TOO_LARGE),
        (Limits(file=2000), Reason.FILE_TOO_LARGE),
        (Limits(files=3), Reason.TOO_MANY),
        (Limits(ratio=1, ratio_from=10, file_ratio=1000), Reason.RATIO),
        (Limits(manifest=100), Reason.MANIFEST_TOO_LARGE),
        (Limits(xml_elements=5), Reason.XML_TOO_MANY),
    ):
        with pytest.raises(Refused) as refused:
            examine(io.BytesIO(data), limits)
        assert refused.value.refusals[0].reason == reason


def test_a_member_that_is_longer_than_it_says_is_stopped_at_once():
    data = changed(bomb(1), b"big.txt", put("L", 24, 5))
    data = changed(data, b"big.txt", put("H", 6, 8), head=b"PK\x03\x04")
    archive = open_archive(io.BytesIO(data))
    seen = []
    with pytest.raises(Refused):
        archive.pour("big.txt", seen.append)
    assert sum(map(len, seen)) <= 2 * 64 * 1024


def test_names_that_chinese_tools_write_in_gbk_are_read():
    data = with_name("课件说明书.txt".encode("gbk"))
    archive = open_archive(io.BytesIO(data))
    assert "课件说明书.txt" in archive.files
    assert [one.notice for one in archive.warnings] == [Notice.NAMES_IN_GBK]


def test_names_in_utf8_without_the_mark_are_read_as_they_are():
    assert "课件说明.txt" in open_archive(io.BytesIO(with_name("课件说明.txt".encode()))).files


def test_what_file_managers_leave_is_not_unpacked():
    archive = open_archive(
        io.BytesIO(scorm12(**{"__MACOSX/._one.html": "x", ".DS_Store": "x", "a/Thumbs.db": "x"}))
    )
    assert not [name for name in archive.files if "MACOSX" in name or "DS_Store" in name or "Thumbs" in name]
    assert [one.notice for one in archive.warnings] == [Notice.LEFT_OUT] * 3


def test_an_archive_inside_is_kept_as_a_file_and_not_opened():
    archive = open_archive(io.BytesIO(scorm12(**{"downloads/forms.zip": bomb(3)})))
    assert "downloads/forms.zip" in archive.files
    assert archive.warnings[0].notice == Notice.ARCHIVE_KEPT


def test_an_archive_that_was_streamed_is_read():
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.parts = []

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.parts.append(bytes(data))
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", MANIFEST_12)
        for name in ("one.html", "two.html", "shared.js"):
            archive.writestr(f"content/{name}", PAGE)
    _, found = examine(io.BytesIO(b"".join(pipe.parts)))
    assert found.kind == "scorm12"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_package_with_any_bytes_changed_is_read_or_refused_and_nothing_else(data):
    whole = bytearray(data.draw(st.sampled_from([scorm12(), scorm2004(), cmi5(), h5p()])))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(whole))))
    refusals = ()
    try:
        examine(io.BytesIO(bytes(whole[:cut])))
    except Refused as refused:
        refusals = refused.refusals
    assert len(refused_summary(refusals)["refusals"]) == len(refusals)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_a_manifest_of_any_bytes_is_read_or_refused(noise):
    for name in ("imsmanifest.xml", "cmi5.xml", "h5p.json"):
        try:
            examine(io.BytesIO(packed({name: noise, "content/content.json": noise})))
        except Refused:
            pass


def test_the_command_says_what_a_package_holds(tmp_path, capsys):
    path = tmp_path / "p.zip"
    path.write_bytes(scorm12())
    call_command("import_package", str(path))
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] and said["kind"] == "scorm12" and said["title"] == "家庭探访"
    assert [one["href"] for one in said["scos"]] == ["content/one.html?lang=zh", "content/two.html"]
    assert said["mastery_scores"] == {"I1": 80.0}
    assert said["files"] == 4


@pytest.mark.parametrize("name", ["zip slip", "XXE", "bomb by the ratio of a file", "missing SCO"])
def test_the_command_says_why_a_package_is_refused_and_leaves_nothing(name, tmp_path, capsys):
    make, reason = HOSTILE[name]
    path = tmp_path / "p.zip"
    path.write_bytes(make())
    with pytest.raises(SystemExit) as ended:
        call_command("import_package", str(path))
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["ok"] and said["refusals"][0]["key"] == reason
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_is_told_with_its_own_code(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("import_package", str(tmp_path / "none.zip"))
    assert ended.value.code == 2 and not json.loads(capsys.readouterr().out)["ok"]
