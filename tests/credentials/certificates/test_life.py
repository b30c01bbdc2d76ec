"""What happens to a certificate after its issue: ended for a kind of reason, renewed for another term, its file made anew."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry
from core.states import IllegalMove, Refused
from credentials.certificates.actions import redraw, renew, revoke
from credentials.certificates.policy import months_before, renewal_of
from credentials.certificates.queries import look_up
from credentials.models import Certificate, CertificateEdition
from credentials.qualifications.policy import last_day_of
from credentials.verifying.queries import judge_file
from tests.credentials.conftest import pdf_of
from tests.factories import make_certificate

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1))


@given(issued=DAYS, years=st.integers(1, 9), wait=st.integers(-2000, 4000))
def test_a_renewal_adds_a_term_and_loses_no_day(issued, years, wait):
    ends = last_day_of(issued, years)
    today = ends + dt.timedelta(days=wait)
    found = renewal_of(issued, ends, years, today)
    assert found == renewal_of(issued, ends, None, today), "the term can be told from the days"
    begins = max(today, ends + dt.timedelta(days=1))
    assert found.until == last_day_of(begins, years)
    assert dt.timedelta(days=89) <= ends - found.from_day <= dt.timedelta(days=92)
    assert renewal_of(issued, None, years, today) is None


def test_three_months_before_the_last_day_of_a_month():
    assert months_before(dt.date(2026, 5, 31), 3) == dt.date(2026, 2, 28)
    assert months_before(dt.date(2028, 5, 31), 3) == dt.date(2028, 2, 29)
    assert months_before(dt.date(2026, 1, 15), 3) == dt.date(2025, 10, 15)


def test_a_certificate_that_has_expired_is_renewed_once_and_the_chain_shows_it(tree, cast):
    today = timezone.localdate()
    person = cast.trainee.person
    old = make_certificate(
        person,
        tree["district"],
        issued_on=today - dt.timedelta(days=800),
        expires_on=today - dt.timedelta(days=70),
    )
    fresh = renew(certificate=old, reason="复审合格", actor=cast.administrator)
    assert (fresh.replaces, fresh.verdict().value) == (old, "valid")
    assert fresh.expires_on == last_day_of(today, 2)
    old.refresh_from_db()
    assert (old.state, old.reason_class) == ("replaced", "renewed")
    assert look_up(old.code).certificate.replaced_by == fresh
    with pytest.raises(IllegalMove):
        renew(certificate=old, reason="再来", actor=cast.administrator)
    with pytest.raises(Refused, match="三个月"):
        renew(certificate=fresh, reason="太早", actor=cast.administrator)
    with pytest.raises(Refused):
        renew(
            certificate=make_certificate(person, tree["district"]), reason="无期限", actor=cast.administrator
        )
    assert AuditEntry.objects.get(action="credentials.renew").data["after"]["by"] == fresh.serial


def test_a_file_made_anew_is_handed_out_and_the_one_before_is_genuine_but_superseded(
    certificate, cast, client
):
    before = pdf_of(certificate)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=5), tick=False):
        edition = redraw(certificate=certificate, reason="版式更新", actor=cast.administrator)
        with pytest.raises(Refused, match="刚刚"):
            redraw(certificate=certificate, reason="又点一次", actor=cast.administrator)
    client.force_login(cast.trainee)
    answer = client.get(reverse("credentials:certificate-file", args=[certificate.serial]))
    now = b"".join(answer.streaming_content)
    assert now != before
    assert judge_file(now).verdict.value == "genuine"
    old = judge_file(before)
    assert (old.verdict.value, old.mark, old.paper.word) == ("old", "replaced", "有效")
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=15), tick=False):
        third = redraw(certificate=certificate, reason="再次", actor=cast.administrator)
    assert third.number == edition.number + 1 == 3
    assert judge_file(now).verdict.value == "old"
    assert AuditEntry.objects.filter(action="credentials.redraw").count() == 2
    with pytest.raises(Refused):
        redraw(certificate=certificate, reason=" ", actor=cast.administrator)
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateEdition.objects.update(reason="改写")
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(signed_with=None)
    revoke(certificate=certificate, reason="考试作弊", reason_class="untrue", actor=cast.administrator)
    with pytest.raises(IllegalMove):
        redraw(certificate=certificate, reason="已撤销", actor=cast.administrator)
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(reason_class="mistake")


def test_an_unsigned_file_of_earlier_times_is_still_known_and_can_be_signed_now(certificate, cast):
    from credentials.certificates.document import render
    from credentials.certificates.files import printed_facts, store_whole

    plain = render(printed_facts(certificate))
    digest, name = store_whole(plain, "certificates", certificate.issued_on)
    Certificate.objects.filter(pk=certificate.pk).update(sha256=digest, file=name)
    certificate.refresh_from_db()
    assert pdf_of(certificate) == plain
    assert judge_file(plain).verdict.value == "genuine"
    redraw(certificate=certificate, reason="补签名", actor=cast.administrator)
    assert judge_file(plain).verdict.value == "old"


def test_the_desk_renews_makes_anew_and_asks_for_a_kind_of_reason(client, certificate, tree, cast):
    ending = make_certificate(
        cast.trainee.person, tree["district"], expires_on=timezone.localdate() + dt.timedelta(days=10)
    )
    client.force_login(cast.administrator)
    page = client.get(reverse("certificates:inspect", args=[ending.pk])).content.decode()
    assert reverse("certificates:renew", args=[ending.pk]) in page
    client.post(reverse("certificates:renew", args=[ending.pk]), {"reason": "复审合格"})
    assert Certificate.objects.get(replaces=ending).verdict().value == "valid"
    place = reverse("certificates:redraw", args=[certificate.pk])
    assert client.get(place).status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=5)):
        client.post(place, {"reason": "版式更新"})
    assert "版式更新" in client.get(reverse("certificates:inspect", args=[certificate.pk])).content.decode()
    for kind in ("", "name", "x"):
        answer = client.post(
            reverse("certificates:revoke", args=[certificate.pk]), {"reason": "错", "kind": kind}
        )
        assert answer.context["form"].errors["kind"]
    client.post(reverse("certificates:replace", args=[certificate.pk]), {"reason": "更名", "kind": "name"})
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason_class) == ("replaced", "name")
    client.force_login(cast.auditor)
    assert client.post(place, {"reason": "x"}).status_code == 404
