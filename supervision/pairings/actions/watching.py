"""What happens by itself: pairs that have gone quiet are told, places that are counted wrongly are mended."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.models import Notice
from supervision.pairings.actions.basis import tell_both
from supervision.pairings.models import Pairing
from supervision.pairings.queries import quiet_pairings, quiet_since
from supervision.pairings.states import OPEN
from supervision.signals import PlacesChanged, places_changed
from supervision.supervisors.models import Supervisor


def tell_quiet() -> int:
    """Tell both of each pair that has gone quiet, once in each quiet spell; returns how many pairs were told now."""
    told = 0
    for row in quiet_pairings(timezone.now()).with_people().iterator(chunk_size=500):  # type: ignore[attr-defined]
        last = quiet_since(row)
        what = f"quiet:{last:%Y%m%d}"
        if Notice.objects.filter(source=f"supervision.pairing:{row.pk}:{what}").exists():
            continue
        title = gettext_noop("It has been quiet for a while: %(supervisor)s and %(mentee)s")
        body = gettext_noop(
            "No session has been recorded since %(day)s. Arrange the next one, or ask for a pause on its page."
        )
        tell_both(row, what, title, title, body, day=last)
        told += 1
    return told


def reconcile() -> list[str]:
    """Find and mend places that are counted wrongly; says what it mended."""
    held = Count("pairings", filter=Q(pairings__state__in=sorted(OPEN)))
    found = []
    for row in Supervisor.objects.annotate(held=held).exclude(load=held):
        with transaction.atomic():
            locked = Supervisor.objects.select_for_update().get(pk=row.pk)
            now = locked.pairings.open().count()
            if now != locked.load:
                Supervisor.objects.filter(pk=row.pk).update(load=now)
                places_changed.send(Pairing, event=PlacesChanged(row.pk))
                found.append(f"supervisor {row.code}: places taken {locked.load} → {now}")
    return found
