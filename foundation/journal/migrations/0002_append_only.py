from django.db import migrations

from foundation.common.append_only import protect, release

TABLES = ["journal_entry", "journal_seal"]


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(protect(table), release(table)) for table in TABLES]
