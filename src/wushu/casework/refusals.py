"""Every "no" of casework, by name, in two languages, with the way out."""

from __future__ import annotations

from wushu.kernel.errors import kind

WORK_CALENDAR_FAULTY = kind(
    "work-calendar-faulty",
    422,
    zh="工作日历 {file} 的 {where} 不对：{reason}。",
    en="{where} of the work calendar {file} is wrong: {reason}.",
    way_out_zh="请对照通知原文改正该处；格式见 docs/reference/work-calendar.md。",
    way_out_en="Correct it after the notice's text; docs/reference/work-calendar.md has the form.",
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
