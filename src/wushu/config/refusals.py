"""How the command line says no."""

from __future__ import annotations

from wushu.kernel.errors import kind

DATABASE_UNREACHABLE = kind(
    "database-unreachable",
    503,
    zh="读不到节点 {home} 的数据库：{reason}。",
    en="The database of the node at {home} cannot be read: {reason}.",
    way_out_zh="请核对 WUSHU_HOME 和 WUSHU_DATABASE_URL；新节点请先运行 wushu init。",
    way_out_en="Check WUSHU_HOME and WUSHU_DATABASE_URL; run `wushu init` for a new node.",
)
DEMO_LISTENS_OPENLY = kind(
    "demo-listens-openly",
    409,
    zh="演示节点不能在 {host} 上监听：演示账号的密码是公开的。",
    en="A demonstration node does not listen on {host}: the passwords of its accounts are public.",
    way_out_zh="请去掉 --host（只供本机访问）；正式节点请用新的 WUSHU_HOME 和 wushu init。",
    way_out_en="Leave out --host (this machine only), or begin a real node with a WUSHU_HOME of its own "
    "and `wushu init`.",
)
PORT_TAKEN = kind(
    "port-taken",
    409,
    zh="{host} 的端口 {port} 已被别的程序占用。",
    en="Port {port} of {host} is taken by another program.",
    way_out_zh="请停止该程序（也许是另一个 wushu serve），或用 --port 另选端口。",
    way_out_en="Stop that program (another `wushu serve`, perhaps), or choose another --port.",
)
HOST_UNUSABLE = kind(
    "host-unusable",
    422,
    zh="不能在 {host} 的端口 {port} 上监听：{reason}。",
    en="Port {port} of {host} cannot be listened on: {reason}.",
    way_out_zh="请用 --host 写本机的地址（127.0.0.1 只供本机，0.0.0.0 为本机所有地址），"
    "用 --port 写本账号可用的端口。",
    way_out_en="Give --host an address of this machine (127.0.0.1: this machine only; 0.0.0.0: all "
    "its addresses) and --port one that this user may use.",
)
HEADERS_TOO_LONG = kind(
    "headers-too-long",
    431,
    zh="请求的地址和报头超过 {limit} 字节。",
    en="The address and headers of the request are longer than {limit} bytes.",
    way_out_zh="请缩短查询；浏览器请清除本站的 Cookie 后再试。",
    way_out_en="Ask a shorter question; in a browser, clear this site's cookies and try again.",
)
HOST_NOT_THIS_NODE = kind(
    "host-not-this-node",
    400,
    zh="请求所写的主机名不是本节点的。",
    en="The host name in the request is not this node's.",
    way_out_zh="请用本节点公布的地址；运维人员可在 WUSHU_ALLOWED_HOSTS 中增加主机名。",
    way_out_en="Use the node's published address; its operator adds names in WUSHU_ALLOWED_HOSTS.",
)
REQUEST_TOO_LARGE = kind(
    "request-too-large",
    413,
    zh="请求正文超过 {limit} 字节，没有接收。",
    en="The request's body is larger than {limit} bytes; it was not taken.",
    way_out_zh="文件请登录后在“上传数据”页面提交，过大的请分成几个文件；表单请分几次保存。",
    way_out_en="Hand in files on the upload page after signing in, and split one that is too large; "
    "save long forms in parts.",
)
REQUEST_TOO_SLOW = kind(
    "request-too-slow",
    408,
    zh="请求正文送来得太慢，已停止接收。",
    en="The request's body came too slowly and is no longer waited for.",
    way_out_zh="请检查网络后再试。",
    way_out_en="Check the connection and try again.",
)
METRICS_CLOSED = kind(
    "metrics-closed",
    403,
    zh="运行指标只向节点本机和持有令牌的监测系统提供。",
    en="Metrics are given to the node's own host, and to who holds the token.",
    way_out_zh="请在本机直接访问，或带上 WUSHU_METRICS_TOKEN 所设的令牌（Authorization: Bearer …）。",
    way_out_en="Ask from the host itself and by no proxy, or send the token that WUSHU_METRICS_TOKEN sets "
    "(Authorization: Bearer …).",
)
PERSONAL_INFORMATION = kind(
    "personal-information",
    422,
    zh="文件 {name} 有像是个人信息的列：{columns}。没有建立数据集，也没有提交。",
    en="Columns of {name} look like personal information: {columns}. Nothing was made or submitted.",
    way_out_zh="请用 --drop 不载入这些列，或先脱敏；确实可以开放的，用 --personal-reason 写明理由。",
    way_out_en="Leave them out with --drop, or desensitise them first; where they may be opened as they "
    "are, say why with --personal-reason.",
)
LOAD_OF_DRAFT_FAILED = kind(
    "load-of-draft-failed",
    422,
    zh="文件 {name} 没有装载：{sentence}草稿“{dataset}”已建立，还没有数据。",
    en="The file {name} was not loaded: {sentence} The draft “{dataset}” is there, without data.",
    way_out_zh="请改正后运行 wushu ingest {file} --dataset {dataset}，可用 --type、--rename、--drop。",
    way_out_en="Correct it and run `wushu ingest {file} --dataset {dataset}`, with --type, --rename "
    "or --drop.",
)
AGENTS_NOT_INSTALLED = kind(
    "agents-not-installed",
    409,
    zh="没有安装供智能体使用的部分：缺少软件包 {package}。",
    en="The part for agents is not installed: the package {package} is missing.",
    way_out_zh="请安装：pip install 'wushu[agents]'。",
    way_out_en="Install it: pip install 'wushu[agents]'.",
)
