"""Files handed in as proof."""

from __future__ import annotations

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from core.attachments.actions import attachment_response, keep_file
from core.attachments.forms import AttachmentField
from core.attachments.policy import MAX_BYTES, file_fault

PDF = b"%PDF-1.7\n" + b"x" * 40


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


def test_the_limit_is_ten_megabytes():
    assert file_fault(".pdf", MAX_BYTES, PDF) == ""
    assert file_fault(".pdf", MAX_BYTES + 1, PDF) == "size"


def test_an_optional_field_may_stay_empty():
    assert AttachmentField(required=False).clean(None) is None
