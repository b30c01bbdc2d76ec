"""What a row of the talent pool must say, worked out from the rows that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Sum

from core.models import Consent
from core.organisations.models import Organisation
from core.people.models import Person
from credentials.commendations.queries import registered_for
from credentials.hours.models import HoursEntry
from credentials.posts.queries import current_posts, routes_of
from credentials.qualifications.models import QualificationLevel
from credentials.qualifications.queries import levels_of
from credentials.talent.models import TalentProfile
from credentials.talent.policy import kind_of, span_of
from credentials.talent.states import HOURS, PURPOSE, Awarded, Part
from supervision import public as supervision

COLUMNS = tuple(field.attname for field in TalentProfile._meta.concrete_fields)


@dataclass(frozen=True)
class _Facts:
    """What is known of a batch of people, by person."""

    levels: dict[int, set[str]]
    known_levels: dict[str, QualificationLevel]
    fields: dict[int, list[int]]
    minutes: dict[int, int]
    parts: dict[int, supervision.Part]
    awards: Counter[int]
    posts: dict[int, tuple[int, str]]
    routes: dict[int, str]
    listed: set[int]


def profiles_of(person_ids: Collection[int]) -> list[TalentProfile]:
    """The rows as they must be, unsaved, of those of these people who are there. About a dozen queries."""
    people = Person.objects.filter(pk__in=list(person_ids)).order_by("pk")
    columns = (
        "pk",
        "name",
        "pinyin",
        "name_search",
        "practice_started_on",
        "employer__path",
        "employer__name",
    )
    rows = list(people.values_list(*columns))
    facts = _facts_of([row[0] for row in rows])
    return [_profile(row, facts) for row in rows]


def _facts_of(ids: list[int]) -> _Facts:
    fields: dict[int, list[int]] = {}
    through = Person.fields.through.objects.filter(person__in=ids).order_by("servicefield")
    for person, field in through.values_list("person_id", "servicefield_id"):
        fields.setdefault(person, []).append(field)
    sums = HoursEntry.objects.filter(person__in=ids).order_by().values("person").annotate(sum=Sum("minutes"))
    consents = Consent.objects.filter(person__in=ids, purpose=PURPOSE, withdrawn_at=None).order_by()
    return _Facts(
        levels=levels_of(ids),
        known_levels={level.code: level for level in QualificationLevel.objects.all()},
        fields=fields,
        minutes=dict(sums.values_list("person", "sum")),
        parts=supervision.parts_of(ids),
        awards=Counter(registered_for(ids).values_list("person_id", flat=True)),
        posts=current_posts(ids),
        routes=routes_of(ids),
        listed=set(consents.values_list("person_id", flat=True)),
    )


def _profile(row: tuple[Any, ...], facts: _Facts) -> TalentProfile:
    pk, name, pinyin, name_search, since, path, employer = row
    held = [facts.known_levels[code] for code in facts.levels[pk]]
    level = max(held, key=lambda each: (each.position, each.pk), default=None)
    sector, post = facts.posts.get(pk, (None, ""))
    minutes = max(facts.minutes.get(pk, 0), 0)
    kind: dict[str, Any] = {
        "part": _part(facts.parts.get(pk)),
        "route": facts.routes.get(pk, ""),
        "span": span_of(minutes // 60, HOURS),
    }
    awards, level_id = facts.awards[pk], level.pk if level else None
    awarded = Awarded.SOME if awards else Awarded.NONE
    return TalentProfile(
        person_id=pk,
        path=path or "",
        name=name,
        pinyin=pinyin,
        words=" ".join(each for each in (name, name_search, employer or "", post) if each).lower(),
        level_id=level_id,
        rank=level.position if level else 0,
        fields=_key(facts.fields.get(pk, [])),
        practice_started_on=since,
        minutes=minutes,
        awards=awards,
        sector_id=sector,
        post=post,
        is_listed=pk in facts.listed,
        kind=kind_of(level=level_id, sector=sector, awarded=awarded, **kind),
        **kind,
    )


def _key(ids: list[int]) -> str:
    """The fields as “,3,17,”, so that one can be looked for; as many as the column holds."""
    text = ","
    for each in ids:
        if len(text) + len(str(each)) + 1 > 200:
            break
        text += f"{each},"
    return text if ids else ""


def _part(part: supervision.Part | None) -> str:
    if part is None:
        return Part.NEITHER
    if part.supervises and part.supervised:
        return Part.BOTH
    return Part.SUPERVISOR if part.supervises else Part.SUPERVISED


def differing(person_ids: Collection[int]) -> list[TalentProfile]:
    """Of these people's rows, as they must be, those that are missing or say something else."""
    must = profiles_of(person_ids)
    rows = TalentProfile.objects.filter(pk__in=[row.pk for row in must]).order_by()
    kept = {values[0]: values for values in rows.values_list(*COLUMNS)}
    return [row for row in must if kept.get(row.pk) != tuple(getattr(row, name) for name in COLUMNS)]


def out_of_place(organisation_id: int) -> list[int]:
    """Who is employed at this organisation, whose name their rows repeat, or below it with a row that says another place
    of the tree. One query, with the organisation looked up; nobody when it is gone."""
    place = Organisation.objects.filter(pk=organisation_id).values_list("path", flat=True).first()
    if place is None:
        return []
    moved = ~Q(talent_profile__path=F("employer__path"))
    rows = Person.objects.filter(Q(employer=organisation_id) | moved, employer__path__startswith=place)
    return list(rows.order_by("pk").values_list("pk", flat=True))
