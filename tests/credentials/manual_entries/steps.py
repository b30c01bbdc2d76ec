"""What the tests of manual entries share."""

from credentials.manual_entries.actions import accept_manual, confirm_manual, open_proof
from credentials.models import ManualEntry
from tests.factories import make_manual


def fresh(entry):
    return ManualEntry.objects.get(pk=entry.pk)


def a_degree(person, officer=None, **facts):
    return make_manual(person, officer, start=None, minutes=4050, training="degree", **facts)


def accept(*, entry, actor, minutes=None):
    """As the first officer, who has opened the proof."""
    open_proof(entry=entry, actor=actor)
    return accept_manual(entry=entry, actor=actor, minutes=minutes)


def confirm(*, entry, actor):
    """As the second officer, who has opened the proof."""
    open_proof(entry=entry, actor=actor)
    return confirm_manual(entry=entry, actor=actor)
