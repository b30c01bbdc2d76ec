"""Pictures of a question: put in, seen, described, replaced and taken out at the desk, and never lost by a correction."""

import io
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from lms.models import BankQuestion
from lms.questions import actions
from lms.questions.formats import FORMATS
from lms.questions.forms import initial_of
from lms.questions.policy import Picture
from lms.questions.queries import question_of_row
from tests.factories import make_bank
from tests.lms.questions.making import a_picture, a_single


def drawn(kind="PNG", colour="red"):
    kept = io.BytesIO()
    Image.new("RGB", (20, 10), colour).save(kept, kind)
    return kept.getvalue()


def sent(name="图 [1].png", content=None):
    return SimpleUploadedFile(name, drawn() if content is None else content)


@pytest.fixture
def bank(tree):
    return make_bank(tree["district"])


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.instructor)
    return client


DATA = {
    "kind": "single",
    "prompt": "看图",
    "choices": "接案\n预估",
    "answer": "A",
    "difficulty": "easy",
    "points": "1",
}


def write(desk, bank, **more):
    return desk.post(reverse("questions:write", args=[bank.pk]), DATA | more)


def with_picture(bank, actor, **fields):
    pictures = (Picture("图1.png", "image/png", drawn(), "一棵家系图"),)
    question = a_single("看图[[picture:图1.png]]", pictures=pictures, **fields)
    return actions.add_question(bank=bank, question=question, actor=actor)


def correct(desk, row, **more):
    data = {name: value for name, value in initial_of(question_of_row(row)).items() if value}
    data |= {"picture-0-alt": question_of_row(row).pictures[0].alt} | more
    answer = desk.post(reverse("questions:correct", args=[row.pk]), data)
    row.refresh_from_db()
    return answer


def test_a_picture_is_put_at_the_end_of_the_question_in_a_choice_or_in_the_explanation(desk, bank):
    for at, text in (
        ("prompt", lambda said: said.prompt),
        ("B", lambda said: said.choices[1].text),
        ("explanation", lambda said: said.explanation),
    ):
        more = {"new-picture-0-file": sent(), "new-picture-0-alt": " 家系\n图 ", "new-picture-0-at": at}
        answer = write(desk, bank, prompt=f"看图{at}", **more)
        assert answer.status_code == 302, answer.context["form"].errors
        row = BankQuestion.objects.latest("pk")
        said = question_of_row(row)
        assert [(each.name, each.type, each.alt) for each in said.pictures] == [
            ("图 1.png", "image/png", "家系 图")
        ]
        assert "[[picture:图 1.png]]" in text(said)
        page = desk.get(answer.url).content.decode()
        assert 'alt="家系 图"' in page and reverse("questions:picture", args=[row.pk, 0]) in page


def test_a_picture_that_the_text_names_already_stands_there_and_only_there(desk, bank):
    more = {"new-picture-0-file": sent("a.png"), "new-picture-0-alt": "图", "new-picture-0-at": "explanation"}
    write(desk, bank, prompt="[[picture:a.png]]是什么?", **more)
    said = question_of_row(BankQuestion.objects.get())
    assert said.prompt == "[[picture:a.png]]是什么?" and not said.explanation


