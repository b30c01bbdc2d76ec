"""A badge that is handed in is judged: what was changed is named, and what became of it is told."""

import base64
import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from credentials.badges.actions import badge_for
from credentials.badges.models import Badge
from credentials.certificates.actions import replace, revoke
from credentials.keys.actions import rotate_key, withdraw_key
from credentials.models import SigningKey
from tests.credentials.badges.acts import VERIFY, given, hand_in, heading, page_of
from tests.credentials.badges.verifier import bit_of, from_base64url, proof_is_good, token_is_good


def test_handed_in_unchanged_it_is_genuine_in_every_form(client, certificate, badge):
    for content in (badge.credential, json.dumps(badge.read(), indent=2), badge.token, f"{badge.token}\n"):
        page = hand_in(client, content)
        assert heading(page) == "徽章真实有效"
        assert certificate.name not in page.content.decode() and certificate.serial in page.content.decode()
    assert heading(client.post(VERIFY, {"text": badge.token})) == "徽章真实有效"
    file = SimpleUploadedFile("badge.json", badge.credential.encode())  # at the door for all files, too
    assert heading(client.post(reverse("verify-file"), {"file": file})) == "徽章真实有效"


def test_the_picture_that_holds_a_badge_is_judged_with_what_is_drawn(client, certificate):
    content = given(client, "svg", certificate).content.decode()
    assert heading(hand_in(client, content)) == "徽章真实有效"
    file = SimpleUploadedFile("badge.svg", content.encode())
    assert heading(client.post(reverse("verify-file"), {"file": file})) == "徽章真实有效"
    title = certificate.title
    drawn, baked = content.partition("<openbadges:")[::2]
    forged = drawn.replace(title, "高级督导") + "<openbadges:" + baked
    assert forged != content
    page = hand_in(client, forged)
    assert heading(page) == "徽章内容被改动过" and "<li>图片</li>" in page.content.decode()
    assert "<li>课程</li>" in hand_in(client, content.replace(title, "高级督导")).content.decode()
    for other in (
        content[:-200],
        content.replace("]]></openbadges", "</openbadges"),
        drawn,
        "<svg " + "x" * 500_000,
    ):
        assert hand_in(client, other).status_code == 200


CHANGES = {
    "课程": lambda d: d["credentialSubject"]["achievement"].update(name="高级督导"),
    "徽章标题": lambda d: d.update(name="x"),
    "截止日期": lambda d: d.update(validUntil="2099-01-01T00:00:00+08:00"),
    "发证单位": lambda d: d["issuer"].update(name="别的单位"),
    "属于谁": lambda d: d["credentialSubject"].update(id="urn:me"),
    "在状态列表中的位置": lambda d: d["credentialStatus"].update(statusListIndex="1"),
    "签名": lambda d: d["proof"][0].update(proofValue="z3"),
    "grade": lambda d: d.update(grade="优秀"),  # no context knows it, so that the proof alone would hold
}


@pytest.mark.parametrize("part", CHANGES)
def test_what_was_changed_is_named(client, badge, part):
    document = badge.read()
    CHANGES[part](document)
    page = hand_in(client, json.dumps(document))
    assert heading(page) == "徽章内容被改动过"
    assert f"<li>{part}</li>" in page.content.decode()


def test_a_part_that_stands_twice_is_named_whichever_of_them_a_reader_takes(client, badge):
    for more in ('"name":"x"', f'"name":{json.dumps(badge.read()["name"])}'):
        for content in (f"{{{more},{badge.credential[1:]}", f"{badge.credential[:-1]},{more}}}"):
            page = hand_in(client, content)
            assert heading(page) == "徽章内容被改动过"
            assert "<li>徽章标题</li>" in page.content.decode()


def test_half_a_character_in_the_name_of_a_part_is_told_like_any_other(client, badge):
    half = {**badge.read(), "\ud800": 1}
    assert heading(hand_in(client, json.dumps(half))) == "徽章内容被改动过"
    head, _body, tail = badge.token.split(".")
    body = base64.urlsafe_b64encode(json.dumps(half).encode()).decode().rstrip("=")
    assert heading(hand_in(client, f"{head}.{body}.{tail}")) == "徽章内容被改动过"


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"alg": ["ES256"]},
        {"alg": {}},
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "ES256", "crit": ["b64"], "b64": False},
        {"alg": "ES256", "crit": 1},
        {"alg": "ES256", "kid": [1]},
    ],
)
def test_whatever_the_head_of_a_token_says_it_is_judged(client, badge, header):
    _head, body, tail = badge.token.split(".")
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    for signed in (tail, "", "AAAA", "=", "\u4e2d"):
        assert hand_in(client, f"{head}.{body}.{signed}").status_code == 200


