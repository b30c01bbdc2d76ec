"""Who takes part in a round, and finding one of them."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person
from core.ui.lists import listed
from supervision.matching.models import MatchingRound
from supervision.pairings.models import Pairing
from supervision.supervisors.forms import ScopedChooser, choose_from
from supervision.supervisors.models import Supervisor

MOST_LINES = 2000


class AddMenteesForm(forms.Form):
    """Mentees by organisation, or by a list of names or e-mail addresses."""

    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("Everybody who holds the role of a trainee in it or below it."),
    )
    unsupervised = forms.BooleanField(
        label=_("only those without a supervisor at present"), required=False, initial=True
    )
    people = forms.CharField(
        label=_("or a list"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "One name or e-mail address on each line. They must be employed in the round's organisation."
        ),
    )

    def __init__(self, *args: Any, round: MatchingRound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        rows = Organisation.objects.filter(path__startswith=round.organisation.path, is_active=True)
        offer_organisations(self.fields["organisation"], rows)

    def clean_people(self) -> list[Person]:
        lines = list(
            dict.fromkeys(each.strip() for each in re.split(r"[\n,，;；]", self.cleaned_data["people"]))
        )
        wanted = [each for each in lines if each]
        if len(wanted) > MOST_LINES:
            raise ValidationError(_("At most %(most)s lines."), params={"most": MOST_LINES})
        if not wanted:
            return []
        inside = Person.objects.filter(employer__path__startswith=self.round.organisation.path)
        found = list(
            inside.filter(Q(name__in=wanted) | Q(user__email__in=[each.lower() for each in wanted]))
            .select_related("user")
            .order_by("pk")
        )
        known: dict[str, list[Person]] = {}
        for person in found:
            for name in {person.name, (person.user.email or "").lower()} - {""}:
                known.setdefault(name, []).append(person)
        rows, wrong = [], []
        for each in wanted:
            hits = known.get(each) or known.get(each.lower()) or []
            if len(hits) == 1:
                rows.append(hits[0])
            else:
                wrong.append(each if not hits else f"{each} ×{len(hits)}")
        if wrong:
            raise ValidationError(
                _("Nobody, or more than one, is found for: %(names)s. Use the e-mail address."),
                params={"names": listed(wrong[:20])},
            )
        return rows

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not data.get("organisation") and not data.get("people"):
            raise ValidationError(_("Choose an organisation, or write a list."))
        return data

    def rows(self) -> QuerySet[Person] | list[Person]:
        """The people who were meant."""
        at = self.cleaned_data["organisation"]
        if self.cleaned_data["people"]:
            return list(self.cleaned_data["people"])
        trainees = RoleAssignment.objects.standing(Role.TRAINEE).order_by().values("user")
        found = Person.objects.filter(employer__path__startswith=at.path, user__in=trainees)
        if self.cleaned_data["unsupervised"]:
            found = found.exclude(pk__in=Pairing.objects.open().order_by().values("mentee"))
        return found


class AddSupervisorsForm(forms.Form):
    """Supervisors: all in reach of the organisation, or one of them."""

    FROM = (
        ("tree", _("all of the round's organisation and below it")),
        ("province", _("all of its province, and those who serve it from elsewhere")),
        ("one", _("one supervisor")),
    )
    which = forms.ChoiceField(
        label=_("which supervisors"), choices=FROM, widget=forms.RadioSelect, initial="tree"
    )
    free = forms.BooleanField(label=_("only those with a free place"), required=False, initial=True)
    supervisor = forms.ModelChoiceField(
        label=_("Supervisor"),
        queryset=Supervisor.objects.none(),
        required=False,
        widget=ScopedChooser(Supervisor, "supervision_supervisors"),
        error_messages={
            "invalid_choice": _("This supervisor takes no new mentees, or serves another province.")
        },
    )

    def __init__(self, *args: Any, round: MatchingRound, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        self.reach = Supervisor.objects.active().in_reach_of(user)
        choose_from(self, "supervisor", self.reach.select_related("person__user"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("which") == "one" and not data.get("supervisor") and "supervisor" not in self.errors:
            self.add_error("supervisor", _("Choose the supervisor."))
        return data

    def rows(self) -> QuerySet[Supervisor] | list[Supervisor]:
        """The supervisors who were meant."""
        which = self.cleaned_data["which"]
        if which == "one":
            return [self.cleaned_data["supervisor"]]
        found = self.reach
        if which == "tree":
            found = found.filter(organisation__path__startswith=self.round.organisation.path)
        if self.cleaned_data["free"]:
            found = found.filter(load__lt=F("capacity"))
        return found


class PlacesForm(forms.Form):
    """A number of places at one supervisor of the round."""

    places = forms.IntegerField(label=_("places in this round"), min_value=0, max_value=999)


class FindForm(forms.Form):
    """A name that is looked for."""

    name = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=60)

    def wish(self) -> str:
        return self.cleaned_data["name"].strip() if self.is_valid() else ""
