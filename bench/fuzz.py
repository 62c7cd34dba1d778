# SPDX-License-Identifier: AGPL-3.0-or-later
"""Throw made-up items, tests, packages and answers at the QTI engine until something breaks.

Guided by coverage (atheris): an input that reaches new code is kept and changed further. XML is
changed as a tree, so that most of what is tried is still XML: elements copied, moved, renamed,
attributes and texts replaced by values that hurt. Only a refusal in words (EncrierError) is an
answer; any other exception, 20 seconds on one input, or 1 GB, ends the run with the input kept
in a file. Nothing is read from the network.

    uv sync --inexact --group fuzz
    nice -n 19 python bench/fuzz.py --target items --seconds 900 [--seeds FOLDER] [--keep FOLDER]
"""

import argparse
import io
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed here. Run: uv sync --inexact --group fuzz")

with atheris.instrument_imports(include=["encrier_qti"]):
    from lxml import etree

    from encrier.errors import EncrierError
    from encrier_qti.checks.routes import check_routes
    from encrier_qti.clones import clone
    from encrier_qti.delivery.strip import strip_item
    from encrier_qti.errors import SessionRefused
    from encrier_qti.expressions.registry import EXPRESSIONS
    from encrier_qti.importing.upgrade import is_qti_2, upgrade_item
    from encrier_qti.lint import lint_contents
    from encrier_qti.package import open_package
    from encrier_qti.reading import archive
    from encrier_qti.reading.assessment import read_assessment
    from encrier_qti.reading.item import read_item
    from encrier_qti.rules.registry import RULES
    from encrier_qti.scoring import compile_item, compile_test
    from encrier_qti.sessions.plan import plan
    from encrier_qti.sessions.route import resolve
    from encrier_qti.sessions.test_session import TestSession

SAMPLE: Final = Path(__file__).resolve().parents[1] / "demo" / "assessments" / "sixieme-debut"
MAX_SIZE: Final = 32_768  # bytes of one input
MAX_SECONDS: Final = 20  # for one input, on a machine that does other things too
MAX_MEMORY: Final = 1_024  # MB
SEPARATOR: Final = b"\n<?file?>\n"  # between the files of a package

NAMES: Final = [
    *EXPRESSIONS, *RULES, "qti-choice-interaction", "qti-text-entry-interaction",
    "qti-match-interaction", "qti-order-interaction", "qti-gap-match-interaction",
    "qti-slider-interaction", "qti-simple-choice", "qti-mapping", "qti-map-entry",
    "qti-area-mapping", "qti-area-map-entry", "qti-match-table", "qti-interpolation-table",
    "qti-value", "qti-default-value", "qti-correct-response", "qti-template-declaration",
    "qti-template-processing", "qti-feedback-block", "qti-printed-variable", "qti-rubric-block",
    "qti-catalog-info", "qti-catalog", "qti-card", "qti-selection", "qti-ordering",
    "qti-branch-rule", "qti-pre-condition", "qti-time-limits", "qti-item-session-control",
    "qti-test-feedback", "qti-outcome-processing", "object", "img", "math", "svg", "div",
]  # fmt: skip
ATTRIBUTES: Final = [
    "identifier", "response-identifier", "base-type", "cardinality", "max-choices", "min-choices",
    "match-max", "map-key", "mapped-value", "default-value", "lower-bound", "shape", "coords",
    "href", "src", "data", "template", "n", "select", "with-replacement", "target", "pattern",
    "number-repeats", "figures", "min", "max", "step", "tolerance", "tolerance-mode", "name",
    "field-identifier", "weight-identifier", "section-identifier", "max-time", "view", "format",
]  # fmt: skip
VALUES: Final = [
    "", " ", "0", "-1", "1", "2", "9" * 40, "1e308", "-1e-308", "INF", "-INF", "NaN", "true", "A",
    "B", "A B", "RESPONSE", "SCORE", "X.SCORE", "single", "multiple", "ordered", "record",
    "integer", "float", "identifier", "pair", "directedPair", "point", "duration", "file",
    "string", "10,10,5", "0,0,0,0,0,0", "(a+)+$", "[", "../../x", "data:image/png;base64,AA==",
    "http://[", "%00", "EXIT_TEST", "atEnd", "\u202e", "é" * 300,
]  # fmt: skip
OLD: Final = b"""<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="a"
 title="a" adaptive="false" timeDependent="false">
 <responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier">
 <mapping><mapEntry mapKey="A" mappedValue="1"/></mapping></responseDeclaration>
 <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
 <itemBody><object data="a.png"/><choiceInteraction responseIdentifier="RESPONSE" maxChoices="0">
 <simpleChoice identifier="A">x</simpleChoice></choiceInteraction>
 <customInteraction responseIdentifier="R"><portableCustomInteraction hook="a">
 <properties><property key="b">c</property></properties></portableCustomInteraction>
 </customInteraction></itemBody><responseProcessing
 template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>
 </assessmentItem>"""

