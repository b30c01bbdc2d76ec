"""Files handed in as proof."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from datetime import timedelta

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import dumps
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from reportlab.pdfgen.canvas import Canvas

from core.attachments import actions
from core.attachments.actions import attachment_response, erase_unused, hold_files, keep_file
from core.attachments.forms import HELD_FOR, AttachmentField, HeldFilesForm
from core.attachments.models import Attachment
from core.attachments.policy import MAX_BYTES, file_fault
from core.attachments.reading import scan_fault
from core.imports.models import SheetImport
from tests.factories.credentials import pdf_of

PDF = b"%PDF-1.7\n" + b"x" * 40


def png_that_says(width, height):
    """A picture whose head promises more than there is."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    begins = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13)
    return begins + head + struct.pack(">I", zlib.crc32(head)) + b"\0\0\0\0IDAT"


def locked_pdf():
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf_of("x"))))
    writer.encrypt("owner", "")  # anybody may read it, and nobody change it
    writer.write(kept := io.BytesIO())
    return kept.getvalue()


def test_a_kept_file_comes_back_whole_with_its_hash_and_is_stored_once(cast):
    first = keep_file(upload=SimpleUploadedFile("请假条.pdf", PDF), actor=cast.trainee)
    again = keep_file(upload=SimpleUploadedFile("b.pdf", PDF), actor=cast.other_trainee)
    assert first.sha256 == hashlib.sha256(PDF).hexdigest()
    assert again.stored == first.stored
    for download in (False, True):
        answer = attachment_response(first, download=download)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"].startswith("attachment") == download
        answer.close()


def test_a_file_that_the_store_has_lost_is_not_there(cast):
    kept = keep_file(upload=SimpleUploadedFile("lost.pdf", PDF + b"lost"), actor=cast.trainee)
    storages["private"].delete(kept.stored)
    with pytest.raises(Http404):
        attachment_response(kept)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.exe", PDF, "kind"),
        ("a", PDF, "kind"),
        ("a.svg", b"<svg><script/></svg>", "kind"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"<html>", "other_kind"),
        ("a.png", PDF, "other_kind"),
    ],
)
def test_what_is_not_a_proof_is_refused_with_a_sentence(name, content, fault):
    with pytest.raises(ValidationError) as refused:
        AttachmentField().clean(SimpleUploadedFile(name, content))
    assert refused.value.code == fault


def picture(kind, size=(400, 300)):
    kept = io.BytesIO()
    Image.effect_noise(size, 50).save(kept, kind)
    return kept.getvalue()


GOOD = pdf_of("证明")


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.pdf", b"%PDF-1.4\n", "damaged"),
        ("a.pdf", PDF, "damaged"),
        ("a.pdf", GOOD.replace(b"Kids[3 0 R]/Count 1", b"Kids[]/Count 1     "), "damaged"),
        ("a.pdf", GOOD.replace(b"Kids[3 0 R]", b"Kids[2 0 R]"), "damaged"),  # a ring
        ("a.pdf", pdf_of("", page="/Type/Font"), "damaged"),
        ("a.pdf", pdf_of("", more="/Encrypt<</Filter/Standard/V 1/R 2/O()/U()/P -1>>"), "locked"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "damaged"),
        ("a.png", picture("PNG")[:2000], "damaged"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "damaged"),
        ("a.jpg", picture("JPEG")[:2000], "damaged"),
        ("a.pdf", locked_pdf(), "locked"),
        ("a.png", png_that_says(8000, 8000), "pixels"),
        ("a.png", png_that_says(30_000, 30_000), "pixels"),
        ("a.pdf", GOOD, ""),
        ("a.png", picture("PNG"), ""),
        ("a.JPEG", picture("JPEG"), ""),
    ],
)
def test_a_paper_that_nobody_could_look_at_is_refused_with_a_sentence(name, content, fault):
    field = AttachmentField(scan=True)
    if not fault:
        assert field.clean(SimpleUploadedFile(name, content)).read() == content
        return
    with pytest.raises(ValidationError) as refused:
        field.clean(SimpleUploadedFile(name, content))
    assert refused.value.code == fault and refused.value.messages[0].endswith("。")


def test_a_pdf_that_is_written_with_packed_tables_opens_too():
    kept = io.BytesIO()
    canvas = Canvas(kept)
    canvas.drawString(100, 700, "x")
    canvas.save()
    copy_into_new_writer(PdfFileReader(io.BytesIO(kept.getvalue()))).write(packed := io.BytesIO())
    for content in (kept.getvalue(), packed.getvalue()):
        assert scan_fault(".pdf", content) == ""


def test_the_limit_is_ten_megabytes():
    assert file_fault(".pdf", MAX_BYTES, PDF) == ""
    assert file_fault(".pdf", MAX_BYTES + 1, PDF) == "size"


