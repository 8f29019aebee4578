"""How signing in by a provider says no."""

from __future__ import annotations

from wushu.kernel.errors import kind

_LOCAL_ZH = "也可以用本平台的用户名和密码登录。"
_LOCAL_EN = "Username and password of this platform work too."

OIDC_OFF = kind(
    "oidc-off",
    404,
    zh="本节点没有设置统一身份认证登录。",
    en="This node has no sign-in by an identity provider.",
    way_out_zh="请用本平台的用户名和密码登录。",
    way_out_en="Sign in with username and password of this platform.",
)
OIDC_AGAIN = kind(
    "oidc-again",
    401,
    zh="这次登录没有接上：它不是从本浏览器开始的，或者已经超过 {minutes} 分钟。",
    en="This sign-in has no beginning here: another browser began it, or it took more than {minutes} "
    "minutes.",
    way_out_zh="请从登录页面重新开始，并允许本站使用 Cookie。",
    way_out_en="Begin again at the sign-in page, and let this site keep its cookies.",
)
OIDC_DENIED = kind(
    "oidc-denied",
    403,
    zh="身份认证平台没有确认登录：{reason}。",
    en="The identity provider did not confirm the sign-in: {reason}.",
    way_out_zh="请重试，或联系身份认证平台。" + _LOCAL_ZH,
    way_out_en="Try again, or ask the identity provider. " + _LOCAL_EN,
)
OIDC_PROVIDER_FAILED = kind(
    "oidc-provider-failed",
    502,
    zh="身份认证平台的应答不能使用：{reason}",
    en="The identity provider's answer cannot be used: {reason}",
    way_out_zh="请稍后重试；若持续如此，请联系节点管理员。" + _LOCAL_ZH,
    way_out_en="Try again later; if it goes on, tell the node's operator. " + _LOCAL_EN,
)
OIDC_NOT_LINKED = kind(
    "oidc-not-linked",
    403,
    zh="身份认证平台上的这个身份没有关联到本平台的账号。",
    en="This identity at the provider is linked to no account here.",
    way_out_zh="请先用本平台的用户名和密码登录，在“我的账号”中关联；没有账号的，请联系本单位管理员。",
    way_out_en="Sign in with username and password once and link it in “My account”; without an account, "
    "ask your organisation's administrator.",
)
OIDC_TAKEN = kind(
    "oidc-taken",
    409,
    zh="身份认证平台上的这个身份已经关联到另一个账号。",
    en="This identity at the provider is linked to another account already.",
    way_out_zh="请先在那个账号中解除关联，或联系管理员。",
    way_out_en="Take the link away there first, or ask an administrator.",
)
OIDC_LINKED = kind(
    "oidc-linked",
    409,
    zh="这个账号已经关联了一个身份。",
    en="This account is linked to an identity already.",
    way_out_zh="请先解除原来的关联。",
    way_out_en="Take the present link away first.",
)
