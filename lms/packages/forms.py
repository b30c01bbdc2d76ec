"""Handing in a package."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from lms.packages.models import Package
from lms.packages.policy.refusals import Limits


class PackageForm(forms.Form):
    """The archive, where it belongs, and whether it is the next version of a package that is there."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        help_text=_("Its instructors and administrators can put the package into lessons."),
        queryset=Organisation.objects.none(),
    )
    package = forms.ModelChoiceField(
        label=_("New version of"),
        help_text=_("Courses that are published already keep the version they have."),
        queryset=Package.objects.none(),
        required=False,
        empty_label=_("A new package"),
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Left empty, it is the title in the package."),
        max_length=200,
        required=False,
    )
    file = forms.FileField(
        label=_("Package"),
        help_text=_(
            "A ZIP file of SCORM 1.2, SCORM 2004 or cmi5, or an H5P file with its libraries, at most 500 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,.h5p"}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(user).q("", Role.ADMINISTRATOR, Role.INSTRUCTOR)
        rows = Organisation.objects.active().filter(mine)
        offer_organisations(self.fields["organisation"], rows)
        self.fields["organisation"].initial = rows.order_by("depth", "path").first()
        package = self.fields["package"]
        assert isinstance(package, forms.ModelChoiceField)
        package.queryset = Package.objects.filter(
            scope_of(user).q("organisation", Role.ADMINISTRATOR, Role.INSTRUCTOR)
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in (".zip", ".h5p"):
            raise ValidationError(
                _("Hand in the package as a .zip or .h5p file, just as the authoring tool made it.")
            )
        if not file.size:
            raise ValidationError(_("This file is empty. Choose it again."))
        if file.size > Limits().archive:
            raise ValidationError(_("This file is larger than 500 MB. Make the videos in it smaller."))
        return file
