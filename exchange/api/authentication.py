"""Tokens of outside systems."""

from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request

from exchange.models import AccessToken
from exchange.tokens import valid_token
from foundation.common import clock
from foundation.common.actors import Actor
from foundation.organizations.acting import acting_for, actor_of
from foundation.organizations.models import User

KEYWORD = "Token"


@dataclass(frozen=True, slots=True)
class Access:
    """What a valid token gives: the token itself, and the actor with today's rights."""

    token: AccessToken
    actor: Actor


class OrganTokenAuthentication(BaseAuthentication):
    """Authenticates `Authorization: Token …` as the service account of an organ; `request.auth` is its access."""

    def authenticate(self, request: Request) -> tuple[User, Access] | None:
        """The account and its actor; None without the header, so that the answer is 401."""
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != KEYWORD.lower().encode():
            return None
        if len(words) != 2:
            raise AuthenticationFailed("令牌格式不对，应为 Authorization: Token 令牌。")
        at = clock.now()
        token = valid_token(words[1].decode("ascii", errors="replace"), at=at)
        if token is None:
            raise AuthenticationFailed("令牌不存在、已过期或已收回，请向系统管理员申请新的令牌。")
        acting = acting_for(user=token.user, organ_id=token.organ_id, day=clock.civil_day(at))
        if acting is None or acting.organ.pk != token.organ_id:
            raise AuthenticationFailed("令牌对应的服务账号今天在该单位没有任职，请联系系统管理员。")
        return token.user, Access(token, actor_of(acting, client="api"))

    def authenticate_header(self, request: Request) -> str:
        """What the answer 401 asks for."""
        return KEYWORD


def access_in(request: Request) -> Access:
    """The access of an authenticated request."""
    if not isinstance(request.auth, Access):
        raise NotAuthenticated
    return request.auth
