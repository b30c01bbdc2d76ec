"""The stored PDF: made once, kept with its hash, and nothing else is ever handed out."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from credentials.certificates.files import open_file, render_file
from credentials.models import Certificate
from credentials.tasks import queue_file
from credentials.tasks import render_file as render_task
from tests.credentials.conftest import pdf_of


def test_the_file_is_stored_once_under_its_hash(certificate):
    first, again = (render_file(certificate_id=certificate.pk) for _ in range(2))
    assert (first.sha256, first.file) == (again.sha256, again.file)
    with storages["private"].open(first.file) as file:
        stored = file.read()
    assert hashlib.sha256(stored).hexdigest() == first.sha256
    assert first.file.endswith(f"/{first.sha256}.pdf")
    assert stored == pdf_of(certificate)


def test_the_task_makes_the_file_and_a_queue_in_trouble_only_waits_for_the_reconciler(certificate, caplog):
    app = render_task.app
    changes = {"task_always_eager": True, "task_eager_propagates": True}
    before = {name: app.conf[name] for name in changes}
    app.conf.update(changes)
    try:
        queue_file(Certificate, certificate_id=certificate.pk)
        assert not Certificate.objects.without_file().exists()
        queue_file(Certificate, certificate_id=0)
    finally:
        app.conf.update(before)
    assert "the reconciler will make the file" in caplog.text


@pytest.mark.parametrize("found", [None, b"", b"%PDF-1.4 something else"])
def test_a_lost_or_spoilt_file_is_made_again_to_the_last_byte(certificate, found):
    before = pdf_of(certificate)
    store = storages["private"]
    store.delete(certificate.file)
    if found is not None:
        store.save(certificate.file, ContentFile(found))
    assert pdf_of(certificate) == before
    with store.open(certificate.file) as file:
        assert file.read() == before


def test_bytes_that_were_not_issued_are_never_handed_out(certificate, client, cast):
    """Somebody wrote another file into the store, and another hash into the row: it cannot be made again."""
    Certificate.objects.filter(pk=certificate.pk).update(sha256="0" * 64, file="certificates/none.pdf")
    certificate.refresh_from_db()
    storages["private"].save("certificates/none.pdf", ContentFile(b"%PDF-forged"))
    with pytest.raises(FileNotFoundError):
        open_file(certificate=certificate)
    client.force_login(cast.trainee)
    answer = client.get(f"/credentials/certificates/{certificate.serial}/file/", follow=True)
    assert answer.redirect_chain[-1][0] == certificate.get_absolute_url()
    assert answer.context["messages"]
