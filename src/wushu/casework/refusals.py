"""Every "no" of casework, by name, in two languages, with the way out."""

from __future__ import annotations

from wushu.kernel.errors import NOT_FOUND, Refusal, Said, kind

WORK_CALENDAR_FAULTY = kind(
    "work-calendar-faulty",
    422,
    zh="工作日历 {file} 的 {where} 不对：{reason}。",
    en="{where} of the work calendar {file} is wrong: {reason}.",
    way_out_zh="请对照通知原文改正该处；格式见 docs/reference/work-calendar.md。",
    way_out_en="Correct it after the notice's text; docs/reference/work-calendar.md has the form.",
)
NOTICE_PUBLISHED = kind(
    "notice-published",
    409,
    zh="{number} 的这份通知已经公布在本节点（SHA-256 {sha256}）。",
    en="This text of {number} is published on this node already (SHA-256 {sha256}).",
    way_out_zh="没有什么要做的；录错了就改正文件再公布一次，两份都留存，以后公布的为准。",
    way_out_en="Nothing is to be done. Where it was mistyped, correct the file and publish it again:"
    " both stay, the later one counts.",
)
CLOCK_EVENTS = kind(
    "clock-events",
    422,
    zh="第 {number} 个事件（{kind}，{at}）不能发生：{reason}。",
    en="Event {number} ({kind}, {at}) cannot happen: {reason}.",
    way_out_zh="事件按时间先后排列，先收件，一次退回或暂停之后是一次补正或恢复，办结之后没有事件。",
    way_out_en="Give events in the order of time: receipt first, after a return or pause its resubmission"
    " or resumption, and nothing after the end.",
)
REGULATION_FAULTY = kind(
    "regulation-faulty",
    422,
    zh="法规文件 {file} 的 {where} 不对：{reason}。",
    en="{where} of the regulation {file} is wrong: {reason}.",
    way_out_zh="请对照条文改正该处，再用 wushu regulation check 检查；格式见 docs/reference/regulation-files.md。",
    way_out_en="Correct it after the text and run wushu regulation check again;"
    " docs/reference/regulation-files.md has the form.",
)
REGULATION_PUBLISHED = kind(
    "regulation-published",
    409,
    zh="{key} 的这一版（SHA-256 {sha256}）已经公布。",
    en="This version of {key} (SHA-256 {sha256}) is published already.",
    way_out_zh="公布的版本不能改动；文件改动之后会成为新的一版。",
    way_out_en="What is published never changes; changed files become the next version.",
)
REGULATION_NOT_ADOPTED = kind(
    "regulation-not-adopted",
    409,
    zh="{division} 在 {day} 没有适用“{procedure}”的规则。",
    en="In {division} no rules for “{procedure}” apply on {day}.",
    way_out_zh="请本级公共数据主管部门作出适用决定（wushu regulation adopt）。",
    way_out_en="The authority of the place decides which rules apply (wushu regulation adopt).",
)
ADOPTION_OVERLAPS = kind(
    "adoption-overlaps",
    409,
    zh="{division} 从 {begins} 起已经适用 {key}。",
    en="{division} applies {key} from {begins} on.",
    way_out_zh="请先写明原来的适用到哪一天为止，再从次日起适用新的。",
    way_out_en="Say first on which day that ends, then adopt from the day after.",
)
ADOPTION_BEYOND = kind(
    "adoption-beyond",
    422,
    zh="“{title}”自定的期间是 {first} 至 {last}，{begins} 至 {ends} 超出了这一期间。",
    en="“{title}” gives itself the days from {first} to {last}; {begins} to {ends} goes beyond them.",
    way_out_zh="请改在期间之内，或者写明为什么超出（--beyond）：公众在法规页上看得到。",
    way_out_en="Keep within them, or say why it goes beyond (--beyond): the regulation's page shows it.",
)
ADOPTION_PERIOD = kind(
    "adoption-period",
    422,
    zh="适用期间 {begins} 至 {ends} 不对：{reason}。",
    en="An adoption from {begins} to {ends} cannot be: {reason}.",
    way_out_zh="请写正确的起止日期；试行期满或征求意见稿须由本级决定写明适用期间。",
    way_out_en="Give the right days.",
)
ADOPTION_NOT_YOURS = kind(
    "adoption-not-yours",
    403,
    zh="{who}不能决定 {division} 适用哪些规则。",
    en="{who} cannot decide which rules apply in {division}.",
    way_out_zh="由该行政区划的公共数据主管部门决定。",
    way_out_en="The data authority of that division decides.",
)
STEP_UNKNOWN = kind(
    "step-unknown",
    404,
    zh="“{procedure}”没有步骤 {step}。",
    en="“{procedure}” has no step {step}.",
    way_out_zh="可做的步骤：{steps}。",
    way_out_en="Its steps: {steps}.",
)
STEP_NOT_NOW = kind(
    "step-not-now",
    409,
    zh="事项现在是“{state}”，不能“{step}”。",
    en="The case stands at “{state}”: “{step}” cannot be done.",
    way_out_zh="请刷新事项页，看现在轮到谁、可以做什么。",
    way_out_en="Look at the case's page again: it says whose turn it is and what can be done.",
)
STEP_ONCE = kind(
    "step-once",
    409,
    zh="“{step}”在一个事项中只能做一次，{day} 已经做过。",
    en="“{step}” can be done once in a case, and was on {day}.",
    way_out_zh="一次性告知须写全；此后只能作出决定。",
    way_out_en="Everything had to be said that time; what remains is to decide.",
)
NOTHING_PUBLISHED = kind(
    "nothing-published",
    409,
    zh="这个事项还没有“{before}”，不能“{step}”。",
    en="“{before}” was not done in this case: “{step}” cannot be done.",
    way_out_zh="没有公示过的，没有什么可以撤下。",
    way_out_en="Where nothing was published nothing can be taken down.",
)
STEP_ANOTHER_PERSON = kind(
    "step-another-person",
    403,
    zh="{who}自己做过“{before}”，不能再“{step}”。",
    en="{who} did “{before}”, so somebody else must “{step}”.",
    way_out_zh="请本单位另一名有该角色的人员办理。",
    way_out_en="Leave it to a colleague who holds the role.",
)
NOT_IN_SEAT = kind(
    "not-in-seat",
    403,
    zh="“{step}”由{seats}办理，{who}在此事项中不是。",
    en="“{step}” is for {seats}; {who} is not that in this case.",
    way_out_zh="请用有该角色的账号登录；轮到谁在事项页上写着。",
    way_out_en="Sign in with an account that holds the role; the case's page says whose turn it is.",
)
OWN_CASE = kind(
    "own-case",
    403,
    zh="{who}与此事项的申请人是同一人或同一单位，不能“{step}”。",
    en="{who} filed this case, or acts for who did, and cannot “{step}”.",
    way_out_zh="请没有利害关系的人员办理。",
    way_out_en="Leave it to somebody without an interest in it.",
)
ANSWER_MISSING = kind(
    "answer-missing",
    422,
    zh="没有填写“{field}”（依据：{ground}）。",
    en="“{field}” is missing ({ground}).",
    way_out_zh="请填写后重新提交。",
    way_out_en="Fill it in and submit again.",
)
ANSWER_WRONG = kind(
    "answer-wrong",
    422,
    zh="“{field}”不正确：{reason}。",
    en="“{field}” is wrong: {reason}.",
    way_out_zh="请更正后重新提交。",
    way_out_en="Correct it and submit again.",
)
ANSWER_NOT_YET = kind(
    "answer-not-yet",
    422,
    zh="“{field}”不能选“{choice}”：还没有“{steps}”。",
    en="“{choice}” cannot be the answer to “{field}” yet: “{steps}” was not done in this case.",
    way_out_zh="请先办理“{steps}”，或者另选。",
    way_out_en="Do “{steps}” first, or choose another answer.",
)
ANSWER_UNASKED = kind(
    "answer-unasked",
    422,
    zh="“{step}”不问 {names}。",
    en="“{step}” does not ask for {names}.",
    way_out_zh="请去掉这些内容。",
    way_out_en="Leave them out.",
)
PAPER_MISSING = kind(
    "paper-missing",
    422,
    zh="没有提交材料“{paper}”（依据：{ground}）。",
    en="The paper “{paper}” is missing ({ground}).",
    way_out_zh="请上传后重新提交。",
    way_out_en="Attach it and submit again.",
)
PAPER_UNASKED = kind(
    "paper-unasked",
    422,
    zh="“{step}”不收材料 {kind}。",
    en="“{step}” takes no paper {kind}.",
    way_out_zh="请去掉这份材料。",
    way_out_en="Leave it out.",
)
FILE_FOR_WHOM = kind(
    "file-for-whom",
    403,
    zh="{who}不能以此身份提出“{procedure}”。",
    en="{who} cannot file “{procedure}” in this capacity.",
    way_out_zh="需要{role}角色：个人为自己，或在所代表的单位中；各单位只在自己的职责范围内提出。",
    way_out_en="It takes the role {role}: for oneself, or in the organisation it is filed for; bodies file"
    " within their own duty.",
)
COUNTER_NOT_HERE = kind(
    "counter-not-here",
    403,
    zh="{who}不能在窗口代人提出。",
    en="{who} cannot file at the counter for others.",
    way_out_zh="窗口由本地公共数据主管部门和平台运行单位的工作人员登录后办理，不用 API 密钥。",
    way_out_en="Counters are run by staff of the place's data authority and platform operator, signed in, without"
    " an API key.",
)
PAPER_TOO_LARGE = kind(
    "paper-too-large",
    413,
    zh="材料“{name}”超过 {most} MB。",
    en="The paper “{name}” is larger than {most} MB.",
    way_out_zh="请压缩图片或拆成几份。",
    way_out_en="Make its pictures smaller, or split it.",
)
PAPER_KIND = kind(
    "paper-kind",
    415,
    zh="不能接收材料“{name}”：{reason}。",
    en="The paper “{name}” cannot be taken: {reason}.",
    way_out_zh="请用这些格式：{known}。",
    way_out_en="Use one of: {known}.",
)
CASE_MERGED = kind(
    "case-merged",
    409,
    zh="事项 {number} 已并入 {into}。",
    en="The case {number} goes on in {into}.",
    way_out_zh="请在并入后的事项中办理。",
    way_out_en="Go on there.",
)
CASE_CLOSED = kind(
    "case-closed",
    409,
    zh="事项 {number} 已经办结。",
    en="The case {number} has ended.",
    way_out_zh="办结的事项只能写消息和备注。",
    way_out_en="In a case that has ended only messages and notes are written.",
)
ASSIGNEE_NOT_SEATED = kind(
    "assignee-not-seated",
    422,
    zh="所选人员在事项 {number} 中没有与您相同的席位。",
    en="The person chosen does not sit in the case {number} where you sit.",
    way_out_zh="请选择本单位有同样角色、与此事项没有利害关系的同事。",
    way_out_en="Choose a colleague who holds the same role and did not file the case.",
)
NO_EXPERTS = kind(
    "no-experts",
    409,
    zh="“{regulation}”没有规定专家咨询团队。",
    en="“{regulation}” knows no expert panel.",
    way_out_zh="请以内部备注或线下方式征求意见。",
    way_out_en="Ask for advice outside the case and put it down as a note.",
)
CASES_DIFFER = kind(
    "cases-differ",
    409,
    zh="{number} 与 {into} 不是对同一单位、同一对象的同一种事项。",
    en="{number} and {into} do not ask the same of the same body about the same thing.",
    way_out_zh="只能并入同一程序、同一对象、同一单位的另一件在办事项。",
    way_out_en="Choose another open case of the same procedure, subject and body.",
)
CASE_TOOK_EFFECT = kind(
    "case-took-effect",
    409,
    zh="事项 {number} 的步骤已经在事项之外生效，不能并入别的事项。",
    en="A step of the case {number} has taken effect outside it, so it cannot go on in another.",
    way_out_zh="请在该事项中办结；可以把另一件并入它。",
    way_out_en="Bring it to its own end; another case can go on in it.",
)
CASES_OF_TWO = kind(
    "cases-of-two",
    409,
    zh="{number} 与 {into} 的申请人不同；“{procedure}”须分别答复每一个申请人。",
    en="{number} and {into} are of two applicants, each of whom “{procedure}” owes an answer.",
    way_out_zh="请分别办理；可以参照同一处理意见。",
    way_out_en="Decide on each; the reasons may be the same.",
)


def no_case() -> Refusal:
    """``not-found``, in the same words whether there is none or it is not for who asks."""
    return NOT_FOUND(what=Said("这个事项", "the case"))
