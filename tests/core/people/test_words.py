"""Short lists of words, and the field that takes them."""

import pytest
from django.core.exceptions import ValidationError

from core.people.fields import WordsField
from core.people.words import is_too_much, words_of


def test_words_are_taken_apart_at_every_usual_sign_and_kept_once():
    assert words_of("老年人、 儿童,老年人;残疾 人\n") == ["老年人", "儿童", "残疾 人"]
    assert is_too_much(["一" * 21])
    assert is_too_much([str(each) for each in range(13)])
    assert not is_too_much(["老年人"])


def test_the_field_keeps_one_sign_between_them_and_says_what_is_too_much():
    field = WordsField(required=False)
    assert field.clean(" 普通话,粤语/ 手语 ") == "普通话、粤语、手语"
    assert field.clean("") == ""
    for wrong in ("一" * 21, "、".join(str(each) for each in range(13)), "\0", "x" * 9999):
        with pytest.raises(ValidationError):
            field.clean(wrong)
