"""Telling people: in the site at once, outside it by the channels they chose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.notices.channels import CHANNELS, Letter
from core.notices.models import Delivery, Notice
from core.people.models import User

DIGEST_HOUR = 8  # one letter in the morning, when people plan their day
CLAIM_LASTS = timedelta(minutes=10)


def notify(
    *,
    user: User,
    kind: str,
    title: str,
    body: str = "",
    url: str = "",
    source: str | None = None,
    urgent: bool = False,
    **values: Any,
) -> Notice | None:
    """Tell one account something; returns None when it was told already (`source` names the event, once per account).

    `title` and `body` are msgids with %(name)s places (mark them with gettext_noop), filled in the reader's language.
    A date, a moment or a title in `both` languages among the values is written in the reader's language. Side effects: the in-app notice, and a
    delivery on each channel that the person chose: at once, in the digest, or none.
    """
    kept = _kept(values)
    try:
        with transaction.atomic():
            notice = Notice.objects.create(
                user=user, kind=kind, title=title, body=body, values=kept, url=url, source=source
            )
    except IntegrityError:
        return None
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=channel, due_at=due) for channel, due in _wishes(user, urgent)
    )
    return notice


@dataclass(frozen=True)
class Note:
    """What one account is told among many: see notify."""

    user: User
    title: str
    source: str
    body: str = ""
    url: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def notify_each(*, kind: str, notes: Iterable[Note], urgent: bool = False) -> int:
    """Tell many accounts something, each their own; returns how many had not been told before.

    Five statements for each five hundred notes. Select `person` with the users, or each costs a query. Told at the same
    time by somebody else: then one by one.
    """
    wanted = {(note.user.pk, note.source): note for note in notes}
    told = set(
        Notice.objects.filter(
            user__in={user for user, _source in wanted}, source__in={source for _user, source in wanted}
        ).values_list("user", "source")
    )
    new = [note for key, note in wanted.items() if key not in told]
    try:
        with transaction.atomic():
            notices = Notice.objects.bulk_create([_notice_of(kind, note) for note in new], batch_size=500)
    except IntegrityError:
        return sum(
            notify(
                user=note.user,
                kind=kind,
                title=note.title,
                body=note.body,
                url=note.url,
                source=note.source,
                urgent=urgent,
                **note.values,
            )
            is not None
            for note in new
        )
    Delivery.objects.bulk_create(
        [
            Delivery(notice=notice, channel=channel, due_at=due)
            for notice, note in zip(notices, new, strict=True)
            for channel, due in _wishes(note.user, urgent)
        ],
        batch_size=500,
    )
    return len(new)


def _notice_of(kind: str, note: Note) -> Notice:
    return Notice(
        user=note.user,
        kind=kind,
        title=note.title,
        body=note.body,
        values=_kept(dict(note.values)),
        url=note.url,
        source=note.source,
    )


def notify_many(
    *,
    users: Iterable[User],
    kind: str,
    title: str,
    body: str = "",
    url: str | Callable[[User], str] = "",
    source: str,
    urgent: bool = False,
    **values: Any,
) -> int:
    """Tell many accounts the same thing, as `notify` tells one; returns how many had not been told before.

    Costs what notify_each costs. `url` may be a function, where each reader's page is another one.
    """
    notes = [
        Note(user, title, source, body, url(user) if callable(url) else url, values)
        for user in {user.pk: user for user in users}.values()
    ]
    return notify_each(kind=kind, notes=notes, urgent=urgent)


def both(title: str, title_en: str) -> str | dict[str, str]:
    """A title as a value of a notice, of which each reader is shown that in their language; old notices have one only."""
    return {"title": title, "title_en": title_en} if title_en else title


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    """The values as the row keeps them (`_readable`, beside the model, reads them back)."""
    return {name: _kept_one(value) for name, value in values.items()}


def _kept_one(value: Any) -> Any:
    if isinstance(value, list):
        return {"several": [_kept_one(each) for each in value]}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _wishes(user: User, urgent: bool) -> list[tuple[str, datetime]]:
    """The channels on which this account wants to be told, and when: urgent things at once, others as chosen."""
    person = getattr(user, "person", None)
    wish = "each" if urgent else getattr(person, "notice_mail", "digest")
    morning = next_digest(timezone.localtime())
    found: list[tuple[str, datetime]] = []
    if wish != "none" and user.has_mail:
        found.append((Delivery.Channel.MAIL, timezone.now() if wish == "each" else morning))
    for name, channel in (("sms", Delivery.Channel.SMS), ("wechat", Delivery.Channel.WECHAT)):
        if name in settings.NOTICE_CHANNELS and getattr(person, f"notice_{name}", False):
            found.append((channel, timezone.now() if urgent else morning))
    return found


def next_digest(now: datetime) -> datetime:
    """The next morning at which digests go out."""
    morning = datetime.combine(now.date(), time(DIGEST_HOUR), tzinfo=now.tzinfo)
    return morning if now < morning else morning + timedelta(days=1)


def mark_read(*, user: User, notice_id: int | None = None) -> int:
    """Mark one or all of the user's notices read; returns how many changed."""
    rows = Notice.objects.visible_to(user).unread()
    if notice_id is not None:
        rows = rows.filter(pk=notice_id)
    return rows.update(read_at=timezone.now())


def settle(*, source: str, user: User | None = None, users: Iterable[User] = ()) -> int:
    """What these notices asked for is done (`source` is how theirs begins): they count as read, and no letter repeats it.

    Of one account, or of several. Returns how many notices changed.
    """
    whose = [each.pk for each in (*users, *([user] if user is not None else []))]
    asked = Notice.objects.filter(user__in=whose, source__startswith=source).unread()
    Delivery.objects.filter(notice__in=asked, sent_at=None, claimed_at=None).delete()
    return asked.update(read_at=timezone.now())


def send_due_letters() -> int:
    """Send what is due: all that waits for one person on one channel becomes one letter. Returns the letters sent.

    Each delivery is claimed by compare-and-set before it is sent, so two workers never send the same letter.
    """
    now = timezone.now()
    waiting = Delivery.objects.filter(sent_at=None, due_at__lte=now).exclude(claimed_at__gt=now - CLAIM_LASTS)
    groups = set(waiting.values_list("notice__user_id", "channel"))
    return sum(_send_letter(user_id, channel, now) for user_id, channel in sorted(groups))


def _send_letter(user_id: int, channel: str, now: datetime) -> int:
    mine = Delivery.objects.filter(
        sent_at=None, due_at__lte=now, channel=channel, notice__user_id=user_id
    ).exclude(claimed_at__gt=now - CLAIM_LASTS)
    with transaction.atomic():
        ids = list(mine.select_for_update().values_list("pk", flat=True))
        if not ids or not mine.filter(pk__in=ids).update(claimed_at=now):
            return 0
    user = User.objects.select_related("person").get(pk=user_id)
    notices = list(Notice.objects.filter(deliveries__in=ids).order_by("created_at"))
    rows = Delivery.objects.filter(pk__in=ids)
    try:
        CHANNELS[channel](Letter(user=user, notices=tuple(notices)))
    except Exception as error:
        rows.update(error=str(error)[:500])  # claimed_at runs out and the letter is tried again
        return 0
    rows.update(sent_at=timezone.now(), error="")
    return 1
