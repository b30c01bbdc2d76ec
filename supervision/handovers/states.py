"""The states of a handover and its legal moves: nothing reaches the next supervisor before the mentee says so."""

from django.db import models
from django.utils.translation import pgettext_lazy


class HandoverState(models.TextChoices):
    WRITTEN = "written", pgettext_lazy("handover", "Waits for the mentee")
    KEPT = "kept", pgettext_lazy("handover", "Not passed on")
    RELEASED = "released", pgettext_lazy("handover", "Passed on")


MOVES: dict[str, tuple[str, ...]] = {
    HandoverState.WRITTEN: (HandoverState.WRITTEN, HandoverState.KEPT, HandoverState.RELEASED),
    HandoverState.KEPT: (HandoverState.WRITTEN, HandoverState.RELEASED),
    HandoverState.RELEASED: (),  # the next supervisor has read it
}
TONES = {HandoverState.WRITTEN: "wait", HandoverState.KEPT: "plain", HandoverState.RELEASED: "good"}
