"""Planning posts, giving and ending them, recording a route; keeping the list of sectors."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.actions import record
from core.organisations.models import Organisation
from core.people.models import Person, User
from core.states import Refused
from credentials.posts.models import Post, PostHolding, Sector, TalentRoute
from credentials.posts.policy import free_place
from credentials.signals import StandingChanged, standing_changed


class PostRefused(Refused):
    """The post cannot be planned, given or ended so; the sentence says why."""


@transaction.atomic
def save_sector(*, sector: Sector, actor: Asker) -> Sector:
    """Keep a new or changed sector. Side effects: the row; an audit entry at the top of the tree that the actor leads."""
    sector.save()
    top = Organisation.objects.filter(scope_of(actor).q("", Role.ADMINISTRATOR)).order_by("path").first()
    names = ("code", "name", "name_en", "position", "is_active")
    record(
        action="credentials.save_sector",
        target=sector,
        actor=actor,
        organisation=top,
        after={name: getattr(sector, name) for name in names},
    )
    return sector


@transaction.atomic
def save_post(*, post: Post, actor: Asker) -> Post:
    """Plan a post, or change it. Raises PostRefused when the organisation has it already, or when fewer places would be
    planned than are held. Side effects: the row; an audit entry."""
    if post.pk:
        Post.objects.select_for_update().get(pk=post.pk)
        highest = max(post.holdings.current().values_list("place", flat=True), default=0)
        if highest > post.places:
            held = post.holdings.current().count()
            words = _("%(held)s hold this post at present. End some of them first, or plan more places.")
            if held > post.places:
                raise PostRefused(words % {"held": held})
            _close_ranks(post)
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError:
        raise PostRefused(_("This organisation has a post of this name in this sector already.")) from None
    names = ("organisation_id", "sector_id", "title", "places", "is_active")
    record(
        action="credentials.save_post",
        target=post,
        actor=actor,
        organisation=post.organisation,
        after={name: getattr(post, name) for name in names},
    )
    return post


def _close_ranks(post: Post) -> None:
    """Who holds a place beyond the planned ones moves to a free one."""
    rows = list(post.holdings.current().order_by("place"))
    for number, row in enumerate(rows, start=1):
        if row.place != number:
            PostHolding.objects.filter(pk=row.pk).update(place=number)


@transaction.atomic
def give_post(*, post: Post, person: Person, starts_on: datetime.date, actor: Asker) -> PostHolding:
    """Let somebody else hold a post from a day on. Raises PostRefused for oneself, when it has no free place or is closed,
    when the person holds another at that time, or does not work there. Side effects: the rows of the post and the person
    are locked; a row; an audit entry; StandingChanged."""
    assert isinstance(actor, User)
    _require_another(person, actor)
    post = Post.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=post.pk)
    person = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
    _require_holdable(post, person, starts_on)
    taken = list(post.holdings.current().values_list("place", flat=True))
    place = free_place(post.places, taken)
    if place is None:
        raise PostRefused(_("All planned places of this post are filled."))
    holding = PostHolding.objects.create(
        post=post, person=person, place=place, starts_on=starts_on, given_by=actor
    )
    _record("credentials.give_post", holding, actor, after={"post": post.title, "starts_on": starts_on})
    return holding


def _require_another(person: Person, actor: Asker) -> None:
    if actor.pk == person.user_id:
        raise PostRefused(
            _("Nobody gives a post, ends one or records a route of their own. Ask another administrator.")
        )


def _require_holdable(post: Post, person: Person, starts_on: datetime.date) -> None:
    if not post.is_active:
        raise PostRefused(_("This post is closed."))
    if person.employer_id != post.organisation_id:
        raise PostRefused(_("A post is held at one’s employer. Confirm first that the person works there."))
    if starts_on > timezone.localdate():
        raise PostRefused(_("This day lies in the future. Enter the post when it has begun."))
    last = PostHolding.objects.filter(person=person).order_by("-starts_on").first()
    if last and last.ends_on is None:
        raise PostRefused(_("%(name)s holds a post already. End that one first.") % {"name": person.name})
    if last and last.ends_on and last.ends_on >= starts_on:
        raise PostRefused(_("The person held another post on this day. Choose a later one."))


@transaction.atomic
def end_post(*, holding: PostHolding, ends_on: datetime.date, actor: Asker) -> PostHolding:
    """Say on which day somebody else held a post for the last time. Raises PostRefused for oneself, when that was said
    before, or the day is impossible. Side effects: the row; an audit entry; StandingChanged."""
    _require_another(holding.person, actor)
    if ends_on < holding.starts_on or ends_on > timezone.localdate():
        raise PostRefused(_("The last day lies between the first day of the post and today."))
    rows = PostHolding.objects.filter(pk=holding.pk, ends_on=None)
    if not rows.update(ends_on=ends_on, ended_by_id=actor.pk):
        raise PostRefused(_("This was ended in the meantime. Nothing was changed now."))
    holding.refresh_from_db()
    _record("credentials.end_post", holding, actor, after={"ends_on": ends_on})
    return holding


@transaction.atomic
def record_route(
    *, person: Person, route: str, since: datetime.date, note: str = "", actor: Asker
) -> TalentRoute:
    """Write down by which route somebody else came. Raises PostRefused for oneself, for a day in the future, and for what is
    there already. Side effects: a row; an audit entry; StandingChanged."""
    assert isinstance(actor, User)
    _require_another(person, actor)
    if since > timezone.localdate():
        raise PostRefused(_("This day lies in the future."))
    row = TalentRoute(person=person, route=route, since=since, note=note.strip(), recorded_by=actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise PostRefused(_("This route is recorded for this day already.")) from None
    _record("credentials.record_route", row, actor, after={"route": route, "since": since})
    return row


def _record(action: str, row: PostHolding | TalentRoute, actor: Asker, **facts: Any) -> None:
    """The audit entry of an act on somebody's standing, and the word that it has changed."""
    organisation = row.post.organisation if isinstance(row, PostHolding) else row.person.employer
    record(action=action, target=row, actor=actor, organisation=organisation, **facts)
    standing_changed.send(type(row), event=StandingChanged((row.person_id,)))
