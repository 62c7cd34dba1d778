# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small package that is keyed from paper, with one item of each mask, made of builders."""

import json
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

XMLNS: Final = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
CP: Final = 'xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"'
TEMPLATES: Final = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
MATCH: Final = f'<qti-response-processing template="{TEMPLATES}/match_correct.xml"/>'
MAP: Final = f'<qti-response-processing template="{TEMPLATES}/map_response.xml"/>'


class Exercise(NamedTuple):
    """A section of the second level; `items` by identifier, each the XML without its name."""

    id: str
    items: Mapping[str, str]
    title: str = ""
    instruction: str = ""
    seconds: int | None = None
    category: str = ""
    max_score: float = 1.0


class Written(NamedTuple):
    """A section of the first level."""

    id: str
    exercises: Sequence[Exercise]
    title: str = ""
    seconds: int | None = None


def declared(name: str, *keys: str, kind: str = "single identifier", inside: str = "") -> str:
    """A response; `kind`: cardinality and base type."""
    cardinality, base = kind.split()
    values = "".join(f"<qti-value>{key}</qti-value>" for key in keys)
    correct = f"<qti-correct-response>{values}</qti-correct-response>" if keys else ""
    return (
        f'<qti-response-declaration identifier="{name}" cardinality="{cardinality}"'
        f' base-type="{base}">{correct}{inside}</qti-response-declaration>'
    )


def mapped(*, lower: float = 0.0, **points: float) -> str:
    """A mapping; `_1` stands for the key 1, which is no name in Python."""
    entries = "".join(
        f'<qti-map-entry map-key="{key.lstrip("_")}" mapped-value="{worth}"/>'
        for key, worth in points.items()
    )
    return f'<qti-mapping default-value="0" lower-bound="{lower}">{entries}</qti-mapping>'


def item(
    responses: str,
    body: str,
    *,
    processing: str = MATCH,
    maximum: float = 1.0,
    label: str = "",
) -> str:
    """An item, before its name is put into it."""
    said = f' label="{label}"' if label else ""
    return (
        f'<qti-assessment-item {XMLNS} identifier="{{name}}" title="{{name}}" xml:lang="fr"'
        f' adaptive="false" time-dependent="false"{said}>{responses}'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"'
        f' normal-maximum="{maximum}"><qti-default-value><qti-value>0</qti-value>'
        f"</qti-default-value></qti-outcome-declaration>\n<qti-item-body>{body}</qti-item-body>"
        f"{processing}</qti-assessment-item>"
    )


def choice(attributes: str = 'max-choices="1"', **choices: str) -> str:
    """A choice; `_1` stands for the identifier 1."""
    written = "".join(
        f'<qti-simple-choice identifier="{name.lstrip("_")}">{words}</qti-simple-choice>'
        for name, words in choices.items()
    )
    return (
        f'<qti-choice-interaction response-identifier="RESPONSE" {attributes}>{written}'
        "</qti-choice-interaction>"
    )


def circled(key: str = "B", *, label: str = "") -> str:
    """One letter among three to circle."""
    return item(declared("RESPONSE", key), choice(A="m", B="n", C="u"), label=label)


def judged() -> str:
    """Right or wrong, as an adult judges."""
    body = choice('max-choices="1" data-keying="judge"', _1="Juste", _0="Faux")
    return item(declared("RESPONSE", "1"), body)


def typed(
    key: int, *, attributes: str = 'expected-length="2"', processing: str = MATCH, inside: str = ""
) -> str:
    """A number to write."""
    body = f'<p><qti-text-entry-interaction response-identifier="RESPONSE" {attributes}/></p>'
    responses = declared("RESPONSE", str(key), kind="single integer", inside=inside)
    return item(responses, body, processing=processing)


def words(attributes: str = 'max-choices="0"', *, response: str = "RESPONSE") -> str:
    """A sentence whose words can be taken."""
    text = " ".join(
        f'<qti-hottext identifier="w{n}">{word}</qti-hottext>'
        for n, word in enumerate(("Le", "petit", "chat", "dort"), start=1)
    )
    return (
        f'<qti-hottext-interaction response-identifier="{response}" {attributes}>'
        f"<p>{text}.</p></qti-hottext-interaction>"
    )


AT_LEAST_30: Final = (
    "<qti-response-processing><qti-response-condition><qti-response-if><qti-gte>"
    '<qti-variable identifier="RESPONSE"/><qti-base-value base-type="integer">30</qti-base-value>'
    '</qti-gte><qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1'
    "</qti-base-value></qti-set-outcome-value></qti-response-if></qti-response-condition>"
    "</qti-response-processing>"
)


def reading(*, responses: str = "", body: str = "", processing: str = AT_LEAST_30) -> str:
    """A text read aloud, right from 30 words a minute."""
    whole = "".join(declared(name, kind="single integer") for name in ("RESPONSE", "LAST"))
    seconds = declared("SECONDS", kind="single integer")
    entries = "".join(
        f'<qti-text-entry-interaction response-identifier="{name}"/>'
        for name in ("RESPONSE", "LAST", "SECONDS")
    )
    return item(
        responses or whole + seconds + declared("WRONG", kind="multiple identifier"),
        body
        or words('max-choices="0" data-keying="fluency"', response="WRONG") + f"<p>{entries}</p>",
        processing=processing,
    )


def marked_by_a_person(xml: str) -> str:
    """The same item, scored by nobody here."""
    return xml.replace("normal-maximum=", 'external-scored="human" normal-maximum=')


