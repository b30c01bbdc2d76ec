"""Certificates at the desk: the list, the verbs of an officer, and what is on hold."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Person
from credentials.certificates.actions import NotIndependent, issue, redraw, renew, replace, revoke
from credentials.models import Certificate, PendingIssue
from lms.public import completion_told
from tests.factories import give_role, make_certificate, make_cohort, make_enrolment, make_user

READ = ["administrator", "city_administrator", "auditor"]
OUTSIDE = ["trainee", "other_trainee", "supervisor", "instructor", "finance", "outsider", "outside_trainee"]
INDEX, ON_HOLD = reverse("certificates:index"), reverse("certificates:on-hold")


def address(name, row):
    return reverse(f"certificates:{name}", args=[row.pk])


@pytest.fixture
def pending(tree, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王ཀ")
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, "completed")
    assert issue(event=completion_told(enrolment.pk)) is None
    return PendingIssue.objects.get()


def refused(answer) -> bool:
    """Turned away: no such row, no such right, or no desk for this person at all."""
    return answer.status_code in (403, 404) or (
        answer.status_code == 302 and "certificates" not in answer.url
    )


# --- Who -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", READ)
def test_the_officers_of_the_place_find_it_with_its_history(client, certificate, cast, part):
    client.force_login(getattr(cast, part))
    assert certificate.serial in client.get(INDEX).content.decode()
    page = client.get(address("inspect", certificate)).content.decode()
    assert certificate.code_grouped in page
    assert ("/revoke/" in page) is (part != "auditor")
    assert ("/replace/" in page) is (part != "auditor")


@pytest.mark.parametrize("part", OUTSIDE)
def test_others_find_nothing_and_do_nothing(client, certificate, cast, part):
    client.force_login(getattr(cast, part))
    assert certificate.serial not in client.get(INDEX).content.decode()
    assert refused(client.get(address("inspect", certificate)))
    for verb in ("revoke", "replace"):
        assert refused(client.get(address(verb, certificate)))
        assert refused(client.post(address(verb, certificate), {"kind": "other", "reason": "x"}))
    assert Certificate.objects.get().state == "valid"


def test_another_district_and_an_auditor_get_404_for_the_verbs(client, certificate, cast):
    for part in ("outsider", "auditor"):
        client.force_login(getattr(cast, part))
        for verb in ("revoke", "replace"):
            assert (
                client.post(address(verb, certificate), {"kind": "other", "reason": "x"}).status_code == 404
            )
    assert Certificate.objects.get().state == "valid"


def test_an_officer_does_not_touch_their_own(client, tree, cast):
    own = make_certificate(cast.administrator.person, tree["district"])
    client.force_login(cast.administrator)
    assert "/revoke/" not in client.get(address("inspect", own)).content.decode()
    assert client.post(address("revoke", own), {"kind": "other", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("part", ["administrator", "puppet"])
def test_nor_does_whoever_the_holder_has_let_in_and_the_page_says_why(client, tree, cast, part):
    """The act asks by itself, and what is asked holds where the certificate was issued, wherever the holder works."""
    puppet = make_user("傀儡", tree["district"])
    give_role(puppet, "administrator", tree["district"], granted_by=cast.administrator)
    user, words = (puppet, "来自本人") if part == "puppet" else (cast.administrator, "本人的证书")
    Person.objects.filter(pk=cast.administrator.person.pk).update(employer=tree["other_station"])
    today = timezone.localdate()
    own = make_certificate(
        cast.administrator.person, tree["district"], issued_on=today - timedelta(days=700), expires_on=today
    )
    acts = {"revoke": revoke, "replace": replace, "renew": renew, "redraw": redraw}
    client.force_login(user)
    shown = client.get(address("inspect", own)).content.decode()
    assert words in shown
    for verb, act in acts.items():
        assert f"/{verb}/" not in shown and not user.has_perm(f"credentials.{verb}_certificate", own)
        assert client.post(address(verb, own), {"kind": "other", "reason": "x"}).status_code == 404
        with pytest.raises(NotIndependent, match=words):
            act(certificate=own, reason="x", actor=user)
    assert Certificate.objects.get().state == "valid"
    client.force_login(cast.city_administrator)
    assert words not in client.get(address("inspect", own)).content.decode()
    renew(certificate=own, reason="复审合格", actor=cast.city_administrator)


def test_there_is_no_way_to_delete_or_edit(client, certificate, cast):
    client.force_login(cast.city_administrator)
    for verb in ("delete", "edit", "copy"):
        assert client.get(f"/admin/certificates/{verb}/{certificate.pk}/").status_code == 404
        assert client.get(f"/admin/certificates/{certificate.pk}/{verb}/").status_code == 404


# --- Verbs ---------------------------------------------------------------------------------------------------------


def test_revoking_asks_for_a_reason_and_then_every_page_says_so(client, certificate, cast):
    client.force_login(cast.administrator)
    assert "林小荷" in client.get(address("revoke", certificate)).content.decode()
    answer = client.post(address("revoke", certificate), {"kind": "other", "reason": " "})
    assert answer.status_code == 200
    assert answer.context["form"].errors["reason"]
    answer = client.post(address("revoke", certificate), {"kind": "other", "reason": "考试作弊"}, follow=True)
    assert "考试作弊" in answer.content.decode()
    assert AuditEntry.objects.get(action="credentials.revoke").user == cast.administrator
    client.logout()
    assert "verdict--revoked" in client.get(reverse("verify-code", args=[certificate.code])).content.decode()


def test_a_second_click_changes_nothing_and_says_so(client, certificate, cast):
    client.force_login(cast.administrator)
    client.post(address("revoke", certificate), {"kind": "other", "reason": "考试作弊"})
    for verb in ("revoke", "replace"):
        answer = client.post(address(verb, certificate), {"kind": "other", "reason": "再来"}, follow=True)
        assert answer.status_code == 200
        asked = client.get(address(verb, certificate))  # the page of before, by the back button
        assert asked.url == address("inspect", certificate)
    certificate.refresh_from_db()
    assert certificate.reason == "考试作弊"
    assert Certificate.objects.count() == 1


def test_replacing_shows_the_chain_on_both_pages(client, certificate, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="陈𬭎")
    client.force_login(cast.administrator)
    assert "陈𬭎" in client.get(address("replace", certificate)).content.decode()
    answer = client.post(address("replace", certificate), {"kind": "other", "reason": "更名"}, follow=True)
    fresh = Certificate.objects.get(state="valid")
    assert (fresh.name, fresh.replaces) == ("陈𬭎", certificate)
    for row in (certificate, fresh):
        page = client.get(address("inspect", row)).content.decode()
        assert certificate.serial in page
        assert fresh.serial in page
    assert fresh.serial in answer.content.decode()


def test_a_name_that_no_font_has_is_named_and_replaces_nothing(client, certificate, cast):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王ཀ")
    client.force_login(cast.administrator)
    answer = client.post(address("replace", certificate), {"kind": "other", "reason": "更名"})
    assert answer.status_code == 200
    assert "U+0F40" in answer.content.decode()
    assert Certificate.objects.get().state == "valid"


# --- Search --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["王䶮", "李堃", "赵㛃", "陈𬭎"])
def test_a_rare_name_is_found_by_any_part_of_it(client, certificate, tree, cast, name):
    rare = make_certificate(make_user(name, tree["station"]).person, tree["district"])
    client.force_login(cast.administrator)
    for words in (name, name[-1], rare.serial):
        page = client.get(INDEX, {"q": words}).content.decode()
        assert rare.serial in page
        assert certificate.serial not in page


@pytest.mark.parametrize("query", ["\x00", "'", "%", "x" * 3000, "𬭎" * 100])
def test_no_query_breaks_the_list(client, certificate, cast, query):
    client.force_login(cast.administrator)
    assert client.get(INDEX, {"q": query}).status_code == 200
    for name in ("state", "issued_on_from", "organisation", "p"):
        assert client.get(INDEX, {name: query}).status_code in (200, 404)


# --- On hold -------------------------------------------------------------------------------------------------------


def test_what_is_on_hold_says_which_character(client, pending, cast):
    client.force_login(cast.auditor)
    page = client.get(ON_HOLD).content.decode()
    assert "ཀ (U+0F40)" in page
    assert "try" not in page or address("try-again", pending) not in page


def test_tried_again_after_the_correction_it_is_issued_once(client, pending, cast):
    client.force_login(cast.administrator)
    again = address("try-again", pending)
    assert again in client.get(ON_HOLD).content.decode()
    client.post(again)
    assert not Certificate.objects.exists()
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王䶮")
    for _ in range(2):
        answer = client.post(again, follow=True)
        assert answer.status_code == 200
        assert Certificate.objects.get().serial in answer.content.decode()
    assert again not in client.get(ON_HOLD).content.decode()


@pytest.mark.parametrize("part", [*OUTSIDE, "auditor"])
def test_only_the_officers_of_the_place_try_again(client, pending, cast, part):
    Person.objects.filter(pk=cast.trainee.person.pk).update(name="王䶮")
    client.force_login(getattr(cast, part))
    assert refused(client.post(address("try-again", pending)))
    assert not Certificate.objects.exists()
    if part != "auditor":
        answer = client.get(ON_HOLD)
        assert refused(answer) or "王䶮" not in answer.content.decode()


def test_nobody_tries_again_for_themselves(client, tree, cast):
    Person.objects.filter(pk=cast.administrator.person.pk).update(name="王ཀ")
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.administrator.person, "completed")
    issue(event=completion_told(enrolment.pk))
    own = PendingIssue.objects.get()
    client.force_login(cast.administrator)
    assert address("try-again", own) not in client.get(ON_HOLD).content.decode()
    assert client.post(address("try-again", own)).status_code == 404


# --- Cost ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 9])
def test_lists_take_the_same_statements_for_one_and_for_many(
    client, tree, cast, number, django_assert_max_num_queries
):
    for _ in range(number):
        person = make_user("林一", tree["station"]).person
        shown = make_certificate(person, tree["district"])
        Person.objects.filter(pk=person.pk).update(name="王ཀ")
        held = make_enrolment(make_cohort(tree["district"]), person, "completed")
        issue(event=completion_told(held.pk))
    client.force_login(cast.administrator)

    def asked(page):
        client.get(page)
        with django_assert_max_num_queries(60) as captured:
            assert client.get(page).status_code == 200
        return len([one for one in captured.captured_queries if re.search(r"credentials_", one["sql"])])

    assert asked(INDEX) == 2
    assert asked(ON_HOLD) == 1
    assert asked(address("inspect", shown)) == 3
