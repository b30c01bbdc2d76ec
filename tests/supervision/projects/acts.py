"""What the tests of companion projects do and send."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import (
    make_session,
)

MARKER = "金丝雀暗号canary5512"


READERS = ["administrator", "city_administrator", "auditor"]


def text(response):
    return response.content.decode()


def visit_session(pairing, state="confirmed", days_ago=3, mode="accompanying"):
    session = make_session(pairing, days_ago=days_ago)
    type(session).objects.filter(pk=session.pk).update(mode=mode)
    if state == "confirmed":
        fields = {"state": state, "confirmed_at": timezone.now(), "confirmed_by_id": pairing.mentee.user_id}
        type(session).objects.filter(pk=session.pk).update(**fields)
    session.refresh_from_db()
    return session


def pdf(name="报告.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 report", content_type="application/pdf")


def values(cast, **more):
    today = timezone.localdate()
    person = cast.trainee.person
    given = {
        "title": "新项目",
        "goals": "评估",
        "mentees": [str(person.pk)],
        "organisation": str(person.employer_id),
    }
    return (
        given | {"starts_on": f"{today:%Y-%m-%d}", "ends_on": f"{today + timedelta(days=90):%Y-%m-%d}"} | more
    )
