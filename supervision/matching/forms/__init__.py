"""The forms of a round: the officer's, and those of the two sides on the site."""

from supervision.matching.forms.knobs import KnobsForm
from supervision.matching.forms.people import AddMenteesForm, AddSupervisorsForm, FindForm, PlacesForm
from supervision.matching.forms.rounds import DecideForm, NextRoundForm, ReasonForm, RoundForm
from supervision.matching.forms.site import AppealForm, JoinForm, WishForm
from supervision.matching.forms.trials import TryForm

__all__ = [
    "AddMenteesForm",
    "AddSupervisorsForm",
    "AppealForm",
    "DecideForm",
    "FindForm",
    "JoinForm",
    "KnobsForm",
    "NextRoundForm",
    "PlacesForm",
    "ReasonForm",
    "RoundForm",
    "TryForm",
    "WishForm",
]
