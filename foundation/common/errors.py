"""What an action says when it will not act."""


class Refused(Exception):
    """The act is not possible; the message tells a clerk in Chinese why, and what to do instead. Nothing was changed."""

    def __init__(self, message: str, *, field: str = "", code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code


class NotYours(Refused):
    """The person may see the thing but may not do this act on it."""

    def __init__(self, message: str = "您没有办理这一事项的权限。请与本单位联络负责人或系统管理员联系。") -> None:
        super().__init__(message, code="not_yours")


class Missing(Refused):
    """There is no such thing, or the person may not see it: both answer 404, so that nobody learns of what is not theirs."""

    def __init__(self, message: str = "没有找到这一件，或者它不属于您所在的单位。") -> None:
        super().__init__(message, code="missing")
