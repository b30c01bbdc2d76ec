"""Files that are too big, damaged, of another kind or not wanted at all: a sentence each time, and never a fault."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from core.models import User

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DOORS = {
    "image": [("/admin/images/add/", "file"), ("/admin/images/multiple/add/", "files[]"), ("/admin/images/chooser/create/", "image-chooser-upload-file")],
    "document": [("/admin/documents/add/", "file"), ("/admin/documents/multiple/add/", "files[]"), ("/admin/documents/chooser/create/", "document-chooser-upload-file")],
}  # fmt: skip


def png(side: int = 10) -> bytes:
    kept = io.BytesIO()
    Image.new("1", (side, side)).save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture
def editor(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("editor@example.com"))
    return client


def send(editor: Client, address: str, field: str, name: str, content: bytes) -> Any:
    prefix = field.removesuffix("file") if field.endswith("-file") else ""
    data = {f"{prefix}title": "题目", f"{prefix}collection": "1", field: SimpleUploadedFile(name, content)}
    return editor.post(address, data, headers={"X-Requested-With": "XMLHttpRequest"})


def text_of(answer: Any) -> str:
    """The whole answer; of JSON, the words in it."""
    return str(answer.json()) if "json" in answer["Content-Type"] else answer.content.decode()


@pytest.mark.parametrize("door", DOORS["image"], ids=lambda door: door[0])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.svg", SVG, "不支持的图片格式"),
        ("a.png", SVG, "扩展名与文件格式不匹配"),
        ("a.png", png()[:40], "图片已损坏"),
        ("a.gif", b"GIF89a" + b"\xff" * 100, "图片已损坏"),
        ("a.png", b"MZ" + b"\0" * 500, "请上传一张有效的图片"),
        ("a.png", b"", "空文件"),
        ("a.png", png(20_000), "像素过多"),
        ("a.png", png() + b"\0" * 11 * 2**20, "文件过大"),
    ],
    ids=["svg", "svg as png", "cut off", "noise as gif", "program as png", "empty", "bomb", "too big"],
)
def test_a_picture_that_is_none_is_refused_in_a_sentence(
    editor: Client, door: tuple[str, str], name: str, content: bytes, said: str
) -> None:
    answer = send(editor, *door, name, content)
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert not get_image_model().objects.exists()


@pytest.mark.parametrize("door", DOORS["document"], ids=lambda door: door[0])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.svg", SVG, "不支持"),
        ("a.exe", b"MZ", "不支持"),
        ("a.pdf", b"<script>alert(1)</script>", "文件内容与扩展名“.pdf”不符"),
        ("a.docx", b"%PDF-1.7", "文件内容与扩展名“.docx”不符"),
        ("a.pdf", b"", "空文件"),
    ],
    ids=["svg", "program", "html as pdf", "pdf as docx", "empty"],
)
def test_a_paper_that_is_none_is_refused_in_a_sentence(
    editor: Client, door: tuple[str, str], name: str, content: bytes, said: str
) -> None:
    answer = send(editor, *door, name, content)
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert "“”" not in text_of(answer)
    assert not get_document_model().objects.exists()


@pytest.mark.parametrize("name", ["讲义.pdf", "長" * 120 + ".pdf", "../../passwd.pdf", "a\x00b.pdf"])
def test_a_strange_name_is_no_reason_to_refuse(editor: Client, name: str) -> None:
    for address, field in DOORS["document"]:
        assert send(editor, address, field, name, b"%PDF-1.7\n%%EOF").status_code in (200, 302)
    assert get_document_model().objects.count() == 3
    assert not [row for row in get_document_model().objects.all() if ".." in row.file.name]


def test_nothing_sent_at_all_is_a_sentence_too(editor: Client) -> None:
    for address, _field in [*DOORS["image"], *DOORS["document"]]:
        assert editor.post(address, {"title": "题目"}).status_code < 500


class Endless(io.RawIOBase):
    """A form with one file of so many bytes, made while it is read."""

    def __init__(self, size: int) -> None:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n'
        self.parts: Iterator[bytes] = iter([head, *[b"\0" * 2**16] * (size // 2**16), b"\r\n--x--\r\n"])
        self.length = len(head) + size + len(b"\r\n--x--\r\n")
        self.rest = b""

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, b"")):
            self.rest += part
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


def test_of_a_huge_file_no_more_is_kept_than_any_form_takes(
    settings: LazySettings, rf: RequestFactory
) -> None:
    settings.UPLOAD_KEPT = 2**20
    body = Endless(64 * 2**20)
    request = rf.generic("POST", "/", b"-", content_type="multipart/form-data; boundary=x")
    request.META["CONTENT_LENGTH"] = str(body.length)
    request._stream = body  # type: ignore[attr-defined]
    kept = request.FILES["file"]
    assert kept.size == 64 * 2**20, "the form must see how big it was, to refuse it"
    kept.file.seek(0, io.SEEK_END)
    assert kept.file.tell() == 2**20
