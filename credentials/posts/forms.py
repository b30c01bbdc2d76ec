"""What officers say about posts, who holds them, and routes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.forms import DayInput
from core.people.models import Person
from credentials.posts.models import Post, Sector
from credentials.posts.states import Route


class SectorForm(WagtailAdminModelForm):
    class Meta:
        model = Sector
        fields = ["code", "name", "name_en", "position", "is_active"]


class PostForm(WagtailAdminModelForm):
    """A post at an organisation of one's own tree. Where it stands does not change: plan another one there."""

    class Meta:
        model = Post
        fields = ["organisation", "sector", "title", "places", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(self.for_user).q("", Role.ADMINISTRATOR)
        offer_organisations(self.fields["organisation"], Organisation.objects.filter(mine))
        sector = self.fields["sector"]
        assert isinstance(sector, forms.ModelChoiceField)
        sector.queryset = Sector.objects.filter(is_active=True) | Sector.objects.filter(
            pk=self.instance.sector_id
        )
        if self.instance.pk:
            self.fields["organisation"].disabled = self.fields["sector"].disabled = True

    def _get_validation_exclusions(self) -> set[str]:
        """Without the place, the model’s check whether there is such a post already rests, whose sentence names the
        constraint: the action says it in words. The place itself is checked by its field."""
        return super()._get_validation_exclusions() | {"organisation"}


class GiveForm(forms.Form):
    """Which post somebody takes up, and from when."""

    post = forms.ModelChoiceField(
        label=pgettext_lazy("talent", "Post"),
        queryset=Post.objects.none(),
        error_messages={"required": _("Choose a post.")},
    )
    starts_on = forms.DateField(label=_("From"), widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post = self.fields["post"]
        assert isinstance(post, forms.ModelChoiceField)
        post.queryset = posts
        post.label_from_instance = lambda each: f"{each.title} · {each.sector.name_here}"  # type: ignore[method-assign,assignment]


class FillForm(forms.Form):
    """Who takes a post up, and from when. A long list can be searched (cms/find.js)."""

    person = forms.ModelChoiceField(
        label=pgettext_lazy("talent", "Who takes it up"),
        queryset=Person.objects.none(),
        error_messages={"required": _("Choose a person.")},
    )
    starts_on = forms.DateField(label=_("From"), widget=DayInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = people
        person.label_from_instance = lambda each: each.name  # type: ignore[method-assign,assignment]
        person.widget.attrs |= {"data-find": _("Find a person by name"), "data-found": _("Found:")}


class EndForm(forms.Form):
    ends_on = forms.DateField(
        label=pgettext_lazy("post", "Last day"), widget=DayInput(), initial=timezone.localdate
    )


class RouteForm(forms.Form):
    """By which route somebody came into the ranks."""

    route = forms.ChoiceField(label=_("Route"), choices=Route.choices)
    since = forms.DateField(label=_("Since"), widget=DayInput(), initial=timezone.localdate)
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        help_text=_("Such as the purchased project through which the person was recruited."),
    )
