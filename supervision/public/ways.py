"""How somebody without a supervisor comes to one: what they have asked for, and the rounds that are open to them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, F, OuterRef, Q, Value
from django.urls import reverse
from django.utils import timezone

from core.organisations.models import Organisation
from core.people.models import Person
from supervision.matching.models import MatchingRound, RoundMentee
from supervision.matching.states import RUNNING, RoundState
from supervision.matching.states import TONES as ROUND_TONES
from supervision.requests.models import PairingRequest
from supervision.requests.states import TONES, RequestState

REQUEST, ROUND = "request", "round"


@dataclass(frozen=True)
class WayFact:
    """One way to a supervisor that is begun or open. `until`: the end of the wishes of a round that still takes some;
    `is_in`: whether the person takes part in the round, or has asked."""

    is_round: bool
    title: str
    url: str
    is_in: bool
    state_label: str
    tone: str
    until: datetime.datetime | None = None


def ways_of(person: Person) -> list[WayFact]:
    """The live requests of a person, and the rounds in which they are, or may take part now. One query."""
    rows = _requests(person).union(_rounds(person), all=True)
    return [_way_fact(*row) for row in sorted(rows, key=lambda row: (row[0], row[4]))]


def _requests(person: Person) -> Any:
    rows = PairingRequest.objects.live().filter(mentee=person).order_by()
    named = rows.annotate(
        of=Value(REQUEST), title=F("supervisor__person__name"), is_in=Value(True, BooleanField())
    )
    return named.values_list("of", "pk", "title", "state", "asked_at", "is_in")


def _rounds(person: Person) -> Any:
    now = timezone.now()
    inside = RoundMentee.objects.inside().filter(round=OuterRef("pk"), person=person)
    below = Organisation.objects.filter(
        pk=person.employer_id or 0, path__startswith=OuterRef("organisation__path")
    )
    rows = MatchingRound.objects.annotate(of=Value(ROUND), is_in=Exists(inside)).order_by()
    takes_wishes = Q(state=RoundState.OPEN, opens_at__lte=now, closes_at__gt=now)
    found = rows.filter(
        Q(is_in=True, state__in=sorted(RUNNING)) | (takes_wishes & Q(Exists(below), self_join=True))
    )
    return found.values_list("of", "pk", "title", "state", "closes_at", "is_in")


def _way_fact(of: str, pk: int, title: str, state: str, at: datetime.datetime, is_in: bool) -> WayFact:
    if of == REQUEST:
        asked = RequestState(state)
        url = reverse("supervision:request-detail", args=[pk])
        return WayFact(False, title, url, True, str(asked.label), TONES[asked])
    url = reverse("supervision:round-detail", args=[pk])
    round_state = RoundState(state)
    until = at if round_state is RoundState.OPEN and at > timezone.now() else None
    return WayFact(True, title, url, bool(is_in), str(round_state.label), ROUND_TONES[round_state], until)
