# SPDX-License-Identifier: AGPL-3.0-or-later
"""A rehearsal as a page for whoever must decide, and as a section of docs/performance.md."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from encrier.records import to_bytes
from encrier_answers.rehearsal.rehearse import Done
from encrier_answers.rehearsal.report.curves import STYLE, drawn
from encrier_answers.rehearsal.report.figures import Costs, Figures, Goals, charts, figures

Row = tuple[str, str, str, bool]  # what, goal, measured, whether the goal was missed
STYLE_PAGE: Final = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 58rem; margin: 2rem auto; padding: 0 1rem;
  color: #1d2530; background: #fff; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
.verdict { padding: .8rem 1rem; border-left: .4rem solid #2c7d46; background: #eaf5ee; }
.verdict.bad { border-color: #b3123c; background: #fbe9ee; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #dfe3e8;
  font-weight: 400; }
thead th { font-weight: 600; } td { text-align: right; font-variant-numeric: tabular-nums; }
thead th + th { text-align: right; } td.missed { color: #b3123c; font-weight: 600; }
svg { width: 100%; height: auto; display: block; margin: 1.5rem 0; }
@media (prefers-color-scheme: dark) { body { color: #e9edf2; background: #171c23; }
  .verdict { background: #16281d; } .verdict.bad { background: #361420; }
  th, td { border-color: #39424e; } td.missed { color: #ff7d9c; } }
"""


def write(done: Done, goals: Goals, folder: Path) -> Figures:
    """Write figures.json, report.html and one SVG a chart into a folder."""
    found = figures(done)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_bytes(to_bytes(found) + b"\n")
    drawings = charts(done, goals)
    for name, chart in drawings.items():
        (folder / f"{name}.svg").write_text(drawn(chart, alone=True), encoding="utf-8")
    curves = [drawn(chart, alone=False) for chart in drawings.values()]
    (folder / "report.html").write_text(page(found, goals, curves), encoding="utf-8")
    return found


def page(found: Figures, goals: Goals, curves: Sequence[str]) -> str:
    """The whole report as one file that fetches nothing."""
    day = found.day
    title = f"Rehearsal: {day.pupils:,} simulated pupils, {_time(day.seconds)}"
    bad = " bad" if any(missed for *_, missed in rows_of(found, goals)) else ""
    rows = "\n".join(
        f'<tr><th scope="row">{escape(what)}</th><td>{escape(goal)}</td>'
        f"<td{' class=missed' if missed else ''}>{escape(measured)}</td></tr>"
        for what, goal, measured, missed in rows_of(found, goals)
    )
    said = "\n".join(f"<p>{escape(line)}</p>" for line in circumstances(found))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><style>{STYLE_PAGE}{STYLE}</style></head><body>