def test_a_changed_token_is_told(client, badge):
    head, body, tail = badge.token.split(".")
    assert heading(hand_in(client, f"{head}.{body}.{tail[:-6]}AAAAAA")) == "徽章内容被改动过"
    payload = json.loads(from_base64url(body))
    payload["name"] = "x"
    forged = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    page = hand_in(client, f"{head}.{forged}.{tail}")
    assert "<li>徽章标题</li>" in page.content.decode()


def test_what_became_of_the_certificate_is_told(client, badge, certificate, cast, tree):
    fresh = replace(certificate=certificate, reason="更名", actor=cast.administrator)
    assert heading(hand_in(client, badge.credential)) == "徽章已换发"
    newer = badge_for(certificate=fresh)
    revoke(certificate=fresh, reason="考试作弊", actor=cast.administrator)
    assert heading(hand_in(client, newer.token)) == "徽章已撤销"


def test_a_retired_key_still_proves_and_a_withdrawn_one_does_not(client, badge, fetch, certificate):
    rotate_key(key=SigningKey.objects.get(pk=badge.proof_key_id), actor=None)
    assert proof_is_good(badge.read(), fetch) and heading(hand_in(client, badge.credential)) == "徽章真实有效"
    assert not bit_of(badge.read(), fetch)  # the list is signed with the key of today
    withdraw_key(key=SigningKey.objects.get(pk=badge.proof_key_id), reason="泄露", actor=None)
    with pytest.raises(AssertionError):
        proof_is_good(badge.read(), fetch)
    assert "密钥已作废" in hand_in(client, badge.credential).content.decode()


def test_with_its_key_withdrawn_a_badge_is_signed_anew_for_whoever_asks(
    client, badge, fetch, certificate, cast
):
    for key in (badge.proof_key, badge.token_key):
        withdraw_key(key=key, reason="失窃", actor=None)
    client.force_login(cast.administrator)
    desk = client.get(reverse("certificates:inspect", args=[certificate.pk])).content.decode()
    assert reverse("credentials:badge-page", args=[certificate.serial]) in desk, "the officer's way to it"
    assert "重新签发" in page_of(client, certificate).content.decode()
    fresh = badge_for(certificate=certificate)
    assert (fresh.number, fresh.is_proved, Badge.objects.count()) == (2, True, 2)
    assert given(client, "json", certificate).content.decode() == fresh.credential
    assert proof_is_good(fresh.read(), fetch) and token_is_good(fresh.token, fetch)
    assert bit_of(badge.read(), fetch) and not bit_of(fresh.read(), fetch), (
        "other programs learn it from the list"
    )
    assert (
        heading(hand_in(client, fresh.credential)) == heading(hand_in(client, fresh.token)) == "徽章真实有效"
    )
    for content in (badge.credential, badge.token):
        page = hand_in(client, content)
        assert heading(page) == "徽章已重新签发" and "密钥已作废" in page.content.decode()
    for each in (badge, fresh):  # compared with the one that it was, so that nothing else is called changed
        page = hand_in(client, json.dumps(each.read() | {"name": "x"}))
        assert page.context["changed"] == ["徽章标题"]
    values = {field.attname: getattr(fresh, field.attname) for field in Badge._meta.concrete_fields}
    with pytest.raises(DatabaseError), transaction.atomic():
        Badge.objects.create(**values | {"id": None, "status_index": (fresh.status_index + 1) % 131_072})
    revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    withdraw_key(key=fresh.proof_key, reason="失窃", actor=None)
    assert badge_for(certificate=certificate) == fresh, "what has ended is not signed anew"
    assert heading(hand_in(client, badge.credential)) == "徽章已撤销"


NONSENSE = [
    b"", b"{}", b"[]", b"null", b"\x00", b"\xff\xfe", b"[" * 100_000, b'{"a":1,"a":2}', b"9" * 5000, b"a.b.c",
    b'{"id":"\\ud800"}', b'{"id":7,"credentialSubject":{}}', b'{"id":"' + b"x" * 150_000 + b'"}', b"%PDF-1.7",
]  # fmt: skip


def test_nonsense_is_no_badge_and_no_fault(client, badge):
    for content in NONSENSE:
        cache.clear()
        assert hand_in(client, content).status_code == 200
    cache.clear()
    assert (
        heading(hand_in(client, json.dumps({"id": "https://x.example/1", "credentialSubject": {}})))
        == "徽章不是本平台颁发的"
    )
    elsewhere = badge.read() | {"id": f"https://evil.example/badges/{badge.certificate.code}/"}
    assert heading(hand_in(client, json.dumps(elsewhere))) == "徽章内容被改动过"
    assert client.post(VERIFY, {}).status_code == client.post(VERIFY, {"text": "\x00"}).status_code == 200
    assert "200 KB" in hand_in(client, b" " * 200_001).content.decode()
