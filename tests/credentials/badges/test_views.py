"""From a certificate to a badge: made once, served to whoever may have it, and verified by strangers."""

import json

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.models import AuditEntry
from core.states import Refused
from credentials.badges.actions import badge_for
from credentials.badges.models import Achievement, Badge, StatusList
from credentials.badges.views import FORMS
from credentials.certificates.actions import revoke
from credentials.certificates.policy import new_code
from credentials.certificates.views import LOOKUPS_A_MINUTE
from tests.credentials.badges.acts import given, page_of
from tests.credentials.badges.conftest import follows_schema
from tests.credentials.badges.verifier import bit_of, proof_is_good, token_is_good
from tests.factories import make_certificate

INSIDE = ["trainee", "administrator", "auditor"]
OUTSIDE = ["other_trainee", "supervisor", "outsider"]


def test_a_stranger_verifies_the_badge_with_nothing_but_its_file(client, certificate, fetch, cast):
    document = json.loads(given(client, "json", certificate).content)
    assert follows_schema(document) == []
    assert proof_is_good(document, fetch) and not bit_of(document, fetch)
    assert not proof_is_good({**document, "name": "别的课程"}, fetch)
    token = given(client, "jwt", certificate).content.decode()
    assert token_is_good(token, fetch) and not token_is_good(token[:-4] + "AAAA", fetch)
    profile = fetch(document["issuer"]["id"])
    assert follows_schema(profile, "profile") == [] and profile["name"] == certificate.facts["issuer"]
    achievement = document["credentialSubject"]["achievement"]
    assert fetch(achievement["id"]) == achievement
    assert fetch(document["id"]) == document
    picture = client.get(achievement["image"]["id"].split("8000")[-1])
    assert (
        picture["Content-Type"] == "image/svg+xml" and certificate.facts["issuer"] in picture.content.decode()
    )
    for text in (json.dumps(document, ensure_ascii=False), token):  # the holder is nowhere in it
        assert certificate.name not in text and certificate.person.user.email not in text
    revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    assert bit_of(document, fetch)  # at once, though the list is kept for some minutes
    assert given(client, "json", certificate).content.decode() == Badge.objects.get().credential


def test_a_badge_is_made_once_and_then_never_changed(client, certificate, cast):
    client.force_login(cast.trainee)
    assert page_of(client, certificate).status_code == 200
    row = Badge.objects.get()
    assert given(client, "json", certificate).content.decode() == row.credential
    assert badge_for(certificate=certificate) == row
    assert AuditEntry.objects.filter(action="credentials.issue_badge").count() == 1
    for change in (
        lambda: Badge.objects.update(credential="{}"),
        lambda: Badge.objects.all()._raw_delete("default"),
        lambda: Achievement.objects.update(facts={}),
        lambda: StatusList.objects.update(number=7),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_two_badges_never_share_a_place(badge, cast, tree):
    other = make_certificate(cast.other_trainee.person, tree["district"])
    values = {
        field.attname: getattr(badge, field.attname)
        for field in Badge._meta.concrete_fields
        if field.name != "id"
    }
    for place in (badge.status_index, 131_072):
        with pytest.raises(DatabaseError), transaction.atomic():
            Badge.objects.create(**values | {"certificate_id": other.pk, "status_index": place})


def test_a_place_that_is_taken_is_passed_by(badge, cast, tree, monkeypatch):
    places = iter([badge.status_index, badge.status_index, 5])
    monkeypatch.setattr("credentials.badges.actions.new_place", lambda: next(places))
    same = badge.certificate.enrolment.cohort
    other = make_certificate(cast.other_trainee.person, tree["district"], same)
    assert badge_for(certificate=other).status_index == 5
    assert badge_for(certificate=other).achievement == badge.achievement  # the same course, the same words
    assert StatusList.objects.count() == 1


@pytest.mark.parametrize("part", INSIDE)
def test_the_holder_and_the_officers_see_the_page(client, certificate, cast, part):
    client.force_login(getattr(cast, part))
    page = page_of(client, certificate).content.decode()
    assert certificate.verify_url in page
    assert all(reverse(f"badge-{form}", args=[certificate.code]) in page for form in FORMS)
    assert (
        reverse("credentials:badge-page", args=[certificate.serial])
        in client.get(certificate.get_absolute_url()).content.decode()
    )


@pytest.mark.parametrize("part", OUTSIDE)
def test_for_everybody_else_there_is_no_page(client, certificate, cast, part):
    client.force_login(getattr(cast, part))
    assert page_of(client, certificate).status_code == 404
    assert not Badge.objects.visible_to(getattr(cast, part)).exists()


def test_only_the_unguessable_code_opens_a_badge(client, certificate, badge):
    for code in (certificate.serial, new_code(), "%00", "x", "9" * 300, "中" * 20):
        for name in ("badge", "badge-json", "badge-jwt", "badge-svg"):
            cache.clear()
            assert client.get(reverse(name, args=[code])).status_code == 404
    person = client.get(reverse("badge", args=[certificate.code]), headers={"Accept": "text/html,*/*"})
    assert person.url == reverse("verify-code", args=[certificate.code])
    answer = given(client, "json", certificate)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Content-Disposition"] == f'attachment; filename="{certificate.serial}.json"'
    cache.clear()
    with time_machine.travel("2026-11-26T08:00:00Z", tick=False):  # within one minute
        tries = [given(client, "json", certificate).status_code for _ in range(LOOKUPS_A_MINUTE + 1)]
    assert (tries[0], tries[-1]) == (200, 429)


def test_a_certificate_that_ended_without_a_badge_gets_none(client, certificate, cast):
    revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    with pytest.raises(Refused):
        badge_for(certificate=certificate)
    assert given(client, "json", certificate).status_code == 410
    client.force_login(cast.trainee)
    assert "这份证书没有徽章" in page_of(client, certificate).content.decode()


def test_without_a_key_it_says_so_and_fails_nowhere(client, certificate, cast, settings):
    settings.KEYS_AUTO = False
    assert given(client, "json", certificate).status_code == 503
    client.force_login(cast.trainee)
    assert "没有可用的签名密钥" in page_of(client, certificate).content.decode()
