# SPDX-License-Identifier: AGPL-3.0-or-later
"""How fast the QTI engine is: item sessions, batches, compilation; and TAO's engine beside it.

One process, one thread, which waits for nothing: seconds are those of its processor, so that
what else the machine does changes little. Each figure is the median of three runs. The items and
the 60-item test are made of the demonstration's assessment. Without the network; nothing is
written but the page. About half a minute, without the peer.

    python bench/qti.py [--json] [--write] [--peer FOLDER]

FOLDER is a qti-sdk with its vendor/autoload.php; `php` must be in the PATH.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, ParamSpec

import performance_page

from encrier_qti.answers import Answers
from encrier_qti.batch import Batch
from encrier_qti.compile import compile_package
from encrier_qti.model import Item
from encrier_qti.package import Package, package_from
from encrier_qti.reading import archive
from encrier_qti.reading.item import read_item
from encrier_qti.reporting import NAME as REPORTING
from encrier_qti.scoring import Program, compile_item, compile_test
from encrier_qti.sessions.item_session import ItemSession, Terms
from encrier_qti.sessions.playable import Playable, playable

ROOT: Final = Path(__file__).resolve().parents[1]
SAMPLE: Final = ROOT / "demo" / "assessments" / "sixieme-debut"
HEADING: Final = "## QTI engine"
RUNS: Final = 3
SESSIONS: Final = 50_000
ROWS: Final = 400_000
N_ITEMS: Final = 60
CHOICE, CHOICES, TEXT = "fr-c-01", "fr-c-03", "fr-c-05"  # one choice, several mapped, mapped text
MAPPED: Final = ("map_response", "map_response_text")

Figures = dict[str, float | int | str]
Given = ParamSpec("Given")


def median_s(act: Callable[Given, object], *given: Given.args, **named: Given.kwargs) -> float:
    """Seconds of processor that something takes, the median of the runs."""
    took: list[float] = []
    for _ in range(RUNS):
        began = time.process_time()
        act(*given, **named)
        took.append(time.process_time() - began)
    return statistics.median(took)


# --- what is measured ---


def sixty(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a test of 60 items: those of the demonstration, then the first ones again."""
    made = {name: content for name, content in contents.items() if name != REPORTING}
    test = contents["assessment.xml"].decode()
    refs = re.findall(r'<qti-assessment-item-ref identifier="([^"]+)" href="([^"]+)"/>', test)
    added = ""
    for name, path in refs[: N_ITEMS - len(refs)]:
        copy, copied = f"{name}-b", path.replace(".xml", "-b.xml")
        old = f'identifier="{name}"'.encode()
        made[copied] = contents[path].replace(old, f'identifier="{copy}"'.encode(), 1)
        added += f'<qti-assessment-item-ref identifier="{copy}" href="{copied}"/>'
    head, end, tail = test.rpartition("</qti-assessment-section>")
    made["assessment.xml"] = f"{head}{added}{end}{tail}".encode()
    return made


def compilation(package: Package, contents: Mapping[str, bytes]) -> Figures:
    """Milliseconds for a test of 60 items, by step, and items read a second."""
    whole_s = median_s(compile_package, package)
    scoring_s = median_s(compile_test, package.assessment, package.items)
    opening_s = median_s(package_from, contents)
    files = [(item.file, contents[item.file]) for item in package.items.values()]
    reading_s = median_s(lambda: [read_item(content, file=name) for name, content in files])
    return {
        "compile_60_items_ms": round(whole_s * 1000, 1),
        "compile_60_items_scoring_ms": round(scoring_s * 1000, 1),
        "open_60_items_ms": round(opening_s * 1000, 1),
        "parse_items_per_s": round(len(files) / reading_s),
    }


def sessions(items: Mapping[str, Item]) -> Figures:
    """Item sessions a second with full attempt control, and programs alone."""
    found: Figures = {}
    for label, name in (("match_correct", CHOICE), ("map_response", CHOICES)):
        made, program = playable(items[name]), compile_item(items[name])
        rows = likely(name, SESSIONS)
        took_s = median_s(attempt_all, made, rows)
        alone_s = median_s(score_all, program, rows)
        found[f"item_sessions_per_s_{label}"] = round(len(rows) / took_s)
        found[f"program_alone_per_s_{label}"] = round(len(rows) / alone_s)
    return found


def attempt_all(made: Playable, rows: Sequence[Answers]) -> None:
    """One item session for each answer, from its beginning to its end."""
    terms = Terms()
    for answers in rows:
        session = ItemSession(made, terms)
        session.begin()
        session.begin_attempt()
        session.end_attempt(answers)
        session.end()


def score_all(program: Program, rows: Sequence[Answers]) -> None:
    """The outcomes of each answer, without a session."""
    for answers in rows:
        program.score(answers)


