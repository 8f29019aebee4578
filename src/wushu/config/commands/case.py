"""``wushu case``: the ledger, one's own cases and one's inbox; filing, and taking steps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table

from wushu.casework import selectors
from wushu.casework import services as casework
from wushu.casework.types import CaseLine, CaseView, FieldKind, Paper, Step, WalkIn
from wushu.catalog import selectors as catalog
from wushu.config.commands.options import as_account, as_json, tell_refused
from wushu.config.commands.published import breaches, reassessments
from wushu.config.saying import language, said
from wushu.dataplane import selectors as dataplane
from wushu.opening import selectors as opening
from wushu.opening import services
from wushu.opening.types import BulkAct, BulkAssignment, BulkMessage, BulkStep
from wushu.parties import selectors as parties
from wushu.parties.types import Actor

_SEVERAL = (FieldKind.COLUMNS, FieldKind.ROWS, FieldKind.MASKS)
_values = click.option(
    "--value", "values", multiple=True, metavar="FIELD=TEXT",
    help="An answer; of a provision FIELD.level, FIELD.title, FIELD.article; once for each column.",
)  # fmt: skip
_papers = click.option("--paper", "papers", multiple=True, metavar="KIND=FILE", help="A paper.")


@click.group()
def case() -> None:
    """Cases: what was filed, where it stands, whose turn it is, what can be done."""


case.add_command(breaches)
case.add_command(reassessments)


@case.command("list")
@click.option("--procedure", default="", help="One procedure, by its id.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@as_json
def case_list(procedure: str, limit: int, *, as_json: bool) -> None:
    """The public ledger, newest first."""
    _say_lines(selectors.public_cases(procedure=procedure, limit=limit), as_json)


@case.command()
@click.option("--body", help="Of one body, by its unified social credit code.")
@as_json
def figures(body: str | None, *, as_json: bool) -> None:
    """How many cases were answered in the last 12 months, how fast, and how many in time."""
    of = parties.organisation_by_code(body).id if body else None
    found = selectors.case_figures(body=of)
    if as_json:
        document = opening.figures_document(found)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    table = Table(box=None, pad_edge=False)
    for title in (
        said("事项", "What for"), said("已答复", "Answered"), said("中位工作日", "Median working days"),
        said("按期", "In time"), said("逾期", "Late"),
    ):  # fmt: skip
        table.add_column(title)
    paces = [(one.title(language()), one.pace) for one in found.procedures]
    if found.total is not None:
        paces.append((said("合计", "All"), found.total))
    for name, pace in paces:
        table.add_row(
            name, str(pace.answered), f"{pace.median:g}", str(pace.in_time), str(pace.late)
        )
    Console().print(table)


@case.command()
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@as_account
@as_json
def mine(limit: int, account: str, *, as_json: bool) -> None:
    """What the account filed, newest first."""
    actor = parties.actor_for_username(account)
    _say_lines(selectors.cases_filed(actor=actor, limit=limit), as_json)


@case.command()
@click.option("--procedure", default="", help="One procedure, by its id.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@click.option("--mine", is_flag=True, help="Only those assigned to the account.")
@as_account
@as_json
def inbox(procedure: str, limit: int, account: str, *, mine: bool, as_json: bool) -> None:
    """Cases in which it is the account's turn as an official, due soonest first."""
    actor = parties.actor_for_username(account)
    narrowed = selectors.Filter(procedure=procedure, assignee=actor.person if mine else None)
    _say_lines(selectors.inbox(actor=actor, narrowed=narrowed, limit=limit), as_json)


@case.command()
@click.option("--procedure", default="", help="One procedure, by its id.")
@click.option("--body", help="Of one body, by its unified social credit code.")
@click.option("--number", default="", help="One case, by its number.")
@click.option(
    "--state", type=click.Choice(["open", "closed"]), help="Only open ones, or only ended ones."
)
@click.option("--overdue", is_flag=True, help="Only those whose day has passed.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@as_account
@as_json
def office(
    procedure: str, body: str | None, number: str, state: str | None, limit: int, account: str, *,
    overdue: bool, as_json: bool,
) -> None:  # fmt: skip
    """Cases in which the account's office has a part, ended ones too, newest first."""
    narrowed = selectors.OfficeFilter(
        procedure=procedure, body=parties.organisation_by_code(body).id if body else None,
        number=number, is_open=None if state is None else state == "open", overdue=overdue,
    )  # fmt: skip
    actor = parties.actor_for_username(account)
    page = selectors.office_page(actor=actor, narrowed=narrowed, limit=limit)
    _say_lines(list(page.lines), as_json)


@case.command()
@click.argument("number")
@click.argument("key", metavar="PAPER", type=click.UUID)
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="File that is written.",
)  # fmt: skip
@as_account
def paper(number: str, key: UUID, output: Path, account: str) -> None:
    """Write PAPER of the case NUMBER into a file; ``show --json`` says which papers there are."""
    kept = selectors.paper(number, key, actor=parties.actor_for_username(account))
    output.write_bytes(kept.content)
    click.echo(f"{output}  {kept.name}  {len(kept.content)}")


