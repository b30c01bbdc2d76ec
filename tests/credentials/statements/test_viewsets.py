"""Statements at the desk."""

from django.urls import reverse
from django.utils import timezone

from credentials.models import HoursStatement


def test_an_administrator_issues_one_and_an_auditor_only_reads(client, entry, cast):
    address = reverse("statements:person", args=[cast.trainee.person.pk])
    today = timezone.localdate().isoformat()
    values = {"first_on": entry.occurred_on.isoformat(), "last_on": today}
    for part, status in (("auditor", 404), ("outsider", 404), ("trainee", 403)):
        client.force_login(getattr(cast, part))
        assert client.post(address, values).status_code == status
    assert not HoursStatement.objects.exists()
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 200
    assert client.post(address, values).status_code == 302
    assert HoursStatement.objects.get().issued_by == cast.administrator
