"""Keys: made once, rotated without breaking what they signed, kept outside the database, and served to everybody."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from joserfc.jwk import ECKey, OKPKey

from core.models import AuditEntry, User
from core.states import IllegalMove, Refused
from credentials.keys.actions import make_key, rotate_key, signer_for, withdraw_key
from credentials.keys.files import KeyMissing, path_of
from credentials.keys.states import Purpose
from credentials.models import SigningKey
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("purpose", Purpose.values)
def test_the_first_key_is_made_on_first_need_and_found_from_then_on(purpose):
    first, again = signer_for(purpose), signer_for(purpose)
    assert first.row == again.row
    assert first.private is again.private, "read once per process"
    file = path_of(first.row.fingerprint)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "PRIVATE" not in first.row.public_key + first.row.certificate
    assert AuditEntry.objects.get(action="credentials.make_key").target_id == str(first.row.pk)
    other = (OKPKey if purpose == "badge" else ECKey).import_key(first.row.public_key)
    assert other.thumbprint() == first.row.jwk["kid"], "another library names it the same"
    assert first.row.multikey.startswith("z6Mk" if purpose == "badge" else "zDn")


def test_the_certificate_of_a_pdf_key_signs_documents_and_nothing_else():
    row = signer_for("pdf").row
    certificate = x509.load_pem_x509_certificate(row.certificate.encode())
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert isinstance(certificate.public_key().curve, ec.SECP256R1)
    assert "章" not in certificate.subject.rfc4514_string()
    assert certificate.not_valid_after_utc == row.expires_at


def test_a_rotation_retires_the_old_key_which_stays_published_and_a_withdrawn_one_does_not(client):
    old = signer_for("pdf").row
    fresh = rotate_key(key=old, actor=None)
    assert signer_for("pdf").row == fresh
    assert path_of(old.fingerprint).exists()
    with pytest.raises(IllegalMove):
        rotate_key(key=SigningKey.objects.get(pk=old.pk), actor=None)
    kids = {key["kid"] for key in client.get(reverse("key-set")).json()["keys"]}
    assert kids == {old.jwk["kid"], fresh.jwk["kid"]}
    with pytest.raises(Refused):
        withdraw_key(key=fresh, reason=" ", actor=None)
    third = withdraw_key(key=fresh, reason="硬盘失窃", actor=None)
    assert signer_for("pdf").row == third
    assert {key["kid"] for key in client.get(reverse("key-set")).json()["keys"]} == {
        old.jwk["kid"],
        third.jwk["kid"],
    }
    page = client.get(reverse("verify-keys")).content.decode()
    assert "硬盘失窃" in page
    assert "PRIVATE" not in page
    pem = client.get(reverse("verify-key-pem", args=[fresh.fingerprint]))
    assert pem.content.decode() == fresh.certificate
    assert client.get(reverse("verify-key-jwk", args=[old.fingerprint])).json()["kid"] == old.jwk["kid"]
    for nothing in ("x", "0" * 64, "F" * 64, "%00"):
        assert client.get(f"/verify/keys/{nothing}/pem/").status_code == 404


def test_the_database_refuses_two_keys_in_use_another_public_key_and_a_deletion():
    key = signer_for("badge").row
    with pytest.raises(Refused):
        make_key(purpose="badge", actor=None)
    values = {"purpose": "badge", "public_key": "x", "starts_at": key.starts_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.create(fingerprint="1" * 64, **values)
    for change in (
        lambda: SigningKey.objects.filter(pk=key.pk).update(public_key="x"),
        lambda: SigningKey.objects.filter(pk=key.pk).delete(),
        lambda: SigningKey.objects.filter(pk=key.pk).update(state="withdrawn", ended_at=key.starts_at),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_eight_that_need_the_first_key_at_once_get_one():
    assert len(set(at_once(lambda _: signer_for("pdf").row.pk, range(8)))) == 1
    assert SigningKey.objects.count() == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_makes_the_key_and_the_others_are_told():
    def make(_number):
        try:
            return make_key(purpose="pdf", actor=None).pk
        except Refused:
            return None

    assert at_once(make, range(8)).count(None) == 7
    assert SigningKey.objects.count() == 1


def test_without_a_key_or_its_file_the_operator_is_told_what_to_do(settings):
    settings.KEYS_AUTO = False
    with pytest.raises(KeyMissing, match="keys make pdf"):
        signer_for("pdf")
    row = make_key(purpose="pdf", actor=None)
    path_of(row.fingerprint).unlink()
    with pytest.raises(KeyMissing, match="backup"):
        signer_for("pdf")
    path_of(row.fingerprint).write_bytes(
        path_of(make_key(purpose="token", actor=None).fingerprint).read_bytes()
    )
    with pytest.raises(KeyMissing, match="another key"):
        signer_for("pdf")


def test_the_operator_makes_lists_rotates_and_withdraws():
    def run(*words):
        out = StringIO()
        call_command("keys", *words, stdout=out)
        return out.getvalue()

    assert run("make").count("back it up now") == 3
    assert run("make") == ""
    with pytest.raises(CommandError):
        run("make", "pdf")
    before = SigningKey.objects.get(purpose="pdf")
    assert run("rotate", "pdf").count("\n") == 1
    assert run("withdraw", before.fingerprint, "--reason", "试验") == ""
    rows = run("list")
    assert rows.count("\n") == 4
    assert "withdrawn" in rows
    assert str(Path(settings.KEYS_DIR)) in rows
    with pytest.raises(CommandError):
        run("withdraw", "nothing", "--reason", "试验")


def test_the_list_warns_of_a_file_that_others_may_read(capsys):
    file = path_of(signer_for("pdf").row.fingerprint)
    call_command("keys", "list")
    assert "OPEN TO OTHERS" not in capsys.readouterr().out
    file.chmod(0o640)
    call_command("keys", "list")
    assert "OPEN TO OTHERS" in capsys.readouterr().out


def test_the_desk_of_keys_is_the_system_administrators_only(client, cast, django_assert_max_num_queries):
    key = signer_for("pdf").row
    root = User.objects.create_superuser(email="root@example.com", password="correct horse")
    places = [reverse("keys:index"), reverse("keys:withdraw", args=[key.pk])]
    client.force_login(cast.city_administrator)
    assert {client.get(place).status_code for place in places} == {404}
    assert client.post(reverse("keys:rotate", args=[key.pk])).status_code == 404
    client.force_login(root)
    assert key.fingerprint[:16] in client.get(places[0]).content.decode()
    assert client.get(places[1]).status_code == 200
    client.post(reverse("keys:rotate", args=[key.pk]))
    client.post(reverse("keys:rotate", args=[key.pk]))
    assert SigningKey.objects.filter(purpose="pdf").count() == 2, "a second click changes nothing"
    client.post(reverse("keys:make"), {"purpose": "badge"})
    client.post(reverse("keys:make"), {"purpose": "badge"})
    assert client.post(reverse("keys:make"), {"purpose": "x"}).status_code == 404
    assert client.post(places[1], {"reason": ""}).status_code == 200
    client.post(places[1], {"reason": "试验"})
    key.refresh_from_db()
    assert (key.state, key.reason) == ("withdrawn", "试验")
    assert AuditEntry.objects.filter(action="credentials.rotate_key").get().user == root
    with django_assert_max_num_queries(14):  # of three keys and seven acts
        text = client.get(places[0]).content.decode()
    assert json.dumps(key.jwk) not in text
