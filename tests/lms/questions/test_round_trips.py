"""What a format can say comes back as it was; what it cannot is named, question by question."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lms.questions.formats import FORMATS
from lms.questions.policy import FaultKind, Kind, content_of, question_from
from tests.lms.questions.making import a_picture, a_single, questions, with_pictures

SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def back(name, question):
    """The question as it comes back, and what the format said it would lose."""
    written = FORMATS[name].write([question])
    if any(each.is_whole for each in written.losses):
        return None, written.losses
    entries = list(FORMATS[name].read(written.content))
    assert len(entries) == 1, (written.content[:2000], entries)
    assert entries[0].is_good, (entries[0].faults, entries[0].question, written.content[:2000])
    return entries[0].question, written.losses


@SOME
@given(questions())
def test_a_question_kept_as_data_is_the_same_again(question):
    assert question_from(content_of(question)) == question


@pytest.mark.parametrize("name", ["gift", "moodle-xml"])
@SOME
@given(question=questions())
def test_a_question_without_losses_comes_back_as_it_was(name, question):
    read, losses = back(name, question)
    assume(not losses)
    assert read == question


@pytest.mark.parametrize("name", ["xlsx", "word"])
@SOME
@given(question=questions())
def test_tables_and_papers_lose_nothing(name, question):
    assert back(name, question) == (question, ())


@SOME
@given(question=questions(kinds=tuple(kind for kind in Kind if kind != Kind.CASE)))
def test_moodle_loses_nothing_but_what_it_names(question):
    read, losses = back("moodle-xml", question)
    fields = {name for each in losses for name in each.fields}
    assert fields <= {"tags", "model", "title"}
    assert (
        replace(read, tags=question.tags, model=question.model, title=question.title, **_own(question, read))
        == question
    )


def _own(question, read):
    """Tags that look like ours are read as ours, which is said."""
    same = ("difficulty", "points", "source", "exact_case")
    return {name: getattr(question, name) for name in same} if read.tags != question.tags else {}


@pytest.mark.parametrize("name", ["moodle-xml", "word"])
def test_pictures_come_back_with_their_question(name):
    question = a_single("看图[[picture:图1.png]]回答:哪一步?", pictures=(a_picture(),))
    assert back(name, question) == (question, ())


@pytest.mark.parametrize("name", ["xlsx", "gift", "aiken"])
def test_a_format_without_pictures_says_that_they_are_left_out(name):
    question = a_single("看图回答", pictures=(a_picture(),))
    assert "pictures" in FORMATS[name].write([question]).losses[0].fields


# What may come back otherwise where a format names a loss.
SHOWN_IN = {
    "kind": {"kind", "choices", "correct"},
    "tags": {"tags", "difficulty", "points", "source", "exact_case"},
    "shares": {"choices", "correct"},
    "feedback": {"choices"},
    "arrow": {"pairs", "distractors", "answers", "blanks"},
    "lines": {"prompt", "choices"},
    "signs": {"prompt"},
}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("name", list(FORMATS))
@settings(SOME, max_examples=12)
@given(data=st.data())
def test_every_kind_comes_back_from_every_format_but_for_what_is_named(name, kind, data):
    question = data.draw(with_pictures(data.draw(questions(kinds=(kind,)))))
    written = FORMATS[name].write([question])
    lost = {field for each in written.losses for field in each.fields}
    if any(each.is_whole for each in written.losses):
        assert lost and not any(entry.is_good for entry in FORMATS[name].read(written.content or b"x"))
        return
    (entry,) = FORMATS[name].read(written.content)
    assert {each.kind for each in entry.faults} <= ({FaultKind.NO_PICTURE} if "pictures" in lost else set())
    may = {name for field in lost for name in SHOWN_IN.get(field, {field})}
    now, was = vars(entry.question), vars(question)
    assert {name: now[name] for name in was if name not in may} == {
        name: was[name] for name in was if name not in may
    }
