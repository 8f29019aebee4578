"""Every "no" of this app."""

from __future__ import annotations

from wushu.kernel.errors import kind

SIGN_IN_FIRST = kind(
    "sign-in-first",
    401,
    zh="“{what_zh}”需要登录后使用。",
    en="To {what_en} you must be signed in.",
    way_out_zh="请先登录；不登录也可以用 Atom 订阅源关注数据。",
    way_out_en="Sign in; a feed (Atom) follows data without an account.",
)
FAVOURITES_FULL = kind(
    "favourites-full",
    409,
    zh="收藏已达上限 {limit} 条。",
    en="You have marked {limit} datasets, and there is no room for more.",
    way_out_zh="请先在“我的账号”里取消不再需要的收藏。",
    way_out_en="Take the mark from some on your account's page first.",
)
SUBSCRIPTIONS_FULL = kind(
    "subscriptions-full",
    409,
    zh="订阅已达上限 {limit} 条。",
    en="You have {limit} subscriptions, and there is no room for more.",
    way_out_zh="请先在“我的订阅”里取消不再需要的订阅。",
    way_out_en="End some on the page of your subscriptions first.",
)
SUBSCRIBED_ALREADY = kind(
    "subscribed-already",
    409,
    zh="这个地址已经订阅了同样的内容。",
    en="This address is subscribed to the same thing already.",
    way_out_zh="请在“我的订阅”里查看它的状态。",
    way_out_en="See how it stands on the page of your subscriptions.",
)
CHANNEL_OFF = kind(
    "channel-off",
    409,
    zh="本节点没有开通“{channel_zh}”通知。",
    en="This node sends no notices by {channel_en}.",
    way_out_zh="请改用 Atom 订阅源，或请运行单位开通。",
    way_out_en="Use the feed (Atom) instead, or ask the operator to switch it on.",
)
NOTHING_TO_FOLLOW = kind(
    "nothing-to-follow",
    400,
    zh="没有说明要关注什么。",
    en="It is not said what to follow.",
    way_out_zh="请从数据集、检索结果或开放主体的页面订阅。",
    way_out_en="Subscribe from the page of a dataset, a search or a body.",
)
ADDRESS_WRONG = kind(
    "address-wrong",
    422,
    zh="地址“{address}”不能用：{reason_zh}。",
    en="The address “{address}” cannot be used: {reason_en}.",
    way_out_zh="请更正地址后重试。",
    way_out_en="Correct the address and try again.",
)
ASKED_TOO_OFTEN = kind(
    "asked-too-often",
    429,
    zh="今天已多次向这个地址或以您的账号发出确认请求。",
    en="This address, or any on your behalf, was asked to confirm too often today.",
    way_out_zh="请明天再试；先看看垃圾邮件箱里有没有确认邮件。",
    way_out_en="Try again tomorrow; look for the message among your spam first.",
)
CONFIRMATION_INVALID = kind(
    "confirmation-invalid",
    410,
    zh="这个确认链接已失效或不完整。",
    en="This link to confirm has expired or is incomplete.",
    way_out_zh="请在“我的订阅”里重新发送确认邮件。",
    way_out_en="Ask for another message on the page of your subscriptions.",
)
SUBSCRIPTION_WORKS = kind(
    "subscription-works",
    409,
    zh="这条订阅工作正常，不需要重新确认。",
    en="This subscription works; there is nothing to ask again.",
    way_out_zh="如不再需要，请取消订阅。",
    way_out_en="End it if you need it no longer.",
)
INCIDENT_CLOSED = kind(
    "incident-closed",
    409,
    zh="事件“{title}”已经结束。",
    en="The incident “{title}” has ended already.",
    way_out_zh="如果问题再次出现，请登记新的事件。",
    way_out_en="If the trouble has come back, open a new incident.",
)
SUCCESSOR_CANNOT_REVIEW = kind(
    "successor-cannot-review",
    409,
    zh="{who}不能接替审核“{dataset}”：编写、提交它或提出更正的人不能审核它。",
    en="{who} cannot take over what waits for “{dataset}”: who wrote, submitted or proposed it never "
    "decides on it.",
    way_out_zh="请指定另一位审核人接替，或先完成这项审核。",
    way_out_en="Name another reviewer, or decide on it first.",
)