@case.command()
@click.argument("number")
@as_account
@as_json
def show(number: str, account: str, *, as_json: bool) -> None:
    """The case NUMBER: its limits, what happened, and what the account can do now."""
    found = selectors.case_by_number(number, actor=parties.actor_for_username(account))
    _say(found, as_json)


@case.command()
@click.argument("number")
@as_json
def public(number: str, *, as_json: bool) -> None:
    """The case NUMBER as everybody may know it: its steps, and the answers that the rules make public."""
    found = selectors.public_case(number)
    if as_json:
        document = opening.public_case_document(found)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    words = language()
    console = Console(highlight=False)
    console.print(f"{found.line.number}  {found.line.procedure_title(words)}")
    console.print(found.line.state_label(words))
    for act in found.acts:
        console.print(f"  {act.at:%Y-%m-%d %H:%M}  {act.done(words)}")
        for label, text in act.answers:
            console.print(f"      {label(words)}：{text(words)}", markup=False)


@case.command()
@click.argument("procedure")
@click.option("--dataset", help="What it is about, by its name in addresses.")
@click.option("--grant", type=click.UUID, help="Whose access it is about, by the id of the grant.")
@click.option("--body", help="To which body, by its unified social credit code.")
@click.option(
    "--organisation", help="For whom, by its code; without: for oneself, or the only one it can be."
)
@click.option("--walk-in", help="At the counter: the name of who came in person.")
@click.option(
    "--shown", default="", help="Of who came: the document, with its last four characters."
)
@_values
@_papers
@as_account
@as_json
def file(
    procedure: str,
    dataset: str | None,
    grant: UUID | None,
    body: str | None,
    organisation: str | None,
    walk_in: str | None,
    shown: str,
    values: tuple[str, ...],
    papers: tuple[str, ...],
    account: str,
    *,
    as_json: bool,
) -> None:
    """File a case of PROCEDURE about a dataset or somebody's access to it, or to a body."""
    if sum(map(bool, (dataset, grant, body))) != 1:
        raise click.UsageError("Give one of --dataset, --grant and --body.")
    actor = parties.actor_for_username(account)
    came = WalkIn(walk_in, shown) if walk_in else None
    if dataset:
        entry = catalog.entry_by_slug(dataset, actor=actor)
        first = opening.first_step(entry.body, procedure, actor=actor)
        whom = _whom(organisation, entry.body, procedure, actor)
        made = services.case_file_on_dataset(
            actor=actor, dataset=entry.id, procedure=procedure, step=first.id, organisation=whom,
            values=_answers(first, values), papers=_read(papers), walk_in=came,
        )  # fmt: skip
    elif grant:
        about, _given = dataplane.grant_overseen(grant, actor=actor)
        of = catalog.entry_by_id(about, actor=actor).body
        first = opening.first_step(of, procedure, actor=actor)
        whom = _whom(organisation, of, procedure, actor)
        made = services.case_file_on_grant(
            actor=actor, grant=grant, procedure=procedure, step=first.id, organisation=whom,
            values=_answers(first, values), papers=_read(papers),
        )  # fmt: skip
    else:
        to = parties.organisation_by_code(body or "").id
        first = opening.first_step(to, procedure, actor=actor)
        whom = _whom(organisation, to, procedure, actor)
        made = services.case_file_to_body(
            actor=actor, body=to, procedure=procedure, step=first.id, organisation=whom,
            values=_answers(first, values), papers=_read(papers), walk_in=came,
        )  # fmt: skip
    _say(selectors.case(made.id, actor=actor), as_json)


def _whom(organisation: str | None, body: UUID, procedure: str, actor: Actor) -> UUID | None:
    """For whom: the one that is named, else oneself, else the only organisation it can be for."""
    if organisation:
        return parties.organisation_by_code(organisation).id
    ways = opening.filing_for(body, procedure, actor=actor)
    return ways[0] if len(ways) == 1 else None


