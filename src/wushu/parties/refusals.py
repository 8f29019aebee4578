"""Every "no" of this app. Other apps find them in ``types``."""

from __future__ import annotations

from wushu.kernel.errors import kind

NOT_GOVERNING = kind(
    "not-governing",
    403,
    zh="只有管辖该地区的公共数据主管部门或平台运行单位可以办理这项操作。",
    en="Only the data authority or the platform operator that governs the division may do this.",
    way_out_zh="请联系本地区的公共数据主管部门，或用有该角色的账号登录。",
    way_out_en="Ask the data authority of your division, or sign in with such an account.",
)
ROLE_ABOVE_OPERATOR = kind(
    "role-above-operator",
    403,
    zh="主管部门和监督部门的人员只能由主管部门管理，平台运行单位不能代办。",
    en="Only a data authority manages who acts for an authority or a supervisor,"
    " not the platform operator whom they oversee.",
    way_out_zh="请由公共数据主管部门的账号办理，或由节点管理员在服务器上办理。",
    way_out_en="Let an account of the data authority do it, or the node's administrator on the server.",
)
ROLE_FOR_ONESELF = kind(
    "role-for-oneself",
    403,
    zh="不能给自己授予角色。",
    en="Nobody grants a role to themselves.",
    way_out_zh="请由另一位有权限的人员授予。",
    way_out_en="Ask a second person who may grant it.",
)
ROLE_NOT_FOR_ORGANISATION = kind(
    "role-not-for-organisation",
    422,
    zh="“{role}”角色不能授予这类单位的人员。",
    en="The role {role} does not exist in this kind of organisation.",
    way_out_zh="主管、监督角色须在部门内授予，平台运行、登记、开放主体角色须在有行政区划的单位内授予，"
    "第三方角色须在第三方机构内授予。",
    way_out_en="Authorities and supervisors are departments; operators, registries and opening bodies"
    " have a division; third-party roles belong to agencies.",
)
ROLE_NEEDS_ORGANISATION = kind(
    "role-needs-organisation",
    422,
    zh="“{role}”角色只能在单位中担任。",
    en="The role {role} is held in an organisation only.",
    way_out_zh="请写明单位；自然人本人可以是数据利用主体、登记主体或利害关系人。",
    way_out_en="Name the organisation; people by themselves are data users, applicants for"
    " registration or interested parties.",
)
MEMBERSHIP_EXISTS = kind(
    "membership-exists",
    409,
    zh="此人的这个角色在这段时间内已经有效。",
    en="The person holds this role already for part of that time.",
    way_out_zh="请先结束原来的任职，或换一段时间。",
    way_out_en="End the present one first, or choose another period.",
)
MEMBERSHIP_ENDED = kind(
    "membership-ended",
    409,
    zh="这项任职已经结束。",
    en="This membership has ended already.",
    way_out_zh="无需再次办理。",
    way_out_en="Nothing is left to do.",
)
ORGANISATION_EXISTS = kind(
    "organisation-exists",
    409,
    zh="统一社会信用代码 {code} 的单位已经登记。",
    en="An organisation with the credit code {code} is registered already.",
    way_out_zh="请使用已登记的单位；信息有变时请更新它。",
    way_out_en="Use the registered one, and update it where it has changed.",
)
DIVISION_MISSING = kind(
    "division-missing",
    422,
    zh="部门必须有行政区划代码。",
    en="A department needs the code of its division.",
    way_out_zh="请填写 6、9 或 12 位行政区划代码（GB/T 2260）。",
    way_out_en="Give its division code of 6, 9 or 12 digits (GB/T 2260).",
)
LEVEL_MISMATCH = kind(
    "level-mismatch",
    422,
    zh="行政层级“{level}”与行政区划代码 {division} 不一致。",
    en="The level {level} does not agree with the division code {division}.",
    way_out_zh="请核对行政区划代码；层级可以不填，由代码得出。",
    way_out_en="Check the division code; the level may be left out, the code gives it.",
)
USERNAME_SHAPE = kind(
    "username-shape",
    422,
    zh="用户名应为 2 至 64 个小写字母、数字、点、下划线或连字符，以字母或数字开头。",
    en="A username has 2 to 64 lower-case letters, digits, dots, underscores or hyphens"
    " and begins with a letter or digit.",
    way_out_zh="请换一个用户名。",
    way_out_en="Choose another username.",
)
USERNAME_TAKEN = kind(
    "username-taken",
    409,
    zh="这个用户名已经有人使用。",
    en="This username is taken.",
    way_out_zh="请换一个用户名。",
    way_out_en="Choose another username.",
)
PASSWORD_WEAK = kind(
    "password-weak",
    422,
    zh="密码不够安全：{reason_zh}",
    en="The password is too weak: {reason_en}",
    way_out_zh="请换一个更长、不常见的密码，例如几个不相干的词。",
    way_out_en="Choose a longer, less common one, for example several unrelated words.",
)
PASSWORD_WRONG = kind(
    "password-wrong",
    403,
    zh="当前密码不正确。",
    en="The present password is wrong.",
    way_out_zh="请重新输入当前密码；忘记时请联系本地区的平台运行单位重设。",
    way_out_en="Enter it again; if it is forgotten, ask the platform operator to set a new one.",
)
NOT_OWN_ACCOUNT = kind(
    "not-own-account",
    403,
    zh="这项操作只能由账号本人办理。",
    en="Only the account's own person may do this.",
    way_out_zh="请用该账号登录后办理。",
    way_out_en="Sign in with that account.",
)
KEY_CANNOT_MANAGE = kind(
    "key-cannot-manage",
    403,
    zh="API 密钥不能管理单位、人员、账号或密钥。",
    en="An API key cannot manage organisations, people, accounts or keys.",
    way_out_zh="请在网页上登录后办理。",
    way_out_en="Sign in on the pages and do it there.",
)
NODE_ONLY = kind(
    "node-only",
    403,
    zh="这项操作只能由节点管理员在服务器上办理。",
    en="Only the node's administrator may do this, on the server.",
    way_out_zh="请联系节点管理员。",
    way_out_en="Ask the node's administrator.",
)
SIGN_IN_FAILED = kind(
    "sign-in-failed",
    401,
    zh="用户名、密码或动态验证码不正确。",
    en="The username, the password or the one-time code is wrong.",
    way_out_zh="请检查大小写和输入法后重试；动态验证码每个只能使用一次。",
    way_out_en="Check capitals and input method and try again; each one-time code works once.",
)
SIGN_IN_AGAIN = kind(
    "sign-in-again",
    401,
    zh="登录没有完成：输入密码后已超过五分钟，或换了浏览器，或账号在此期间有变化。",
    en="You are not signed in: more than five minutes passed since the password was entered,"
    " or the browser or the account has changed since.",
    way_out_zh="请重新输入用户名和密码。",
    way_out_en="Enter username and password again.",
)
SIGN_IN_LOCKED = kind(
    "sign-in-locked",
    429,
    zh="失败次数过多，{minutes} 分钟内不能再次尝试。",
    en="Too many failures: no further attempt is possible for {minutes} min.",
    way_out_zh="请稍后再试，或用以前登录过的浏览器；忘记密码时请联系本地区的平台运行单位重设。",
    way_out_en="Try again later, or use a browser that has signed in before; if the password is"
    " forgotten, ask the platform operator to set one.",
)
TOTP_REQUIRED = kind(
    "totp-required",
    401,
    zh="这个账号还需要动态验证码。",
    en="This account needs its one-time code too.",
    way_out_zh="请打开身份验证器应用，输入显示的 6 位数字。",
    way_out_en="Open the authenticator app and enter the six digits it shows.",
)
TOTP_CODE_WRONG = kind(
    "totp-code-wrong",
    422,
    zh="动态验证码不正确，或已经用过。",
    en="The one-time code is wrong or was used already.",
    way_out_zh="请核对手机时间，等下一个验证码出现后再试。",
    way_out_en="Check the clock of the device and wait for the next code.",
)
TOTP_ALREADY_SET = kind(
    "totp-already-set",
    409,
    zh="这个账号已经启用动态验证码。",
    en="This account uses one-time codes already.",
    way_out_zh="要更换设备，请先停用，再重新启用。",
    way_out_en="To change the device, remove them first and set them up again.",
)
TOTP_NOT_SET = kind(
    "totp-not-set",
    409,
    zh="这个账号没有启用动态验证码。",
    en="This account does not use one-time codes.",
    way_out_zh="无需停用。",
    way_out_en="Nothing is left to remove.",
)
TOTP_SETUP_EXPIRED = kind(
    "totp-setup-expired",
    409,
    zh="启用动态验证码的步骤已过期或与账号不符。",
    en="This set-up of one-time codes has expired or belongs to another account.",
    way_out_zh="请重新开始启用。",
    way_out_en="Begin the set-up again.",
)
TOTP_UNREADABLE = kind(
    "totp-unreadable",
    409,
    zh="节点密钥已更换，无法读取这个账号的动态验证码密钥。",
    en="The node's secret has changed: this account's one-time code secret cannot be read.",
    way_out_zh="请联系平台运行单位停用动态验证码后重新启用。",
    way_out_en="Ask the platform operator to remove the one-time codes, then set them up again.",
)
KEY_LACKS_SCOPE = kind(
    "key-lacks-scope",
    403,
    zh="这个 API 密钥不能用来{what}。",
    en="This API key may not be used to {what}.",
    way_out_zh="请使用带 {scope} 范围的密钥。",
    way_out_en="Use a key with the scope {scope}.",
)
API_KEY_UNKNOWN = kind(
    "api-key-unknown",
    401,
    zh="API 密钥不存在。",
    en="This API key does not exist.",
    way_out_zh="请核对是否完整复制；密钥只在签发时显示一次。",
    way_out_en="Check that it was copied whole; a key is shown once, when it is issued.",
)
API_KEY_REVOKED = kind(
    "api-key-revoked",
    401,
    zh="API 密钥已被撤销，或其账号已停用。",
    en="This API key was revoked, or its account is closed.",
    way_out_zh="请登录后签发新的密钥。",
    way_out_en="Sign in and issue a new one.",
)
API_KEY_EXPIRED = kind(
    "api-key-expired",
    401,
    zh="API 密钥已于 {expired} 过期。",
    en="This API key expired on {expired}.",
    way_out_zh="请登录后签发新的密钥。",
    way_out_en="Sign in and issue a new one.",
)
API_KEY_SCOPES = kind(
    "api-key-scopes",
    422,
    zh="API 密钥至少要有一项权限，且只能是：{allowed}。",
    en="An API key has at least one scope, each of: {allowed}.",
    way_out_zh="请选择需要的权限。",
    way_out_en="Choose what the key is for.",
)
PERIOD_WRONG = kind(
    "period-wrong",
    422,
    zh="截止时间必须晚于开始时间，也不能已经过去。",
    en="The end must come after the beginning and must not have passed.",
    way_out_zh="请选择将来的截止时间。",
    way_out_en="Choose an end in the future.",
)
FIELD_EMPTY = kind(
    "field-empty",
    422,
    zh="“{field}”不能为空，也不能超过 {limit} 个字。",
    en="{field} must not be empty nor longer than {limit} characters.",
    way_out_zh="请填写后重新提交。",
    way_out_en="Fill it in and submit again.",
)
PASSWORD_LINK_ENDED = kind(
    "password-link-ended",
    410,
    zh="这个设置密码的网址已经用过、已过期或不完整。",
    en="This address to set a password was used, has expired, or is not whole.",
    way_out_zh="请让管理您账号的人员重新发一个。",
    way_out_en="Ask who manages your account for a new one.",
)
ORGANISATION_UNDER_ITSELF = kind(
    "organisation-under-itself",
    422,
    zh="{code} 不能隶属于自己或自己的下级。",
    en="{code} cannot be under itself or under what is under it.",
    way_out_zh="请核对上级单位代码。",
    way_out_en="Check the code of the body above it.",
)
IMPORT_ROW_TWICE = kind(
    "import-row-twice",
    422,
    zh="“{what}”在第 {row} 行已经出现过。",
    en="“{what}” stands in row {row} already.",
    way_out_zh="请只保留一行。",
    way_out_en="Keep one of the rows.",
)
IMPORT_BODY_DIFFERS = kind(
    "import-body-differs",
    409,
    zh="单位 {code} 已登记，其“{field}”是“{registered}”，不是“{value}”。",
    en="{code} is registered already, with {field} “{registered}”, not “{value}”.",
    way_out_zh="代码、类型和行政区划标识一个单位，不能更改；请核对。",
    way_out_en="Code, kind and division identify a body and do not change; check them.",
)
IMPORT_PARENT_UNKNOWN = kind(
    "import-parent-unknown",
    422,
    zh="上级单位 {code} 没有登记，也不在上面的行里。",
    en="The body above, {code}, is neither registered nor in a row above.",
    way_out_zh="请把上级单位放在下级之前。",
    way_out_en="Put a body before those under it.",
)
IMPORT_USERNAME_OF_ANOTHER = kind(
    "import-username-of-another",
    409,
    zh="用户名 {username} 已属于另一个姓名的人员。",
    en="The username {username} belongs to a person of another name.",
    way_out_zh="请换一个用户名；姓名有误时请先更正。",
    way_out_en="Choose another username; where the name is wrong, correct it first.",
)
IMPORT_PERSONAL_ID = kind(
    "import-personal-id",
    422,
    zh="单元格 {cell} 像是身份证号码，这里不收。",
    en="The cell {cell} looks like the number of an identity card, which is not taken here.",
    way_out_zh="请删去。",
    way_out_en="Remove it.",
)
SUCCESSOR_WRONG = kind(
    "successor-wrong",
    422,
    zh="{name}不能接替自己。",
    en="{name} cannot take over from themselves.",
    way_out_zh="请指定本单位的另一位同事。",
    way_out_en="Name another colleague of the same body.",
)
SUCCESSOR_LACKS_ROLE = kind(
    "successor-lacks-role",
    409,
    zh="{name}到 {day} 时在“{body}”没有“{role}”角色，不能接替。",
    en="{name} does not hold the role {role} in {body} on {day}, and so cannot take over.",
    way_out_zh="请先授予该角色，或指定已有该角色的同事。",
    way_out_en="Grant the role first, or name a colleague who holds it.",
)
NOTHING_TO_TRANSFER = kind(
    "nothing-to-transfer",
    409,
    zh="{name}在“{body}”没有尚未结束的任职。",
    en="{name} holds no role in {body} that has not ended.",
    way_out_zh="请核对单位和人员。",
    way_out_en="Check the body and the person.",
)
