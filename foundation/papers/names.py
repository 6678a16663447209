"""File names as people give them: cleaned for storage and display, refused where they deceive."""

import re
import unicodedata

from foundation.common.errors import Refused
from foundation.common.secrets import refuse_secret_name
from foundation.papers.types import ACCEPTED, FileType

MAX_NAME = 200
PROGRAMS = frozenset(
    "exe com scr bat cmd msi dll ps1 vbs vbe js jse wsf hta lnk reg jar apk sh py php jsp asp aspx html htm svg xhtml".split()  # noqa: SIM905
)


def clean_name(given: str) -> str:
    """The bare file name: no folders, no control or direction-changing characters, at most 200 characters, extension kept."""
    bare = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    shown = "".join(char for char in bare if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    name = re.sub(r'[<>:"|?*]', "_", shown).strip(" .")
    if not name:
        raise Refused("文件没有名称，请先命名再上传。", code="no_name")
    if len(name) <= MAX_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    return stem[: MAX_NAME - len(dot + extension)] + dot + extension if len(extension) < 10 else name[:MAX_NAME]


def check_name(name: str) -> None:
    """Raise Refused for a name that has no extension, hides a program's extension, or speaks of a classification grade."""
    refuse_secret_name(name, field="file")
    _, *extensions = name.lower().split(".")
    if not extensions:
        raise Refused(f"文件名没有扩展名，无法辨认类型。可以上传的类型：{ACCEPTED}。", field="file", code="no_extension")
    if program := next((extension for extension in extensions if extension.strip() in PROGRAMS), ""):
        raise Refused(f"文件名带有程序扩展名“.{program}”，已拒收。请核对文件来源。", field="file", code="program")


def check_agreement(name: str, kind: FileType) -> None:
    """Raise Refused where the extension promises another type than the content has."""
    extension = name.lower().rpartition(".")[2]
    if extension not in kind.extensions:
        right = "、".join(kind.extensions)
        raise Refused(
            f"扩展名“.{extension}”与内容不符：这个文件的内容是{kind.name}（{right}）。请核对文件，或改正扩展名后重新上传。",
            field="file",
            code="type_mismatch",
        )
