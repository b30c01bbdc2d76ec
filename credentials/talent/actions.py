"""Keeping the talent pool true, consenting to be in it, keeping searches, taking lists and CVs out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import READERS
from core.audit.actions import record
from core.organisations.queries import tops_of
from core.pdf.faces import MissingGlyph
from core.people.actions import give_consent, withdraw_consent
from core.people.models import Person, User
from core.states import Refused
from credentials.talent.document import render
from credentials.talent.models import LONGEST_SEARCH, SavedSearch, TalentProfile
from credentials.talent.queries import cv_facts, differing
from credentials.talent.queries.profiles import COLUMNS
from credentials.talent.states import PURPOSE, WORDS

log = logging.getLogger("xinhuo.talent")
BATCH = 1000
MOST_SEARCHES = 50
SHORTEST = 4  # characters of a purpose
refresh_wanted = (
    Signal()
)  # tells credentials.tasks that rows of the pool are no longer true; carries person_ids


@transaction.atomic
def refresh_profiles(*, person_ids: Collection[int]) -> int:
    """Work the rows of these people out anew; how many were missing or said something else. Idempotent.

    Their persons are locked first, always in the same order: of two at once the later one sees what the earlier left.
    """
    changed = 0
    for batch in _batches(sorted(set(person_ids))):
        locked = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=batch)
        list(locked.order_by("pk").values_list("pk"))
        rows = differing(batch)
        names = [TalentProfile._meta.get_field(_name(name)).name for name in COLUMNS if name != "person_id"]
        TalentProfile.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["person"], update_fields=names, batch_size=500
        )
        changed += len(rows)
    return changed


def _name(column: str) -> str:
    return column.removesuffix("_id")


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def refresh_soon(find: Callable[[], Collection[int]]) -> None:
    """Have the rows of these people, who are found then, worked out anew once this transaction has committed."""
    transaction.on_commit(lambda: refresh_wanted.send(TalentProfile, person_ids=tuple(find())))


def reconcile() -> list[str]:
    """Go through everybody and repair the rows that are missing or untrue; a line when there were any."""
    changed, last = 0, 0
    while ids := list(Person.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        if wrong := differing(ids):
            changed += refresh_profiles(person_ids=[row.pk for row in wrong])
        last = ids[-1]
    return [f"talent pool: {changed} rows worked out anew"] if changed else []


@transaction.atomic
def agree_to_be_listed(*, person: Person, actor: User) -> None:
    """The person agrees that administrators and auditors above find them in the pool. Raises Refused for anybody else.
    Side effects: the consent, an audit entry, their row."""
    _require_self(person, actor)
    give_consent(person=person, purpose=PURPOSE, version=WORDS)
    record(
        action="credentials.agree_to_be_listed",
        target=person,
        actor=actor,
        organisation=person.employer,
        after={"version": WORDS},
    )
    refresh_profiles(person_ids=[person.pk])


@transaction.atomic
def leave_list(*, person: Person, actor: User) -> None:
    """The person takes that back: at once they are counted only. Raises Refused for anybody else. Side effects: the
    consent, an audit entry, their row."""
    _require_self(person, actor)
    withdraw_consent(person=person, purpose=PURPOSE, actor=actor)
    refresh_profiles(person_ids=[person.pk])


def _require_self(person: Person, actor: User) -> None:
    """A consent is given by nobody else."""
    if actor.pk != person.user_id:
        raise Refused(_("Only the person themself can do this."))


@transaction.atomic
def save_search(*, owner: User, name: str, query: str) -> SavedSearch:
    """Keep a search under a name; the same name again takes the new one. Raises Refused when there are too many, and for
    one too long to be kept: part of a search would find other people."""
    if len(query) > LONGEST_SEARCH:
        raise Refused(_("This search is too long to be kept. Use fewer or shorter words."))
    kept = SavedSearch.objects.filter(owner=owner)
    if kept.count() >= MOST_SEARCHES and not kept.filter(name=name).exists():
        raise Refused(_("You keep %(n)s searches already. Delete some first.") % {"n": MOST_SEARCHES})
    try:
        with transaction.atomic():
            return SavedSearch.objects.update_or_create(owner=owner, name=name, defaults={"query": query})[0]
    except IntegrityError:  # the other click was first
        return SavedSearch.objects.get(owner=owner, name=name)


def drop_search(*, search: SavedSearch) -> None:
    """Forget a kept search. Side effect: the row."""
    search.delete()


@transaction.atomic
def take_out_pool(*, actor: Asker, purpose: str, query: str, rows: int) -> None:
    """Somebody takes a list of people out of the site, and says what for. Audited at the top of each of their trees before
    the file is made. Raises Refused without a purpose."""
    if len(purpose.strip()) < SHORTEST:
        raise Refused(_("Write what the list is needed for."))
    tops = tops_of(actor, *READERS)
    if not tops:
        raise Refused(_("You have no organisation whose people you could take out."))
    for top in tops:
        record(
            action="credentials.take_out_pool",
            target=top,
            actor=actor,
            organisation=top,
            after={"rows": rows, "search": query},
            reason=purpose.strip(),
        )


@transaction.atomic
def print_cv(*, person: Person, actor: Asker, purpose: str = "") -> bytes:
    """Somebody's CV as a PDF. Raises Refused when an officer does not say what for, and, naming them, when no font has a
    character of it. Side effect: an audit entry when an officer prints it; one's own is nobody's business."""
    is_own = actor.pk == person.user_id
    if not is_own and len(purpose.strip()) < SHORTEST:
        raise Refused(_("Write what the CV is needed for."))
    try:
        content = render(cv_facts(person))
    except MissingGlyph as missing:
        words = _("The CV cannot be printed: no font has these characters: %(signs)s")
        raise Refused(words % {"signs": "".join(missing.characters)}) from None
    if not is_own:
        record(
            action="credentials.print_cv",
            target=person,
            actor=actor,
            organisation=person.employer,
            reason=purpose.strip(),
        )
    return content
