"""Loads rulebook files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from foundation.common import clock
from foundation.deadlines.loading import BrokenRulebook, load_rulebooks

OUTCOMES = {"created": "已载入", "changed": "已更新", "unchanged": "没有变化"}


class Command(BaseCommand):
    """Check and load rulebook files, all of them or none."""

    help = "Check rulebook files against the schema and load them: all of them, or none when one has a fault."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files."""
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="rulebook in YAML, see rulebooks/")

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        """Load, or list every fault with file, line and key."""
        texts = [(str(path), _read(path)) for path in files]
        try:
            loaded = load_rulebooks(files=texts, at=clock.now())
        except BrokenRulebook as refusal:
            raise CommandError(f"{refusal.message}\n共 {len(refusal.faults)} 处，什么也没有载入。") from refusal
        for one in loaded:
            self.stdout.write(f"{one.rulebook.key}（{one.rulebook.short_title}）：{OUTCOMES[one.outcome]}")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"读不了文件 {path}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} 不是 UTF-8 编码的文本，请另存为 UTF-8 后再载入。") from error
