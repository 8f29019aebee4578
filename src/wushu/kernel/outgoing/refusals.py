"""Why another server was not asked, or its answer not taken."""

from __future__ import annotations

from wushu.kernel.errors import kind

OUTGOING_ADDRESS_UNUSABLE = kind(
    "outgoing-address-unusable",
    422,
    zh="网址“{url}”不能使用：{reason}。",
    en="The address “{url}” cannot be used: {reason}.",
    way_out_zh="请写完整的网址，以 http:// 或 https:// 开头，不带账号和密码。",
    way_out_en="Give a whole address that begins with http:// or https://, without user and password.",
)
OUTGOING_NETWORK_REFUSED = kind(
    "outgoing-network-refused",
    422,
    zh="没有访问 {host}：它指向 {address}，属于{network}。",
    en="{host} was not asked: it leads to {address}, which is {network}.",
    way_out_zh="请用公开的网址；确属内网服务的，请运维人员在 WUSHU_OUTGOING_ALLOWED 中写明该网段。",
    way_out_en="Use a public address; for a service inside a closed network the operator names that "
    "network in WUSHU_OUTGOING_ALLOWED.",
)
OUTGOING_NAME_UNKNOWN = kind(
    "outgoing-name-unknown",
    502,
    zh="找不到主机 {host}：{reason}。",
    en="The host {host} was not found: {reason}.",
    way_out_zh="请核对主机名；主机名正确的，请运维人员检查本节点的域名解析。",
    way_out_en="Check the host's name; if it is right, the operator checks the node's name resolution.",
)
OUTGOING_UNREACHABLE = kind(
    "outgoing-unreachable",
    502,
    zh="连不上 {host}：{reason}。",
    en="{host} could not be reached: {reason}.",
    way_out_zh="请稍后再试，或与对方核实服务和证书是否正常。",
    way_out_en="Try again later, or ask whoever runs it whether the service and its certificate are well.",
)
OUTGOING_TOO_SLOW = kind(
    "outgoing-too-slow",
    504,
    zh="{host} 在 {seconds} 秒内没有答完。",
    en="{host} did not finish its answer within {seconds} seconds.",
    way_out_zh="请稍后再试，或请对方缩小每页的条数。",
    way_out_en="Try again later, or ask whoever runs it to give smaller pages.",
)
OUTGOING_TOO_LARGE = kind(
    "outgoing-too-large",
    502,
    zh="{host} 的应答超过 {limit} 字节（按解压后计算），没有接收。",
    en="The answer of {host} is larger than {limit} bytes once unpacked; it was not taken.",
    way_out_zh="请用对方分页的接口。",
    way_out_en="Use an interface of that server that answers in pages.",
)
OUTGOING_REDIRECTED = kind(
    "outgoing-redirected",
    502,
    zh="{host} 把请求转到了别处（{to}），没有跟随：{reason}。",
    en="{host} sent the request elsewhere ({to}), and it was not followed: {reason}.",
    way_out_zh="请改用最终的网址。",
    way_out_en="Use the address it ends at.",
)
OUTGOING_ANSWER_BROKEN = kind(
    "outgoing-answer-broken",
    502,
    zh="{host} 的应答不合 HTTP 的规定：{reason}。",
    en="The answer of {host} is not proper HTTP: {reason}.",
    way_out_zh="请与对方核实服务是否正常。",
    way_out_en="Ask whoever runs it whether the service is well.",
)
