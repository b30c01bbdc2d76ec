"""The frame of an act on the site: it is done and said so, or the reader is told why not and nothing was changed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from core.states import IllegalMove, Refused, StaleState


def was_done(
    request: HttpRequest, act: Callable[[], object], done: str, *, late: str, stale: str = ""
) -> bool:
    """Do it and say `done`; a second click is told `late`, an old page `stale`, a refusal its own words. Whether it was
    done."""
    try:
        act()
    except StaleState:
        messages.warning(request, stale) if stale else messages.info(request, late)
    except IllegalMove:
        messages.info(request, late)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
        return True
    return False
