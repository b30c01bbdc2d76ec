from django.urls import URLPattern, URLResolver, path

from credentials.badges import views as badges
from credentials.certificates import views as certificates
from credentials.claims import views as claims
from credentials.hours import views as hours
from credentials.manual_entries import views as manual
from credentials.payments import views as payments
from credentials.qualifications import views as qualifications
from credentials.renewals import views as renewals
from credentials.statements import views as statements
from credentials.talent import views as talent

app_name = "credentials"
urlpatterns: list[URLPattern | URLResolver] = [
    path("certificates/", certificates.certificate_list, name="certificate-list"),
    path("certificates/<str:serial>/", certificates.certificate_detail, name="certificate-detail"),
    path("certificates/<str:serial>/file/", certificates.certificate_file, name="certificate-file"),
    path("certificates/<str:serial>/badge/", badges.badge_page, name="badge-page"),
    path("claims/", claims.claim_list, name="claim-list"),
    path("claims/<int:pk>/", claims.claim_detail, name="claim-detail"),
    path("claims/<int:pk>/payment/", payments.account, name="payment-account"),
    path("hours/", hours.hours_list, name="hours-list"),
    path("hours/<int:pk>/", hours.hours_evidence, name="hours-evidence"),
    path("periods/", qualifications.period_list, name="period-list"),
    path("periods/<int:pk>/withdraw/", qualifications.period_withdraw, name="period-withdraw"),
    path("qualifications/", renewals.qualification_list, name="qualification-list"),
    path("qualifications/declare/", qualifications.qualification_declare, name="qualification-declare"),
    path("qualifications/exams/", qualifications.exam_note, name="exam-note"),
    path("qualifications/exams/<int:pk>/forget/", qualifications.exam_forget, name="exam-forget"),
    path("qualifications/<int:pk>/", qualifications.qualification_detail, name="qualification-detail"),
    path("qualifications/<int:pk>/scan/", qualifications.qualification_scan, name="qualification-scan"),
    path(
        "qualifications/<int:pk>/withdraw/",
        qualifications.qualification_withdraw,
        name="qualification-withdraw",
    ),
    path("periods/<int:pk>/pack/", renewals.pack_make, name="pack-make"),
    path("packs/<int:pk>/", renewals.pack_file, name="pack-file"),
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
