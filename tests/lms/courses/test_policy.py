from hypothesis import given
from hypothesis import strategies as st

from lms.courses.policy import changes_between, earlier_only, fingerprint_of, hidden, mark_of, parts_of

KEY = "c271f63d-28bb-53e0-9928-8b774d8f0dca"
CHECK = {"key": KEY, "kind": "single", "prompt": "?", "choices": [], "correct": ["x"], "explanation": "因为"}


def test_a_lesson_is_cut_at_its_check_questions():
    parts = parts_of(f"<p>前</p>{mark_of(KEY)}<p>后</p>", [CHECK])
    assert [part.html for part in parts] == ["<p>前</p>", "", "<p>后</p>"]
    assert parts[1].check == CHECK


def test_a_mark_without_its_question_leaves_nothing_behind():
    assert [part.html for part in parts_of(f"<p>前</p>{mark_of(KEY)}", [])] == ["<p>前</p>"]


@given(st.text())
def test_a_lesson_without_marks_is_one_part_with_all_its_text(html):
    if mark_of("") not in html and "<!--check:" not in html:
        assert "".join(part.html for part in parts_of(html, [])) == html


def test_a_hidden_question_tells_neither_the_answer_nor_the_reason():
    assert not {"correct", "explanation"} & hidden(CHECK).keys()


def test_the_same_content_after_the_same_version_has_the_same_fingerprint():
    assert fingerprint_of({"a": 1, "b": [2]}, "x") == fingerprint_of({"b": [2], "a": 1}, "x")


def test_going_back_to_older_content_is_a_new_version():
    assert fingerprint_of({"a": 1}, "") != fingerprint_of({"a": 1}, "x")


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_no_lesson_waits_for_a_later_one(wanted, seen):
    kept = earlier_only(wanted, seen)
    assert set(kept) == set(wanted) & set(seen)
    assert len(kept) == len(set(kept))


def content(**lessons):
    rows = [{"key": key, "position": n, "html": html} for n, (key, html) in enumerate(lessons.items())]
    return {"title": "课", "lessons": rows, "papers": []}


def test_changes_are_counted_by_lesson():
    changes = changes_between(content(a="1", b="2", c="3"), content(b="2", c="4", d="5"))
    assert (changes.added, changes.changed, changes.removed) == (1, 1, 1)


def test_nothing_changed_is_no_change():
    assert not changes_between(content(a="1"), content(a="1"))


def test_another_title_of_the_course_is_a_change():
    assert changes_between(content(a="1"), content(a="1") | {"title": "新"}).frame
