"""What the tests of the timetable share: its pages, and what is typed at the desk."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

LINK = "https://meet.example.com/j/1"


def page(client, user, name, *args, **query):
    client.force_login(user)
    response = client.get(reverse(name, args=args), query, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def form(days=5, **changes):
    day = timezone.localdate() + timedelta(days=days)
    fields = {
        "title": "接案与预估",
        "day": day.isoformat(),
        "start": "09:00",
        "end": "10:30",
        "mode": "on_site",
        "place": "示例市民政局",
        "room": "301",
        "is_required": "on",
    }
    return fields | changes


def add(cohort):
    return reverse("timetable:add", args=[cohort.pk])
