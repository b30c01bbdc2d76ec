"""The addresses of the pages of sessions, and what is typed on the form of one."""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone


def values(days_ago=1, start="09:00", end="10:00", **more):
    day = timezone.localdate() - timedelta(days=days_ago)
    found = {
        "key": str(uuid.uuid4()),
        "day": f"{day:%Y-%m-%d}",
        "start": start,
        "end": end,
        "form": "individual",
        "mode": "private",
        "setting": "on_site",
        "functions": ["educational"],
        "topics": "接案预估",
        "place": "社工站会谈室",
    }
    return found | more


def log_url(pair):
    return reverse("supervision:session-log", args=[pair.pairing.pk])


def url(name, session):
    return reverse(f"supervision:session-{name}", args=[session.pk])
