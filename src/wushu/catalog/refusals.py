"""Every "no" of the catalogue, by name, in two languages, with the way out."""

from __future__ import annotations

from wushu.kernel.errors import kind

# Content of a revision

TITLE_MISSING = kind(
    "title-missing",
    422,
    zh="数据集没有中文名称。",
    en="The dataset has no Chinese title.",
    way_out_zh="请填写名称。",
    way_out_en="Give it a title.",
)
DESCRIPTION_MISSING = kind(
    "description-missing",
    422,
    zh="数据集没有说明。",
    en="The dataset has no description.",
    way_out_zh="请用几句话说明数据是什么、从哪里来、怎样统计。",
    way_out_en="Say in a few sentences what the data are, where they come from, how they are counted.",
)
TEXT_TOO_LONG = kind(
    "text-too-long",
    422,
    zh="{field}有 {length} 个字符，最多 {limit} 个。",
    en="{field} has {length} characters; at most {limit} fit.",
    way_out_zh="请缩短后再保存。",
    way_out_en="Shorten it and save again.",
)
TEXT_UNPRINTABLE = kind(
    "text-unprintable",
    422,
    zh="{field}含有不可见的控制字符（第 {position} 个字符）。",
    en="{field} holds a control character (character {position}).",
    way_out_zh="请删除该字符后再保存。",
    way_out_en="Remove the character and save again.",
)
ATTRIBUTE_REASON_MISSING = kind(
    "attribute-reason-missing",
    422,
    zh="没有说明开放属性的理由（第七条）。",
    en="The opening attribute has no reason (art. 7).",
    way_out_zh="请写明为什么是无条件开放、有条件开放或不予开放。",
    way_out_en="Say why it is unconditional, conditional or not opened.",
)
CONDITIONS_MISSING = kind(
    "conditions-missing",
    422,
    zh="有条件开放的数据没有写明条件（第七条）。",
    en="A conditional dataset states no conditions (art. 7).",
    way_out_zh="请写明开放的对象、用途、范围和要求。",
    way_out_en="State the audience, purpose, scope and requirements.",
)
ATTRIBUTE_BASIS_MISSING = kind(
    "attribute-basis-missing",
    422,
    zh="不予开放的数据没有写明法律依据（第七条）。",
    en="A dataset that is not opened states no legal basis (art. 7).",
    way_out_zh="请写明法律、法规或规章的名称和条款。",
    way_out_en="Name the law, regulation or rule and its provision.",
)
ATTRIBUTE_TIGHTENED = kind(
    "attribute-tightened",
    422,
    zh="无条件开放的数据不得改为{attribute_zh}，除非因安全管理需要并已向同级主管部门备案（第八条）。",
    en="An unconditional dataset may not become {attribute_en} unless safety management needs it and "
    "it was filed with the authority of the same level (art. 8).",
    way_out_zh="请保持无条件开放；确属安全管理需要的，在依据中写明备案机关、文号和日期。",
    way_out_en="Keep it unconditional; if safety management needs it, give the filing (authority, "
    "number, date) as the basis.",
)
ATTRIBUTE_CHANGE_UNEXPLAINED = kind(
    "attribute-change-unexplained",
    422,
    zh="开放属性改了，理由却与改动前相同（第八条）。",
    en="The opening attribute changed but its reason did not (art. 8).",
    way_out_zh="请写明改动的理由，例如评估结论、脱敏处理或权利人同意。",
    way_out_en="Say why it changed: an assessment, desensitisation, consent of the right holder.",
)
CODE_UNKNOWN = kind(
    "code-unknown",
    422,
    zh="{field}的代码“{value}”不在代码表中。",
    en="The code “{value}” of {field} is not in its vocabulary.",
    way_out_zh="请从列表中选择；可用的代码：{allowed}。",
    way_out_en="Choose one of: {allowed}.",
)
SPATIAL_UNKNOWN = kind(
    "spatial-unknown",
    422,
    zh="空间范围“{value}”不是行政区划代码。",
    en="The spatial coverage “{value}” is no division code.",
    way_out_zh="请填写 2、4、6、9 或 12 位行政区划代码；全国范围填 CN。",
    way_out_en="Give a division code of 2, 4, 6, 9 or 12 digits, or CN for the whole country.",
)
TEMPORAL_ORDER = kind(
    "temporal-order",
    422,
    zh="时间范围的终点 {end} 早于起点 {start}。",
    en="The period ends on {end}, before it begins on {start}.",
    way_out_zh="请核对起止日期。",
    way_out_en="Check both dates.",
)
URI_INVALID = kind(
    "uri-invalid",
    422,
    zh="{field}“{value}”不是 http 或 https 网址。",
    en="{field} “{value}” is no http or https address.",
    way_out_zh="请填写完整网址；不知道时留空并在说明中写明。",
    way_out_en="Give the whole address, or leave it empty and say what is known in the note.",
)
CONTACT_MISSING = kind(
    "contact-missing",
    422,
    zh="没有联系方式：邮箱和电话都是空的。",
    en="There is no way to ask: e-mail address and telephone number are both empty.",
    way_out_zh="请填写联系人和邮箱或电话。",
    way_out_en="Give a contact with an e-mail address or a telephone number.",
)
EMAIL_INVALID = kind(
    "email-invalid",
    422,
    zh="“{value}”不是邮箱地址。",
    en="“{value}” is no e-mail address.",
    way_out_zh="请核对邮箱地址。",
    way_out_en="Check the address.",
)
FIELDS_MISSING = kind(
    "fields-missing",
    422,
    zh="目录没有列出任何数据项（第十五条）。",
    en="The entry names no data item (art. 15).",
    way_out_zh="请上传数据并确认各列，或逐项填写。",
    way_out_en="Upload the data and confirm the columns, or write the data items.",
)
FIELD_NAME_WRONG = kind(
    "field-name-wrong",
    422,
    zh="第 {position} 个数据项的名称“{name}”不能用：{reason_zh}。",
    en="Data item {position} cannot be called “{name}”: {reason_en}.",
    way_out_zh="请改名；名称不区分大小写，须各不相同。",
    way_out_en="Rename it; names are compared without case and must differ.",
)
FIELD_CODES_TWICE = kind(
    "field-codes-twice",
    422,
    zh="数据项“{name}”的代码表中，代码“{code}”出现两次。",
    en="In the code list of {name} the code “{code}” occurs twice.",
    way_out_zh="请保留一行。",
    way_out_en="Keep one line.",
)
VERSION_MISSING = kind(
    "version-missing",
    422,
    zh="无条件开放的数据集还没有数据。",
    en="An unconditional dataset has no data yet.",
    way_out_zh="请先上传并装载数据，再提交审核。",
    way_out_en="Upload and load the data, then submit.",
)
VERSION_OF_ANOTHER = kind(
    "version-of-another",
    422,
    zh="这个版本不属于该数据集。",
    en="This version belongs to another dataset.",
    way_out_zh="请选择本数据集的版本。",
    way_out_en="Choose a version of this dataset.",
)
VERSION_NUMBER_TAKEN = kind(
    "version-number-taken",
    409,
    zh="该数据集的第 {number} 版已经存在，且内容不同。",
    en="Version {number} of the dataset exists with other content.",
    way_out_zh="请用下一个版本号重新装载。",
    way_out_en="Load again under the next number.",
)
SLUG_WRONG = kind(
    "slug-wrong",
    422,
    zh="网址名“{slug}”不能用。",
    en="The name “{slug}” cannot be used in an address.",
    way_out_zh="请用小写字母、数字和连字符，2 至 80 个字符，首尾不是连字符。",
    way_out_en="Use lower-case letters, digits and hyphens, 2 to 80 characters, no hyphen at the ends.",
)
SLUG_TAKEN = kind(
    "slug-taken",
    409,
    zh="网址名“{slug}”已被使用。",
    en="The name “{slug}” is taken.",
    way_out_zh="请换一个，或留空由系统取名。",
    way_out_en="Choose another, or leave it empty.",
)

