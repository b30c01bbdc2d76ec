"""What a round weighs beside the scores."""

from __future__ import annotations

from django import forms

from supervision.matching.states import MOST_KNOB, Knob


class KnobsForm(forms.Form):
    """A number of points for each knob."""

    wishes = forms.IntegerField(label=Knob.WISHES.label, min_value=0, max_value=MOST_KNOB)
    even = forms.IntegerField(label=Knob.EVEN.label, min_value=0, max_value=MOST_KNOB)
    keep = forms.IntegerField(label=Knob.KEEP.label, min_value=0, max_value=MOST_KNOB)
