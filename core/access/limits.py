"""How often one address may ask a public question, and how often one may be asked about the same thing."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

View = Callable[..., HttpResponse]


def limited(name: str, a_minute: int, *, by_account: bool = False, only: str = "") -> Callable[[View], View]:
    """Answer 429 with a page that says when to come back, once an address asked more than `a_minute` times.

    The count lives in the cache (shared in production); the address is hashed before it is kept. With `by_account` the
    account is counted instead: a whole class sits behind one address. With `only` just this method counts.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if only and request.method != only:
                return view(request, *args, **kwargs)
            account = request.user.pk if by_account else None
            address = f"account:{account}" if account else get_adapter().get_client_ip(request)
            key = f"limit:{name}:{_hashed(address)}:{int(time.time()) // 60}"
            if _counted(key, 120) > a_minute:
                answer = render(request, "429.html", status=429)
                answer["Retry-After"] = "60"
                return answer
            return view(request, *args, **kwargs)

        return inner

    return wrap


def take_try(name: str, subject: str, a_day: int) -> bool:
    """Take one of the tries that everybody together has at `subject` today (the server's day); False when none is left.

    The count lives in the cache like that of `limited`, and the subject is hashed before it is kept. It is taken before
    the question is answered, so that many who ask at once get no more than one who asks slowly.
    """
    return _counted(_day_key(name, subject), 2 * 86_400) <= a_day


def give_back_try(name: str, subject: str) -> None:
    """Give a try back that turned out not to count."""
    with contextlib.suppress(ValueError):  # a full cache threw it out, or a new day began in between
        cache.decr(_day_key(name, subject))


def _day_key(name: str, subject: str) -> str:
    return f"limit:{name}:{_hashed(subject)}:{timezone.localdate():%Y%m%d}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _counted(key: str, seconds: int) -> int:
    """How often this key was counted, this time included; it is forgotten after so many seconds."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # a full cache threw it out in between
        return 1
