"""`manage.py verify_certificate FILE.pdf|CODE` answers as JSON and by its exit code."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from credentials.certificates.actions import replace, revoke
from credentials.certificates.policy import grouped_code, new_code
from tests.credentials.conftest import pdf_of
from tests.factories import make_certificate


def answer_to(what) -> tuple[dict, int]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_certificate", str(what), stdout=out)
    return json.loads(out.getvalue()), end.value.code


@pytest.fixture
def genuine(certificate, tmp_path):
    path = tmp_path / "证书.pdf"
    path.write_bytes(pdf_of(certificate))
    return path


def test_a_genuine_file_is_valid(certificate, genuine):
    verdict, code = answer_to(genuine)
    assert code == 0
    assert verdict["verdict"] == "valid"
    assert verdict["sha256_matches"] is True
    assert verdict["sha256"] == certificate.sha256
    assert (verdict["serial"], verdict["name_masked"]) == (certificate.serial, "林**")
    assert "林小荷" not in json.dumps(verdict, ensure_ascii=False)


def test_a_genuine_file_of_a_revoked_one_is_revoked(certificate, genuine, cast):
    revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    verdict, code = answer_to(genuine)
    assert (verdict["verdict"], verdict["sha256_matches"], code) == ("revoked", True, 1)


@pytest.mark.parametrize("change", [b"\n", b"%appended"])
def test_a_file_that_differs_in_a_byte_was_tampered_with(certificate, genuine, change):
    genuine.write_bytes(genuine.read_bytes() + change)
    verdict, code = answer_to(genuine)
    assert (verdict["verdict"], verdict["verdict_of_code"], code) == ("tampered", "valid", 1)
    assert len(verdict["findings"]) == 2
    assert verdict["sha256_matches"] is False
    assert verdict["serial"] == certificate.serial


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.4 another", b"code=AAAAA-AAAAA-AAAAA-AAAAA", b"\x00\xff" * 99]
)
@pytest.mark.parametrize("name", ["x.pdf", "x.txt"])
def test_an_unknown_file_is_unknown(db, tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    verdict, code = answer_to(tmp_path / name)
    assert (verdict["verdict"], code) == ("unknown", 1)
    assert len(verdict["sha256"]) == 64


@pytest.mark.parametrize(
    "what",
    ["", "x", "中文", "/", "no-such-file.pdf", "/etc", "x" * 5000, "y" * 5000 + ".pdf", "A" * 19, "{}.pdf/"],
)
def test_what_is_neither_file_nor_code_is_misuse(db, what):
    verdict, code = answer_to(what)
    assert (verdict["verdict"], code) == ("misuse", 2)
    assert verdict["error"]


def test_a_folder_is_no_file(db, tmp_path):
    (tmp_path / "folder.pdf").mkdir()
    for what in (tmp_path, tmp_path / "folder.pdf"):
        assert answer_to(what)[1] == 2


def test_every_answer_of_the_verify_page_is_given_for_a_code(tree, cast, certificate):
    yesterday = timezone.localdate() - timedelta(days=1)
    expired = make_certificate(cast.trainee.person, tree["district"], expires_on=yesterday)
    revoked, replaced = (make_certificate(cast.trainee.person, tree["district"]) for _ in range(2))
    revoke(certificate=revoked, reason="考试作弊", actor=cast.administrator)
    replace(certificate=replaced, reason="更名", actor=cast.administrator)
    rows = {"valid": certificate, "expired": expired, "revoked": revoked, "replaced": replaced}
    for expected, row in rows.items():
        verdict, code = answer_to(row.code)
        assert (verdict["verdict"], code) == (expected, int(expected != "valid"))
        assert verdict["sha256_matches"] is None
    assert answer_to(new_code()) == ({"verdict": "unknown"}, 1)


def test_the_code_is_read_however_it_is_written(certificate):
    for what in (
        grouped_code(certificate.code).lower(),
        f"{certificate.serial} {certificate.code}",
        f"https://xinhuo.example.com{reverse('verify-code', args=[certificate.code])}",
    ):
        assert answer_to(what)[1] == 0, what
    assert answer_to(certificate.serial)[1] == 2
