"""A policy as a text with its cases; the answers to its open points; and somebody's facts to try it with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from credentials.policies.files import MOST_BYTES
from credentials.policies.models import SubsidyPolicy, parsed
from credentials.policies.policy import Policy, SourceFault, check_policy, read_facts
from credentials.policies.policy.source import MOST_CHARACTERS
from credentials.policies.queries.checking import check_cases
from credentials.policies.queries.known import words_known
from credentials.policies.queries.mistakes import fault_words
from credentials.policies.queries.words import said

MOST_TOLD = 20  # mistakes of one text at a time


def _text(
    label: Any, lines: int, help_text: Any = "", *, required: bool = True, most: int = MOST_CHARACTERS
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lines, "spellcheck": "false", "class": "policy-text"})
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        max_length=most,
        help_text=help_text,
        widget=widget,
    )


def _lines(sentences: Sequence[str]) -> ValidationError:
    """Several mistakes of one text, each on a line of its own."""
    return ValidationError("\n".join(sentences[:MOST_TOLD]))


def _file(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=False,
        help_text=_("A YAML file takes the place of what stands above."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.txt"}),
    )


def _with_files(data: Any, files: Any) -> tuple[Any, set[str]]:
    """What was sent with the texts of the files in the place of what was typed, to be shown and mended there; and the files
    that cannot be read."""
    unread: set[str] = set()
    if data is None or not files:
        return data, unread
    data = data.copy()
    for name in ("text_file", "cases_file"):
        file = files.get(name)
        if file is None:
            continue
        try:
            if file.size > MOST_BYTES:
                raise ValueError
            data[name.removesuffix("_file")] = file.read().decode("utf-8-sig")
        except ValueError:  # a text in another encoding is one, too
            unread.add(name)
    return data, unread


class PolicyForm(forms.Form):
    """The text of a policy and its cases. Every mistake is told with its line; what was typed stays."""

    organisation = forms.ModelChoiceField(
        label=_("authority"),
        queryset=Organisation.objects.none(),
        help_text=_("The authority whose policy it is."),
    )
    text = _text(
        pgettext_lazy("policy", "text"),
        28,
        _("YAML: dates, benefits, conditions, open points. Start from one of the examples and change it."),
    )
    cases = _text(
        pgettext_lazy("policy", "cases"),
        12,
        _(
            "YAML: facts of somebody, the day, and what the policy must decide. A policy that decides one otherwise is not published."
        ),
        required=False,
    )

    text_file = _file(_("or the text as a file"))
    cases_file = _file(_("or the cases as a file"))
    field_order = ("organisation", "text", "text_file", "cases", "cases_file")

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        places: QuerySet[Organisation],
        subsidy: SubsidyPolicy | None = None,
        **kwargs: Any,
    ) -> None:
        data, self.unread = _with_files(data, files)
        super().__init__(data, files, **kwargs)
        self.subsidy = subsidy
        offer_organisations(self.fields["organisation"], places)
        if subsidy:
            del self.fields["organisation"]

    def clean_text_file(self) -> None:
        self._require_read("text_file")

    def clean_cases_file(self) -> None:
        self._require_read("cases_file")

    def _require_read(self, name: str) -> None:
        if name in self.unread:
            raise ValidationError(_("This is no text file in UTF-8 of at most 2 MB."))

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            check_policy(text, known=words_known())
        except SourceFault as fault:
            raise _lines(fault_words(fault))
        return text

    def clean_cases(self) -> str:
        cases = self.cleaned_data["cases"].replace("\r\n", "\n")
        text = self.cleaned_data.get("text")
        if text is not None and (faults := check_cases(text, cases).faults):
            raise _lines(faults)
        return cases

    def answers(self, text: str) -> dict[str, str]:
        """The answers chosen so far that the new text still offers."""
        kept = self.subsidy.answers if self.subsidy else {}
        offered = {one.name: [value for value, _words in one.options] for one in parsed(text).switches}
        return {name: value for name, value in kept.items() if value in offered.get(name, ())}


class AnswersForm(forms.Form):
    """The answers to what the text of a policy leaves open."""

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy
        for switch in policy.switches:
            self.fields[switch.name] = forms.ChoiceField(
                label=said(switch.asks),
                choices=[(value, said(words)) for value, words in switch.options],
                initial=switch.chosen,
                widget=forms.RadioSelect,
            )

    def answers(self) -> dict[str, str]:
        return {switch.name: self.cleaned_data[switch.name] for switch in self.policy.switches}


class FactsForm(forms.Form):
    """Somebody's facts, to see what a policy would decide. Nothing is kept."""

    on = forms.DateField(
        label=_("day of the claim"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )
    facts = _text(
        _("facts"),
        14,
        _("YAML. What is not written is not known; an empty list says that there is none."),
        most=20_000,
    )

    def clean_facts(self) -> Any:
        try:
            return read_facts(self.cleaned_data["facts"])
        except SourceFault as fault:
            raise _lines(fault_words(fault))