# Procedure

ACT_NOT_POSSIBLE = kind(
    "act-not-possible",
    409,
    zh="数据集现在是“{state_zh}”，不能{act_zh}。",
    en="The dataset is {state_en}; one cannot {act_en} it now.",
    way_out_zh="请刷新页面，看它现在的状态。",
    way_out_en="Reload the page and look at its state.",
)
REVISION_FROZEN = kind(
    "revision-frozen",
    409,
    zh="第 {number} 稿已经提交，内容不能再改。",
    en="Revision {number} was submitted; its content cannot change any more.",
    way_out_zh="请等待审核结果；退回后可在新稿中修改。",
    way_out_en="Wait for the review; when it is returned, change it in a new revision.",
)
NOTHING_TO_SUBMIT = kind(
    "nothing-to-submit",
    409,
    zh="第 {number} 稿是“{state_zh}”，不能提交。",
    en="Revision {number} is {state_en} and cannot be submitted.",
    way_out_zh="请先修改并保存一份草稿。",
    way_out_en="Make and save a draft first.",
)
NOT_IN_REVIEW = kind(
    "not-in-review",
    409,
    zh="第 {number} 稿是“{state_zh}”，没有在审核。",
    en="Revision {number} is {state_en} and is not in review.",
    way_out_zh="请刷新审核列表；可能已有人处理。",
    way_out_en="Reload the queue; somebody may have decided already.",
)
LISTING_TAKES_A_CASE = kind(
    "listing-takes-a-case",
    409,
    zh="本地适用的规则要求先办理“{title}”，不能直接报审。",
    en="The rules that apply here ask for “{title}” first; it cannot simply be submitted.",
    way_out_zh="请为这个数据集开始办理“{title}”（{procedure}），在办件中报审。",
    way_out_en="Begin “{title}” ({procedure}) about this dataset, and submit it in that case.",
)
REVISION_IN_A_CASE = kind(
    "revision-in-a-case",
    409,
    zh="第 {number} 稿是在办件中报审的，只能在该办件中列入开放目录或者退回。",
    en="Revision {number} was submitted in a case; only steps of that case list or return it.",
    way_out_zh="请打开该办件办理。",
    way_out_en="Open that case and decide there.",
)
REVISION_NOT_OF_THE_CASE = kind(
    "revision-not-of-the-case",
    409,
    zh="第 {number} 稿不是在这个办件中报审的。",
    en="Revision {number} was not submitted in this case.",
    way_out_zh="请先在报审它的地方办结，再在本办件中报审。",
    way_out_en="Let it be decided where it was submitted; then submit in this case.",
)
SEALED_IN_A_CASE = kind(
    "sealed-in-a-case",
    409,
    zh="开放是在办件 {number}（{title}）中中止的，该办件还没有办结。",
    en="Opening was suspended in the case {number} ({title}), which is still open.",
    way_out_zh="请在该办件中恢复、撤回，或者决定处理后再开放。",
    way_out_en="Restore or withdraw it in that case, or decide there to process and reopen it.",
)
REASONS_MISSING = kind(
    "reasons-missing",
    422,
    zh="退回没有写明理由。",
    en="The return gives no reasons.",
    way_out_zh="请一次写明全部需要修改的内容。",
    way_out_en="List everything that must be mended, at once.",
)
CLOSING_REASON_MISSING = kind(
    "closing-reason-missing",
    422,
    zh="没有写明{act_zh}的理由和依据。",
    en="The reason or the basis to {act_en} the dataset is missing.",
    way_out_zh="请写明理由，以及法律、法规条款或决定文号。",
    way_out_en="Give the reason, and the provision or the decision it rests on.",
)

