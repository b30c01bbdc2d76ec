from django.urls import URLPattern, URLResolver, path

from credentials.awards.views import panel
from credentials.awards.views import rounds as awards
from credentials.badges import views as badges
from credentials.certificates import views as certificates
from credentials.claims import views as claims
from credentials.hours import views as hours
from credentials.internships import views as internships
from credentials.manual_entries import views as manual
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
    path("claims/start/", claims.claim_start, name="claim-start"),
    path("claims/<int:pk>/", claims.claim_detail, name="claim-detail"),
    path("claims/<int:pk>/edit/", claims.claim_edit, name="claim-edit"),
    path("claims/<int:pk>/autosave/", claims.claim_autosave, name="claim-autosave"),
    path("claims/<int:pk>/papers/", claims.claim_paper_add, name="claim-paper-add"),
    path("claims/<int:pk>/papers/<int:paper_id>/", claims.claim_paper, name="claim-paper"),
    path("claims/<int:pk>/scan/", claims.claim_scan_take, name="claim-scan-take"),
    path("claims/<int:pk>/check/", claims.claim_check, name="claim-check"),
    path("claims/<int:pk>/form/", claims.claim_form, name="claim-form"),
    path("claims/<int:pk>/withdraw/", claims.claim_withdraw, name="claim-withdraw"),
    path("claims/<int:pk>/appeal/", claims.claim_appeal, name="claim-appeal"),
    path("claims/<int:pk>/account/", claims.claim_account, name="claim-account"),
    path("claims/<int:pk>/account/forget/", claims.claim_take_back, name="claim-take-back"),
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
    path("internships/", internships.internship_list, name="internship-list"),
    path("internships/supervised/", internships.internship_supervised, name="internship-supervised"),
    path("internships/<int:pk>/school/", internships.internship_confirm, name="internship-confirm"),
    path("internships/<int:pk>/paper/", internships.internship_paper, name="internship-paper"),
    path("internships/<int:pk>/employment/", internships.internship_employment, name="internship-employment"),
    path("internships/<int:pk>/sign/", internships.internship_sign, name="internship-sign"),
    path("employment/<int:pk>/papers/<slug:which>/", internships.employment_paper, name="employment-paper"),
    path("employment/<int:pk>/withdraw/", internships.employment_withdraw, name="employment-withdraw"),
    path("manual-entries/", manual.manual_list, name="manual-list"),
    path("manual-entries/request/", manual.manual_request, name="manual-request"),
    path("manual-entries/<int:pk>/", manual.manual_detail, name="manual-detail"),
    path("manual-entries/<int:pk>/proof/", manual.manual_proof, name="manual-proof"),
    path("manual-entries/<int:pk>/withdraw/", manual.manual_withdraw, name="manual-withdraw"),
    path("awards/", awards.award_list, name="award-list"),
    path("awards/<int:pk>/", awards.award_round, name="award-round"),
    path("awards/<int:pk>/nominate/", awards.award_nominate, name="award-nominate"),
    path("awards/<int:pk>/vote/", awards.award_vote, name="award-vote"),
    path("awards/<int:pk>/panel/", panel.award_panel, name="award-panel"),
    path("awards/<int:pk>/panel/<int:nomination_id>/", panel.award_score, name="award-score"),
    path(
        "awards/<int:pk>/panel/<int:nomination_id>/papers/<int:paper_id>/",
        panel.award_score_paper,
        name="award-score-paper",
    ),
    path("nominations/<int:pk>/", awards.nomination, name="nomination"),
    path("nominations/<int:pk>/decide/", awards.nomination_decide, name="nomination-decide"),
    path("nominations/<int:pk>/papers/<int:paper_id>/", awards.nomination_paper, name="nomination-paper"),
    path("record/", talent.record, name="record"),
    path("record/listing/", talent.listing, name="record-listing"),
    path("record/cv/", talent.cv, name="record-cv"),
    path("statements/", statements.statement_list, name="statement-list"),
    path("statements/<str:serial>/file/", statements.statement_file, name="statement-file"),
]
