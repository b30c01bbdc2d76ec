"""All addresses. Every view asks for a sign-in unless it is marked `login_not_required` (deny by default)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from wagtail import views as wagtail_views
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.coreutils import WAGTAIL_APPEND_SLASH
from wagtail.documents import urls as wagtaildocs_urls

from cms.dashboards.views import dashboard
from cms.pages.views import search
from credentials.certificates.views import verify

serve_pattern = r"^((?:[\w\-]+/)*)$" if WAGTAIL_APPEND_SLASH else r"^([\w\-/]*)$"

urlpatterns = [
    path("admin/login/", login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True))),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("allauth.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("search/", search, name="search"),
    path("dashboard/", dashboard, name="dashboard"),
    path("verify/", verify, name="verify"),
    path("", include("core.urls")),
    path("learn/", include("lms.urls")),
    path("supervision/", include("supervision.urls")),
    path("credentials/", include("credentials.urls")),
    path("", include("cms.urls")),
    re_path(r"^$", login_not_required(wagtail_views.serve), {"path": ""}, name="home"),
    re_path(serve_pattern, login_not_required(wagtail_views.serve), name="wagtail_serve"),
]

handler400 = "core.ui.views.bad_request"
handler403 = "core.ui.views.permission_denied"
handler404 = "core.ui.views.page_not_found"
handler500 = "core.ui.views.server_error"

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT) + urlpatterns
