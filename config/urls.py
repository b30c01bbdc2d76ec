"""All addresses. Every view asks for a sign-in unless it is marked `login_not_required` (deny by default)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.urls import serve_pattern

from cms.dashboards.views import dashboard
from cms.pages.views import document, page, search
from core.people.desk import desk_account
from core.ui.views import page_not_found, set_language
from credentials.badges import views as badges
from credentials.keys.views import key_file, key_list, key_set
from credentials.public_notices.views import public_notice
from credentials.statements.views import verify_code
from credentials.verifying.views import verify, verify_file, verify_list, verify_list_blank

urlpatterns = [
    path(
        "admin/login/",
        login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True)),
    ),
    path("admin/account/", desk_account),
    # Wagtail's own list of acts knows nothing of our tree; ours shows them all.
    re_path(r"^admin/reports/site-history/.*$", RedirectView.as_view(pattern_name="audit:index")),
    path(
        "_util/login/",
        login_not_required(RedirectView.as_view(pattern_name="account_login", query_string=True)),
        name="wagtailcore_login",  # pages and files for the signed in ask for it by this name
    ),
    path("admin/failwhale/", page_not_found),  # Wagtail's own test of a fault
    path("admin/", include(wagtailadmin_urls)),
    path("documents/<int:document_id>/<path:document_filename>", document, name="wagtaildocs_serve"),
    path("accounts/phone/change/", RedirectView.as_view(pattern_name="core:profile")),
    path("accounts/phone/verify/", RedirectView.as_view(pattern_name="core:profile")),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("search/", search, name="search"),
    path("dashboard/", dashboard, name="dashboard"),
    path("verify/", verify, name="verify"),
    path("verify/badge/", badges.verify_badge, name="verify-badge"),
    path("verify/file/", verify_file, name="verify-file"),
    path("verify/list/", verify_list, name="verify-list"),
    path("verify/list/blank/", verify_list_blank, name="verify-list-blank"),
    path("verify/keys/", key_list, name="verify-keys"),
    path("verify/keys/<str:fingerprint>/pem/", key_file, {"form": "pem"}, name="verify-key-pem"),
    path("verify/keys/<str:fingerprint>/jwk/", key_file, {"form": "jwk"}, name="verify-key-jwk"),
    path(".well-known/jwks.json", key_set, name="key-set"),
    path("verify/<str:code>/", verify_code, name="verify-code"),
    path("public-notices/<int:pk>/", public_notice, name="public-notice"),
    path("badges/issuers/<int:pk>/", badges.badge_issuer, name="badge-issuer"),
    path("badges/achievements/<slug:digest>/", badges.badge_achievement, name="badge-achievement"),
    path("badges/achievements/<slug:digest>/picture.svg", badges.badge_picture, name="badge-picture"),
    path("badges/status/<int:pk>/", badges.badge_status, name="badge-status"),
    path("badges/<str:code>/", badges.badge, name="badge"),
    path("badges/<str:code>/badge.json", badges.badge_file, {"form": "json"}, name="badge-json"),
    path("badges/<str:code>/badge.jwt", badges.badge_file, {"form": "jwt"}, name="badge-jwt"),
    path("badges/<str:code>/badge.svg", badges.badge_file, {"form": "svg"}, name="badge-svg"),
    path("", include("core.urls")),
    path("learn/", include("lms.urls")),
    path("supervision/", include("supervision.urls")),
    path("credentials/", include("credentials.urls")),
    path("", include("cms.urls")),
    path("", page, name="home"),
    re_path(serve_pattern, page, name="wagtail_serve"),
]

handler400 = "core.ui.views.bad_request"
handler403 = "core.ui.views.permission_denied"
handler404 = "core.ui.views.page_not_found"
handler500 = "core.ui.views.server_error"

if settings.DEBUG:
    from django.conf.urls.static import static

    urlpatterns = static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT) + urlpatterns
