"""Telling people in time what they can claim, or have begun, and what they have left lying: each once for each distance."""

from __future__ import annotations

import datetime
from itertools import islice

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import Note, both, notify_each
from core.people.models import Person
from credentials.claims.actions.settling import LEFT, offer_source
from credentials.claims.models import Claim, ClaimReview
from credentials.claims.policy import distance_of
from credentials.claims.queries.facts import CHUNK, facts_of_all, workplaces
from credentials.claims.queries.offers import Offer, in_the_way, newest_versions, offers_for, standing_of
from credentials.claims.states import ClaimState, Verdict
from credentials.policies.models import PolicyVersion
from credentials.policies.policy import Words

RETURNED_DAYS = 7
OFFER = gettext_noop("You can claim %(amount)s yuan; %(days)s days are left")
OFFER_BODY = gettext_noop("%(benefit)s, %(policy)s: until %(until)s. Nobody is paid who claims later.")
BEGUN = gettext_noop("Your claim of %(amount)s yuan is not handed in yet; %(days)s days are left")
LYING = gettext_noop("Your claim %(serial)s still waits for you")
LYING_BODY = gettext_noop("It was returned for correction: %(reason)s")
PROVE = gettext_noop("%(days)s days are left to prove your employment and to claim")
PROVE_BODY = gettext_noop("%(benefit)s, %(policy)s: hand in the proof and claim until %(until)s.")


def remind_claimants() -> int:
    """Tell whoever can claim something soon no more, and whoever has left a returned claim lying; returns how many notices
    there were. Safe at any time: an offer and a distance have one source, so that nobody is told of it twice.

    Everybody who has a record that a policy could pay for is asked about, in chunks; of each nothing but a fixed number
    of queries. Side effects: notices.
    """
    today = timezone.localdate()
    versions = [one for one in newest_versions() if _pays(one)]
    told = notify_each(kind="claim", notes=left_lying(today))
    places = workplaces()
    people = candidates().iterator(chunk_size=CHUNK) if versions else iter(())
    while chunk := list(islice(people, CHUNK)):
        facts = facts_of_all([person.pk for person in chunk], today, places=places)
        standing = standing_of(person.pk for person in chunk)
        notes = [
            note
            for person in chunk
            for offer in offers_for(facts[person.pk], versions, today)
            if (note := _offer_note(person, offer, standing[person.pk], today))
        ]
        told += notify_each(kind="claim", notes=notes)
    return told


def candidates() -> QuerySet[Person]:
    """Those who work somewhere and of whom something is verified that can be claimed for, with their accounts."""
    verified = Q(qualification_records__state="verified") | Q(commendations__state="registered")
    verified |= Q(internships__state="ended", internships__proofs__state="verified")
    rows = Person.objects.filter(verified, employer__isnull=False, user__is_active=True)
    return rows.select_related("user__person").order_by("pk").distinct()


def _pays(version: PolicyVersion) -> bool:
    return any(benefit.amounts for benefit in version.policy().benefits)


def _offer_note(person: Person, offer: Offer, standing: list[Claim], today: datetime.date) -> Note | None:
    decision = offer.decision
    last, amount = decision.last_day, decision.amount
    begun = in_the_way(offer, standing)
    if begun and (begun.state != ClaimState.DRAFT or begun.key != decision.key):
        return None
    unproved = any(one.code == "not_proved_yet" for one in decision.findings)
    if not offer.is_open or not (amount or unproved) or last is None:
        return None
    distance = distance_of((last - today).days)
    if distance is None:
        return None
    return Note(
        user=person.user,
        title=PROVE if unproved else BEGUN if begun else OFFER,
        body=PROVE_BODY if unproved else OFFER_BODY,
        url=(
            reverse("credentials:internship-list")
            if unproved
            else begun.get_absolute_url()
            if begun
            else reverse("credentials:claim-list")
        ),
        source=f"{offer_source(decision)}{distance}",
        values={
            "amount": f"{amount:,.2f}" if amount else "",
            "days": (last - today).days,
            "benefit": _both(offer.benefit.words),
            "policy": _both(offer.policy.name),
            "until": last,
        },
    )


def _both(words: Words) -> str | dict[str, str]:
    return both(words.chinese, words.english)


def left_lying(today: datetime.date) -> list[Note]:
    """A reminder for each claim that was returned more than a week ago and not handed in again. Two queries."""
    before = today - datetime.timedelta(days=RETURNED_DAYS)
    rows = Claim.objects.filter(state=ClaimState.RETURNED, holder__is_active=True)
    returned = ClaimReview.objects.filter(claim__in=rows, verdict=Verdict.RETURN).order_by("pk")
    last = {pk: timezone.localdate(at) for pk, at in returned.values_list("claim", "at")}
    return [
        Note(
            user=row.holder,
            title=LYING,
            body=LYING_BODY,
            url=row.get_absolute_url(),
            source=f"{LEFT}{row.pk}:{last[row.pk]}",
            values={"serial": row.serial, "reason": row.reason},
        )
        for row in rows.select_related("holder__person")
        if row.pk in last and last[row.pk] <= before
    ]
