"""What may be posted: no numbers of people, no flood, no listed word unseen; and how long it may still be changed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.people.policy import IdType, check_id_number, normalise_mobile
from lms.cohorts.policy import Sentence, gettext_noop, say

EDIT_MINUTES = 15
A_MINUTE, AN_HOUR = 5, 30  # posts and questions of one person, so that nobody floods a cohort

_GAP = r"[\s\-\u2010-\u2015]{0,2}"
_ID = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")


class PrivateNumber(StrEnum):
    """A number that tells who somebody is."""

    ID = "id"
    MOBILE = "mobile"


def private_number(text: str, *, today: date) -> PrivateNumber | None:
    """The first kind of number in the text that tells who somebody is: a valid identity number, or a mobile number.

    Full-width digits, spaces and dashes between the digits do not hide it. A number that fails the check digit is
    none (GB 11643): a case number of eighteen digits may stand.
    """
    plain = unicodedata.normalize("NFKC", text)
    for found in _ID.finditer(plain):
        if check_id_number(IdType.RESIDENT_ID, found[0], today=today).is_valid:
            return PrivateNumber.ID
    for found in _MOBILE.finditer(plain):
        try:
            normalise_mobile(found[0])
        except ValueError:
            continue
        return PrivateNumber.MOBILE
    return None


NUMBER_WORDS = {
    PrivateNumber.ID: say(
        gettext_noop("There is an ID number in your text. Take it out: people are written about without it.")
    ),
    PrivateNumber.MOBILE: say(
        gettext_noop("There is a mobile number in your text. Take it out: everybody here can read it.")
    ),
}


def listed_word(text: str, words: Iterable[str]) -> str | None:
    """The first listed word that stands in the text, whatever its width, case and the spaces between its letters."""
    plain = _plain(text)
    return next((word for word in words if _plain(word) and _plain(word) in plain), None)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_flood(times: Sequence[datetime], *, now: datetime) -> bool:
    """Whether one more would be too many, after what this person has posted at these times."""
    minute = sum(time > now - timedelta(minutes=1) for time in times)
    hour = sum(time > now - timedelta(hours=1) for time in times)
    return minute >= A_MINUTE or hour >= AN_HOUR


def edit_refusal(
    *, written_at: datetime, now: datetime, is_visible: bool, is_reported: bool, is_closed: bool
) -> Sentence | None:
    """Why one's own post can no longer be changed; None while it can.

    A reported post stays as it was reported, until a moderator has looked; those of a closed thread stay for good.
    """
    if is_reported or not is_visible:
        return say(gettext_noop("A moderator looks at this post, so it can no longer be changed."))
    if is_closed:
        return say(gettext_noop("This thread is closed, so its posts stay as they are."))
    if now >= written_at + timedelta(minutes=EDIT_MINUTES):
        text = gettext_noop("A post can be changed for %(minutes)s minutes. Add a reply instead.")
        return say(text, minutes=EDIT_MINUTES)
    return None
