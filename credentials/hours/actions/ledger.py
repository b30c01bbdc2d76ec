"""Writing in the ledger: minutes credited once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from core.audit.actions import record
from core.notices.actions import both, notify
from core.organisations.models import Organisation
from core.people.models import Person, User
from credentials.hours.actions.rules import rule_on
from credentials.hours.models import CreditedLesson, HoursEntry, HoursRule, SkippedCredit
from credentials.hours.policy import Credit, Taught, credit_of, lessons_left
from credentials.hours.queries import counts_anew_in, covered_by, taught_by, used_in_year
from credentials.qualifications.models import RegistrationPeriod
from credentials.signals import StandingChanged, standing_changed

SKIPPED_WORDS = {
    "time": gettext_noop(
        "Its %(minutes)s minutes lie wholly within “%(other)s”, which has been credited already."
    ),
    "lessons": gettext_noop(
        "The %(minutes)s minutes of its lessons have been credited already, with “%(other)s”. A lesson counts once."
    ),
}


def lock_people(*person_ids: int) -> None:
    """Lock the rows of these people, always in the same order, until the transaction ends.

    Whatever credits minutes holds this lock, so that two credits at once never take the same minutes.
    """
    rows = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=person_ids)
    list(rows.order_by("pk").values_list("pk"))


@transaction.atomic
def credit(
    *,
    person_id: int,
    organisation_id: int,
    kind: str,
    minutes: int,
    occurred_on: datetime.date,
    title: str,
    title_en: str = "",
    source: str,
    evidence: dict[str, Any],
    starts_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
    lessons: Mapping[str, int] | None = None,
    place: int | None = None,
    form: str = "",
    mode: str = "",
) -> HoursEntry | None:
    """Add minutes to a person's ledger; None when this source has been credited already, or there is nothing to credit.

    Clock time that an earlier entry of this person covers is not credited again, and neither is a lesson (`lessons`:
    their minutes by key, which add up to `minutes`); what was left out, and because of what, stands in the evidence.
    Nothing left is no entry: the person is told and the audit says why, once.
    `form` and `mode` of supervision: it counts as far as the rule says (what is together with others by a share, and
    all of it at most so many minutes a year); the evidence keeps how long it was, and what was beyond the year's most.
    `place`: the place in line of the entry that this one replaces, within whose time nobody behind it was credited
    anything; it is kept, so that those behind it yield to this one too (see `place_of`).
    Call it inside the transaction of the act it rests on: hours are there if and only if the act is.
    Side effects, in order: the person's row is locked; one ledger row, and one for each lesson; one audit entry.
    """
    if minutes <= 0:
        return None
    lock_people(person_id)
    if HoursEntry.objects.filter(person_id=person_id, source=source).exists():
        return None
    organisation = Organisation.objects.get(pk=organisation_id)
    rule = rule_on(occurred_on, organisation, kind)
    names: dict[str, Any] = {"title": title[:255], "title_en": title_en[:255], "occurred_on": occurred_on}
    held, room = minutes, room_in_year(rule, person_id, kind, occurred_on, form)
    minutes = rule.sharing.worth(held, form, mode)
    if form and (minutes, room) != (held, None):
        evidence = evidence | _kept_of_year(rule, form, mode, held, room)
    if not minutes or room == 0:
        skip_uncounted(person_id=person_id, source=source, minutes=held, rule=rule, **names)
        return None
    period = counts_anew_in(person_id, occurred_on, rule.lessons_again) if lessons else None
    if lessons:
        found, left = lessons_left(lessons, taught_by(person_id, period))
        evidence = evidence | {"lessons": left}
    else:
        earlier = covered_by(person_id, starts_at, ends_at, before=place)
        found = credit_of(minutes, starts_at, ends_at, earlier)
    if place is not None:
        evidence = evidence | {"place": place}
    if not found.minutes:
        skip_credit(person_id=person_id, credit=found, source=source, organisation=organisation, **names)
        return None
    return add_entry(
        period=period,
        person_id=person_id,
        organisation=organisation,
        kind=kind,
        minutes=found.minutes if room is None else min(found.minutes, room),
        starts_at=starts_at,
        ends_at=ends_at,
        source=source,
        evidence=evidence | _left_out(found, room),
        rule=rule,
        **names,
    )


def room_in_year(
    rule: HoursRule | None, person_id: int, kind: str, day: datetime.date, form: str
) -> int | None:
    """The minutes of supervision of this form that still count in the year of this day; None: no limit."""
    if rule is None or rule.sharing.most_of(form) is None:
        return None
    together = form in ("group", "peer")
    return rule.sharing.room(form, used_in_year(person_id, kind, day.year, together=together))


def _kept_of_year(rule: HoursRule, form: str, mode: str, held: int, room: int | None) -> dict[str, Any]:
    """For the evidence: how long it was, and how much of that the rule let count."""
    worth, share = rule.sharing.worth(held, form, mode), rule.sharing.share_of(form, mode)
    kept = {"held": held, "counted": worth if room is None else min(worth, room)}
    return kept if share is None else kept | {"together": True, "share": share}


def skip_uncounted(
    *,
    person_id: int,
    source: str,
    minutes: int,
    rule: HoursRule,
    title: str,
    title_en: str,
    occurred_on: datetime.date,
) -> None:
    """Say once that by the rule nothing of it counts: its form has no share, or the most of a year is reached.

    It stays listed for the person; should the year have room again, the reconciler credits it. Side effects: a row that
    remembers it; a notice.
    """
    known: dict[str, Any] = {
        "minutes": minutes,
        "rule": rule,
        "occurred_on": occurred_on,
        "title": title,
        "title_en": title_en,
    }
    if not SkippedCredit.objects.get_or_create(person_id=person_id, source=source, defaults=known)[1]:
        return
    notify(
        user=User.objects.get(person=person_id),
        kind="hours",
        title=gettext_noop("“%(what)s” adds no hours"),
        body=gettext_noop(
            "By the rule of your region nothing of its %(minutes)s minutes counts: its form does not, or the most of the "
            "year is reached."
        ),
        url=reverse("credentials:hours-list"),
        source=f"credentials.nothing_counts:{source}",
        what=both(title, title_en),
        minutes=minutes,
    )


def add_entry(*, period: RegistrationPeriod | None = None, **fields: Any) -> HoursEntry:
    """One credit as a row of the ledger, and its audit entry; what may be credited is decided before.

    The lessons that its evidence names are taken: for ever, or for the `period` in which they count anew.
    StandingChanged is sent last.
    """
    entry = HoursEntry.objects.create(**fields)
    slot = f"period:{period.pk}" if period else CreditedLesson.LIFE
    CreditedLesson.objects.bulk_create(
        CreditedLesson(person_id=entry.person_id, lesson=key, slot=slot, entry=entry)
        for key in entry.evidence.get("lessons", ())
    )
    record(
        action="credentials.credit",
        target=entry,
        actor=None,
        organisation=entry.organisation,
        after={"minutes": entry.minutes, "source": entry.source},
        label=entry_label(entry.title, entry.minutes),
    )
    standing_changed.send(HoursEntry, event=StandingChanged((entry.person_id,)))
    return entry


def entry_label(title: str, minutes: int) -> str:
    """What the audit calls an entry; its source stands among the facts."""
    return f"{title} · {gettext('%(minutes)s minutes') % {'minutes': minutes}}"


def _left_out(found: Credit, room: int | None) -> dict[str, Any]:
    """For the evidence: the minutes asked for that were not credited, and what had taken them, or that the year had no
    room for them."""
    beyond = 0 if room is None else max(found.minutes - room, 0)
    if not found.taken and not beyond:
        return {}
    left: dict[str, Any] = {"asked": found.asked} | ({"beyond": beyond} if beyond else {})
    if not found.taken:
        return left
    by = [{"entry": one.entry_id, "title": one.title} for one in found.by]
    return left | {"taken": found.taken, "by": by}


def forget_skipped(*, person_id: int, about: str, but: str) -> None:
    """What former versions of a record had added nothing is listed no more; the one of the source `but` stays."""
    former = Q(source=about) | Q(source__startswith=f"{about}:")
    SkippedCredit.objects.filter(former, person_id=person_id).exclude(source=but).delete()


def skip_credit(
    *,
    person_id: int,
    credit: Credit,
    title: str,
    title_en: str,
    source: str,
    organisation: Organisation,
    occurred_on: datetime.date | None = None,
) -> bool:
    """Say once that nothing is credited, since earlier entries cover the whole time or had all its lessons; False when
    it was said before.

    Should those be corrected later, the reconciler credits it then. Side effects: a row that remembers it; a notice;
    an audit entry at the entry that covers it.
    """
    first = credit.by[0]
    known: dict[str, Any] = {
        "minutes": credit.asked,
        "covered_by_id": first.entry_id,
        "occurred_on": occurred_on,
    }
    known |= {"title": title[:255], "title_en": title_en[:255]}
    if not SkippedCredit.objects.get_or_create(person_id=person_id, source=source, defaults=known)[1]:
        return False
    covering = HoursEntry.objects.get(pk=first.entry_id)
    notify(
        user=User.objects.get(person=person_id),
        kind="hours",
        title=gettext_noop("“%(what)s” adds no hours"),
        body=SKIPPED_WORDS["lessons" if isinstance(first, Taught) else "time"],
        url=reverse("credentials:hours-evidence", args=[first.entry_id]),
        source=f"credentials.skip_credit:{source}",
        what=both(title, title_en),
        minutes=credit.asked,
        other=both(covering.title, covering.title_en),
    )
    record(
        action="credentials.skip_credit",
        target=covering,
        actor=None,
        organisation=organisation,
        after={"minutes": 0, "source": source},
        label=entry_label(title, 0),
    )
    return True