@case.command()
@click.argument("number")
@click.argument("step")
@_values
@_papers
@as_account
@as_json
def take(
    number: str,
    step: str,
    values: tuple[str, ...],
    papers: tuple[str, ...],
    account: str,
    *,
    as_json: bool,
) -> None:
    """Take STEP of the case NUMBER; ``show`` says which there are and what they ask."""
    actor = parties.actor_for_username(account)
    found = selectors.case_by_number(number, actor=actor)
    taken = next((one for one in found.procedure.steps if one.id == step), None)
    services.case_take(
        actor=actor, case=found.id, step=step, papers=_read(papers),
        values=_answers(taken, values) if taken is not None else {},
    )  # fmt: skip
    _say(selectors.case(found.id, actor=actor), as_json)


@case.command()
@click.argument("number")
@as_account
@as_json
def agreements(number: str, account: str, *, as_json: bool) -> None:
    """The use agreements of the case NUMBER, the newest first."""
    actor = parties.actor_for_username(account)
    found = opening.agreements(selectors.case_by_number(number, actor=actor).id, actor=actor)
    if as_json:
        document = opening.agreement_documents(found)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    for one in found:
        signed = one.user_signed_at is not None and one.body_signed_at is not None
        stands = said("双方已签订", "signed by both") if signed else said("未签订", "not signed")
        click.echo(f"{one.number}  {said('至', 'until')} {one.until}  {stands}  {one.sha256}")


@case.command()
@click.argument("number")
@click.argument("text")
@click.option("--note", is_flag=True, help="Among officials; who filed does not see it.")
@as_account
@as_json
def write(number: str, text: str, account: str, *, note: bool, as_json: bool) -> None:
    """Write TEXT to the other side of the case NUMBER, or a note among its officials."""
    actor = parties.actor_for_username(account)
    found = selectors.case_by_number(number, actor=actor)
    after = casework.case_write(actor=actor, case=found.id, text=text, among_officials=note)
    _say(after, as_json)


@case.command()
@click.argument("number")
@click.option("--to", "username", default="", help="A colleague's account; without: oneself.")
@as_account
@as_json
def assign(number: str, username: str, account: str, *, as_json: bool) -> None:
    """Take the case NUMBER, or give it to a colleague who has the same seat."""
    actor = parties.actor_for_username(account)
    chosen = parties.actor_for_username(username) if username else actor
    found = selectors.case_by_number(number, actor=actor)
    assert chosen.person is not None
    _say(casework.case_assign(actor=actor, case=found.id, person=chosen.person), as_json)