def test_two_pictures_of_one_name_get_two_names(desk, bank):
    more = {
        f"new-picture-{n}-{name}": value
        for n in (0, 1)
        for name, value in (("file", sent("a.png")), ("alt", "图"))
    }
    write(desk, bank, **more)
    said = question_of_row(BankQuestion.objects.get())
    assert [each.name for each in said.pictures] == ["a.png", "a-2.png"] and said.prompt.count(
        "[[picture:"
    ) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("a.png", b"<svg/>"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
        ("a.png", drawn("JPEG")),
        ("a.png", drawn()[:40]),
        ("a.png", drawn() + b"\0" * 1024 * 1024),
        ("a.png", b""),
        ("a.exe", b"MZ"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_at_its_field_and_the_words_stay(
    desk, bank, name, content
):
    page = write(desk, bank, **{"new-picture-0-file": sent(name, content), "new-picture-0-alt": "家系图"})
    form = page.context["form"]
    assert page.status_code == 200 and "file" in form.pictures.new[0].errors
    html = page.content.decode()
    assert "看图" in html and "家系图" in html and not BankQuestion.objects.exists()


def test_a_new_picture_says_what_it_shows_and_stands_in_a_choice_that_is_there(desk, bank):
    page = write(desk, bank, **{"new-picture-0-file": sent()})
    assert "alt" in page.context["form"].pictures.new[0].errors
    more = {"new-picture-0-file": sent(), "new-picture-0-alt": "图", "new-picture-0-at": "C"}
    page = write(desk, bank, **more)
    assert "C" in str(page.context["form"].non_field_errors()) and not BankQuestion.objects.exists()


def test_a_correction_keeps_the_pictures_and_what_they_show(desk, bank, cast):
    row = with_picture(bank, cast.instructor)
    correct(desk, row, prompt="看图[[picture:图1.png]]再答")
    said = question_of_row(row)
    assert row.number == 2 and said.pictures == (Picture("图1.png", "image/png", drawn(), "一棵家系图"),)
    correct(desk, row, **{"picture-0-alt": "生态图"})
    assert question_of_row(row).pictures[0].alt == "生态图"


def test_a_picture_is_replaced_and_its_name_follows_its_kind(desk, bank, cast):
    row = with_picture(bank, cast.instructor, explanation="见[[picture:图1.png]]")
    correct(desk, row, **{"picture-0-file": sent("x.png", drawn(colour="blue"))})
    assert question_of_row(row).pictures == (
        Picture("图1.png", "image/png", drawn(colour="blue"), "一棵家系图"),
    )
    correct(desk, row, **{"picture-0-file": sent("x.jpg", drawn("JPEG"))})
    said = question_of_row(row)
    assert said.pictures[0].name == "图1.jpg" and "[[picture:图1.jpg]]" in said.prompt
    assert said.explanation == "见[[picture:图1.jpg]]"


def test_a_picture_that_is_taken_out_leaves_the_texts_too_and_the_old_revision_keeps_it(desk, bank, cast):
    row = with_picture(bank, cast.instructor)
    correct(desk, row, **{"picture-0-remove": "on"})
    said = question_of_row(row)
    assert said.pictures == () and said.prompt == "看图"
    assert row.revisions.get(number=1).content["pictures"]


def test_a_picture_is_handed_out_as_what_it_is_to_whoever_reads_the_bank(client, cast, tree, bank):
    row = with_picture(bank, cast.instructor)
    address = reverse("questions:picture", args=[row.pk, 0])
    client.force_login(cast.auditor)
    answer = client.get(address)
    assert answer.content == drawn() and answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert client.get(reverse("questions:picture", args=[row.pk, 1])).status_code == 404
    foreign = with_picture(make_bank(tree["other_district"]), cast.instructor)
    assert client.get(reverse("questions:picture", args=[foreign.pk, 0])).status_code == 404


@pytest.mark.parametrize("name", ["moodle-xml", "word"])
def test_what_a_picture_shows_goes_along_with_it(name):
    alt = "家系图:<母亲> & \"父亲\" 'x' [[picture:x]]"
    pictures = (replace(a_picture("图 1%20.png"), alt=alt),)
    question = a_single("看[[picture:图 1%20.png]]", pictures=pictures)
    written = FORMATS[name].write([question])
    (entry,) = FORMATS[name].read(written.content)
    assert (entry.question, written.losses) == (question, ())


def test_an_address_of_moodle_with_escaped_signs_finds_its_picture():
    question = a_single("看[[picture:图 1.png]]", pictures=(a_picture("图 1.png"),))
    content = FORMATS["moodle-xml"].write([question]).content
    assert b"%E5%9B%BE%201.png" in content
    (entry,) = FORMATS["moodle-xml"].read(content)
    assert entry.question == question
