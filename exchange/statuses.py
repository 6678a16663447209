"""States of an import."""

from django.db.models import TextChoices


class ImportState(TextChoices):
    """uploaded → checked → running → done; stopped by a person between two chunks; failed when the file cannot be read further."""

    UPLOADED = "uploaded", "待选列"
    CHECKED = "checked", "已预检"
    RUNNING = "running", "正在导入"
    STOPPED = "stopped", "已停下"
    DONE = "done", "已完成"
    FAILED = "failed", "未能完成"


class RowState(TextChoices):
    """What became of a row that did not simply go in."""

    BAD = "bad", "有误"
    SKIPPED = "skipped", "内容相同，已跳过"
    DIFFERENT = "different", "与已入库的内容不同"
    PENNED = "penned", "进入待分派"
