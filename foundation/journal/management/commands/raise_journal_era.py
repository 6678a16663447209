"""`manage.py raise_journal_era`: after a restore into another cluster."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from foundation.journal.rows import current_era


class Command(BaseCommand):
    """Raises the era of new journal rows by one. A new cluster counts its transactions from the beginning, so the old numbers stand first."""

    help = "恢复到另一套数据库之后执行一次：此后的留痕排在恢复之前的留痕后面。"

    def handle(self, *args: Any, **options: Any) -> None:
        """Change the default of the column."""
        era = current_era() + 1
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE journal_entry ALTER COLUMN era SET DEFAULT {era}")
        self.stdout.write(f"留痕从现在起记为第 {era} 纪。")
