"""`manage.py verify_journal`: is the journal still what was sealed?"""

from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.journal import files
from foundation.journal import rows as stored
from foundation.journal.verifying import Verdict, walk


class Command(BaseCommand):
    """Walks every county's chain, computes every digest anew and names the first broken row; exits 1 where there is one."""

    help = "核验留痕：逐块重算摘要，指出第一条被改动、删除或插入的记录。"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The ways of verifying."""
        parser.add_argument("--export", metavar="文件", help="导出全部记录和封存块（JSON 行）")
        parser.add_argument("--file", metavar="文件", help="离线核验一份导出文件，不连接数据库")
        parser.add_argument("--roots", metavar="文件", action="append", default=[], help="对外留存的根值文件，可多次给出")

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, verify a file, or verify the database."""
        roots = self._roots(options["roots"])
        if options["export"]:
            with Path(options["export"]).open("w", encoding="utf-8") as target:
                self.stdout.write(f"已导出 {files.export(target)} 条记录。")
            return
        if options["file"]:
            verdicts, loose = self._offline(options["file"], roots)
        else:
            walked = sorted({*stored.counties(), *roots})
            verdicts = [walk(county_id=one, links=files.links_in_database(one), roots=roots.get(one)) for one in walked]
            loose = 0 if any(verdict.finding for verdict in verdicts) else self._loose(verdicts)
        self._report(verdicts, loose)

    def _roots(self, names: list[str]) -> dict[int, dict[int, str]]:
        with ExitStack() as opened:
            try:
                lines = [line for name in names for line in opened.enter_context(Path(name).open(encoding="utf-8"))]
                return files.read_roots(lines)
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise CommandError(f"根值文件读不出来：{error}") from error

    def _offline(self, name: str, roots: dict[int, dict[int, str]]) -> tuple[list[Verdict], int]:
        try:
            with Path(name).open(encoding="utf-8") as source:
                return files.verify_file(source, roots=roots)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"文件不是完整的留痕导出：{error}") from error

    def _loose(self, verdicts: list[Verdict]) -> int:
        count = 0
        for verdict in verdicts:
            last = stored.last_seal(verdict.county_id)
            place = (last.era, last.last_xid, last.last_id) if last else stored.START
            count += sum(1 for _ in stored.unsealed(county_id=verdict.county_id, place=place))
        return count

    def _report(self, verdicts: list[Verdict], loose: int) -> None:
        for verdict in verdicts:
            self.stdout.write(f"区划 {verdict.county_id}：{verdict.blocks} 块、{verdict.rows} 条完好，末块 {verdict.last_hash[:16]}…")
        if broken := [verdict.finding for verdict in verdicts if verdict.finding]:
            raise CommandError("留痕已被改动：\n" + "\n".join(str(finding) for finding in broken))
        self.stdout.write(f"全部完好。尚未封存 {loose} 条。")
