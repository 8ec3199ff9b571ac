"""Why somebody is not let in, or an account not changed. The docstring is the message, Chinese first."""

from datetime import datetime


class AccessRefusal(Exception):
    """拒绝。Refused."""

    def __str__(self) -> str:
        return (self.__doc__ or "").replace("\n    ", " ").strip() + "".join(f" ({one})" for one in self.args)


class WrongEntry(AccessRefusal):
    """账号、密码或验证码不对。The name, the password or the code is not right."""


class Locked(AccessRefusal):
    """错误次数太多,暂时不能登录。Too many wrong entries: nothing is taken for a while."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class SessionEnded(AccessRefusal):
    """登录已结束,请重新登录。This session has ended. Sign in again."""


class PasswordRefused(AccessRefusal):
    """新密码不符合要求。The new password does not do."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault


class NotPermitted(AccessRefusal):
    """您的岗位没有这项权限,或不管这个地区。Your role does not permit this, or not in this area."""


class NoReason(AccessRefusal):
    """看号码须说明理由。Say why the number is needed: the reason is kept."""


class NoReasonToHear(AccessRefusal):
    """听录音须说明理由。Say why it is listened to: the reason is kept."""


class RecordingGone(AccessRefusal):
    """运营商那里没有这段录音了,或还没有准备好。The carrier has this recording no more, or not yet."""


class OwnAccount(AccessRefusal):
    """自己的账号由别的管理员来管。Your own account is for another administrator."""


class NameTaken(AccessRefusal):
    """已有这个账号。This name is taken. Choose another, or `minyi user reset` it."""


class BadName(AccessRefusal):
    """账号名须为2至40个小写字母、数字、点、横线或汉字。A name has 2 to 40 small letters, digits, dots, hyphens or Chinese
    characters."""


class NoSuchAccount(AccessRefusal):
    """没有这个账号。There is no such account; `minyi user list` shows them."""


class UnknownRole(AccessRefusal):
    """没有这个角色。There is no such role; `minyi user roles` shows them."""


class UnknownAreaOfRole(AccessRefusal):
    """没有这个地区。There is no such area. Give the code of one, as in supervisor:991721."""


class NoRole(AccessRefusal):
    """至少要有一个角色。An account needs a role: --role supervisor:991721."""


class AlreadySo(AccessRefusal):
    """已经如此,没有改动。It is so already; nothing was changed."""
