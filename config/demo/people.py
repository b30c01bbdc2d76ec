"""The sample people: accounts for every role, and the many that make lists look like life."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from config.demo.names import invented_name, sample_id_number, sample_phone
from core.models import Organisation, Person, RoleAssignment, ServiceField, User
from core.organisations.actions import sync_groups
from core.people.names import pinyin_of, search_text


@dataclass(frozen=True)
class Part:
    """One demo account: who, with which role, where."""

    email: str
    name: str
    role: str
    place: str


PARTS = (
    Part("trainee@example.com", "林小荷", "trainee", "station_0"),
    Part("halfway@example.com", "周一鸣", "trainee", "station_1"),
    Part("graduate@example.com", "欧阳䶮", "trainee", "station_2"),
    Part("supervisor@example.com", "尉迟若水", "supervisor", "district"),
    Part("instructor@example.com", "曾景行", "instructor", "tianjin"),
    Part("city@example.com", "解守正", "administrator", "tianjin"),
    Part("district@example.com", "单敬之", "administrator", "district"),
    Part("street@example.com", "仇乐山", "administrator", "street"),
    Part("finance@example.com", "翟清和", "finance", "tianjin"),
    Part("auditor@example.com", "查知行", "auditor", "tianjin"),
    Part("province@example.com", "令狐望舒", "administrator", "henan"),
    Part("henan-auditor@example.com", "盖静怡", "auditor", "henan"),
    Part("zhengzhou-supervisor@example.com", "上官怀瑾", "supervisor", "zhengzhou_agency"),
    Part("henan-trainee@example.com", "东方知夏", "trainee", "far_station"),
    Part("henan-newcomer@example.com", "罗青禾", "trainee", "north_station"),
    Part("jingzhou@example.com", "屈望津", "administrator", "jingzhou"),
    Part("jingzhou-finance@example.com", "汲清源", "finance", "jingzhou"),
    Part("jingzhou-cashier@example.com", "宓守约", "finance", "jingzhou"),
    Part("cashier@example.com", "竺守信", "finance", "tianjin"),
    Part(
        "trainee00072@example.com", "陆敬之", "trainee", "station_1"
    ),  # one of the crowd, whose claim is approved
)


def demo_accounts(named: dict[str, Organisation]) -> dict[str, User]:
    """One account a part, all with one random password, kept in VAR_DIR/demo-accounts.json. Idempotent."""
    made = {
        part.email: _account(part, number, named[part.place]) for number, part in enumerate(PARTS, start=1)
    }
    _give_password(made, named)
    return made


def _account(part: Part, number: int, place: Organisation) -> User:
    user = User.objects.filter(email=part.email).first()
    if user is None:
        user = User(email=part.email, phone_verified=True)
        user.phone = sample_phone(number)
        user.set_unusable_password()
        user.save()
        EmailAddress.objects.create(user=user, email=part.email, verified=True, primary=True)
        person = Person(user=user, name=part.name, employer=place, is_sample=True)
        person.practice_started_on = timezone.localdate().replace(year=timezone.localdate().year - 3, day=1)
        person.set_id_number("resident_id", sample_id_number(number))
        person.save()
        RoleAssignment.objects.create(
            user=user,
            role=part.role,
            organisation=place,
            starts_on=timezone.localdate().replace(month=1, day=1),
        )
        sync_groups(user)
    return user


def _give_password(made: dict[str, User], named: dict[str, Organisation]) -> None:
    """One password for all demo accounts, made here and nowhere else; the file is readable by its owner only. Accounts
    that came later get the one that stands there."""
    kept = (
        json.loads(settings.DEMO_ACCOUNTS.read_text(encoding="utf-8"))
        if settings.DEMO_ACCOUNTS.exists()
        else []
    )
    fresh = [user.pk for email, user in made.items() if email not in {row["email"] for row in kept}]
    if not fresh:
        return
    password = kept[0]["password"] if kept else secrets.token_urlsafe(9)
    User.objects.filter(pk__in=fresh).update(password=make_password(password))
    rows = [
        {"email": part.email, "password": password, "role": part.role, "organisation": named[part.place].name}
        for part in PARTS
    ]
    handle = os.open(settings.DEMO_ACCOUNTS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)


def crowd(prefix: str, count: int, places: Sequence[Organisation], role: str, first: int) -> list[Person]:
    """`count` sample people over these places, in a few statements. They cannot sign in. Idempotent by e-mail."""
    emails = [f"{prefix}{number:05}@example.com" for number in range(1, count + 1)]
    known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    fresh = [(number, email) for number, email in enumerate(emails, start=first) if email not in known]
    unusable = make_password(None)
    users = User.objects.bulk_create(
        [User(email=email, password=unusable) for _, email in fresh], batch_size=500
    )
    today = timezone.localdate()
    people, roles = [], []
    for (number, _), user in zip(fresh, users, strict=True):
        place, name = places[number % len(places)], invented_name(number)
        found = pinyin_of(name)
        person = Person(user=user, name=name, employer=place, is_sample=True, pinyin=found.sort_key)
        person.name_search = search_text(name)
        person.notice_mail = "none"  # nobody reads their letters
        person.practice_started_on = today.replace(year=today.year - number % 12 - 1, day=1)
        person.set_id_number("resident_id", sample_id_number(number))
        people.append(person)
        roles.append(
            RoleAssignment(user=user, role=role, organisation=place, starts_on=today.replace(month=1, day=1))
        )
    Person.objects.bulk_create(people, batch_size=500)
    RoleAssignment.objects.bulk_create(roles, batch_size=500)
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users],
        batch_size=500,
    )
    _give_fields(people)
    return list(
        Person.objects.filter(user__email__in=emails)
        .select_related("user", "employer")
        .defer("id_sealed")  # thousands of them are decrypted for nothing
        .order_by("user__email")
    )


def _give_fields(people: Sequence[Person]) -> None:
    fields = list(ServiceField.objects.values_list("pk", flat=True))
    through = Person.fields.through
    through.objects.bulk_create(
        [
            through(person_id=person.pk, servicefield_id=fields[(person.pk + step) % len(fields)])
            for person in people
            for step in (0, 7)
        ],
        batch_size=500,
    )
