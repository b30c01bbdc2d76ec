"""Sentences that several acts say."""

from __future__ import annotations

from django.utils.translation import gettext_noop

ANSWER = gettext_noop("Read the goal, then accept or decline.")
LINE = gettext_noop("As soon as a place is free, it is offered in the order of the waiting list.")
