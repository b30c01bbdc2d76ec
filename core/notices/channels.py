"""The channels outside the site. A channel takes a letter and sends it, or raises."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import ngettext, override

from core.notices.models import Delivery, Notice
from core.people.models import User

log = logging.getLogger("xinhuo.notices")


@dataclass(frozen=True)
class Letter:
    """All that one person is to be told on one channel now."""

    user: User
    notices: tuple[Notice, ...]


def mail(letter: Letter) -> None:
    """One e-mail: the notice itself, or a digest of several."""
    with override(settings.LANGUAGE_CODE):
        first, count = letter.notices[0], len(letter.notices)
        subject = (
            first.title_in_letter()
            if count == 1
            else ngettext("%(count)d new message from Xinhuo", "%(count)d new messages from Xinhuo", count)
            % {"count": count}
        )
        context = {"letter": letter, "site_url": settings.SITE_URL}
        text = render_to_string("core/notices/letter.txt", context)
        html = render_to_string("core/notices/letter.html", context)
    send_mail(
        " ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [letter.user.email], html_message=html
    )


def console(letter: Letter) -> None:
    """The stand-in for a text-message or WeChat gateway: says in the log that it would send. No number is written."""
    log.warning("account %s: %d notices by a channel without a gateway", letter.user.pk, len(letter.notices))


CHANNELS: dict[str, Callable[[Letter], None]] = {
    Delivery.Channel.MAIL: mail,
    Delivery.Channel.SMS: console,
    Delivery.Channel.WECHAT: console,
}