def test_an_optional_field_may_stay_empty():
    assert AttachmentField(required=False).clean(None) is None


def kept(name, content, user):
    return keep_file(upload=SimpleUploadedFile(name, content), actor=user)


def test_what_proves_nothing_is_erased_after_two_days_with_its_bytes(cast, tree):
    unused, used = kept("id.pdf", PDF + b"unused", cast.trainee), kept("a.csv", b"used", cast.trainee)
    twice = [kept("b.csv", b"twice", user) for user in (cast.trainee, cast.other_trainee)]
    for file in (used, twice[0]):
        SheetImport.objects.create(
            kind="people", organisation=tree["district"], title="x", file=file, created_by=cast.administrator
        )
    store = storages["private"]
    erase_unused()
    assert store.exists(unused.stored)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert erase_unused() and not erase_unused()
    assert set(Attachment.objects.all()) == {used, twice[0]}
    assert [store.exists(file.stored) for file in (unused, used, twice[0])] == [False, True, True]


@pytest.mark.parametrize("apart", [False, True])
def test_bytes_of_an_act_that_was_rolled_back_are_erased_too(cast, apart):
    with transaction.atomic():
        upload = SimpleUploadedFile("id.pdf", PDF + b"rolled back")
        lost = keep_file(upload=upload, actor=cast.trainee, apart=apart)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists()
    store = storages["private"]
    assert store.exists(lost.stored)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert erase_unused()
    assert not store.exists(lost.stored)


def test_a_file_that_is_erased_while_it_is_handed_in_again_is_put_back(
    cast, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        again = kept("id.pdf", PDF + b"again", cast.trainee)
        storages["private"].delete(again.stored)
    with storages["private"].open(again.stored) as file:
        assert file.read() == PDF + b"again"


class TwoFiles(HeldFilesForm):
    name = forms.CharField()
    proof = AttachmentField()
    more = AttachmentField(required=False)


def token_of(actor):
    """What comes back of a proof that was received with a form whose name was missing."""
    form = TwoFiles({"name": ""}, {"proof": SimpleUploadedFile("证明.pdf", PDF)}, actor=actor)
    assert not form.is_valid()
    form.hold()
    assert "证明.pdf" in str(form["proof"].help_text)
    return form.fields["held-proof"].initial


def test_a_file_that_was_received_need_not_be_chosen_again_by_the_same_account_and_for_a_day(cast):
    token = token_of(cast.trainee)
    again = {"name": "王一", "held-proof": token}
    form = TwoFiles(again, actor=cast.trainee)
    assert form.is_valid() and form.held("proof") == Attachment.objects.get()
    assert form.held("more") is None and form.uploads() == {}
    for actor, data in ((cast.other_trainee, again), (cast.trainee, again | {"held-proof": dumps("x")})):
        assert "proof" in TwoFiles(data, actor=actor).errors
    with time_machine.travel(timezone.now() + timedelta(seconds=HELD_FOR + 60)):
        assert "proof" in TwoFiles(again, actor=cast.trainee).errors


class OtherForm(TwoFiles):
    """Takes a file under the same name, for something else."""


def test_a_file_that_was_held_for_one_field_is_no_answer_in_another_field_or_form(cast):
    token = token_of(cast.trainee)
    assert TwoFiles({"name": "王一", "held-proof": token}, actor=cast.trainee).held("proof")
    other_field = TwoFiles({"name": "王一", "held-more": token}, actor=cast.trainee)
    other_form = OtherForm({"name": "王一", "held-proof": token}, actor=cast.trainee)
    assert other_field.held("more") is None and other_form.held("proof") is None
    assert "proof" in other_form.errors


def test_forms_that_fail_again_and_again_do_not_fill_the_store(cast, monkeypatch):
    monkeypatch.setattr(actions, "HELD_BYTES", 2 * len(PDF))
    kept = [
        hold_files(uploads={"proof": SimpleUploadedFile("a.pdf", PDF + bytes([number]))}, actor=cast.trainee)
        for number in range(3)
    ]
    assert [len(files) for files in kept] == [1, 0, 0]
    assert len(hold_files(uploads={"proof": SimpleUploadedFile("a.pdf", PDF)}, actor=cast.supervisor)) == 1


def test_a_file_is_no_answer_to_a_question_of_another_kind(cast):
    data = {"name": "", "held-name": token_of(cast.trainee), "held-proof": token_of(cast.trainee)}
    assert set(TwoFiles(data, actor=cast.trainee).errors) == {"name"}


def test_a_form_that_was_not_sent_holds_nothing(cast):
    form = TwoFiles(actor=cast.trainee)
    assert form.uploads() == {}
    form.show_held({})
    assert "held-proof" not in form.fields
