import io
import zipfile

import pytest
from PIL import Image, PngImagePlugin
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter

from core.attachments.neutral import without_author

NAME = "LinXiaoyu"


def picture(kind):
    out = io.BytesIO()
    image = Image.new("RGB", (8, 8), "red")
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", NAME)
        image.save(out, "PNG", pnginfo=info)
    else:
        exif = Image.Exif()
        exif[0x013B] = NAME
        image.save(out, "JPEG", exif=exif, comment=NAME.encode())
    return out.getvalue()


def pdf():
    writer = PdfFileWriter()
    page = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 100, 100))),
        }
    )
    writer.insert_page(generic.DictionaryObject(page))
    xmp = generic.StreamObject(
        {generic.pdf_name("/Type"): generic.pdf_name("/Metadata")}, stream_data=NAME.encode()
    )
    writer.root["/Metadata"] = writer.add_object(xmp)
    writer.set_info(generic.DictionaryObject({generic.pdf_name("/Author"): generic.pdf_string(NAME)}))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def document(**more):
    out = io.BytesIO()
    parts = {
        "[Content_Types].xml": "<Types/>",
        "docProps/core.xml": f"<x><dc:creator>{NAME}</dc:creator></x>",
        "docProps/app.xml": f"<x><Company>{NAME}</Company></x>",
        "word/document.xml": f'<w:document><w:ins w:author="{NAME}"><w:t>正文</w:t></w:ins></w:document>',
        "word/comments.xml": f"<w:c w:author='{NAME}' w:initials=\"LX\"/>",
        "xl/comments1.xml": f"<authors><author>{NAME}</author></authors>",
        "xl/workbook.xml": f'<x15ac:absPath url="C:\\Users\\{NAME}\\Desktop\\"/>',
        "word/_rels/settings.xml.rels": f'<R Target="file:///C:/Users/{NAME}/Normal.dotm"/>',
        "xl/printerSettings/printerSettings1.bin": NAME,
        "word/media/image1.jpeg": picture("JPEG"),
    } | more
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("ending", "made"),
    [(".png", lambda: picture("PNG")), (".jpg", lambda: picture("JPEG")), (".pdf", pdf)],
)
def test_a_picture_or_pdf_says_no_author_and_still_opens(ending, made):
    before = made()
    assert NAME.encode() in before
    after = without_author(ending, before)
    assert NAME.encode() not in after
    if ending == ".pdf":
        assert PdfFileReader(io.BytesIO(after)).root["/Pages"]["/Count"] == 1
    else:
        assert Image.open(io.BytesIO(after)).convert("RGB").getpixel((3, 3))[0] > 200


def test_a_document_says_no_author_in_properties_changes_or_comments_and_keeps_its_text():
    after = zipfile.ZipFile(io.BytesIO(without_author(".docx", document())))
    bodies = {name: after.read(name) for name in after.namelist()}
    assert not any(NAME.encode() in body for body in bodies.values())
    assert "正文".encode() in bodies["word/document.xml"]
    assert all(part.date_time[0] == 1980 for part in after.infolist())


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".pdf", b"%PDF-1.4 broken"),
        (".png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 40),
        (".jpg", b"\xff\xd8\xff\xe0\x00"),
        (".docx", b"PK\x03\x04 broken"),
        (".docx", document(**{"word/embeddings/x.bin": b"x"})),
        (".docx", document(**{"word/document.xml": '<a w:author="x"/>'.encode("utf-16")})),
        (".xlsx", document(**{"xl/big.xml": b"0" * (90 * 1024 * 1024)})),
    ],
)
def test_what_cannot_be_cleaned_is_not_shown(ending, content):
    assert without_author(ending, content) is None
