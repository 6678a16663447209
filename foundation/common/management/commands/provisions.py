"""Write, or check, the table of provisions."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.common.provisions import faults, page, proofs, read_provisions


class Command(BaseCommand):
    """`manage.py provisions [--check]`: docs/provisions.md from the data file and the marks in the test tree."""

    help = "Write docs/provisions.md; with --check only say whether it is up to date and every promise has its test."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check, and another folder than the project's for tests of the command."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 where the page is stale or a promise lacks its test"
        )
        parser.add_argument("--root", type=Path, default=Path(settings.ROOT), help="folder with docs/ and tests/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page, or compare it."""
        root: Path = options["root"]
        provisions = read_provisions(root / "docs" / "provisions" / "provisions.csv")
        proven = proofs(root / "tests")
        if found := faults(provisions, proven):
            raise CommandError("\n".join(found))
        target, text = root / "docs" / "provisions.md", page(provisions, proven)
        if not options["check"]:
            target.write_text(text, encoding="utf-8")
            self.stdout.write(f"{target.name}: {len(provisions)} provisions")
        elif not target.exists() or target.read_text(encoding="utf-8") != text:
            raise CommandError(f"{target.name} is stale: run manage.py provisions")