def batches(items: Mapping[str, Item]) -> Figures:
    """Responses a second through a batch: as pupils answer, and the worst case."""
    found: Figures = {}
    for label, name in zip(("match_correct", *MAPPED), (CHOICE, CHOICES, TEXT), strict=True):
        program = compile_item(items[name])
        for kind, rows in (("", likely(name, ROWS)), ("_all_distinct", distinct(name, ROWS))):
            took_s = median_s(batch_all, program, rows)
            found[f"batch_per_s_{label}{kind}"] = round(ROWS / took_s)
            several = len({tuple(answers["RESPONSE"]) for answers in rows})
            found[f"batch_distinct_{label}{kind}"] = several
    return found


def batch_all(program: Program, rows: Sequence[Answers]) -> None:
    """The scores of all answers, through one batch."""
    batch = Batch(program)
    batch.add(rows)
    batch.table().scores()


def likely(name: str, n: int) -> list[Answers]:
    """Answers as pupils give them: few choices, one more than the others; texts mostly alike."""
    dice = random.Random(name)  # noqa: S311  the same rows each time
    if name == CHOICE:
        letters = dice.choices("ABCD", weights=(15, 60, 15, 10), k=n)
        return [{"RESPONSE": [letter]} for letter in letters]
    if name == CHOICES:
        return [{"RESPONSE": dice.sample("ABCDE", dice.randint(1, 3))} for _ in range(n)]
    ranks = (min(int(dice.paretovariate(1.0)), 5_000) for _ in range(n))  # a long tail of spellings
    return [{"RESPONSE": [f"mot {rank}"]} for rank in ranks]


def distinct(name: str, n: int) -> list[Answers]:
    """The worst case: no two answers the same."""
    beside = ["B"] if name == CHOICES else []
    return [{"RESPONSE": [f"x{rank}", *beside]} for rank in range(n)]


# --- the peer ---

QTI_2: Final = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a" title="a"
 adaptive="false" timeDependent="false">
<responseDeclaration identifier="RESPONSE" cardinality="{kind}" baseType="identifier">
<correctResponse><value>B</value></correctResponse>{mapping}</responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="0">
<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>
<simpleChoice identifier="D">d</simpleChoice></choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{name}"/>
</assessmentItem>
"""
MAPPING: Final = (
    '<mapping lowerBound="0" upperBound="1" defaultValue="-0.5"><mapEntry mapKey="B"'
    ' mappedValue="0.5"/><mapEntry mapKey="D" mappedValue="0.5"/></mapping>'
)
PHP: Final = r"""<?php
require $argv[1] . '/vendor/autoload.php';
use qtism\common\datatypes\QtiIdentifier;
use qtism\common\enums\BaseType;
use qtism\common\enums\Cardinality;
use qtism\data\storage\xml\XmlDocument;
use qtism\runtime\common\MultipleContainer;
use qtism\runtime\common\ResponseVariable;
use qtism\runtime\common\State;
use qtism\runtime\tests\AssessmentItemSession;
use qtism\runtime\tests\SessionManager;
function spent() {
    $used = getrusage();
    return $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']
        + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e6;
}
function speed($file, $single) {
    $document = new XmlDocument('2.1');
    $document->load($file);
    $item = $document->getDocumentComponent();
    $began = spent();
    for ($n = 0; $n < 20000; $n++) {
        $session = new AssessmentItemSession($item, new SessionManager());
        $session->beginItemSession();
        $session->beginAttempt();
        $value = $single ? new QtiIdentifier('B') : new MultipleContainer(
            BaseType::IDENTIFIER, [new QtiIdentifier('B'), new QtiIdentifier('D')]);
        $kind = $single ? Cardinality::SINGLE : Cardinality::MULTIPLE;
        $session->endAttempt(new State(
            [new ResponseVariable('RESPONSE', $kind, BaseType::IDENTIFIER, $value)]));
        $session->endItemSession();
    }
    return round(20000 / (spent() - $began));
}
$found = ['match_correct' => [], 'map_response' => []];
for ($run = 0; $run < 3; $run++) {
    $found['match_correct'][] = speed($argv[2] . '/match_correct.xml', true);
    $found['map_response'][] = speed($argv[2] . '/map_response.xml', false);
}
echo json_encode($found);
"""
JIT: Final = ("-d", "opcache.enable_cli=1", "-d", "opcache.jit=tracing")
JIT_SIZE: Final = ("-d", "opcache.jit_buffer_size=64M")
NO_PEER: Final = (
    "not installed here; TAO's engine: 8,508–9,346 and 6,195–6,718 sessions/s, "
    "measured once on a 2-core machine, not in this run"
)


def peer(folder: Path | None) -> Figures:
    """Item sessions a second of qti-sdk, with the same two kinds of items, in this run."""
    php = shutil.which("php")
    if folder is None or php is None or not (folder / "vendor" / "autoload.php").is_file():
        return {"peer": NO_PEER}
    with tempfile.TemporaryDirectory() as made:
        here = Path(made)
        for name, kind, mapping in (
            ("match_correct", "single", ""),
            ("map_response", "multiple", MAPPING),
        ):
            written = QTI_2.format(name=name, kind=kind, mapping=mapping)
            (here / f"{name}.xml").write_text(written, encoding="utf-8")
        (here / "speed.php").write_text(PHP, encoding="utf-8")
        ran = subprocess.run(
            [php, *JIT, *JIT_SIZE, str(here / "speed.php"), str(folder.resolve()), made],
            capture_output=True,
            check=False,
            timeout=90,
        )
    if ran.returncode:
        return {"peer": f"qti-sdk did not run: exit {ran.returncode}; {NO_PEER}"}
    found = {name: round(statistics.median(runs)) for name, runs in json.loads(ran.stdout).items()}
    return {
        "peer": "qti-sdk, in this run, with opcache and JIT where PHP has them",
        **{f"peer_sessions_per_s_{name}": speed for name, speed in found.items()},
    }


# --- the machine, the page ---


def machine() -> Figures:
    """What the figures depend on."""
    told = re.search(r"^model name\s*:\s*(.+)$", _cpuinfo(), re.MULTILINE)
    return {
        "cpu": told[1] if told else platform.processor() or "unknown",
        "cores": os.cpu_count() or 0,
        "load_1min": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "date": datetime.now(tz=UTC).date().isoformat(),
    }


def _cpuinfo() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8") if path.exists() else ""


A_SECOND: Final = (
    ("item sessions, match_correct", "100,000", "item_sessions_per_s_match_correct"),
    ("the same, TAO’s engine", "", "peer_sessions_per_s_match_correct"),
    ("item sessions, map_response", "100,000", "item_sessions_per_s_map_response"),
    ("the same, TAO’s engine", "", "peer_sessions_per_s_map_response"),
    ("scoring program alone, match_correct", "", "program_alone_per_s_match_correct"),
    ("scoring program alone, map_response", "", "program_alone_per_s_map_response"),
    ("batch, match_correct", "1,000,000", "batch_per_s_match_correct"),
    ("batch, map_response of several choices", "1,000,000", "batch_per_s_map_response"),
    ("batch, map_response of a text", "1,000,000", "batch_per_s_map_response_text"),
    ("batch, all different, match_correct", "", "batch_per_s_match_correct_all_distinct"),
    ("batch, all different, several choices", "", "batch_per_s_map_response_all_distinct"),
    ("batch, all different, a text", "", "batch_per_s_map_response_text_all_distinct"),
    ("items read from XML", "", "parse_items_per_s"),
)
OF_A_TEST: Final = (
    ("compiled: delivery form, scoring program, manifest", "100", "compile_60_items_ms"),
    ("of which the scoring program", "", "compile_60_items_scoring_ms"),
    ("opened before that: from files to items", "", "open_60_items_ms"),
)


def section(figures: Figures) -> str:
    """The part of docs/performance.md that is about QTI."""
    told = figures.get
    several = (told(f"batch_distinct_{label}") for label in ("match_correct", *MAPPED))
    few = ", ".join(_written(n or 0) for n in several)
    return f"""{HEADING}