SOUND: Final = open_package(SAMPLE)
BY_FILE: Final = {item.file: item for item in SOUND.items.values()}
ANY: Final = next(iter(SOUND.items.values()))
PROGRAMS: Final = compile_test(SOUND.assessment, SOUND.items).programs


def items(data: bytes) -> None:
    """Read, convert, clone, strip, compile and score one item."""
    if is_qti_2("a.xml", data):
        data = upgrade_item(data, file="a.xml")
    item = read_item(data, file="a.xml", files={"a.xml": data})
    compile_item(clone(item)).score({name: ["A"] for name in item.responses})
    strip_item(data, file="a.xml")


def tests(data: bytes) -> None:
    """Read a test, check its logic, draw its route and walk it, with a step in ten out of place."""
    path = SOUND.assessment.file
    assessment = read_assessment(data, file=path, files=SOUND.contents)
    items = {ref.identifier: BY_FILE.get(ref.reference.path, ANY) for ref in assessment.refs()}
    list(check_routes(assessment, items))
    session = TestSession(plan(assessment, items), resolve(assessment, "0"))
    chance = random.Random(data)  # noqa: S311  the same input, the same walk
    session.begin()
    for at in range(40):
        step = chance.choice(STEPS) if chance.random() < STRAY else STEPS[at % 3]
        try:
            step(session)
        except SessionRefused:
            continue  # not now: a pupil may ask anything


STRAY: Final = 0.1  # of the steps
STEPS: Final[list[Callable[[TestSession], object]]] = [
    lambda session: session.begin_attempt(),
    lambda session: session.end_attempt({"RESPONSE": ["A", "B"]}),
    lambda session: session.move_next(),
    lambda session: session.skip(),
    lambda session: session.move_back(),
    lambda session: session.jump(2),
    lambda session: session.spend(50),
    lambda session: session.suspend(),
    lambda session: session.resume(),
    lambda session: session.end(),
]


def packages(data: bytes) -> None:
    """Open an archive, or files put together, and check all that is in it."""
    if data.startswith(b"PK"):
        with tempfile.NamedTemporaryFile(suffix=".zip") as held:
            held.write(data)
            held.flush()
            lint_contents(archive.read(Path(held.name)))
    else:
        lint_contents(dict(_split(data)))


def answers(data: bytes) -> None:
    """Score answers of any form; nothing that a pupil sends may raise."""
    provider = atheris.FuzzedDataProvider(data)
    program = PROGRAMS[provider.PickValueInList(sorted(PROGRAMS))]
    given: dict[str, object] = {}
    for _ in range(provider.ConsumeIntInRange(0, 3)):
        name = provider.PickValueInList(["RESPONSE", "SCORE", "", *program.responses])
        n_values = provider.ConsumeIntInRange(0, 5)
        texts = [provider.ConsumeUnicode(40) for _ in range(n_values)]
        given[name] = provider.PickValueInList([texts, texts * 400, "".join(texts), None, 7])
    program.score_with_remarks(given)  # type: ignore[arg-type]  # the wrong type is the point


def _split(data: bytes) -> Iterable[tuple[str, bytes]]:
    """Files put together: the name of each on its first line."""
    for part in data.split(SEPARATOR):
        name, _, content = part.partition(b"\n")
        yield name.decode("utf-8", "replace"), content


def _joined(contents: Mapping[str, bytes]) -> bytes:
    return SEPARATOR.join(name.encode() + b"\n" + content for name, content in contents.items())


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in contents.items():
            package.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def _sample_of(n_items: int) -> Mapping[str, bytes]:
    """The demo's package with its first items only: small enough to change much of it."""
    kept = [each.file for each in list(SOUND.items.values())[:n_items]]
    listed = "".join(
        f'<resource identifier="R{number}" type="imsqti_item_xmlv3p0" href="{file}"/>'
        for number, file in enumerate(kept)
    )
    manifest = f'<manifest identifier="M"><resources>{listed}</resources></manifest>'
    files = {file: SOUND.contents[file] for file in kept}
    return {"imsmanifest.xml": manifest.encode(), **files}


