"""Planning posts, and the addresses of all that is done with them."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import pgettext_lazy
from wagtail.admin.views.generic import CreateView

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, ScopedEditView
from credentials.posts.actions import save_post
from credentials.posts.forms import PostForm
from credentials.posts.models import Post
from credentials.posts.viewsets.holders import end, give, inspect, route
from credentials.posts.viewsets.lists import PostIndex, sectors


class _SavingPost(SavedByAction):
    """Saved by the action, which says in words what cannot be."""

    form: PostForm
    request: HttpRequest
    refused_field = "places"

    def save_instance(self) -> Post:
        return save_post(post=self.form.save(commit=False), actor=self.request.user)


class PostCreate(_SavingPost, CreateView):
    pass


class PostEdit(_SavingPost, ScopedEditView):
    pass


class PostViewSet(KeptViewSet):
    """Posts are closed, not deleted: whoever held one is proved by it."""

    model = Post
    name = "posts"
    icon = "clipboard-list"
    menu_label = pgettext_lazy("talent", "Posts")
    menu_item_class = ReaderMenuItem
    index_view_class = PostIndex
    add_view_class = PostCreate
    edit_view_class = PostEdit
    list_per_page = 30

    def get_form_class(self, for_update: bool = False) -> type:
        return PostForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("post/<int:pk>/", inspect, name="inspect"),
            path("sectors/", sectors, name="sectors"),
            path("give/<int:person_id>/", give, name="give"),
            path("end/<int:pk>/", end, name="end"),
            path("route/<int:person_id>/", route, name="route"),
        ]
