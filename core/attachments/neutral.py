"""A file without what it says of its author: names in the properties of documents and pictures, in comments and changes.

Pure: bytes in, bytes out, bounded in time and memory. What is written on its pages stays.
"""

from __future__ import annotations

import io
import re
import zipfile

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

MOST_BYTES = 80 * 1024 * 1024  # of a document, unpacked
MOST_PARTS = 5_000
KEPT_CHUNKS = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"sBIT",
    b"bKGD",
    b"pHYs",
}
KEPT_SEGMENTS = {0xE0, 0xE2, 0xEE}  # JFIF, the colour profile, and how Adobe's colours are meant
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?>'
CORE = EMPTY + (
    b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
APP = EMPTY + (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
CUSTOM = EMPTY + (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
PROPERTIES = {"docprops/core.xml": CORE, "docprops/app.xml": APP, "docprops/custom.xml": CUSTOM}
NAMED = re.compile(
    rb"""(\b(?:author|initials|userId|displayName|userName|lastEdBy|lastModifiedBy|providerId)\s*=\s*)("[^"]*"|'[^']*')"""
)
# Where the file lay on somebody's computer: in the path stands the account.
PATHS = re.compile(rb"""(?:file:///|[A-Za-z]:[\\/]+Users[\\/])[^"'<>]*|(?<=")/(?:Users|home)/[^"'<>]*""")
AUTHORS = re.compile(rb"<((?:\w+:)?author)>[^<]*</(?:\w+:)?author>")


def without_author(ending: str, content: bytes) -> bytes | None:
    """The file without what it says of its author; None where that cannot be taken out of it, so that nobody is shown it."""
    try:
        if ending == ".pdf":
            return _pdf(content)
        if ending == ".png":
            return _png(content)
        return _jpeg(content) if ending in (".jpg", ".jpeg") else _office(content)
    except Exception:  # whatever a damaged file does to the readers
        return None


def _pdf(content: bytes) -> bytes | None:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypt_dict is not None:
        return None
    writer = copy_into_new_writer(reader, {"info": None})
    for place, entry in list(writer.objects.items()):
        if isinstance(entry, generic.DictionaryObject):  # streams are such as well
            if entry.get("/Type") == "/Metadata":
                writer.objects[place] = generic.NullObject()
            for name in ("/Metadata", "/PieceInfo", "/Author"):
                _forget(writer, entry, name)
            if entry.get("/Type") == "/Annot":  # who wrote a note on the page
                _forget(writer, entry, "/T")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _forget(writer: PdfFileWriter, entry: generic.DictionaryObject, name: str) -> None:
    """Take an entry away, and with it the object that it points to: nobody else does."""
    if name not in entry:
        return
    kept = entry.raw_get(name)
    if isinstance(kept, generic.IndirectObject):
        writer.objects[kept.generation, kept.idnum] = generic.NullObject()
    del entry[name]


def _png(content: bytes) -> bytes | None:
    kept, place = [content[:8]], 8
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4])
        end = place + 12 + size
        if end > len(content):
            return None
        if content[place + 4 : place + 8] in KEPT_CHUNKS:
            kept.append(content[place:end])
        place = end
        if kept[-1][4:8] == b"IEND":
            return b"".join(kept)
    return None


def _jpeg(content: bytes) -> bytes | None:
    """Without the segments that cameras and programs write about people, places and times."""
    kept, place = [content[:2]], 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            return None
        mark = content[place + 1]
        if mark == 0xFF:  # filling
            place += 1
            continue
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        if mark == 0xDA:  # what follows is the picture; behind its end nothing is kept
            last = content.rfind(b"\xff\xd9")
            return b"".join([*kept, content[place : last + 2]]) if last > place else None
        if mark != 0xFE and (not 0xE0 <= mark <= 0xEF or mark in KEPT_SEGMENTS):
            kept.append(content[place:end])
        place = end
    return None


def _office(content: bytes) -> bytes | None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as packed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
            return None
        for part in parts:
            body = _part(part.filename.lower(), packed.read(part))
            if body is None:
                return None
            made.writestr(zipfile.ZipInfo(part.filename), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _part(name: str, body: bytes) -> bytes | None:
    if name in PROPERTIES:
        return PROPERTIES[name]
    if name.endswith((".jpg", ".jpeg")):
        return _jpeg(body)
    if name.endswith(".png"):
        return _png(body)
    if name.startswith("xl/printersettings/"):
        return b""
    if name.endswith((".bin", ".docx", ".xlsx", ".zip")):  # a document inside the document
        return None
    if name.endswith((".xml", ".rels")):
        if b"\x00" in body[:200]:  # in an encoding that this does not read
            return None
        return AUTHORS.sub(rb"<\1></\1>", PATHS.sub(b"", NAMED.sub(rb'\1""', body)))
    return body