NOT_OF_BODY = kind(
    "not-of-body",
    403,
    zh="{who}不是该开放主体的经办人，不能编写它的目录。",
    en="{who} is no clerk of the opening body and cannot write its catalogue.",
    way_out_zh="请用该单位经办人的账号登录；用密钥时，密钥须有 catalog:write 范围。",
    way_out_en="Sign in as a clerk of the body; an API key needs the scope catalog:write.",
)
NOT_FOR_CLOSING = kind(
    "not-for-closing",
    403,
    zh="{who}既不是该开放主体的经办人，也不是它的主管部门，不能{act_zh}。",
    en="{who} is neither a clerk of the opening body nor its authority and cannot {act_en} it.",
    way_out_zh="请联系该单位或主管部门。",
    way_out_en="Ask the body or its authority.",
)
RESTORER_SEALED_IT = kind(
    "restorer-sealed-it",
    403,
    zh="{who}封存了该数据集，不能由同一人恢复。",
    en="{who} sealed the dataset; somebody else opens it again.",
    way_out_zh="请由主管部门的另一人恢复，或由开放主体处理后提交新稿，经审核上架。",
    way_out_en="Let another person of the authority restore it, or let the body submit a new revision "
    "for review.",
)

# The two-person gate

REVIEWER_LACKS_ROLE = kind(
    "reviewer-lacks-role",
    403,
    zh="{who}没有公共数据主管部门的审核角色。",
    en="{who} does not hold the data authority's role.",
    way_out_zh="请由主管部门的审核人办理。",
    way_out_en="Let a reviewer of the data authority do it.",
)
REVIEWER_IS_AUTHOR = kind(
    "reviewer-is-author",
    403,
    zh="{who}参与编写或提交了这一稿，不能自己审核。",
    en="{who} wrote or submitted this revision and cannot review it.",
    way_out_zh="请由主管部门的另一人审核。",
    way_out_en="Let another person of the data authority review it.",
)
REVIEWER_OF_OWN_BODY = kind(
    "reviewer-of-own-body",
    403,
    zh="{who}是该开放主体的人员，不能审核本单位的数据。",
    en="{who} belongs to the opening body and cannot review its own data.",
    way_out_zh="请由其他单位持有主管部门角色的人审核；主管部门自己的数据由上一级审核。",
    way_out_en="Let the authority's role of another organisation review it; the level above reviews "
    "the authority's own data.",
)
REVIEWER_OUT_OF_DIVISION = kind(
    "reviewer-out-of-division",
    403,
    zh="{who}的主管区划是 {division}，该开放主体属于 {body_division}。",
    en="{who} is the authority of {division}; the opening body belongs to {body_division}.",
    way_out_zh="请由该开放主体同级或上级的主管部门审核。",
    way_out_en="Let the authority of the body's own or a higher division review it.",
)

