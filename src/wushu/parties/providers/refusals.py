"""How the providers' seams say no."""

from __future__ import annotations

from wushu.kernel.errors import kind

SMS_NOT_CONFIGURED = kind(
    "sms-not-configured",
    501,
    zh="本节点没有设置短信服务。",
    en="This node has no provider of text messages.",
    way_out_zh="请改用动态验证码应用；管理员可设置 WUSHU_SMS_PROVIDER。",
    way_out_en="Use an authenticator app; the operator may set WUSHU_SMS_PROVIDER.",
)
SMS_NUMBER_REFUSED = kind(
    "sms-number-refused",
    422,
    zh="短信服务不能向这个号码发送短信。",
    en="The provider sends no text messages to this number.",
    way_out_zh="请核对手机号码，或换一个号码。",
    way_out_en="Check the number, or take another one.",
)
SMS_TOO_MANY = kind(
    "sms-too-many",
    429,
    zh="发给这个号码的短信太多了。",
    en="Too many text messages were sent to this number.",
    way_out_zh="请过一段时间再试。",
    way_out_en="Try again after a while.",
)
SMS_UNAVAILABLE = kind(
    "sms-unavailable",
    503,
    zh="短信服务现在不可用，不能确定短信是否已发出。",
    en="The provider of text messages is not available; it is not known whether one was sent.",
    way_out_zh="如果没有收到，请稍后重试。",
    way_out_en="If none arrives, try again later.",
)
REAL_NAME_NOT_CONFIGURED = kind(
    "real-name-not-configured",
    501,
    zh="本节点没有设置实名核验服务，不能核验身份。",
    en="This node has no provider that verifies who somebody is.",
    way_out_zh="请到窗口核验；管理员可设置 WUSHU_REAL_NAME_PROVIDER。",
    way_out_en="Have it verified at the counter; the operator may set WUSHU_REAL_NAME_PROVIDER.",
)
REAL_NAME_UNAVAILABLE = kind(
    "real-name-unavailable",
    503,
    zh="实名核验服务现在不可用，没有得出结论。",
    en="The provider that verifies is not available; there is no verdict.",
    way_out_zh="请稍后重试。",
    way_out_en="Try again later.",
)
