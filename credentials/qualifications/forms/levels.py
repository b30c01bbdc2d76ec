"""The list of levels, and the terms of one from a day on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation, Tier
from credentials.qualifications.models import LevelTerms, QualificationLevel
from credentials.qualifications.policy import plain_number

LONGEST_NUMBER = 40


class LevelForm(WagtailAdminModelForm):
    class Meta:
        model = QualificationLevel
        fields = ["code", "name", "name_en", "target_hours", "position", "is_active"]


class TermsForm(WagtailAdminModelForm):
    class Meta:
        model = LevelTerms
        fields = [
            "level",
            "organisation",
            "starts_on",
            "name",
            "name_en",
            "department",
            "subjects",
            "window_years",
            "slip_years",
            "number_forms",
            "source",
        ]
        widgets = {
            "starts_on": AdminDateInput,
            "subjects": forms.Textarea(attrs={"rows": 4}),
            "number_forms": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(self.for_user).q("", Role.ADMINISTRATOR)
        organisation = self.fields["organisation"]
        tiers = (Tier.PROVINCE, Tier.CITY)
        offer_organisations(organisation, Organisation.objects.filter(mine, tier__in=tiers))
        organisation.required, organisation.empty_label = True, None
        self.fields["level"].queryset = QualificationLevel.objects.active()
        self.fields["level"].empty_label = None

    def clean_number_forms(self) -> str:
        said: str = self.cleaned_data["number_forms"]
        lines = [plain_number(line) for line in said.splitlines() if line.strip()]
        if any(not 4 <= len(line) <= LONGEST_NUMBER for line in lines):
            raise forms.ValidationError(_("A form has 4 to 40 signs."))
        return "\n".join(lines)

    def _post_clean(self) -> None:
        """The action builds the row and says what is wrong; the form's own instance is not used."""
