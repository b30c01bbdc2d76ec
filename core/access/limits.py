"""How often one address may ask a public question."""

from __future__ import annotations

import functools
import hashlib
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

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
            who = hashlib.sha256(address.encode()).hexdigest()[:24]
            key = f"limit:{name}:{who}:{int(time.time()) // 60}"
            cache.add(key, 0, 120)
            try:
                asked = cache.incr(key)
            except ValueError:  # a full cache threw it out in between
                asked = 1
            if asked > a_minute:
                answer = render(request, "429.html", status=429)
                answer["Retry-After"] = "60"
                return answer
            return view(request, *args, **kwargs)

        return inner

    return wrap
