from datetime import timedelta

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation
from django_cotton.compiler_regex import CottonCompiler

from core.ui.views import server_error


def show(source: str, **context: object) -> str:
    """A piece of template, rendered in English."""
    template = engines["django"].from_string(CottonCompiler().process(source))
    with translation.override("en"):
        return " ".join(template.render(context, RequestFactory().get("/list/?q=a&page=2")).split())


class QuestionForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card")
    note = forms.CharField(label="Note", required=False)
    way = forms.ChoiceField(label="Way", choices=[("a", "A")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="Agreed")


def test_a_button_with_an_address_is_a_link_and_without_one_a_button() -> None:
    assert show('<c-button href="/x/">Go</c-button>').startswith('<a href="/x/"')
    assert show('<c-button name="do" value="1">Go</c-button>').startswith('<button type="submit"')


def test_a_disabled_link_becomes_a_disabled_button() -> None:
    html = show('<c-button href="/x/" disabled>Closed</c-button>')
    assert "disabled" in html
    assert "href" not in html.split("<use")[0]


def test_what_people_typed_is_escaped_in_attributes_and_text() -> None:
    evil = '"><script>alert(1)</script>'
    sources = (
        '<c-card title="{{ evil }}" href="{{ evil }}" kicker="{{ evil }}">{{ evil }}</c-card>',
        '<c-button :href="evil">{{ evil }}</c-button>',
        '<c-status :label="evil" note="{{ evil }}" />',
        '<c-avatar :name="evil" />',
        '<c-fact :label="evil" :value="evil" />',
        '<c-row :title="evil" :note="evil" :href="evil" />',
        '<c-copy :value="evil" />',
        '<c-chart.bar :rows="rows" :caption="evil" />',
    )
    for source in sources:
        assert "<script>" not in show(source, evil=evil, rows=[(evil, 1, evil)]), source


def test_words_of_the_page_around_do_not_leak_into_a_component() -> None:
    html = show("<c-card>Text</c-card>", title="Secret", href="/secret/", kicker="Secret", foot="Secret")
    assert "Secret" not in html
    assert "/secret/" not in html


def test_a_field_links_its_help_and_its_error_to_the_input() -> None:
    html = show('<c-field :field="form.name" />', form=QuestionForm({"name": ""}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<label class="field__label" for="id_name">' in html


def test_only_optional_questions_are_marked_and_in_words() -> None:
    form = QuestionForm()
    assert "(optional)" in show('<c-field :field="form.note" />', form=form)
    for name in ("name", "way", "agreed"):
        assert "(optional)" not in show(f'<c-field :field="form.{name}" />', form=form)


def test_a_group_of_choices_has_a_legend() -> None:
    assert '<legend class="field__label">Way' in show('<c-field :field="form.way" />', form=QuestionForm())


def test_errors_are_listed_on_top_with_links_to_their_fields() -> None:
    html = show('<c-form-errors :form="form" />', form=QuestionForm({"agreed": "on"}))
    assert 'href="#id_name">Name: This field is required.' in html
    assert 'href="#id_way">Way:' in html
    assert "Agreed" not in html


def test_a_form_writes_itself_in_our_look() -> None:
    html = show("{{ form }}", form=QuestionForm({}))
    assert 'class="form"' in html
    assert 'class="form-errors"' in html
    assert html.count('class="field ') >= 3


def test_a_form_with_its_own_layout_keeps_errors_and_hidden_fields() -> None:
    html = show(
        '<c-form :form="form" manual submit="Send"><c-field :field="form.note" /></c-form>',
        form=QuestionForm({}),
    )
    assert "form-errors" in html
    assert 'name="note"' in html
    assert 'id="id_name"' not in html
    assert "Send" in html


def test_progress_says_its_number_in_words_and_to_the_machine() -> None:
    html = show('<c-progress :value="7" :max="12" label="Lessons" unit="lessons" />')
    assert "7 / 12 lessons" in html
    assert '<progress value="58" max="100" aria-label="Lessons">' in html


@pytest.mark.parametrize(
    ("days", "words"), [(9, "9 days left"), (1, "tomorrow"), (0, "today"), (-1, "1 day ago")]
)
def test_a_deadline_is_a_date_and_a_distance(days: int, words: str) -> None:
    day = timezone.localdate() + timedelta(days=days)
    html = show('<c-deadline :date="day" />', day=day)
    assert words in html
    assert f'datetime="{day.isoformat()}"' in html
    assert str(day.day) in html


def test_a_deadline_that_is_met_is_never_loud() -> None:
    html = show('<c-deadline :date="day" :done="True" />', day=timezone.localdate())
    assert "is-bad" not in html


def test_pages_keep_the_rest_of_the_address() -> None:
    html = show('<c-pagination :page="page" />', page=Paginator(range(100), 10).page(2))
    assert 'href="?q=a&amp;page=3"' in html
    assert 'aria-current="page"' in html
    assert "11–20 of 100" in html


def test_one_page_needs_no_pagination() -> None:
    assert show('<c-pagination :page="page" />', page=Paginator(range(3), 10).page(1)) == ""


def test_a_chart_has_its_figures_behind_it() -> None:
    html = show(
        '<c-chart.line :rows="rows" caption="Hours" unit="h" :target="5" />', rows=[("May", 3), ("June", 6)]
    )
    assert '<th scope="row">June</th><td>6</td>' in html
    assert "Target 5" in html
    assert 'aria-hidden="true"' in html


def test_a_status_never_speaks_by_colour_alone() -> None:
    html = show('<c-status tone="wait" label="Under review" note="waits for the centre" />')
    assert "#hourglass" in html
    assert "Under review" in html
    assert "waits for the centre" in html


def test_the_fault_page_needs_neither_database_nor_context() -> None:
    with translation.override("en"):
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()


def test_an_amount_is_written_with_its_thousands() -> None:
    assert show("{{ amount|money }}", amount=1800) == "¥1,800.00"
