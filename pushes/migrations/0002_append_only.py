from django.db import migrations

from foundation.common.append_only import protect, release

TABLES = ["pushes_pushversion"]


class Migration(migrations.Migration):
    dependencies = [("pushes", "0001_initial")]
    operations = [migrations.RunSQL(protect(table), release(table)) for table in TABLES]
