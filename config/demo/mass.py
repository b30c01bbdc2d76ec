"""Very many sample people for load tests, with what the talent pool is searched by: fields, practice, hours, registrations,
posts, routes and consents. In bulk: none of it goes through the acts, none is audited, nobody is told."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from config.demo.names import invented_name
from core.models import Consent, Organisation, Person, ServiceField, User
from core.people.names import pinyin_of, search_text
from credentials.models import (
    HoursEntry,
    Post,
    PostHolding,
    QualificationLevel,
    RegistrationPeriod,
    Sector,
    TalentRoute,
)
from credentials.posts.states import Route
from credentials.qualifications.policy import last_day_of
from credentials.talent.actions import refresh_profiles
from credentials.talent.states import PURPOSE, WORDS

CHUNK = 2000
PLACES = 999  # the most that a post may plan


@cache
def _read(name: str) -> tuple[str, str]:
    """Sort key and search text of a name: of a hundred thousand people few names differ."""
    return pinyin_of(name).sort_key[:200], search_text(name)[:500]


def populate(
    number: int, places: Sequence[Organisation], officer: User, say: Callable[[str], None] = print
) -> None:
    """So many people over these places, in chunks; those who are there already (by e-mail) are not made again. They cannot
    sign in. Their rows of the talent pool are made with them."""
    made = User.objects.filter(email__startswith="mass", email__endswith="@example.com").count()
    facts = _Facts(places, officer)
    for start in range(made, number, CHUNK):
        with transaction.atomic():
            people = _people(range(start, min(start + CHUNK, number)), places)
            facts.add(people, start)
            refresh_profiles(person_ids=[person.pk for person in people])
        if (start // CHUNK) % 5 == 4:
            say(f"{start + CHUNK} people")


def _people(numbers: range, places: Sequence[Organisation]) -> list[Person]:
    today, unusable = timezone.localdate(), make_password(None)
    users = User.objects.bulk_create(
        [User(email=f"mass{number:07}@example.com", password=unusable) for number in numbers]
    )
    rows = []
    for number, user in zip(numbers, users, strict=True):
        name = invented_name(number)
        pinyin, words = _read(name)
        since = None if number % 17 == 0 else today - datetime.timedelta(days=number * 37 % 6000)
        rows.append(
            Person(
                user=user, name=name, pinyin=pinyin, name_search=words, employer=places[number % len(places)],
                is_sample=True, notice_mail="none", practice_started_on=since,
            )
        )  # fmt: skip
    return Person.objects.bulk_create(rows)


class _Facts:
    """What these people have to show; the lists that it is chosen from are read once."""

    def __init__(self, places: Sequence[Organisation], officer: User) -> None:
        self.officer, self.today = officer, timezone.localdate()
        self.fields = list(ServiceField.objects.values_list("pk", flat=True))
        self.levels = list(QualificationLevel.objects.order_by("position"))
        self.sectors = list(Sector.objects.order_by("position"))
        self.posts: dict[int, Post] = {}
        self.taken: dict[int, int] = {}
        for number, place in enumerate(places):
            sector = self.sectors[number % len(self.sectors)]
            post = Post.objects.get_or_create(
                organisation=place, sector=sector, title="社会工作岗（示例）", defaults={"places": PLACES}
            )[0]
            self.posts[place.pk], self.taken[post.pk] = post, post.holdings.current().count()

    def add(self, people: Sequence[Person], start: int) -> None:
        numbered = list(enumerate(people, start=start))
        through = Person.fields.through
        through.objects.bulk_create(
            through(person_id=person.pk, servicefield_id=self.fields[(number + step) % len(self.fields)])
            for number, person in numbered
            for step in range(1 + number % 3)
        )
        HoursEntry.objects.bulk_create(
            each for number, person in numbered for each in self._hours(number, person)
        )
        RegistrationPeriod.objects.bulk_create(
            self._period(number, person) for number, person in numbered if number % 3
        )
        held = [self._holding(person) for number, person in numbered if number % 4 == 0]
        PostHolding.objects.bulk_create(each for each in held if each is not None)
        TalentRoute.objects.bulk_create(
            TalentRoute(
                person=person, route=Route.values[number % 3], since=self.today, recorded_by=self.officer
            )
            for number, person in numbered
            if number % 5
        )
        Consent.objects.bulk_create(
            Consent(person=person, purpose=PURPOSE, version=WORDS)
            for number, person in numbered
            if number % 10
        )

    def _hours(self, number: int, person: Person) -> Iterator[HoursEntry]:
        for step, kind in enumerate(("course", "supervision")[: number % 3]):
            yield HoursEntry(
                person=person, organisation_id=person.employer_id or 0, kind=kind, minutes=60 + number * 53 % 9000,
                occurred_on=self.today - datetime.timedelta(days=number % 700), title="示例学时",
                source=f"demo.mass:{number}:{step}",
            )  # fmt: skip

    def _period(self, number: int, person: Person) -> RegistrationPeriod:
        starts_on = self.today - datetime.timedelta(days=number * 11 % 1000)
        level: Any = self.levels[0 if number % 5 else 1 if number % 25 else 2]
        return RegistrationPeriod(
            person=person, level=level, starts_on=starts_on, ends_on=last_day_of(starts_on), state="verified",
            declared_by_id=person.user_id, verified_by=self.officer, decided_at=timezone.now(),
        )  # fmt: skip

    def _holding(self, person: Person) -> PostHolding | None:
        post = self.posts[person.employer_id or 0]
        place = self.taken[post.pk] + 1
        if place > PLACES:
            return None
        self.taken[post.pk] = place
        return PostHolding(post=post, person=person, place=place, starts_on=self.today, given_by=self.officer)
