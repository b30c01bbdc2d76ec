"""A device on which somebody watches, and what is credited."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client
from django.urls import reverse

from lms.models import Watching
from tests.factories import make_cohort, make_enrolment, make_version

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)  # nine in the morning in Shanghai


class Device:
    """A signed-in browser with one player, which says whatever it likes."""

    def __init__(self, user, enrolment, token="a", medium="film0"):
        self.client, self.enrolment, self.token, self.medium = Client(), enrolment, token, medium
        self.client.force_login(user)
        self.key = enrolment.version.lessons.get().key
        self.number = 0

    @property
    def page(self):
        return reverse("lms:learning-lesson", args=[self.enrolment.pk, self.key])

    def at(self, name, *more):
        return reverse(f"lms:video-{name}", args=[self.enrolment.pk, self.key, self.medium, *more])

    def open(self):
        return self.client.get(self.page)

    def begin(self, **more):
        self.number = 0
        return self.client.post(self.at("begin"), {"token": self.token, **more})

    def beat(self, claims="", **more):
        self.number += 1
        said = {"token": self.token, "number": self.number, "claims": claims, "runs": 1, **more}
        return self.client.post(self.at("beat"), said)

    def finish(self):
        return self.client.post(reverse("lms:learning-complete", args=[self.enrolment.pk, self.key]))


def enrolled(cast, tree, *videos, **fields):
    version = make_version(quizzes=0, videos=list(videos), **fields)
    return make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)


def credited():
    return Watching.objects.get().credited
