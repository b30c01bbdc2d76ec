"""A certificate template as a form: chosen from small sets, in the author's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.pdf.faces import describe_character, missing_glyphs
from core.pdf.pictures import BadPicture, check_png
from core.ui.lists import listed
from credentials.designs.document import PLACEHOLDERS, Signatory, Spec, unknown_placeholders
from credentials.designs.models import Design
from credentials.designs.states import Colour, Detail, Frame, Paper, Spot

MAX_PICTURE = 2 * 2**20
SIGNATORIES = (1, 2, 3)
FAULTS = {
    "kind": _("Only PNG pictures."),
    "broken": _("The picture cannot be read."),
    "size": _("The picture is larger than 4,000 pixels."),
    "alpha": _("The picture has no transparent ground. Save it as a PNG with a clear background."),
}
PLACES = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
ENGLISH_PLACES = " ".join(f"{{{name}}}" for name in PLACEHOLDERS.values())


class PictureField(forms.FileField):
    """A PNG of at most 2 MB; `transparent`: with a clear ground."""

    def __init__(self, *, transparent: bool, **kwargs: Any) -> None:
        self.transparent = transparent
        super().__init__(required=False, widget=forms.FileInput(attrs={"accept": "image/png"}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file: UploadedFile | None = super().clean(data, initial)
        if not file:
            return None
        if (file.size or 0) > MAX_PICTURE:
            raise ValidationError(_("The picture is larger than 2 MB."))
        try:
            check_png(file.read(), transparent=self.transparent)
        except BadPicture as bad:
            raise ValidationError(FAULTS[bad.fault])
        file.seek(0)
        file.name = "picture.png"
        return file


def _words(
    label: Any, *, lines: int = 0, limit: int, required: bool = True, help_text: Any = ""
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
    return forms.CharField(
        label=label, max_length=limit, required=required, help_text=help_text, widget=widget
    )


class DesignForm(forms.Form):
    """The whole template. Pictures that are not chosen again stay; a box takes one away."""

    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organisation.objects.none(),
        help_text=_("This organisation and all below it can use the template."),
    )
    name = _words(pgettext_lazy("template", "name"), limit=60)
    is_active = forms.BooleanField(label=_("offered for use"), required=False, initial=True)
    paper = forms.ChoiceField(label=_("paper"), choices=Paper.choices)
    frame = forms.ChoiceField(label=_("frame"), choices=Frame.choices)
    colour = forms.ChoiceField(label=_("colour of the frame"), choices=Colour.choices)
    heading = _words(_("heading"), limit=20)
    heading_en = _words(_("English heading"), limit=60, required=False)
    body = _words(
        _("wording"),
        lines=6,
        limit=600,
        help_text=_("One paragraph a line. A line with the name alone is set large. Placeholders: ") + PLACES,
    )
    body_en = _words(
        _("English wording"),
        lines=3,
        limit=600,
        required=False,
        help_text=_("Placeholders: ") + ENGLISH_PLACES,
    )
    details = forms.MultipleChoiceField(
        label=_("details below the wording"),
        choices=Detail.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    issuer_at = forms.ChoiceField(label=_("organisation and date stand"), choices=Spot.choices)
    proof_at = forms.ChoiceField(label=_("QR code and numbers stand"), choices=Spot.choices)
    seal_at = forms.ChoiceField(label=_("the picture of the seal stands"), choices=Spot.choices)
    seal = PictureField(
        label=_("picture of a seal"),
        transparent=True,
        help_text=_(
            "PNG with a clear background. It is a picture and proves nothing: the signature of the file does."
        ),
    )
    seal_off = forms.BooleanField(label=_("no picture of a seal"), required=False)
    background = PictureField(
        label=_("background picture"), transparent=False, help_text=_("PNG, pale enough to read over.")
    )
    background_off = forms.BooleanField(label=_("no background picture"), required=False)

    def __init__(
        self, data: Any, files: Any, *, places: QuerySet[Organisation], design: Design | None = None
    ) -> None:
        self.design = design
        self.base = design.spec() if design else Spec()
        super().__init__(data, files, initial=_initial(self.base, design))
        offer_organisations(self.fields["organisation"], places)
        if design:
            del self.fields["organisation"]
        for number in SIGNATORIES:
            which = {"number": number}
            self.fields[f"signer_{number}"] = _words(
                _("Signatory %(number)d") % which, limit=30, required=False
            )
            self.fields[f"office_{number}"] = _words(
                _("Office of signatory %(number)d") % which, limit=40, required=False
            )
            self.fields[f"hand_{number}"] = PictureField(
                label=_("Signature of signatory %(number)d") % which,
                transparent=True,
                help_text=_("PNG with a clear background; without one there is a line to sign on."),
            )
            self.fields[f"hand_{number}_off"] = forms.BooleanField(
                label=_("no picture of signature %(number)d") % which, required=False
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in (
            "heading",
            "heading_en",
            "body",
            "body_en",
            *(f"{part}_{n}" for part in ("signer", "office") for n in SIGNATORIES),
        ):
            self._check_words(name, values.get(name) or "")
        if values.get("issuer_at") == values.get("proof_at") != None:  # noqa: E711
            self.add_error("proof_at", _("The organisation stands there already. Choose another place."))
        return values

    def _check_words(self, name: str, text: str) -> None:
        if unknown := unknown_placeholders(text):
            self.add_error(name, _("Unknown placeholder: %(names)s") % {"names": listed(unknown)})
        elif name not in ("body", "body_en") and "{" in text:
            self.add_error(name, _("Placeholders are filled in the wording only."))
        if missing := missing_glyphs(text.replace("\n", "").replace("\r", "")):
            named = listed(describe_character(char) for char in missing)
            self.add_error(
                name, _("No font has the characters %(characters)s.") % {"characters": named[:300]}
            )

    def spec(self, pictures: dict[str, int]) -> Spec:
        """The template of a valid form; `pictures` are the numbers of those that were handed in, by field."""
        data = self.cleaned_data
        signers = [
            Signatory(
                data[f"signer_{n}"], data[f"office_{n}"], self._picture(f"hand_{n}", pictures, self._hand(n))
            )
            for n in SIGNATORIES
            if data[f"signer_{n}"]
        ]
        plain = ("paper", "frame", "colour", "heading", "heading_en", "issuer_at", "proof_at", "seal_at")
        return replace(
            self.base,
            **{name: data[name] for name in plain},
            body=data["body"].replace("\r", ""),
            body_en=data["body_en"].replace("\r", ""),
            details=tuple(data["details"]),
            signatories=tuple(signers),
            seal=self._picture("seal", pictures, self.base.seal),
            background=self._picture("background", pictures, self.base.background),
        )

    def _picture(self, name: str, pictures: dict[str, int], kept: int) -> int:
        if name in pictures:
            return pictures[name]
        return 0 if self.cleaned_data.get(f"{name}_off") else kept

    def _hand(self, number: int) -> int:
        """The picture that the same signatory has already."""
        name = self.cleaned_data[f"signer_{number}"]
        return next((each.picture for each in self.base.signatories if each.name == name), 0)

    def uploads(self) -> dict[str, UploadedFile]:
        """The pictures that were handed in now, by field."""
        names = ("seal", "background", *(f"hand_{number}" for number in SIGNATORIES))
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


def _initial(spec: Spec, design: Design | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(spec, name) for name in DesignForm.base_fields if hasattr(spec, name)
    }
    for name in ("seal", "background"):
        values.pop(name, None)
    for number, each in enumerate(spec.signatories, start=1):
        values |= {f"signer_{number}": each.name, f"office_{number}": each.title}
    if design:
        values |= {"name": design.name, "is_active": design.is_active}
    return values


class ChoiceForm(forms.Form):
    """Which template the certificates of a cohort are drawn by."""

    design = forms.ModelChoiceField(
        label=_("certificate template"),
        queryset=Design.objects.none(),
        required=False,
        empty_label=_("The standard template"),
    )

    def __init__(self, *args: Any, designs: QuerySet[Design], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["design"].queryset = designs  # type: ignore[attr-defined]
