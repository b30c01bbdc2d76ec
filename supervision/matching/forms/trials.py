"""What is tried before it is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.matching.models import MatchingRound, RoundMentee, RoundSupervisor
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import MOST_PLACES


def most_to_try(supervisor: Supervisor) -> int:
    return max(MOST_PLACES - supervisor.load, supervisor.places_free)


class TryForm(forms.Form):
    """One change that is tried: what, and for whom."""

    WHAT = ("pin", "forbid", "free", "places", "engine")
    what = forms.ChoiceField(choices=[(each, each) for each in WHAT])
    mentee = forms.ModelChoiceField(queryset=RoundMentee.objects.none(), required=False)
    supervisor = forms.ModelChoiceField(queryset=RoundSupervisor.objects.none(), required=False)
    places = forms.IntegerField(min_value=0, max_value=999, required=False)

    def __init__(self, *args: Any, round: MatchingRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mentees, supervisors = self.fields["mentee"], self.fields["supervisor"]
        assert isinstance(mentees, forms.ModelChoiceField)
        assert isinstance(supervisors, forms.ModelChoiceField)
        mentees.queryset = round.mentees.filter(is_in=True)
        supervisors.queryset = round.supervisors.filter(is_in=True).select_related("supervisor__person")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        needed = {
            "pin": ("mentee", "supervisor"),
            "forbid": ("mentee", "supervisor"),
            "free": ("mentee",),
            "places": ("supervisor", "places"),
        }.get(data.get("what", ""), ())
        for name in needed:
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Choose whom this is about."))
        if data.get("what") == "places" and not self.errors:
            self._require_room(data["supervisor"].supervisor, data["places"])
        return data

    def _require_room(self, supervisor: Supervisor, places: int) -> None:
        """Nobody is tried with more places than publishing may give, beside those taken now."""
        most = most_to_try(supervisor)
        if places > most:
            words = _(
                "Nobody supervises more than %(all)s people at the same time: at most %(most)s places can be tried with "
                "%(name)s."
            )
            values = {"all": MOST_PLACES, "most": most, "name": supervisor}
            self.add_error("places", forms.ValidationError(words, params=values))

    def change(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        pair = (data["mentee"], data["supervisor"])
        if data["what"] in ("pin", "forbid"):
            return {data["what"]: pair}
        if data["what"] == "free":
            return {"free": data["mentee"]}
        return {"places": (data["supervisor"], data["places"])} if data["what"] == "places" else {}
