"""The forms of a round: the officer's, and those of the two sides on the site."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation, RoleAssignment
from core.people.fields import WordsField
from core.people.models import Person
from core.ui.fields import LineField
from supervision.matching.models import MatchingRound, RoundMentee, RoundSupervisor
from supervision.matching.queries import SOFT_LABELS
from supervision.matching.scoring import SOFT, USUAL
from supervision.pairings.models import Pairing
from supervision.supervisors.forms import ScopedChooser, choose_from
from supervision.supervisors.models import Supervisor

MOST_POINTS = 100
MOST_LINES = 2000


class RoundForm(WagtailAdminModelForm):
    """A round with its days, its rules and its points."""

    title = LineField(label=_("title"), max_length=120)
    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organisation.objects.none(),
        help_text=_("It runs the round; mentees come from it and from everything below it."),
    )

    class Meta:
        model = MatchingRound
        fields = (
            "title",
            "organisation",
            "opens_at",
            "closes_at",
            "starts_on",
            "ends_on",
            "engine",
            "region",
            "required_tier",
            "most_wishes",
            "self_join",
            "appeal_days",
        )
        widgets = {
            "opens_at": AdminDateTimeInput,
            "closes_at": AdminDateTimeInput,
            "starts_on": AdminDateInput,
            "ends_on": AdminDateInput,
            "engine": forms.RadioSelect,
            "region": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.filter(scope_of(self.for_user).q("", Role.ADMINISTRATOR), is_active=True)
        if self.instance.pk:
            self.fields.pop("organisation")
        else:
            offer_organisations(self.fields["organisation"], rows)
        held = self.instance.weights or {}
        for code in SOFT:
            self.fields[f"weight_{code}"] = forms.IntegerField(
                label=SOFT_LABELS[code],
                min_value=0,
                max_value=MOST_POINTS,
                initial=held.get(code, USUAL[code]),
                help_text=_("The most points it gives. 0: it does not count."),
            )
        self.fields["most_wishes"].widget.attrs["max"] = 20
        if not self.is_bound and not self.instance.pk:
            self.initial.setdefault("starts_on", timezone.localdate())

    def clean_appeal_days(self) -> int:
        days: int = self.cleaned_data["appeal_days"]
        if days > 90:
            raise ValidationError(_("At most 90 days."))
        return days

    def clean_most_wishes(self) -> int:
        most: int = self.cleaned_data["most_wishes"]
        if not 1 <= most <= 20:
            raise ValidationError(_("Between 1 and 20 wishes."))
        return most

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("opens_at"), data.get("closes_at")
        if first and last and last <= first:
            self.add_error("closes_at", _("The end must be after the beginning."))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data

    def _post_clean(self) -> None:
        """The action builds the row; the form's own instance is not used."""

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data.pop("organisation", None)
        data["weights"] = {code: data.pop(f"weight_{code}") for code in SOFT}
        return data


class NextRoundForm(forms.Form):
    """The days of the next round; its rules are those of the one before."""

    title = LineField(label=_("title"), max_length=120)
    opens_at = forms.DateTimeField(label=_("wishes from"), widget=AdminDateTimeInput)
    closes_at = forms.DateTimeField(label=_("wishes until"), widget=AdminDateTimeInput)
    starts_on = forms.DateField(label=_("first day of the pairings"), widget=AdminDateInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("opens_at"), data.get("closes_at")
        if first and last and last <= first:
            self.add_error("closes_at", _("The end must be after the beginning."))
        return data


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
                params={"names": "、".join(wrong[:20])},
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


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who takes part reads this sentence."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: everybody who takes part reads it.")},
    )


class DecideForm(forms.Form):
    answer = forms.CharField(
        label=_("Why is it decided so?"),
        help_text=_("Whoever appealed reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the reason: whoever appealed reads it.")},
    )
    ends_pairing = forms.BooleanField(
        label=_("end the pairing of this round, so that the person can be paired anew"), required=False
    )


class PlacesForm(forms.Form):
    """A number of places at one supervisor of the round."""

    places = forms.IntegerField(label=_("places in this round"), min_value=0, max_value=999)


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
        supervisors.queryset = round.supervisors.filter(is_in=True).select_related("supervisor")

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
        return data

    def change(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        pair = (data["mentee"], data["supervisor"])
        if data["what"] in ("pin", "forbid"):
            return {data["what"]: pair}
        if data["what"] == "free":
            return {"free": data["mentee"]}
        return {"places": (data["supervisor"], data["places"])} if data["what"] == "places" else {}


class FindForm(forms.Form):
    """A name that is looked for."""

    name = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=60)

    def wish(self) -> str:
        return self.cleaned_data["name"].strip() if self.is_valid() else ""


class JoinForm(forms.Form):
    """Taking part in a round, with the languages in which one would like to talk."""

    languages = WordsField(
        label=_("languages and dialects"),
        required=False,
        help_text=_(
            "In which you would like to talk with your supervisor. A comma between them; may stay empty."
        ),
    )


class WishForm(forms.Form):
    """One step in an ordered list."""

    other = forms.IntegerField(min_value=1, max_value=2**31)
    side = forms.ChoiceField(choices=[("mentee", ""), ("supervisor", "")])
    step = forms.ChoiceField(choices=[(each, each) for each in ("add", "up", "down", "remove")])
    back = forms.ChoiceField(choices=[("", ""), ("browse", "")], required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)
    name = forms.CharField(max_length=60, required=False)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What should be looked at again, and why?"),
        help_text=_("Only the administrators of the round read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what should be looked at again, and why.")},
    )
