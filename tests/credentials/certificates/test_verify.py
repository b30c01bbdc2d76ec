"""The verify page: open to everybody, five answers, and no way to find out more than was known before."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from credentials.certificates.actions import replace, revoke
from credentials.certificates.forms import MAX_FILE
from credentials.certificates.policy import ALPHABET, grouped_code, new_code
from credentials.certificates.views import LOOKUPS_A_MINUTE
from credentials.models import Certificate
from tests.credentials.conftest import pdf_of
from tests.factories import make_certificate

TEXTS = {
    "valid": "证书有效",
    "expired": "证书已过期",
    "revoked": "证书已撤销",
    "replaced": "证书已换发",
    "unknown": "没有与此核验码对应的证书",
}


@pytest.fixture
def answers(tree, cast, certificate):
    """The codes of five certificates, one for each answer."""
    yesterday = timezone.localdate() - timedelta(days=1)
    expired = make_certificate(cast.other_trainee.person, tree["district"], expires_on=yesterday)
    revoked, replaced = (make_certificate(cast.trainee.person, tree["district"]) for _ in range(2))
    revoke(certificate=revoked, reason="考试作弊", actor=cast.administrator)
    replace(certificate=replaced, reason="更名", actor=cast.administrator)
    rows = {"valid": certificate, "expired": expired, "revoked": revoked, "replaced": replaced}
    return {name: row.code for name, row in rows.items()} | {"unknown": new_code()}


def page_of(client, code, **typed):
    address = reverse("verify-code", args=[code])
    return client.post(address, typed) if typed else client.get(address)


def heading(answer) -> str:
    return re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1].strip()


def test_the_five_answers_are_told_apart_by_words_and_by_mark(client, answers):
    headings = {}
    for name, code in answers.items():
        answer = page_of(client, code)
        assert answer.status_code == 200
        assert f"verdict--{name}" in answer.content.decode()
        assert re.findall(r"verdict--(\w+)", answer.content.decode()) == [name]
        headings[name] = heading(answer)
    assert len(set(headings.values())) == 5
    assert headings == TEXTS


def test_the_last_day_is_still_valid(client, tree, cast):
    today = make_certificate(cast.trainee.person, tree["district"], expires_on=timezone.localdate())
    assert heading(page_of(client, today.code)) == TEXTS["valid"]


def test_no_page_is_for_search_engines_or_caches(client, answers):
    for address in [reverse("verify"), *(reverse("verify-code", args=[code]) for code in answers.values())]:
        answer = client.get(address)
        assert "noindex" in answer["X-Robots-Tag"]
        assert '<meta name="robots" content="noindex' in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert client.head(address).status_code == 200


def test_the_name_is_masked_and_the_reason_stays_between_officer_and_holder(client, answers):
    for name in ("valid", "revoked"):
        text = page_of(client, answers[name]).content.decode()
        assert "林**" in text
        assert "林小荷" not in text
        assert "考试作弊" not in text


@pytest.mark.parametrize(
    ("typed", "matches"),
    [("林小荷", True), (" 林 小荷", True), ("林小河", False), ("林", False), ("林**", False)],
)
def test_a_typed_name_matches_or_not(client, certificate, typed, matches):
    answer = page_of(client, certificate.code, name=typed)
    assert answer.context["answer"].name_matches is matches
    assert ("姓名与证书一致" in answer.content.decode()) is matches
    assert ("姓名与证书不一致" in answer.content.decode()) is not matches


def test_the_issued_file_and_any_other_are_told_apart(client, certificate):
    genuine = pdf_of(certificate)
    changed = genuine.replace(b"%%EOF", b"%%EOF ")
    for content, same in ((genuine, True), (changed, False), (b"%PDF-1.4 other", False)):
        file = SimpleUploadedFile("证书.pdf", content, "application/pdf")
        answer = page_of(client, certificate.code, file=file)
        assert answer.context["answer"].file_matches is same
        assert ("文件与颁发时完全一致" in answer.content.decode()) is same


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"PK\x03\x04", "不是PDF"),
        (b"%PD", "不是PDF"),
        (b"%PDF-" + b"0" * MAX_FILE, "10 MB"),
    ],
    ids=["empty", "zip", "short", "huge"],
)
def test_what_is_no_certificates_file_is_answered_in_a_sentence(client, certificate, content, said):
    answer = page_of(client, certificate.code, file=SimpleUploadedFile("x.pdf", content))
    (error,) = answer.context["form"].errors["file"]
    assert answer.status_code == 200
    assert said in error
    assert answer.context["answer"].file_matches is None


def test_nothing_to_compare_is_said(client, certificate):
    answer = page_of(client, certificate.code, name=" ")
    assert answer.context["form"].non_field_errors()


@pytest.mark.parametrize(
    "garbage",
    [
        "x",
        "%00",
        "%FF%FE",
        "0" * 20,
        "I" * 20,
        "中" * 20,
        "ß" * 20,
        "A" * 5000,
        "..%2f..%2f",
        "' OR 1=1 --",
        "<b>",
    ],
)
def test_garbage_is_answered_as_unknown_and_never_breaks(client, certificate, garbage):
    answer = client.get(f"/verify/{garbage}/")
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:
        assert heading(answer) == TEXTS["unknown"]
    for typed in ({"name": "林\x00小荷"}, {"name": "林" * 200}):
        assert page_of(client, certificate.code, **typed).status_code == 200


@pytest.mark.parametrize("typed", ["", " ", "\x00", "x" * 500, "中" * 20, "1" * 19, "//", "?", "#"])
def test_a_typed_code_that_is_none_is_answered_at_its_field(client, db, typed):
    answer = client.post(reverse("verify"), {"code": typed})
    assert answer.status_code == 200 or answer.url.startswith("/verify/")
    if answer.status_code == 200:
        assert answer.context["form"].errors["code"]


def test_whatever_a_visitor_copies_leads_to_the_answer(client, certificate):
    address = f"http://testserver{reverse('verify-code', args=[certificate.code])}"
    for typed in (
        certificate.code.lower(),
        grouped_code(certificate.code),
        f"{certificate.serial} {certificate.code}",
        address,
        f"{address}#compare",
        f"{address}?serial={certificate.serial}",
    ):
        answer = client.post(reverse("verify"), {"code": typed}, follow=True)
        assert heading(answer) == TEXTS["valid"], typed


def test_a_serial_opens_nothing(client, certificate):
    """Serials run on, so that whoever has one could try its neighbours."""
    assert heading(page_of(client, certificate.serial)) == TEXTS["unknown"]
    answer = client.post(reverse("verify"), {"code": certificate.serial})
    assert "编号" in answer.context["form"].errors["code"][0]
    other = Certificate.objects.get().code
    address = reverse("verify-code", args=[other])
    assert heading(client.get(address, {"serial": "XH-2020-000001-A"})) == TEXTS["unknown"]
    assert heading(client.get(address, {"serial": certificate.serial.lower()})) == TEXTS["valid"]


def test_an_unknown_code_says_nothing_more_than_that(client, certificate):
    for place in range(20):
        near = certificate.code[:place] + _next(certificate.code[place]) + certificate.code[place + 1 :]
        answer = client.get(reverse("verify-code", args=[near]))
        assert answer.context["certificate"] is None
        assert certificate.title not in answer.content.decode()


def _next(char: str) -> str:
    return ALPHABET[(ALPHABET.index(char) + 1) % len(ALPHABET)]


def test_whoever_asks_too_often_is_told_to_wait(client, certificate):
    address = reverse("verify-code", args=[certificate.code])
    answers = [client.get(address) for _ in range(LOOKUPS_A_MINUTE * 2 + 1)]  # whatever minute it began in
    late = answers[-1]
    assert late.status_code == 429
    assert late["Retry-After"] == "60"
    assert "操作太频繁" in late.content.decode()
    assert "林**" not in late.content.decode()
    assert [answer.status_code for answer in answers[:LOOKUPS_A_MINUTE]] == [200] * LOOKUPS_A_MINUTE
    assert client.get(address, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_an_answer_takes_the_same_two_statements_for_every_code(client, answers, django_assert_num_queries):
    client.get(reverse("verify-code", args=[answers["valid"]]))
    for name, code in answers.items():
        with django_assert_num_queries(2):
            assert page_of(client, code).status_code == 200, name
