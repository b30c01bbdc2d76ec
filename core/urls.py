from django.urls import URLPattern, URLResolver, path

from core.jobs import views as jobs
from core.notices import views as notices
from core.people import activating
from core.people import views as people
from core.ui import views as ui

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("elder/", ui.elder, name="elder"),
    path("components/", ui.components, name="components"),
    path("activate/", activating.take_over, name="activate"),
    path("profile/", people.profile, name="profile"),
    path("profile/employers/", people.employers, name="employers"),
    path("profile/id/", people.id_number, name="profile-id"),
    path("profile/id/remove/", people.id_remove, name="profile-id-remove"),
    path("profile/export/", people.export, name="export"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/<int:pk>/", notices.open_notice, name="notice"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/progress/", jobs.progress, name="job-progress"),
    path("jobs/<int:pk>/file/", jobs.file, name="job-file"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="job-retry"),
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
]
