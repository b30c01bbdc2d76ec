"""The pictures of a question at the desk: they stand in its texts by their names, each with what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.blocks.uploads import PictureField
from lms.questions.formats import words_of
from lms.questions.formats.pictures import LARGEST, LONGEST_ALT, MOST, UNNAMED, picture
from lms.questions.policy import Fault, Picture, letter

NEW = 3  # pictures that one form adds
LETTERS = 10  # choices that a picture may be put to
PROMPT, EXPLANATION = "prompt", "explanation"
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}
SHOWN = gettext_lazy("What the picture shows")
SAID = gettext_lazy(
    "Read aloud to people who cannot see it. Say what matters for the answer, but not the answer."
)


def mark_of(name: str) -> str:
    """How a picture stands in a text."""
    return f"[[picture:{name}]]"


class _File(PictureField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, required=False, most_bytes=LARGEST, **kwargs)


class KeptPictureForm(forms.Form):
    """One picture that the question has."""

    alt = forms.CharField(label=SHOWN, max_length=LONGEST_ALT, required=False, help_text=SAID)
    file = _File(gettext_lazy("Another picture in its place"))
    remove = forms.BooleanField(label=gettext_lazy("Take the picture out"), required=False)

    def __init__(self, *args: Any, was: Picture, address: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"alt": was.alt}})
        self.was, self.address = was, address

    @property
    def mark(self) -> str:
        return mark_of(self.was.name)


class NewPictureForm(forms.Form):
    """One more picture."""

    file = _File(gettext_lazy("Picture"), help_text=gettext_lazy("PNG, JPEG, GIF or WebP, at most 1 MB."))
    alt = forms.CharField(label=SHOWN, max_length=LONGEST_ALT, required=False, help_text=SAID)
    at = forms.ChoiceField(label=gettext_lazy("Place in the question"), required=False)

    def __init__(self, *args: Any, has_choices: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [
            (PROMPT, _("At the end of the question")),
            (EXPLANATION, _("At the end of the explanation")),
        ]
        if has_choices:
            letters = [letter(place) for place in range(LETTERS)]
            places += [
                (key, pgettext("picture", "In choice %(letter)s") % {"letter": key}) for key in letters
            ]
        field = self.fields["at"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = places

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("file") and not data.get("alt", "").strip():
            self.add_error("alt", _("Say what the picture shows, for people who cannot see it."))
        if data.get("alt", "").strip() and not data.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose the picture that this describes."))
        return data


class Pictures:
    """The part of a question's form that is about pictures."""

    def __init__(
        self,
        pictures: Sequence[Picture],
        *,
        has_choices: bool,
        data: Any = None,
        files: Any = None,
        addresses: Sequence[str] = (),
    ) -> None:
        places = [*addresses, *[""] * len(pictures)]
        self.kept = [
            KeptPictureForm(data, files, prefix=f"picture-{n}", was=was, address=places[n])
            for n, was in enumerate(pictures)
        ]
        self.new = [
            NewPictureForm(data, files, prefix=f"new-picture-{n}", has_choices=has_choices)
            for n in range(NEW)
        ]
        self.sent = bool(files)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """What is wrong: the field's id, its label, and the sentence."""
        fields = (field for form in (*self.kept, *self.new) for field in form)
        return [
            (field.id_for_label, str(field.label), str(error)) for field in fields for error in field.errors
        ]

    @property
    def is_new_open(self) -> bool:
        return any(form.errors for form in self.new)

    def is_valid(self) -> bool:
        found = [form.is_valid() for form in (*self.kept, *self.new)]  # each says its own
        return all(found)

    def settle(self, data: dict[str, Any]) -> tuple[Picture, ...]:
        """The pictures that the question has from now on; the texts of `data` name them as they are called then.

        Raises ValidationError for what cannot be put where it should stand.
        """
        made: list[Picture] = []
        for form in self.kept:
            if (now := _kept(form, data, made)) is not None:
                made.append(now)
        taken = [form.was.name for form in self.kept]
        for new in self.new:
            if upload := new.cleaned_data.get("file"):
                one = _read(upload, new.cleaned_data["alt"])
                one = replace(one, name=_free(one.name, [*taken, *(each.name for each in made)]))
                _put(one.name, new.cleaned_data["at"] or PROMPT, data)
                made.append(one)
        if len(made) > MOST:
            raise ValidationError(_("A question can have at most %(most)s pictures.") % {"most": MOST})
        return tuple(made)


def _kept(form: KeptPictureForm, data: dict[str, Any], others: Iterable[Picture]) -> Picture | None:
    """A picture that was there: as it is now, or None when it is taken out of the question and its texts."""
    was, said = form.was, form.cleaned_data
    if said["remove"]:
        _rename(was.name, None, data)
        return None
    now = replace(was, alt=" ".join(said["alt"].split()))
    if upload := said.get("file"):
        now = _read(upload, said["alt"])
        name = was.name
        if now.type != was.type:  # the ending would no longer be true
            name = _free(PurePath(was.name).stem + ENDINGS[now.type], [each.name for each in others])
            _rename(was.name, name, data)
        now = replace(now, name=name)
    return now


def _read(upload: Any, alt: str) -> Picture:
    found: list[Fault] = []
    upload.seek(0)
    made = picture(PurePath(upload.name or "").name, upload.read(LARGEST + 1), found, alt)
    if made is None:
        raise ValidationError([words_of(each) for each in found])
    return made


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that no other picture of the question has."""
    plain = PurePath(UNNAMED.sub("", name) or "1.png")
    names, number = {each.casefold() for each in taken}, 1
    made = plain.name
    while made.casefold() in names:
        number += 1
        made = f"{plain.stem}-{number}{plain.suffix}"
    return made


def _rename(old: str, new: str | None, data: dict[str, Any]) -> None:
    for field, text in data.items():
        if isinstance(text, str):
            data[field] = text.replace(mark_of(old), mark_of(new) if new else "")


def _put(name: str, at: str, data: dict[str, Any]) -> None:
    """Let a picture stand where it should, unless somebody has named it in a text already."""
    mark = mark_of(name)
    if any(mark in text for text in data.values() if isinstance(text, str)):
        return
    if at in (PROMPT, EXPLANATION):
        data[at] = f"{data.get(at, '').rstrip()}\n{mark}".lstrip("\n")
        return
    lines = re.split(r"\r?\n", data.get("choices", ""))
    filled = [n for n, line in enumerate(lines) if line.strip()]
    place = ord(at) - ord("A")
    if place >= len(filled):
        raise ValidationError(_("There is no choice %(letter)s to put a picture in.") % {"letter": at})
    lines[filled[place]] = f"{lines[filled[place]].rstrip()} {mark}"
    data["choices"] = "\n".join(lines)