def example() -> list[Written]:
    """Two sequences with one item of each mask, one that a person marks, one worth nothing."""
    french = [
        Exercise(
            "fr-lettres",
            letters(),
            "Exercice 1 — Les lettres",
            "Entoure la lettre.",
            max_score=3,
        ),
        Exercise(
            "fr-lire",
            {"fr-lu-01": judged(), "fr-lu-02": judged(), "fr-lu-03": reading()},
            "Exercice 2 — Lire",
            seconds=60,
            category="oral",
            max_score=3,
        ),
        Exercise("fr-ecrire", written_answers(), "Exercice 3", max_score=2),
    ]
    numbers = {
        "ma-n-01": typed(12),
        "ma-n-02": typed(1250, attributes='expected-length="4"'),
        "ma-n-03": typed(45, attributes='expected-length="3" data-keying="time"'),
    }
    taken = {
        "ma-m-01": item(declared("RESPONSE", "w2", "w4", kind="multiple identifier"), words()),
        "ma-m-02": item(declared("RESPONSE", "A"), choice(A="oui", B="non")),
        "ma-m-03": opinion(),
    }
    maths = [
        Exercise("ma-nombres", numbers, max_score=3),
        Exercise("ma-mots", taken, max_score=2),
    ]
    return [
        Written("s1", french, "Français — séquence 1", seconds=1150),
        Written("s2", maths, "Mathématiques"),
    ]


def letters() -> dict[str, str]:
    """One letter to circle, several, several words to cross out."""
    points = mapped(A=0.5, C=0.5, B=-0.5)
    return {
        "fr-l-01": circled(),
        "fr-l-02": item(
            declared("RESPONSE", "A", "C", kind="multiple identifier", inside=points),
            choice('max-choices="2"', A="m", B="n", C="M"),
            processing=MAP,
        ),
        "fr-l-03": item(
            declared("RESPONSE", "A", kind="multiple identifier"),
            choice('max-choices="0" data-keying="cross"', A="chat", B="rat", C="matin"),
        ),
    }


def written_answers() -> dict[str, str]:
    """An open answer with codes, one that a person marks, an opinion."""
    codes = choice('max-choices="1" data-keying="code"', _1="Juste", _2="Proche", _9="Autre")
    worth = declared("RESPONSE", "1", inside=mapped(_1=1, _2=0.5))
    return {
        "fr-e-01": item(worth, codes, processing=MAP),
        "fr-e-02": marked_by_a_person(item(declared("RESPONSE", "1"), codes, processing="")),
        "fr-e-03": opinion(),
    }


def opinion() -> str:
    """A question that is worth nothing."""
    return item(declared("RESPONSE"), choice(A="oui", B="non"), processing="", maximum=0)


def contents(
    sequences: Sequence[Written], changed: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """The files of the package, one domain an exercise; one `changed` to nothing is left out."""
    exercises = [exercise for sequence in sequences for exercise in sequence.exercises]
    items = {name: xml for exercise in exercises for name, xml in exercise.items.items()}
    listed = "".join(
        f'<resource identifier="r-{name}" type="imsqti_item_xmlv3p0" href="items/{name}.xml">'
        f'<file href="items/{name}.xml"/></resource>'
        for name in items
    )
    test = '<resource identifier="t" type="imsqti_test_xmlv3p0" href="test.xml"/>'
    files = {
        "imsmanifest.xml": f'<manifest {CP} identifier="M"><resources>{test}{listed}</resources>'
        "</manifest>",
        "test.xml": assessment(sequences),
        **{f"items/{name}.xml": xml.replace("{name}", name) for name, xml in items.items()},
        "encrier-reporting.json": json.dumps(
            {"v": 1, "title": "Petit cahier", "domains": list(map(domain, exercises))}
        ),
        **(changed or {}),
    }
    return {name: content.encode() for name, content in files.items() if content}


def domain(exercise: Exercise) -> dict[str, object]:
    """What the items of an exercise measure together."""
    return {
        "id": exercise.id,
        "label": exercise.id.capitalize(),
        "subject": "Français",
        "measures": "Un domaine.",
        "next_steps": {"besoins": "a", "fragile": "b", "satisfaisant": "c"},
        "items": list(exercise.items),
        "max_score": exercise.max_score,
        "thresholds": [exercise.max_score / 2, exercise.max_score],
    }


def assessment(sequences: Sequence[Written]) -> str:
    """The test."""
    inside = "".join(
        section(each.id, each.title, each.seconds, "".join(map(_exercise, each.exercises)))
        for each in sequences
    )
    return (
        f'<qti-assessment-test {XMLNS} identifier="t" title="Un test" xml:lang="fr">'
        '<qti-test-part identifier="p" navigation-mode="nonlinear" submission-mode="individual">'
        f"{inside}</qti-test-part></qti-assessment-test>"
    )


def section(identifier: str, title: str, seconds: int | None, inside: str) -> str:
    """A section with what is in it."""
    limits = "" if seconds is None else f'<qti-time-limits max-time="{seconds}"/>'
    return (
        f'<qti-assessment-section identifier="{identifier}" title="{title}" visible="true">'
        f"{limits}{inside}</qti-assessment-section>"
    )


def _exercise(exercise: Exercise) -> str:
    rubric = '<qti-rubric-block view="{}"><p>{}</p></qti-rubric-block>'.format
    told = rubric("candidate", exercise.instruction) if exercise.instruction else ""
    script = rubric("proctor", "Dites la consigne.")
    category = f' category="{exercise.category}"' if exercise.category else ""
    refs = "".join(
        f'<qti-assessment-item-ref identifier="{name}" href="items/{name}.xml"{category}/>'
        for name in exercise.items
    )
    return section(exercise.id, exercise.title, exercise.seconds, f"{told}{script}{refs}")
