"""Sample code of the API's page: search, one page of rows, all pages by cursor, a download.

Only what each language brings along, so that it runs on a closed network. Tests run it.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """The same steps in one language."""

    id: str
    name: str
    code: str


def examples(base_url: str, slug: str) -> list[Example]:
    """Of the node at ``base_url``, with the dataset ``slug``."""
    rows = f"{base_url}/api/v1/datasets/{slug}/rows"
    search = f"{base_url}/api/v1/datasets"
    table = f"{base_url}/data/{slug}.csv"
    return [
        Example("curl", "curl", _curl(search, rows, table, slug)),
        Example("python", "Python", _python(search, rows, table, slug)),
        Example("r", "R", _r(search, rows, table, slug)),
        Example("javascript", "JavaScript", _javascript(search, rows, table)),
    ]


def _curl(search: str, rows: str, table: str, slug: str) -> str:
    quote = shlex.quote
    return f"""\
# datasets newest first; -G with --data-urlencode q=... searches
curl -sS {quote(f"{search}?limit=3")}
# five rows; with a key: -H "Authorization: Bearer $WUSHU_KEY"
curl -sS {quote(f"{rows}?limit=5")}
# what is left of the rate
curl -sS -o /dev/null -D - {quote(f"{rows}?limit=1")} | grep -i ratelimit
# the whole table
curl -sS -o {quote(f"{slug}.csv")} {quote(table)}"""


def _python(search: str, rows: str, table: str, slug: str) -> str:
    return f"""\
import json
import os
import urllib.request


def ask(address):
    request = urllib.request.Request(address)
    if "WUSHU_KEY" in os.environ:
        request.add_header("Authorization", "Bearer " + os.environ["WUSHU_KEY"])
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


for dataset in ask({_text(f"{search}?limit=3")})["items"]:
    print(dataset["slug"], dataset["title_zh"])

count, address = 0, {_text(f"{rows}?limit=1000")}
while address:  # a page at a time, as long as there is a next one
    page = ask(address)
    count += len(page["rows"])
    address = page["next"]
print(count, "rows")

urllib.request.urlretrieve({_text(table)}, {_text(f"{slug}.csv")})"""


def _r(search: str, rows: str, table: str, slug: str) -> str:
    return f"""\
# install.packages("jsonlite")
found <- jsonlite::fromJSON({_text(f"{search}?limit=3")})
print(found$items[, c("slug", "title_zh")])

count <- 0
address <- {_text(f"{rows}?limit=1000")}
while (!is.null(address)) {{
  page <- jsonlite::fromJSON(address)
  count <- count + NROW(page$rows)
  address <- page[["next"]]
}}
cat(count, "rows\\n")

download.file({_text(table)}, {_text(f"{slug}.csv")}, mode = "wb")"""


def _javascript(search: str, rows: str, table: str) -> str:
    return f"""\
const ask = async (address) => {{
  const answer = await fetch(address);
  if (!answer.ok) throw new Error((await answer.json()).name);
  return answer.json();
}};

const found = await ask({_text(f"{search}?limit=3")});
for (const dataset of found.items) console.log(dataset.slug, dataset.title_zh);

let count = 0;
let address = {_text(f"{rows}?limit=1000")};
while (address) {{
  const page = await ask(address);
  count += page.rows.length;
  address = page.next;
}}
console.log(count, "rows");

const table = await (await fetch({_text(table)})).text();
console.log(table.length, "characters of CSV");"""


def _text(value: str) -> str:
    """A string literal that Python, R and JavaScript all read."""
    return json.dumps(value, ensure_ascii=False)