# Reading

ENTRY_SEALED = kind(
    "entry-sealed",
    451,
    zh="数据集“{title}”已封存，内容暂不提供。",
    en="The dataset “{title}” is sealed; its content is not available for now.",
    way_out_zh="封存的理由和依据见该数据集的页面。",
    way_out_en="Its page states the reason and the basis.",
)
ENTRY_WITHDRAWN = kind(
    "entry-withdrawn",
    410,
    zh="数据集“{title}”已撤下。",
    en="The dataset “{title}” was withdrawn.",
    way_out_zh="撤下的时间、理由和依据见该数据集的页面。",
    way_out_en="Its page states when, why and on what basis.",
)
PAGE_TOO_DEEP = kind(
    "page-too-deep",
    400,
    zh="搜索结果只能翻到第 {limit} 条。",
    en="Search results can be paged to number {limit} only.",
    way_out_zh="请增加筛选条件或换更具体的词。",
    way_out_en="Add a filter or use more specific words.",
)
SEARCH_TOO_LONG = kind(
    "search-too-long",
    400,
    zh="检索条件“{parameter}”有 {length} 个字符，最多 {limit} 个。",
    en="“{parameter}” of this search has {length} characters, at most {limit} are read.",
    way_out_zh="请只写几个关键词。",
    way_out_en="Give a few words only.",
)
SEARCH_UNAVAILABLE = kind(
    "search-unavailable",
    503,
    zh="检索暂时不可用：索引文件无法读写。",
    en="Search is not available now: its index cannot be read or written.",
    way_out_zh="可以先按主题和单位浏览；管理员请检查检索目录的权限和磁盘空间。",
    way_out_en="Browse by theme and body meanwhile; the operator checks the search folder's "
    "permissions and disk space.",
)
TABLE_NOT_THERE = kind(
    "table-not-there",
    404,
    zh="“{title}”没有可以取用的数据表，因此没有数据包描述。",
    en="“{title}” has no table that can be had, so there is no package that describes one.",
    way_out_zh="目录信息见 {page}。",
    way_out_en="What the catalogue says of it is at {page}.",
)
PARAMETER_UNKNOWN = kind(
    "parameter-unknown",
    400,
    zh="没有“{name}”这个参数。",
    en="There is no parameter “{name}”.",
    way_out_zh="可用的参数：{allowed}。",
    way_out_en="The parameters are: {allowed}.",
)
PARAMETER_WRONG = kind(
    "parameter-wrong",
    400,
    zh="参数“{name}”的值“{value}”不能用。",
    en="The parameter “{name}” cannot have the value “{value}”.",
    way_out_zh="可用的值：{allowed}。",
    way_out_en="Its values are: {allowed}.",
)
IMPORT_NOT_FOR_BODY = kind(
    "import-not-for-body",
    403,
    zh="{who}不能为该单位导入目录。",
    en="{who} may not import the catalogue of this body.",
    way_out_zh="请由该单位的经办人，或管辖其行政区划的主管部门、平台运行单位导入。",
    way_out_en="A clerk of the body does it, or the authority or the operator of its division.",
)
IMPORT_ENTRY_EXISTS = kind(
    "import-entry-exists",
    409,
    zh="该单位已有目录“{title}”，内容由本单位经办人掌握。",
    en="The body has the entry “{title}” already, and its clerks decide what it says.",
    way_out_zh="请由该单位的经办人导入或在工作台修改。",
    way_out_en="Let a clerk of the body import it, or change it at the desk.",
)
IMPORT_TITLE_AMBIGUOUS = kind(
    "import-title-ambiguous",
    409,
    zh="该单位有几个目录都叫“{title}”。",
    en="The body has several entries with the title “{title}”.",
    way_out_zh="请在“标识”列填写要更新的那一个。",
    way_out_en="Name the one you mean in the column “Slug”.",
)
IMPORT_COLUMNS_OF_DATA = kind(
    "import-columns-of-data",
    409,
    zh="“{title}”已有数据，其数据项以数据为准。",
    en="“{title}” has data already, and its columns are those of the data.",
    way_out_zh="请在这一目录的各行中不填数据项；数据项的含义在工作台填写。",
    way_out_en="Leave the data items of this entry empty; describe the columns at the desk.",
)
ACT_NOT_CORRECTABLE = kind(
    "act-not-correctable",
    409,
    zh="存证第 {index} 条不是这个数据集的目录行为，不能更正。",
    en="Evidence #{index} is no act on this dataset's entry that could be corrected.",
    way_out_zh="请在数据集的历史中选择；刚办的事要等进入检查点之后。",
    way_out_en="Choose it from the dataset's history; what was just done waits for its checkpoint.",
)
NOT_FOR_CORRECTING = kind(
    "not-for-correcting",
    403,
    zh="{who}没有办理过这类行为的权限，不能更正它。",
    en="{who} could not have done such an act, and so does not correct it.",
    way_out_zh="请由该单位的经办人或管辖它的主管部门人员更正。",
    way_out_en="A clerk of the body or a person of its authority does it.",
)
CORRECTION_NEEDS_ANOTHER = kind(
    "correction-needs-another",
    403,
    zh="提出更正的人不能自己确认。",
    en="Who proposed a correction does not confirm it.",
    way_out_zh="请由主管部门的另一位人员确认。",
    way_out_en="Another person of the authority confirms it.",
)
CORRECTION_DONE = kind(
    "correction-done",
    409,
    zh="这项更正已经生效。",
    en="This correction is in force already.",
    way_out_zh="无需再次办理。",
    way_out_en="Nothing is left to do.",
)
CORRECTION_REASON_MISSING = kind(
    "correction-reason-missing",
    422,
    zh="没有说明哪里错了。",
    en="It does not say what is wrong.",
    way_out_zh="请写明原因，任何人都能看到。",
    way_out_en="Give the reason; everybody can read it.",
)
