from django.urls import URLPattern, URLResolver, path

from credentials.certificates import views as certificates
from credentials.hours import views as hours

app_name = "credentials"
urlpatterns: list[URLPattern | URLResolver] = [
    path("certificates/", certificates.certificate_list, name="certificate-list"),
    path("certificates/<str:serial>/", certificates.certificate_detail, name="certificate-detail"),
    path("certificates/<str:serial>/file/", certificates.certificate_file, name="certificate-file"),
    path("hours/", hours.hours_list, name="hours-list"),
    path("hours/<int:pk>/", hours.hours_evidence, name="hours-evidence"),
]
