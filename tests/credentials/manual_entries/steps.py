"""What the tests of manual entries share."""

from credentials.models import ManualEntry
from tests.factories import make_manual


def fresh(entry):
    return ManualEntry.objects.get(pk=entry.pk)


def a_degree(person, officer=None, **facts):
    return make_manual(person, officer, start=None, minutes=4050, training="degree", **facts)
