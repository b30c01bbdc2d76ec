"""What was declared, verified, recorded or registered about somebody is never deleted: it is returned, lifted, struck off."""

from django.db import migrations

from core.audit.append_only import never_deleted


class Migration(migrations.Migration):
    dependencies = [("credentials", "0013_badges_signed_anew")]
    operations = [
        never_deleted("credentials_qualificationrecord"),
        never_deleted("credentials_registrationperiod"),
        never_deleted("credentials_conductrecord"),
        never_deleted("credentials_commendation"),
    ]
