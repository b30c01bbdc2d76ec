"""The holder's own pages: the list, the sheet, the file; and nothing of anybody else's."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import User
from credentials.certificates.actions import replace, revoke
from tests.credentials.conftest import pdf_of
from tests.factories import make_certificate, make_cohort

INSIDE = ["trainee", "administrator", "city_administrator", "auditor"]
OUTSIDE = ["other_trainee", "supervisor", "instructor", "finance", "outsider", "outside_trainee"]
LIST = reverse("credentials:certificate-list")


def file_of(certificate) -> str:
    return reverse("credentials:certificate-file", args=[certificate.serial])


@pytest.mark.parametrize("part", INSIDE)
def test_the_holder_and_the_officers_of_the_place_read_it(client, certificate, cast, part):
    client.force_login(getattr(cast, part))
    page = client.get(certificate.get_absolute_url())
    assert page.status_code == client.get(file_of(certificate)).status_code == 200
    assert certificate.serial in page.content.decode()
    assert certificate.code_grouped in page.content.decode()


@pytest.mark.parametrize("part", OUTSIDE)
def test_for_everybody_else_it_is_not_there(client, certificate, cast, part):
    client.force_login(getattr(cast, part))
    assert client.get(certificate.get_absolute_url()).status_code == 404
    assert client.get(file_of(certificate)).status_code == 404
    assert certificate.serial not in client.get(LIST).content.decode()


def test_nobody_is_let_in_without_signing_in(client, certificate):
    for address in (LIST, certificate.get_absolute_url(), file_of(certificate)):
        assert "login" in client.get(address).url


@pytest.mark.parametrize(
    "serial", ["x", "%00", "XH-2026-999999-2", "XH-2026-000001-%00", "中" * 30, "9" * 400]
)
def test_a_number_that_is_none_is_not_found(client, certificate, cast, serial):
    client.force_login(cast.trainee)
    assert client.get(f"/credentials/certificates/{serial}/").status_code == 404
    assert client.get(f"/credentials/certificates/{serial}/file/").status_code == 404


def test_the_file_is_private_named_and_taken_for_nothing_else(client, certificate, cast):
    client.force_login(cast.trainee)
    answer = client.get(file_of(certificate))
    content = b"".join(answer.streaming_content)
    assert content == pdf_of(certificate)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert int(answer["Content-Length"]) == len(content)
    name = quote(f"{certificate.serial} 林小荷.pdf")
    assert answer["Content-Disposition"] == f"inline; filename*=utf-8''{name}"
    download = client.get(f"{file_of(certificate)}?download")
    assert download["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"


def test_only_looking_at_the_head_and_asking_for_a_part_work(client, certificate, cast):
    client.force_login(cast.trainee)
    head = client.head(file_of(certificate))
    assert (head.status_code, b"".join(head)) == (200, b"")
    part = client.get(file_of(certificate), headers={"Range": "bytes=0-3"})
    assert part.status_code in (200, 206)
    assert b"".join(part.streaming_content)[:4] == b"%PDF"
    for address in (LIST, certificate.get_absolute_url()):
        assert client.head(address).status_code == 200
    assert client.post(file_of(certificate)).status_code == 405


def test_the_pages_say_what_it_is_worth_today_and_why(client, certificate, tree, cast):
    yesterday = timezone.localdate() - timedelta(days=1)
    expired = make_certificate(cast.trainee.person, tree["district"], expires_on=yesterday)
    other = make_certificate(cast.trainee.person, tree["district"])
    revoke(certificate=certificate, reason="考试作弊", actor=cast.administrator)
    fresh = replace(certificate=other, reason="证书遗失", actor=cast.administrator)
    client.force_login(cast.trainee)
    listed = client.get(LIST).content.decode()
    for label in ("有效", "已过期", "已撤销", "已换发"):
        assert label in listed
    assert "考试作弊" in client.get(certificate.get_absolute_url()).content.decode()
    page = client.get(other.get_absolute_url()).content.decode()
    assert "证书遗失" in page
    assert fresh.get_absolute_url() in page
    assert other.get_absolute_url() in client.get(fresh.get_absolute_url()).content.decode()
    assert client.get(expired.get_absolute_url()).status_code == 200


def test_an_account_without_a_person_finds_an_empty_list(client, db):
    client.force_login(User.objects.create_user("bare@example.com"))
    answer = client.get(LIST)
    assert answer.status_code == 200
    assert 'class="empty"' in answer.content.decode()


@pytest.mark.parametrize("number", [1, 9])
def test_pages_take_the_same_statements_for_one_and_for_many(
    client, tree, cast, number, django_assert_max_num_queries
):
    cohorts = [make_cohort(tree["district"]) for _ in range(number)]
    rows = [make_certificate(cast.trainee.person, tree["district"], cohort) for cohort in cohorts]
    client.force_login(cast.trainee)

    def asked(address):
        client.get(address)
        with django_assert_max_num_queries(40) as captured:
            assert client.get(address).status_code == 200
        return len([one for one in captured.captured_queries if "credentials_" in one["sql"]])

    assert asked(LIST) == 1
    assert asked(rows[0].get_absolute_url()) == 1
    assert asked(file_of(rows[0])) == 2
