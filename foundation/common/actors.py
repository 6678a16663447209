"""Who acts: a person for an organ, or a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from foundation.common.errors import NotYours


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does an act. `rights` maps a permission on organs (its codename) to the ids of the organs it is held on.

    `client` is web, api, import, command or rule. An act of the clock has no user; it names the rulebook and the article instead.
    """

    county_id: int
    client: str
    user_id: int | None = None
    name: str = ""
    organ_id: int | None = None
    rights: Mapping[str, frozenset[int]] = field(default_factory=dict)
    rule: str = ""
    article: str = ""

    @property
    def person(self) -> int:
        """The id of the person who acts; raises NotYours for an act of the clock, which no person answers for."""
        if self.user_id is None:
            raise NotYours
        return self.user_id

    @property
    def office(self) -> int:
        """The id of the organ the person acts for; raises NotYours where there is none."""
        if self.organ_id is None:
            raise NotYours
        return self.organ_id

    def organs(self, permission: str) -> list[int]:
        """Ids of the organs on which the actor holds `permission`, sorted."""
        return sorted(self.rights.get(permission, frozenset()))

    def may(self, permission: str, organ_id: int | None) -> bool:
        """Whether the actor holds `permission` on that organ."""
        return organ_id is not None and organ_id in self.rights.get(permission, frozenset())

    def require(self, permission: str, organ_id: int | None) -> None:
        """Raise NotYours unless the actor holds `permission` on that organ."""
        if not self.may(permission, organ_id):
            raise NotYours()


def rule_actor(*, county_id: int, rule: str, article: str) -> Actor:
    """The actor of an automatic act: the rule that causes it, with version and article."""
    return Actor(county_id=county_id, client="rule", rule=rule, article=article, name="系统")
