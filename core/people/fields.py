"""Form fields for what people type about themselves, with an error sentence that says what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.people.policy import clean_person_name, normalise_mobile
from core.people.words import BETWEEN, LONGEST, MOST_WORDS, is_too_much, words_of

MOBILE_ERRORS = {
    "characters": _("A mobile number has only digits."),
    "length": _("A mobile number has 11 digits. Count them again."),
    "foreign": _("Only numbers of mainland China can be used here."),
    "prefix": _("This is not a mobile number of mainland China: it begins with 13 to 19."),
}
NAME_ERRORS = {
    "too_long": _("The name is longer than 60 characters."),
    "control": _("The name has an invisible character in it. Type it by hand instead of pasting it."),
    "bidi": _("The name has an invisible character in it. Type it by hand instead of pasting it."),
    "emoji": _("A name has no pictures in it. Leave them out."),
    "formula": _("A name cannot begin with =, +, - or @."),
    "markup": _("A name has no < > or & in it."),
    "private_use": _(
        "The name has a character that only one machine knows. Type it in the standard form (Unicode)."
    ),
}


class MobileField(forms.CharField):
    """A mainland mobile number; 13800138000 works as well as +86 138 0013 8000. Gives the eleven digits."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    kept = ""  # the number as it is stored: left alone it stays, even if the rule has changed since

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text or text.strip() == self.kept:
            return text.strip()
        try:
            return normalise_mobile(text)
        except ValueError as error:
            fallback = _("This is not a mobile number of mainland China. Check it again.")
            raise ValidationError(MOBILE_ERRORS.get(str(error), fallback), code=str(error)) from error


class PersonNameField(forms.CharField):
    """A person's real name, as the papers write it; rare characters and "·" are welcome."""

    widget = forms.TextInput(attrs={"autocomplete": "name"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return clean_person_name(text)
        except ValueError as error:
            fallback = _("The name has a character that names do not have. Check it again.")
            raise ValidationError(NAME_ERRORS.get(str(error), fallback), code=str(error)) from error


MOST_LETTERS = MOST_WORDS * (LONGEST + 1)  # of a whole list, with what stands between the words


class WordsField(forms.CharField):
    """A short list of words in one line. It is kept with the same sign between them, whichever was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MOST_LETTERS} | kwargs)

    def clean(self, value: Any) -> str:
        words = words_of(super().clean(value))
        if is_too_much(words):
            said = _(
                "At most %(most)s words, none longer than %(longest)s characters, with a comma between them."
            )
            raise ValidationError(said, params={"most": MOST_WORDS, "longest": LONGEST})
        return BETWEEN.join(words)