<h1>{escape(title)}</h1>
<p>{found.date}, {"over TLS 1.3" if found.tls else "without TLS"}, store in {found.store}</p>
<p class="verdict{bad}">{escape(verdict(found, goals))}</p>
<table><thead><tr><th scope="col"></th><th scope="col">goal</th><th scope="col">measured</th></tr>
</thead><tbody>
{rows}
</tbody></table>
<h2>Second by second</h2>
{"".join(curves)}
<h2>What was simulated, and what was not</h2>
{said}
</body></html>
"""


def section(found: Figures, goals: Goals, *, title: str, command: str) -> str:
    """The figures as a section of docs/performance.md."""
    lines = [
        f"## {title}",
        "",
        f"`{command}`, {found.date}.",
        verdict(found, goals),
        "",
        "| | goal | measured |",
        "|---|---|---|",
        *(f"| {what} | {goal} | {measured} |" for what, goal, measured, _ in rows_of(found, goals)),
        "",
        *circumstances(found),
        "",
    ]
    return "\n".join(lines)


def verdict(found: Figures, goals: Goals) -> str:
    """The whole rehearsal in a few sentences."""
    account = found.account
    lost = (
        "each of them, or a later one of the same computer, is in the store"
        if account.lost == 0
        else f"{account.lost:,} are not in the store"
    )
    wrong = f" {found.faults:,} faults are listed below." if found.faults else ""
    n_missed = sum(missed for *_, missed in rows_of(found, goals))
    wrong += f" Goals missed: {n_missed}." if n_missed else ""
    failed = f" {found.errors:,} requests got no good answer." if found.errors else ""
    return (
        f"{account.acknowledged:,} saves were acknowledged: {lost}. "
        f"99 of 100 receipts came within {found.saves.p99_ms:,.0f} ms of the moment the save was "
        f"due.{wrong}{failed}"
    )


def rows_of(found: Figures, goals: Goals) -> list[Row]:
    """The table: what, goal, measured."""
    account, saves, starts = found.account, found.saves, found.starts
    return [
        ("pupils", "", f"{found.day.pupils:,}", False),
        ("open connections, most at once", "", f"{found.connections:,}", False),
        ("saves due", "", f"{found.counts['due']:,}", False),
        ("saves a second, busiest ten seconds", "", f"{found.busiest_saves_per_s:,}", False),
        ("wait for a receipt, median, ms", "", f"{saves.p50_ms:,}", False),
        _below("wait for a receipt, 99 %, ms", saves.p99_ms, goals.p99_ms),
        ("wait for a receipt, 99.9 %, ms", "", f"{saves.p999_ms:,}", False),
        ("wait for a receipt, longest, ms", "", f"{saves.max_ms:,}", False),
        ("starts (connection and sign-in)", "", f"{starts.number:,}", False),
        ("wait for a start, median, ms", "", f"{starts.p50_ms:,}", False),
        _below("wait for a start, 99 %, ms", starts.p99_ms, goals.start_p99_ms),
        _zero("requests without a good answer", found.errors),
        ("refused for a moment, then taken", "", f"{found.counts['refused']:,}", False),
        ("connections lost", "", f"{found.counts['lost_lines']:,}", False),
        _zero("acknowledged and lost", account.lost),
        _zero("stored and other than what was sealed", account.altered),
        _zero("stored and never sent", account.forged),
        _zero("stored twice", account.twice),
        _zero("receipts for something else, or not signed", account.false_receipts),
        _zero("told of an older save than the last acknowledged", found.resumed_behind),
        _zero("places where a sealed word stands in clear", sum(found.search.found.values())),
        *_rows_of_costs(found.costs, goals),
    ]


def circumstances(found: Figures) -> list[str]:
    """What must be known to read the figures; one sentence a line."""
    day, account, search, costs = found.day, found.account, found.search, found.costs
    shared = (
        "Several pupils share a connection, as behind a proxy: reloads and network cuts close none."
        if found.are_shared
        else "Each pupil has a connection of her own; a reload and a network cut close it."
    )
    killed = f"The server was killed {found.kills} times on the way." if found.kills else ""
    lines = [
        (
            f"Machine: {costs.processors} processors, Python {costs.python},"
            f" load {costs.load_before} before; server and load share the processors."
        ),
        (
            f"Starts: {day.starts}, all within {_time(day.run_up_s)};"
            f" a save every {day.save_every_s:g} s, more or less a fifth."
        ),
        (
            "Open loop: a save leaves when it is due, and its wait counts from then,"
            " after a network cut from when the network is back."
        ),
        shared,
        killed,
        (
            f"Really sealed: the last envelope of each pupil, and all of {found.really_sealed:,};"
            " the others have a real header, the real size and random bytes inside."
        ),
        (
            f"Checked after: the digest in {account.receipts:,} receipts, the signature of"
            f" {account.signatures:,}, and {account.stored:,} stored envelopes byte for byte."
        ),
        (
            f"Searched: {search.n_bytes / 1e6:,.0f} MB of store, log, requests and receipts for a"
            f" word of the sealed sheets in {search.forms} forms, each found where it was planted."
        ),
        "Loopback: no network card, no distance; the page was not fetched.",
        "Processor time of the server includes handshakes and sign-ins, and no database's.",
    ]
    return [line for line in lines if line]


def _rows_of_costs(costs: Costs, goals: Goals) -> list[Row]:
    load = [
        ("load, cores, mean", "", f"{costs.load_cores:,}", False),
        ("load, processor time a request, µs", "", f"{costs.load_cpu_us_per_request:,}", False),
    ]
    if costs.server_mb == 0:  # somebody else started it
        return [("server, processor and memory", "", "not seen", False), *load]
    return [
        _below("server, cores, mean", costs.server_cores, goals.server_cores),
        ("server, cores, busiest ten seconds", "", f"{costs.server_cores_busiest:,}", False),
        ("server, processor time a save, µs", "", f"{costs.server_cpu_us_per_save:,}", False),
        _below("server, memory, MB", costs.server_shared_mb, goals.server_mb),
        *load,
    ]


def _below(what: str, measured: float, goal: float | None) -> Row:
    missed = goal is not None and measured > goal
    return what, "" if goal is None else f"{goal:,.0f}", f"{measured:,}", missed


def _zero(what: str, measured: int) -> Row:
    return what, "0", f"{measured:,}", measured > 0


def _time(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 120 else f"{seconds:g} s"  # noqa: PLR2004 two minutes
