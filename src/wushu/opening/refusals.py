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
NEEDS_NO_APPLICATION = kind(
    "needs-no-application",
    409,
    zh="“{title}”无条件开放，不用申请。",
    en="“{title}” is open without conditions and needs no application.",
    way_out_zh="请在数据页直接下载，或用接口读取。",
    way_out_en="Take it from its page, or read it by the API.",
)
NOT_OPEN_TO_APPLICATIONS = kind(
    "not-open-to-applications",
    409,
    zh="“{title}”现在不接受申请：{reason}。",
    en="“{title}” takes no applications now: {reason}.",
    way_out_zh="可以对目录外或不予开放的数据提出需求。",
    way_out_en="You can ask for data that are not in the catalogue or not open.",
)
AGREEMENT_MISSING = kind(
    "agreement-missing",
    409,
    zh="事项 {number} 还没有可以签订的利用协议。",
    en="The case {number} has no agreement to sign yet.",
    way_out_zh="数据开放主体同意开放之后才有协议。",
    way_out_en="There is one once the body has agreed.",
)
AGREEMENT_PERIOD = kind(
    "agreement-period",
    422,
    zh="“开放至”{until} 须晚于今天。",
    en="“Open until” {until} must be later than today.",
    way_out_zh="请写今天之后的日期。",
    way_out_en="Give a day after today.",
)
BULK_SIZE = kind(
    "bulk-size",
    422,
    zh="选了 {count} 件事项，一次须选 1 到 {most} 件。",
    en="{count} cases are marked; 1 to {most} can be acted on at once.",
    way_out_zh="请重新勾选。",
    way_out_en="Mark others.",
)
BULK_STEP = kind(
    "bulk-step",
    409,
    zh="“{step}”须逐件办理：它在事项之外生效，或者要求逐件不同的内容。",
    en="“{step}” is done in each case alone: it takes effect outside the case, or asks what differs "
    "from case to case.",
    way_out_zh="请在各事项的页面办理。",
    way_out_en="Do it on the page of each case.",
)
BULK_OTHER_PROCEDURE = kind(
    "bulk-other-procedure",
    409,
    zh="事项 {number} 是“{procedure}”，与所选步骤不是同一事项类型。",
    en="The case {number} is of another kind than the step: “{procedure}”.",
    way_out_zh="同一类型的事项才能一起办理。",
    way_out_en="Cases of one kind are acted on together.",
)
BULK_OTHER_RULES = kind(
    "bulk-other-rules",
    409,
    zh="事项 {number} 依“{regulation}”第 {version} 版办理，所选步骤是按另一版规则填写的。",
    en="The case {number} runs under version {version} of “{regulation}”; the step was filled in by others.",
    way_out_zh="规则和版本相同的事项才能一起办理。",
    way_out_en="Act together on cases that run under the same version of the same rules.",
)
RENEWAL_NOT_LONGER = kind(
    "renewal-not-longer",
    422,
    zh="续期至 {until} 不晚于现协议的最后一天 {ends}。",
    en="A renewal until {until} is not later than {ends}, the last day of the agreement in force.",
    way_out_zh="请写更晚的日期；要缩短的，现协议到期即止。",
    way_out_en="Give a later day; the agreement in force ends by itself.",
)
PROCEDURE_NOT_ABOUT = kind(
    "procedure-not-about",
    422,
    zh="“{procedure}”针对的不是{what}。",
    en="“{procedure}” is not about {what}.",
    way_out_zh="请从对应的页面提出。",
    way_out_en="File it from the page of what it is about.",
)
COUNTER_SIGNS_NOTHING = kind(
    "counter-signs-nothing",
    403,
    zh="窗口不能代签事项 {number} 的协议。",
    en="The agreement of {number} is not signed at the counter for somebody else.",
    way_out_zh="请申请人开通自己的账号后亲自签署。",
    way_out_en="The applicant signs it themselves, with an account of their own.",
)
GRANT_BY_PROCEDURE = kind(
    "grant-by-procedure",
    409,
    zh="这里适用“{regulation}”：有条件开放的数据按“{procedure}”办理，不能直接授权。",
    en="“{regulation}” applies here: conditional data are opened by “{procedure}”, not by hand.",
    way_out_zh="请利用人在数据页提出申请；双方签订协议后自动授权。",
    way_out_en="Have the user apply on the dataset's page; the grant follows the signed agreement.",
)
GRANT_IN_A_CASE = kind(
    "grant-in-a-case",
    409,
    zh="这项授权来自办件 {number}（{title}）签订的协议，该办件还没有办结。",
    en="This grant follows from the agreement of the case {number} ({title}), which is still open.",
    way_out_zh="请在该办件中中止或者关闭；违规利用的，发起违规利用处理。",
    way_out_en="Suspend or end it in that case; where the user broke the rules, begin a breach case.",
)
STILL_SEALED = kind(
    "still-sealed",
    409,
    zh="“{title}”还没有再开放。",
    en="“{title}” is not open again.",
    way_out_zh="请先把处理后的修订版报主管部门审查列入，再办结。",
    way_out_en="Have the authority list the revision that was processed, then close the case.",
)
ATTRIBUTE_NOT_AS_ASSESSED = kind(
    "attribute-not-as-assessed",
    409,
    zh="草稿的开放属性与评估时拟定的不同。",
    en="The draft's opening attribute is not the one that was assessed.",
    way_out_zh="请改回评估时的开放属性；确需改变的，撤回本件，按新的属性重新评估。",
    way_out_en="Set it back to the one assessed; else withdraw this case and assess the new one.",
)
ATTRIBUTE_HAS_ITS_PROCEDURE = kind(
    "attribute-has-its-procedure",
    409,
    zh="草稿改变了已列入目录的数据的开放属性，应当办理“{title}”。",
    en="The draft changes the opening attribute of listed data; that takes “{title}”.",
    way_out_zh="请办理“{title}”（{procedure}），或者保留原来的开放属性。",
    way_out_en="Begin “{title}” ({procedure}), or keep the attribute as it is listed.",
)
ATTRIBUTE_CHANGES_OTHERWISE = kind(
    "attribute-changes-otherwise",
    409,
    zh="草稿中开放属性的调整与所填的不一致。",
    en="The draft changes the opening attribute otherwise than was said.",
    way_out_zh="请核对草稿的开放属性，或者改选对应的调整。",
    way_out_en="Look at the draft's attribute, or choose the change that it makes.",
)
ATTRIBUTE_UNCHANGED = kind(
    "attribute-unchanged",
    409,
    zh="草稿没有改变已列入目录的数据的开放属性。",
    en="The draft does not change the opening attribute of anything listed.",
    way_out_zh="请先在工作台起草新的开放属性；尚未列入目录的，办理目录审查。",
    way_out_en="Draft the new attribute on the desk first; what was never listed is reviewed before listing.",
)
NOTHING_PROPOSED = kind(
    "nothing-proposed",
    409,
    zh="“{title}”没有待审的内容。",
    en="Nothing is proposed for “{title}”.",
    way_out_zh="请先在工作台编写草稿。",
    way_out_en="Write a draft on the desk first.",
)
RESULT_DATASETS = kind(
    "result-datasets",
    422,
    zh="成果须用到 1 到 {most} 项已上架的数据；{what}。",
    en="A result uses 1 to {most} listed datasets; {what}.",
    way_out_zh="请填写数据页地址里的名称，每行一项。",
    way_out_en="Give the names that stand in the addresses of their pages, one on a line.",
)
RESULTS_FULL = kind(
    "results-full",
    409,
    zh="您已有 {limit} 项成果等待审核。",
    en="{limit} results of yours wait to be looked at already.",
    way_out_zh="请等审核之后再提交，或先撤回一项。",
    way_out_en="Wait until they were looked at, or withdraw one first.",
)
RESULT_STANDS_OTHERWISE = kind(
    "result-stands-otherwise",
    409,
    zh="“{title}”现在的状态是“{state}”，不能{what}。",
    en="“{title}” is {state} now: you cannot {what}.",
    way_out_zh="请刷新页面，看现在可以做什么。",
    way_out_en="Load the page again; it says what can be done.",
)
OWN_WORDS = kind(
    "own-words",
    403,
    zh="{who}不能审核自己提交的内容。",
    en="{who} wrote this, and decides on nothing of their own.",
    way_out_zh="请由数据主管部门或平台运行单位的另一人审核。",
    way_out_en="Another person of the data authority or the platform operator decides on it.",
)
REASON_MISSING = kind(
    "reason-missing",
    422,
    zh="没有写明理由。",
    en="No reason is given.",
    way_out_zh="请写明理由；提交人会看到原文。",
    way_out_en="Write why; who filed it reads exactly this.",
)
RATING_OWN_BODY = kind(
    "rating-own-body",
    403,
    zh="{who}在开放“{title}”的单位任职，不能评价它。",
    en="{who} works for the body that opens “{title}” and cannot rate it.",
    way_out_zh="发现问题请在工作台更正数据。",
    way_out_en="Mend on the desk what is wrong with the data.",
)
NOT_RATED = kind(
    "not-rated",
    404,
    zh="您没有评价过“{title}”。",
    en="You have not rated “{title}”.",
    way_out_zh="请在数据的评价页评价。",
    way_out_en="Rate it on the page of its ratings.",
)
COMMENT_STANDS_OTHERWISE = kind(
    "comment-stands-otherwise",
    409,
    zh="这条评语现在的状态是“{state}”，不能{what}。",
    en="This comment is {state} now: you cannot {what}.",
    way_out_zh="请刷新页面，看现在可以做什么。",
    way_out_en="Load the page again; it says what can be done.",
)
CONTEST_NOT_RUNNING = kind(
    "contest-not-running",
    409,
    zh="“{title}”从 {begins} 到 {ends} 接受参赛，今天不能{what}。",
    en="“{title}” takes results from {begins} to {ends}: today you cannot {what}.",
    way_out_zh="请在期限内参赛，或看看其他竞赛。",
    way_out_en="Enter it within these days, or look for another contest.",
)
CONTEST_NOT_FOR_THIS = kind(
    "contest-not-for-this",
    409,
    zh="“{result}”不能参加“{title}”：{reason}。",
    en="“{result}” cannot be entered into “{title}”: {reason}.",
    way_out_zh="请看竞赛页面上的要求。",
    way_out_en="The contest's page says what can be entered.",
)
CONTEST_CHANGE = kind(
    "contest-change",
    409,
    zh="竞赛“{title}”不能这样改：{reason}。",
    en="The contest “{title}” cannot be changed so: {reason}.",
    way_out_zh="截止前可以更正说明、延后截止日；其他变化请另行公告。",
    way_out_en="Until its last day its words can be corrected and that day moved back; else announce another.",
)
CONTEST_AWARDS = kind(
    "contest-awards",
    409,
    zh="现在不能公布“{title}”的获奖名单：{reason}。",
    en="The winners of “{title}” cannot be named: {reason}.",
    way_out_zh="请在参赛截止之后公布一次，写明每项奖的理由。",
    way_out_en="Name them once, after the last day, each with a reason.",
)
ACCESS_NOT_LIVE = kind(
    "access-not-live",
    409,
    zh="这一获取权限已经收回，或者已由新的授权接替，不能“{step}”。",
    en="This access was taken back before, or another grant has taken its place: “{step}” is not possible.",
    way_out_zh="要限制的，对现在生效的授权办理；不再开放的，选择关闭。",
    way_out_en="Limit the grant that is in force now; to end it for good, shut it.",
)
ACCESS_OVER = kind(
    "access-over",
    409,
    zh="事项 {number} 已经办结，获取权限不能恢复。",
    en="The case {number} has ended; its access does not come back.",
    way_out_zh="需要继续使用的，请重新申请；本事项可以关闭权限或者保持现状。",
    way_out_en="Who still needs the data applies anew; this case can shut the access or stay as it is.",
)
RESTORED_BY_WHO_SUSPENDED = kind(
    "restored-by-who-suspended",
    403,
    zh="事项 {number} 的获取权限是由{seat}限制的，由其恢复。",
    en="The access of {number} was suspended by {seat}, who restores it.",
    way_out_zh="请在事项里给对方写明理由已经消除。",
    way_out_en="Write to them in the case why the reason is gone.",
)
BREACH_STANDS = kind(
    "breach-stands",
    409,
    zh="“{procedure}” {number} 针对同一获取权限，现在“{state}”，不能恢复或者续期。",
    en="“{procedure}” {number} is about the same access and stands at “{state}”: it cannot be restored or renewed.",
    way_out_zh="尚未办结的，先办结该事项；已经关闭的不再恢复，需要使用的重新申请。",
    way_out_en="Have that case decided first; what it has shut does not come back and is applied for anew.",
)
DELIVERS_MORE_THAN_ASKED = kind(
    "delivers-more-than-asked",
    409,
    zh="事项 {number} 申请的是算法模型分析结果，不能交付原始数据。",
    en="The case {number} asks for results of computation: rows are not delivered to it.",
    way_out_zh="请选择交付算法模型分析结果；确需原始数据的，由申请人另行申请。",
    way_out_en="Choose results of computation; who needs the rows themselves applies for them.",
)
NOT_TO_BE_SHOWN = kind(
    "not-to-be-shown",
    409,
    zh="事项 {number} 的提交人没有同意在平台展示。",
    en="Who handed in the materials of {number} did not agree to have them shown.",
    way_out_zh="请征求其同意；同意的，由其在“应用成果”中提交，审核后展示。",
    way_out_en="Ask them; who agrees files it as a result of their own, which is shown once it was looked at.",
)