def _changed_tree(data: bytes, chance: random.Random) -> bytes:
    """Change an XML file as a tree; raises what lxml raises."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    for _ in range(chance.randint(1, 4)):
        elements = [each for each in root.iter() if isinstance(each.tag, str)]
        _change(chance.choice(elements), chance.choice(elements), chance)
    return bytes(etree.tostring(root))


def _change(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    space = etree.QName(one).namespace
    match chance.randint(0, 6):
        case 0:  # a copy elsewhere
            other.append(etree.fromstring(etree.tostring(one, with_tail=False)))
        case 1:
            parent = one.getparent()
            if parent is not None:
                parent.remove(one)
        case 2:
            name = chance.choice(NAMES)
            one.tag = f"{{{space}}}{name}" if space else name
        case 3:
            etree.SubElement(one, f"{{{space}}}{chance.choice(NAMES)}" if space else "a")
        case 4:
            one.text = chance.choice(VALUES)
        case _:
            names = [str(each) for each in one.attrib] + [chance.choice(ATTRIBUTES)]
            one.set(chance.choice(names), chance.choice(VALUES))


def mutated(data: bytes, max_size: int, seed: int) -> bytes:
    """Give a changed input, as a tree if it is XML, or as bytes."""
    chance = random.Random(seed)  # noqa: S311  libFuzzer's own seed: a run can be run again
    if data[:2] != b"PK" and chance.random() < 0.8:  # noqa: PLR2004  one change in five is of bytes
        parts = data.split(SEPARATOR)
        at = chance.randrange(len(parts))
        name, line, content = parts[at].partition(b"\n") if len(parts) > 1 else (b"", b"", parts[0])
        try:
            parts[at] = name + line + _changed_tree(content, chance)
        except (etree.LxmlError, ValueError):
            return bytes(atheris.Mutate(data, max_size))
        made = SEPARATOR.join(parts)
        return made if len(made) <= max_size else data
    return bytes(atheris.Mutate(data, max_size))


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "items": items,
    "tests": tests,
    "packages": packages,
    "answers": answers,
}


def _write_seeds(target: str, folder: Path, extra: Path | None) -> None:
    seeds: list[bytes] = [OLD, *(SOUND.contents[each.file] for each in SOUND.items.values())]
    if target == "tests":
        seeds = [SOUND.contents[SOUND.assessment.file]]
    elif target == "packages":
        seeds = [make(_sample_of(size)) for make in (_joined, _zipped) for size in (1, 3)]
    elif target == "answers":
        seeds = [bytes(range(64)), b"RESPONSE A B 12 3,5"]
    if extra is not None and target in {"items", "tests"}:
        wanted = b"assessment-test" if target == "tests" else b"ssessment"
        found = [path.read_bytes() for path in extra.rglob("*.xml")]
        seeds += [each for each in found if wanted in each[:2_000] and len(each) < MAX_SIZE]
    for number, seed in enumerate(seeds):
        (folder / f"seed-{number}").write_bytes(seed)


def _one(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def once(data: bytes) -> None:
        try:
            target(data)
        except EncrierError:
            return  # refused in words, as it should be

    return once


def main() -> None:
    """Run one target for so many seconds; the process ends with libFuzzer's exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--target", choices=sorted(TARGETS), required=True)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--seeds", type=Path, help="a folder of XML files to start from too")
    parser.add_argument("--keep", type=Path, help="a folder that keeps what was found, to go on")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        _write_seeds(asked.target, folder, asked.seeds)
        options = [
            sys.argv[0], str(folder), f"-max_total_time={asked.seconds}", f"-max_len={MAX_SIZE}",
            f"-timeout={MAX_SECONDS}", f"-rss_limit_mb={MAX_MEMORY}", "-print_final_stats=1",
            f"-artifact_prefix={tempfile.gettempdir()}/fuzz-{asked.target}-",
        ]  # fmt: skip
        is_xml = asked.target != "answers"
        mutator = {"custom_mutator": mutated} if is_xml else {}
        atheris.Setup(options, _one(TARGETS[asked.target]), **mutator)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