`python bench/qti.py --write`, {told("date")}.
Machine: {told("cpu")}, {told("cores")} cores, load {told("load_1min")} before the run.
Python {told("python")}, one thread, seconds of processor, median of {RUNS} runs.

| a second, on one core | goal | measured |
|---|---|---|
{_rows(A_SECOND, figures)}

| 60-item test, ms | goal | measured |
|---|---|---|
{_rows(OF_A_TEST, figures)}

An item session is begun, attempted, answered, scored and ended; answers vary as pupils’ do.
A batch has {ROWS:,} answers, of which {few} are different, and in the worst case all.
The test is the demonstration’s 37 items and 23 of them again under other names.
Peer: {told("peer")}.
"""


def _rows(lines: Sequence[tuple[str, str, str]], figures: Figures) -> str:
    """One row of a table for each figure that was measured."""
    return "\n".join(
        f"| {what} | {goal} | {_written(figures[key])} |"
        for what, goal, key in lines
        if key in figures
    )


def _written(figure: float | str) -> str:
    return figure if isinstance(figure, str) else f"{figure:,}"


def main() -> int:
    """Measure, print, and write the page if asked."""
    asked = argparse.ArgumentParser(description="Measure the QTI engine.")
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--write", action="store_true", help="put the figures in the page")
    asked.add_argument("--peer", type=Path, metavar="FOLDER", help="a qti-sdk, to run beside")
    given = asked.parse_args()
    figures = machine()
    contents = sixty(archive.read(SAMPLE))
    package = package_from(contents)
    if len(package.items) != N_ITEMS:
        raise SystemExit(f"the test has {len(package.items)} items, not {N_ITEMS}")
    figures |= sessions(package.items)
    figures |= batches(package.items)
    figures |= compilation(package, contents)
    figures |= peer(given.peer)
    if given.write:
        performance_page.put(section(figures))
    print(json.dumps(figures) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
