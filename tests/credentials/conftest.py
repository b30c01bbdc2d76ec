"""One certificate of the trainee, issued by the district; everybody else of the cast stands around it."""

import hashlib

import pytest

from credentials.certificates.files import open_file, render_file
from credentials.models import Certificate
from tests.factories import make_certificate


@pytest.fixture
def certificate(tree, cast):
    return make_certificate(cast.trainee.person, tree["district"])


def pdf_of(certificate: Certificate) -> bytes:
    """The bytes that are handed out today, which must be those whose hash the row keeps."""
    render_file(certificate_id=certificate.pk)
    certificate.refresh_from_db()
    with open_file(certificate=certificate) as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == certificate.sha256
    return content
