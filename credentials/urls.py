from django.urls import URLPattern, URLResolver, path

from credentials.certificates import views as certificates
from credentials.hours import views as hours
from credentials.manual_entries import views as manual
from credentials.qualifications import views as qualifications
from credentials.statements import views as statements
from credentials.talent import views as talent

app_name = "credentials"
urlpatterns: list[URLPattern | URLResolver] = [
    path("certificates/", certificates.certificate_list, name="certificate-list"),
    path("certificates/<str:serial>/", certificates.certificate_detail, name="certificate-detail"),
    path("certificates/<str:serial>/file/", certificates.certificate_file, name="certificate-file"),
    path("hours/", hours.hours_list, name="hours-list"),
    path("hours/<int:pk>/", hours.hours_evidence, name="hours-evidence"),
    path("periods/", qualifications.period_list, name="period-list"),
    path("periods/<int:pk>/withdraw/", qualifications.period_withdraw, name="period-withdraw"),
    path("manual-entries/", manual.manual_list, name="manual-list"),
    path("manual-entries/request/", manual.manual_request, name="manual-request"),
    path("manual-entries/<int:pk>/", manual.manual_detail, name="manual-detail"),
    path("manual-entries/<int:pk>/proof/", manual.manual_proof, name="manual-proof"),
    path("manual-entries/<int:pk>/withdraw/", manual.manual_withdraw, name="manual-withdraw"),
    path("record/", talent.record, name="record"),
    path("record/listing/", talent.listing, name="record-listing"),
    path("record/cv/", talent.cv, name="record-cv"),
    path("statements/", statements.statement_list, name="statement-list"),
    path("statements/<str:serial>/file/", statements.statement_file, name="statement-file"),
]
