"""A file is judged by its bytes: issued, signed but another, changed (and how), or none of ours."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from credentials.certificates.actions import replace, revoke
from credentials.certificates.document import render
from credentials.certificates.files import printed_facts
from credentials.certificates.forms import MAX_FILE
from credentials.keys.actions import rotate_key, signer_for, withdraw_key
from credentials.models import Certificate
from credentials.signatures.actions import sign
from credentials.verifying.queries import FileAnswer, files, read_files_by
from credentials.verifying.states import FileVerdict
from credentials.verifying.views import FILES_A_MINUTE
from tests.credentials.conftest import pdf_of
from tests.credentials.statements.conftest import content_of, issued


def test_the_issued_file_is_genuine_and_the_page_says_what_it_is_worth_today(judged, certificate, cast):
    content = pdf_of(certificate)
    answer = judged(content)
    assert (answer.verdict, answer.mark, answer.findings) == ("genuine", "valid", ())
    assert certificate.serial in answer.text
    assert "林**" in answer.text
    assert "林小荷" not in answer.text
    revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    answer = judged(content)
    assert (answer.verdict, answer.mark) == ("genuine", "revoked"), "genuine, and worth nothing"
    assert "文件真实，但已撤销" in answer.text
    assert "考试作弊" not in answer.text


def test_a_statement_is_judged_like_a_certificate(judged, entry, cast):
    content = content_of(issued(cast))
    assert (judged(content).verdict, judged(content).mark) == ("genuine", "valid")
    assert judged(content + b"\n").verdict == "tampered"


def test_a_later_rotation_changes_nothing_for_what_was_signed_before(judged, certificate):
    content = pdf_of(certificate)
    rotate_key(key=signer_for("pdf").row, actor=None)
    storages["private"].delete(certificate.file)
    assert pdf_of(certificate) == content, "made again with the key of then"
    assert judged(content).verdict == "genuine"
    assert judged(content + b"%").verdict == "tampered"


def changed(content, old, new):
    assert old in content
    return content.replace(old, new, 1)


def test_what_was_changed_is_named(judged, certificate):
    content = pdf_of(certificate)
    grouped = certificate.code_grouped.encode()
    for broken, words in (
        (content + b"\n%%EOF more", "在签名之后增加了"),
        (changed(content, b"/Producer", b"/Producex"), "签名覆盖的部分已被改动"),
        (content[:-20], "文件末尾缺失"),
        (content[: content.rindex(b"/ByteRange")], "签名覆盖的部分已被改动"),
        (render(printed_facts(certificate)), "没有本平台的签名"),
    ):
        answer = judged(broken)
        assert (answer.verdict, answer.mark) == ("tampered", "revoked"), words
        assert words in " ".join(answer.findings), answer.findings
        assert "SHA-256" in " ".join(answer.findings)
        assert certificate.serial in answer.text, "what was issued stands beside it"
    other = judged(changed(content, grouped, b"22222-22222-22222-22222"))
    assert other.verdict == "tampered"
    assert certificate.serial not in other.text


def test_a_second_file_signed_by_us_is_not_the_one_that_was_issued(judged, certificate):
    pdf_of(certificate)
    again, _key = sign(render(printed_facts(certificate)), at=timezone.now() + timedelta(minutes=1))
    answer = judged(again)
    assert (answer.verdict, answer.mark) == ("signed", "expired")
    withdraw_key(key=signer_for("pdf").row, reason="失窃", actor=None)
    answer = judged(again)
    assert (answer.verdict, answer.mark) == ("withdrawn", "revoked")
    assert judged(pdf_of(certificate)).verdict == "genuine", "the registry knows its bytes"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nnothing",
        b"%PDF-" + b"/ByteRange [0 9999999999 1 2] /Contents <" + b"30" * 400 + b">",
        b"%PDF-" + b"/Contents <" + b"0" * 401 + b">/ByteRange [0 5 1 2]",
        b"%PDF-" + b"/Contents <" + b"3080" * 900 + b">" * 3,
        b"\x00\xff" * 500,
        b"\x89PNG\r\n\x1a\n",
        b'{"@context": []}',
        "码=AAAAA".encode("utf-16"),
        b"%PDF- code=AAAAA-AAAAA-AAAAA-AAAAA",
    ],
)
def test_what_is_not_ours_is_said_to_be_foreign(judged, db, content):
    answer = judged(content)
    assert (answer.verdict, answer.mark) == ("foreign", "unknown")


def test_another_feature_may_judge_its_own_kind_of_file(judged, db):
    def reader(content):
        return FileAnswer(FileVerdict.GENUINE) if content == b"badge" else None

    read_files_by(reader)
    read_files_by(reader)
    try:
        assert judged(b"badge").verdict == "genuine"
        assert judged(b"other").verdict == "foreign"
    finally:
        files._readers.remove(reader)
    assert reader not in files._readers


def test_a_file_has_limits_and_so_have_its_askers(judged, client, db, one_minute):
    assert "PDF" in judged(b"").text
    assert judged(b"%PDF-" + b"0" * MAX_FILE).form.errors
    address = reverse("verify-file")
    assert client.post(address).status_code == 200
    assert client.get(address).status_code == 200
    for _ in range(FILES_A_MINUTE):
        last = client.post(address)
    assert last.status_code == 429
    assert client.get(address).status_code == 200
    assert not Certificate.objects.exists()


def test_replaced_papers_show_that_they_were(judged, certificate, cast):
    content = pdf_of(certificate)
    replace(certificate=certificate, reason="更名", actor=cast.administrator)
    assert (judged(content).verdict, judged(content).mark) == ("genuine", "replaced")
