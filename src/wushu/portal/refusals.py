"""Every "no" of the pages themselves."""

from __future__ import annotations

from wushu.kernel.errors import kind

REQUEST_UNREADABLE = kind(
    "request-unreadable",
    400,
    zh="服务器无法读懂这个请求。",
    en="The server cannot read this request.",
    way_out_zh="请返回上一页，刷新后再试。",
    way_out_en="Go back, reload the page and try again.",
)
FORM_EXPIRED = kind(
    "form-expired",
    403,
    zh="表单已失效，或不是从本站的页面提交的，没有写入任何内容。",
    en="The form has expired or was not sent from a page of this site; nothing was written.",
    way_out_zh="请返回上一页，刷新后重新提交；浏览器须允许本站的 Cookie。",
    way_out_en="Go back, reload the page and submit again; cookies of this site must be allowed.",
)
PAGE_FORBIDDEN = kind(
    "page-forbidden",
    403,
    zh="您不能查看这个页面。",
    en="You may not see this page.",
    way_out_zh="请用有相应角色的账号登录。",
    way_out_en="Sign in with an account that holds the role.",
)
PAGE_NOT_FOUND = kind(
    "page-not-found",
    404,
    zh="没有地址为 {path} 的页面。",
    en="There is no page at {path}.",
    way_out_zh="请核对地址，或从首页和数据目录查找。",
    way_out_en="Check the address, or look from the home page or the catalogue.",
)
PAGE_METHOD = kind(
    "page-method",
    405,
    zh="这个地址不接受 {method} 请求。",
    en="This address does not accept {method}.",
    way_out_zh="请从页面上的按钮或链接操作。",
    way_out_en="Use the buttons and links of the pages.",
)
SERVER_FAILED = kind(
    "server-failed",
    500,
    zh="服务器出错，这次请求没有完成；运行人员会在日志中看到它。",
    en="The server made a mistake and did not finish this request; its operators find it in the log.",
    way_out_zh="请稍后再试；一再出现时请告诉平台运行单位页面地址和时间。",
    way_out_en="Try again later; if it persists, tell the platform operator the address and the time.",
)
FILE_MISSING = kind(
    "file-missing",
    422,
    zh="没有收到文件。",
    en="No file was received.",
    way_out_zh="请先选择文件，再按“上传”。",
    way_out_en="Choose a file, then press “Upload”.",
)
DATASET_WITHOUT_DATA = kind(
    "dataset-without-data",
    404,
    zh="这个数据集目前只有目录信息，还没有数据，所以没有预览。",
    en="There is only a catalogue entry so far, no data: that is why there is no preview.",
    way_out_zh="请向本页所列的开放主体询问何时提供。",
    way_out_en="Ask the body named on this page when the data will come.",
)
NOT_OPENED = kind(
    "dataset-not-opened",
    403,
    zh="这个数据集不予开放，所以没有预览，也不能下载；理由和依据见上。",
    en="This dataset is not opened, so there is no preview and no download; the reason stands above.",
    way_out_zh="不予开放的数据会定期重新评估；认为应当开放的，请联系本页所列的开放主体。",
    way_out_en="What is closed is assessed again from time to time; if you think it should be open, "
    "write to the body named on this page.",
)
SHEET_NOT_CHECKED = kind(
    "sheet-not-checked",
    409,
    zh="这不是刚才检查过的文件，没有导入。",
    en="This is not the file that was checked, so it was not imported.",
    way_out_zh="请选择检查过的文件，或重新检查这一个。",
    way_out_en="Choose the file that was checked, or check this one first.",
)
PREVIEW_NEEDS_GRANT = kind(
    "preview-needs-grant",
    403,
    zh="这是有条件开放的数据：获得授权的人才能预览和下载，所以这里没有预览。",
    en="These data are conditionally open: only who holds a grant sees and downloads the rows, so there"
    " is no preview here.",
    way_out_zh="已获授权的请登录；其他人可按上列条件向本页所列的开放主体申请。",
    way_out_en="Sign in if you hold a grant; otherwise apply to the body named on this page, under the"
    " conditions above.",
)
