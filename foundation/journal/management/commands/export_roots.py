"""`manage.py export_roots`: give the newest seals to somebody outside the IT office."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.journal.outside import export_roots


class Command(BaseCommand):
    """Writes the day's roots into a folder or mails them."""

    help = "把各县留痕的最新根值交给信息化部门以外的人留存。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the roots go."""
        parser.add_argument("--folder", default="", metavar="目录")
        parser.add_argument("--mail", action="append", metavar="邮箱")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say for how many counties."""
        if not (options["folder"] or options["mail"] or settings.JOURNAL_ROOTS_FOLDER or settings.JOURNAL_ROOTS_MAIL):
            raise CommandError("没有指明去处：用 --folder 或 --mail，或设置 LIANDONG_JOURNAL_ROOTS_FOLDER、LIANDONG_JOURNAL_ROOTS_MAIL。")
        self.stdout.write(f"已交出 {export_roots(folder=options['folder'], addresses=options['mail'])} 个县的根值。")
