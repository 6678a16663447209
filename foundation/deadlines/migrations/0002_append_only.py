from django.db import migrations

from foundation.common.append_only import protect, release

TABLES = ["deadlines_adjustment", "deadlines_rungfired"]


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunSQL(protect(table), release(table)) for table in TABLES]
