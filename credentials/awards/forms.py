"""A round as an officer writes it, a nomination, the panel's scores."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.attachments.forms import AttachmentField
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.models import Person, User
from core.ui.fields import LineField
from credentials.awards.models import AwardIndicator, AwardRound, Nomination
from credentials.awards.policy import MOST_SCORE
from credentials.awards.states import Way
from credentials.public_notices.policy import secret_in, secret_in_contact

DAYS = ("nominate_from", "nominate_until", "vote_from", "vote_until")


def _read_indicator(line: str) -> tuple[str, int]:
    name, _space, weight = line.replace("％", "%").rstrip("% ").rpartition(" ")
    is_number = weight.isascii() and weight.isdigit() and len(weight) <= 3
    if not name.strip() or not is_number or not 1 <= int(weight) <= 100:
        raise ValidationError(
            _("“%(line)s”: write a name, a space and a weight, such as “服务成效 60”."), params={"line": line}
        )
    if len(name.strip()) > 60:
        raise ValidationError(_("The name of an indicator has at most 60 characters."))
    return name.strip(), int(weight)


class RoundForm(forms.ModelForm):
    """A round and its indicators. What is refused keeps what was typed."""

    indicators = forms.CharField(
        label=_("indicators and weights"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line, with its weight in per cent; together they make 100."),
    )
    read: list[tuple[str, int]]

    class Meta:
        model = AwardRound
        fields = [
            *("organisation", "title", "rank", "year", "eligibility", "qualified_months", "clean_months"),
            *("nominate_from", "nominate_until", "by_self", "by_peer", "quota", "shortlist_size", "winners"),
            *("vote_share", "vote_from", "vote_until", "notice_days", "notice_counts", "vacant", "contact"),
        ]
        widgets = dict.fromkeys(DAYS, AdminDateInput) | {"eligibility": forms.Textarea(attrs={"rows": 4})}

    field_order = [*Meta.fields[:13], "indicators", *Meta.fields[13:]]

    def __init__(self, *args: Any, places: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_organisations(self.fields["organisation"], places)
        if self.instance.pk:
            rows = AwardIndicator.objects.filter(round=self.instance)
            self.fields["indicators"].initial = "\n".join(f"{row.name} {row.weight}" for row in rows)

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"].strip()
        if secret_in(title):
            raise ValidationError(_("There is a long number in it. Everybody will read it."))
        return title

    def clean_contact(self) -> str:
        contact: str = self.cleaned_data["contact"].strip()
        if secret_in_contact(contact):
            raise ValidationError(_("Write the landline or e-mail of the office, not somebody’s own number."))
        return contact

    def clean_indicators(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["indicators"].splitlines() if line.strip()]
        self.read = [_read_indicator(line) for line in lines]
        if sum(weight for _name, weight in self.read) != 100:
            raise ValidationError(_("The weights of the indicators make 100 per cent together."))
        if len({name for name, _weight in self.read}) < len(self.read):
            raise ValidationError(_("An indicator stands twice."))
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        share, start, end = data.get("vote_share"), data.get("vote_from"), data.get("vote_until")
        if share and not (start and end):
            self.add_error("vote_from", _("A public vote needs its first and its last day."))
        if share == 0 and (start or end):
            self.add_error("vote_share", _("Give the vote a share, or leave its days empty."))
        if start and data.get("nominate_until") and start <= data["nominate_until"]:
            self.add_error("vote_from", _("The vote begins after the nominations."))
        if start and end and end < start:
            self.add_error("vote_until", _("The last day must not be before the first."))
        if (
            data.get("nominate_from")
            and data.get("nominate_until")
            and data["nominate_until"] < data["nominate_from"]
        ):
            self.add_error("nominate_until", _("The last day must not be before the first."))
        if data.get("winners") and data.get("shortlist_size") and data["shortlist_size"] < data["winners"]:
            self.add_error("shortlist_size", _("The shortlist is at least as long as the number of winners."))
        return data


class NominationForm(forms.Form):
    """Whom one nominates, and why."""

    way = forms.ChoiceField(label=pgettext_lazy("nomination", "way"), widget=forms.RadioSelect)
    person = forms.ModelChoiceField(
        label=_("Whom"),
        queryset=Person.objects.none(),
        required=False,
        help_text=_("Left empty when you nominate yourself."),
    )
    deeds = forms.CharField(
        label=_("What they have done"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What, for whom, since when, and what came of it. No names of service users."),
    )

    def __init__(
        self,
        *args: Any,
        ways: list[str],
        people: QuerySet[Person],
        shown: Collection[Person],
        me: Person,
        notes: Mapping[int, str],
        bar_of: Callable[[Person], str],
        **kwargs: Any,
    ) -> None:
        """`shown` of all the `people` stand in the list, with what everybody may know of them (`notes`); `bar_of` says of
        the one who was chosen whether they could accept."""
        super().__init__(*args, **kwargs)
        self.me, self.bar_of = me, bar_of
        self.fields["way"].choices = [(way, Way(way).label) for way in ways]  # type: ignore[attr-defined]
        self.fields["way"].initial = ways[0] if ways else None
        field = self.fields["person"]
        field.queryset = people  # type: ignore[attr-defined]
        found = [(one.pk, " · ".join(_line_of(one, notes))) for one in shown]
        field.widget.choices = [("", "–"), *found]
        field.widget.attrs |= {
            "data-find": pgettext_lazy("person", "Find by name"),
            "data-found": _("Found:"),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("way") == Way.SELF:
            data["person"] = self.me
        elif data.get("way") and not data.get("person"):
            self.add_error("person", _("Choose whom you nominate."))
        elif data.get("person") and data.get("way"):
            self._warn_of(data["person"])
        return data

    def _warn_of(self, person: Person) -> None:
        """Whoever could not accept today is nominated only by who has read so."""
        if self.data.get("anyway") == str(person.pk) or not (bar := self.bar_of(person)):
            return
        self.fields["anyway"] = forms.BooleanField(
            label=_("Nominate %(name)s all the same") % {"name": person.name},
            required=False,
            help_text=_(
                "They can accept as soon as they meet the conditions, as long as nominations are taken."
            ),
            widget=forms.CheckboxInput(attrs={"value": person.pk}),
        )
        self.add_error("person", bar)


def _line_of(person: Person, notes: Mapping[int, str]) -> Iterator[str]:
    yield person.name
    yield str(person.employer)
    if note := notes.get(person.pk):
        yield str(note)


class PaperForm(forms.Form):
    paper = AttachmentField(label=_("Paper"))


class ConflictForm(forms.Form):
    """With whom of the shortlist a member has a conflict of interest."""

    conflicts = forms.ModelMultipleChoiceField(
        label=_("I have a conflict of interest with"),
        queryset=Nomination.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Family, friends, business, teacher and student, a quarrel. Tick nobody if there is none."
        ),
    )

    def __init__(self, *args: Any, nominees: QuerySet[Nomination], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["conflicts"]
        field.queryset = nominees  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.person.name} · {row.organisation.name}"  # type: ignore[attr-defined]


class ScoreForm(forms.Form):
    """One score for each indicator."""

    def __init__(
        self, *args: Any, indicators: list[AwardIndicator], given: dict[int, int], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in indicators:
            self.fields[f"score-{one.pk}"] = forms.IntegerField(
                label=f"{one.name} · {one.weight}%",
                min_value=0,
                max_value=MOST_SCORE,
                initial=given.get(one.pk),
                help_text=_("0 to 100"),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    def values(self) -> dict[int, int]:
        return {int(name.removeprefix("score-")): value for name, value in self.cleaned_data.items()}


class FindForm(forms.Form):
    """Looking for somebody for the panel."""

    find = LineField(label=_("Find a person by name"), max_length=60, required=False)


class MemberForm(forms.Form):
    """Somebody for the panel, as they were found."""

    user = forms.ModelChoiceField(queryset=User.objects.none())

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class ShortlistForm(forms.Form):
    chosen = forms.ModelMultipleChoiceField(queryset=Nomination.objects.none(), required=False)

    def __init__(self, *args: Any, nominees: QuerySet[Nomination], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].queryset = nominees  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    reason = LineField(label=_("Reason"), max_length=500)