@case.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--step", default="", help="A step to take in each, as PROCEDURE.STEP.")
@click.option("--assign", "username", default="", help="The account that shall work on each.")
@click.option("--write", "text", default="", help="Words to write in each to who filed.")
@click.option("--note", is_flag=True, help="With --write: among officials.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done, and what not.")
@_values
@as_account
@as_json
def bulk(
    numbers: tuple[str, ...], step: str, username: str, text: str, values: tuple[str, ...],
    account: str, *, note: bool, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Do the same in each of the cases NUMBERS; exit status 1 where one was refused."""
    if sum(map(bool, (step, username, text))) != 1:
        raise click.UsageError("Give one of --step, --assign and --write.")
    actor = parties.actor_for_username(account)
    procedure, _dot, name = step.partition(".")
    marked = opening.bulk_cases(numbers, actor=actor)
    act: BulkAct = BulkMessage(text, among_officials=note)
    if username:
        chosen = parties.actor_for_username(username).person
        assert chosen is not None
        act = BulkAssignment(chosen)
    elif step:
        known = {(one.procedure.id, one.step.id): one.step for one in opening.bulk_steps(marked)}
        taken = known.get((procedure, name))
        act = BulkStep(procedure, name, _answers(taken, values) if taken else {})
    if dry_run:
        lines = opening.bulk_preview(marked, act, actor=actor)
    else:
        lines = services.cases_act(actor=actor, numbers=numbers, act=act)
    if as_json:
        document = opening.bulk_document(lines)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
    for one in () if as_json else lines:
        told = (
            one.refusal.sentence(language())
            if one.refusal
            else said("可办" if dry_run else "已办", "ok")
        )
        click.echo(f"{one.number}  {told}")
    refused = [one.refusal.name for one in lines if one.refusal is not None]
    for name in () if dry_run else refused:
        tell_refused(click.get_current_context(), name)
    if refused:
        raise SystemExit(1)


@case.command()
@click.option("--read", is_flag=True, help="Mark them as read.")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@as_account
@as_json
def notices(limit: int, account: str, *, read: bool, as_json: bool) -> None:
    """What the account was told of cases and computations, newest first; * where it was not read."""
    actor = parties.actor_for_username(account)
    found = opening.case_notices(actor=actor, limit=limit).notices
    if as_json:
        document = opening.case_notice_documents(found)
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
    for one in () if as_json else found:
        new = " " if one.is_read else "*"
        click.echo(
            f"{new} {one.at:%Y-%m-%d %H:%M}  {one.number or one.computation}  {one.words(language())}"
            f"  {one.title}"
        )
    if read and found:
        services.case_notices_read(actor=actor, through=max(one.id for one in found))


@case.command()
@as_account
@as_json
def referred(account: str, *, as_json: bool) -> None:
    """Open cases in which an official asked the expert panel, for an account of it."""
    actor = parties.actor_for_username(account)
    _say_lines(selectors.cases_referred(actor=actor), as_json)


@case.command()
@click.argument("number")
@click.argument("question")
@as_account
@as_json
def refer(number: str, question: str, account: str, *, as_json: bool) -> None:
    """Ask the expert panel QUESTION about the case NUMBER."""
    actor = parties.actor_for_username(account)
    found = selectors.case_by_number(number, actor=actor)
    _say(casework.case_refer(actor=actor, case=found.id, question=question), as_json)


@case.command()
@click.argument("number")
@click.argument("opinion")
@as_account
@as_json
def advise(number: str, opinion: str, account: str, *, as_json: bool) -> None:
    """Give OPINION on the case NUMBER as an expert who was asked."""
    actor = parties.actor_for_username(account)
    found = selectors.case_by_number(number, actor=actor)
    _say(casework.case_advise(actor=actor, case=found.id, opinion=opinion), as_json)


@case.command()
@click.argument("number")
@click.argument("into")
@as_account
@as_json
def merge(number: str, into: str, account: str, *, as_json: bool) -> None:
    """End the duplicate NUMBER, which goes on in the case INTO."""
    actor = parties.actor_for_username(account)
    found = selectors.case_by_number(number, actor=actor)
    other = selectors.case_by_number(into, actor=actor)
    _say(casework.case_merge(actor=actor, case=found.id, into=other.id), as_json)


def _answers(step: Step, given: tuple[str, ...]) -> dict[str, Any]:
    """``FIELD=TEXT`` as the rules take them."""
    kinds = {one.id: one.kind for one in step.fields}
    found: dict[str, Any] = {}
    for one in given:
        name, equals, text = one.partition("=")
        if not equals:
            raise click.BadParameter(f"{one!r}: write FIELD=TEXT", param_hint="--value")
        field, dot, part = name.partition(".")
        if kinds.get(field) is FieldKind.PROVISION and dot:
            found.setdefault(field, {})[part] = text
        elif kinds.get(name) in _SEVERAL:
            found.setdefault(name, []).append(text)
        else:
            found[name] = text
    return found


def _read(given: tuple[str, ...]) -> list[Paper]:
    papers = []
    for one in given:
        kind, equals, name = one.partition("=")
        path = Path(name)
        if not equals or not path.is_file():
            raise click.BadParameter(f"{one!r}: write KIND=FILE", param_hint="--paper")
        papers.append(Paper(kind, path.name, path.read_bytes()))
    return papers


def _say_lines(lines: list[CaseLine], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(opening.case_lines(lines), ensure_ascii=False, default=str))
        return
    table = Table(box=None, pad_edge=False)
    for title in (
        said("编号", "Number"), said("事项", "What for"), said("状态", "State"),
        said("轮到", "Turn"), said("届满日", "Due"),
    ):  # fmt: skip
        table.add_column(title, no_wrap=title == said("编号", "Number"))
    words = language()
    for one in lines:
        table.add_row(
            one.number, one.procedure_title(words), one.state_label(words),
            one.turn_label(words) if one.turn_label else "–", one.due.isoformat() if one.due else "–",
        )  # fmt: skip
    Console().print(table)


def _say(found: CaseView, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(opening.case_document(found), ensure_ascii=False, default=str))
        return
    words = language()
    console = Console(highlight=False)
    console.print(f"{found.number}  {found.procedure.title(words)}  {found.title}")
    console.print(found.state.label(words))
    if found.assignee_name:
        console.print(said(f"承办人 {found.assignee_name}", f"assigned to {found.assignee_name}"))
    for one in found.clocks:
        due = one.clock.due.isoformat() if one.clock.due else "–"
        left = said(f"还剩 {one.clock.left} 个工作日", f"{one.clock.left} working days left")
        console.print(f"  {one.rule.label(words)}：{left}，{due}，{one.rule.ground.words(words)}")
    for line in found.history:
        done = found.procedure.step(line.step).done(words) if line.step else line.kind.value
        console.print(f"  {line.number}  {line.at:%Y-%m-%d %H:%M}  {done}")
        if line.text:
            console.print(f"      {line.text}", markup=False)
    for step in found.steps:
        asked = ", ".join(one.id for one in step.fields)
        console.print(f"  → {step.id}  {step.label(words)}  {asked}")
