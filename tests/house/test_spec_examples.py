# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every example of docs/spec is one that the code accepts.

In an example an ellipsis stands for what would fill a page. Where it stands for bytes of a known
length, the test puts that many in; the text inside the signed manifest stays shortened.
"""

import base64
import doctest
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from encrier import booklets, codes, receipts, seal, sheets, uploads, wire
from encrier.campaign import Campaign, SignedCampaign
from encrier.manifest import Manifest, SignedManifest
from encrier_names.rosters import Defect
from encrier_names.upkeep.backup import Begin, End, Rows
from encrier_qti import errors
from encrier_qti.answers import Answers
from encrier_qti.checks.media import check_media_of
from encrier_qti.commands.check import shown
from encrier_qti.delivery.index import BundleIndex, BundleTest, RoutingTable
from encrier_qti.keying.kit import Kit
from encrier_qti.reading.item import read_item
from encrier_qti.reading.safe_xml import QTI
from encrier_qti.reporting import Reporting
from encrier_results.release import release

ROOT: Final = Path(__file__).parents[2]
SPEC: Final = ROOT / "docs/spec"
ENGINE: Final = ROOT / "qti/encrier_qti"
SESSIONS: Final = ENGINE / "sessions"
CHECKS: Final = ("lint.py", "checks/*.py", "importing/*.py", "commands/check.py")
ROSTER: Final = ROOT / "demo/rosters/CSVExtraction.csv"
LENGTHS: Final = {
    "campaign": 16,
    "auth_sha256": 32,
    "mac": 32,
    "receipt": receipts.SIZE,
    "signature": 64,
    "envelope": 2227,
    "box": 236,
    "terms": 236,
}
RESUME_BOX: Final = 116
EXAMPLES: Final[dict[str, list[Any]]] = {  # page -> what its JSON examples are, in order
    "admission-list": [wire.AdmissionList, dict[str, int]],
    "answer-sheet": [sheets.AnswerSheet],
    "backup": [Begin, Rows, End],
    "campaign": [SignedCampaign],
    "bundle": [Reporting, BundleIndex, BundleTest, RoutingTable, Answers],
    "drained": [uploads.Drained],
    "envelope-batch": [wire.EnvelopeBatch],
    "keying": [Kit, dict[str, Any]],  # the ring, which only the page reads, is JSON of names'
    "manifest": [SignedManifest],
    "progress": [wire.Progress],
    "qti-errors": [dict[str, Any], dict[str, bool | list[dict[str, str | int]]]],
    "register": [wire.Register],
    "release": [wire.Release],
    "rosters": [Defect],
    "score-sheet": [wire.ScoreSheet],
    "sealed-booklet": [booklets.SealedIndex],
    "supports": [dict[str, str]],
    "terms": [uploads.Terms],
    "upload": [uploads.SignIn, uploads.SignedIn],
    "waiting-room": [uploads.Waiting],
}


def page(name: str) -> str:
    return (SPEC / f"{name}.md").read_text(encoding="utf-8")


def examples(name: str, language: str = "json") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)


def filled(example: str) -> bytes:
    """The example, with bytes of the right length where an ellipsis stands for them."""

    def fill(found: re.Match[str]) -> str:
        return f'"{found[1]}": "{base64.b64encode(bytes(LENGTHS[found[1]])).decode()}"'

    return re.sub(rf'"({"|".join(LENGTHS)})": "[^"…]*…[=]*"', fill, example).encode()


def test_every_page_with_an_example_is_looked_at() -> None:
    found = {path.stem: len(examples(path.stem)) for path in SPEC.glob("*.md")}
    assert {name: n for name, n in found.items() if n} == {k: len(v) for k, v in EXAMPLES.items()}


@pytest.mark.parametrize(
    ("name", "place"), [(name, i) for name, kinds in EXAMPLES.items() for i in range(len(kinds))]
)
def test_an_example_is_accepted_and_leaves_no_field_out(name: str, place: int) -> None:
    example, kind = filled(examples(name)[place]), EXAMPLES[name][place]
    read = msgspec.json.decode(example, type=kind)
    assert_same_fields(json.loads(example), json.loads(msgspec.json.encode(read)))


def assert_same_fields(shown: object, whole: object) -> None:
    """Every field of the records is in the example: a default is a surprise for its reader."""
    if isinstance(shown, dict) and isinstance(whole, dict):
        assert set(shown) == set(whole)
        for name in shown:
            assert_same_fields(shown[name], whole[name])
    if isinstance(shown, list) and isinstance(whole, list):
        for one, other in zip(shown, whole, strict=True):
            assert_same_fields(one, other)


def test_the_fields_of_the_manifest_are_in_its_table() -> None:
    cells = re.findall(r"^\| (`[^|]+) \|", page("manifest"), re.MULTILINE)
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert named == set(Manifest.__struct_fields__) - {"v", "suite"}  # 1 and 1, so far


def test_the_campaign_file_of_the_page_is_one_that_the_code_reads() -> None:
    (written,) = examples("campaign", "toml")
    read = msgspec.toml.decode(written, type=Campaign)
    shown = msgspec.toml.decode(written)
    assert_same_fields(shown, msgspec.to_builtins(read))
    assert read.school_year == 2026


def test_the_example_of_a_bundle_holds_together() -> None:
    index = msgspec.json.decode(examples("bundle")[1], type=BundleIndex)
    assert {item for section in index.sections for item in section.items} == set(index.items)
    for item in index.items.values():
        assert {item.href, *item.stimuli} <= set(index.files)


def test_the_example_of_a_release_is_what_the_counts_of_28_pupils_give() -> None:
    shown = msgspec.json.decode(filled(examples("release")[0]), type=wire.Release)
    counts: Counter[wire.Group] = Counter({"besoins": 5, "fragile": 8, "satisfaisant": 15})
    rows = [
        wire.ScoreRow(f"{n:08}", "complete", 1, [wire.DomainScore("fr-comprehension", 1.0, group)])
        for n, group in enumerate(counts.elements())
    ]
    domain = wire.Domain("fr-comprehension", "", "", "", {}, 2.0, (1.0, 1.5))
    sheet = wire.ScoreSheet(shown.campaign, 1, 1, [domain], rows)
    assert release(sheet, label=shown.label, smallest_cell=shown.smallest_cell) == shown


def test_the_example_of_a_save_has_the_size_it_says() -> None:
    save = uploads.Save(bytes(32), 2, bytes(LENGTHS["envelope"]), bytes(RESUME_BOX))
    asked, replied = examples("upload", "text")
    assert f"Content-Length: {len(uploads.pack_save(save))}\n" in asked
    assert f"Content-Length: {receipts.SIZE}\n" in replied
    assert LENGTHS["envelope"] - seal.HEADER_SIZE - 1120 - 16 in seal.BUCKETS


def test_the_code_of_the_page_of_codes_is_one() -> None:
    (code,) = re.findall(r"^`([A-Z-]+)`$", page("codes"), re.MULTILINE)
    assert codes.printed(codes.parse(code)) == code


def test_the_program_of_the_page_of_rosters_runs() -> None:
    (program,) = examples("rosters", "python")
    names: dict[str, Any] = {"content": ROSTER.read_bytes()}
    exec(program, names)  # noqa: S102  the page's own example
    assert len(names["said"].pupils) > 0


def test_the_examples_of_the_page_of_qti_errors_run_and_give_what_it_says() -> None:
    names: dict[str, Any] = {}
    (helpers,) = examples("qti-errors", "python")
    exec(helpers, names)  # noqa: S102  the page's own example
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(verbose=False)
    blocks = examples("qti-errors", "pycon")
    assert blocks
    for block in blocks:
        test = parser.get_doctest(block, names, "qti-errors", None, 0)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0


def test_the_tree_of_the_page_of_qti_errors_is_the_one_in_the_code() -> None:
    shown = [line for block in examples("qti-errors", "text") for line in block.splitlines()]
    said = [line.strip() for line in (errors.__doc__ or "").splitlines()]
    assert shown == [line for line in said if line.startswith(("QtiError", "├", "└"))]
    named = {line.split()[1] for line in shown[1:]}
    classes = {name for name, each in vars(errors).items() if isinstance(each, type)}
    assert named == classes - {"QtiError", "EncrierError", "Words"}


def test_the_reasons_of_the_page_of_qti_errors_are_those_of_the_code() -> None:
    table = page("qti-errors").partition("| why | is |")[2].partition("\n\n")[0]
    sessions = [path.read_text("utf-8") for path in SESSIONS.glob("*.py")]
    raised = {why for text in sessions for why in re.findall(r'Refused\([^)]*why="([\w-]+)"', text)}
    assert set(re.findall(r"^\| `([\w-]+)`", table, re.MULTILINE)) == raised


def test_the_kinds_of_findings_of_the_page_of_qti_errors_are_those_of_the_code() -> None:
    table = page("qti-errors").partition("| kind | is |")[2].partition("\n\n")[0]
    named = {name for row in table.splitlines() for name in re.findall(r"`([\w-]+)`", row)}
    found = r'(?:kind=|_finding\(|_found\(|of_error\()\s*"([a-z-]+)"'
    code = [path.read_text("utf-8") for where in CHECKS for path in ENGINE.glob(where)]
    assert named == {kind for text in code for kind in re.findall(found, text)}


def test_the_finding_of_the_page_of_qti_errors_is_one() -> None:
    (told,) = json.loads(examples("qti-errors")[1])["findings"]
    head = f'<qti-assessment-item xmlns="{QTI}" identifier="a" title="a"><qti-item-body>'
    lines = "\n" * (told["line"] - 1)
    content = f'{head}{lines}<img src="b.png"/></qti-item-body></qti-assessment-item>'.encode()
    item = read_item(content, file=told["file"])
    assert next(shown(each, "en") for each in check_media_of([item], {})) == told
