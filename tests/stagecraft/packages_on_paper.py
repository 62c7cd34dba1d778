# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small packages to set on paper: one sequence, an exercise for each set of items."""

from collections.abc import Mapping

from stagecraft.packages_of_qti import MATCH, XMLNS, manifest, response


def choices(*told: str, **named: str) -> str:
    """A choice whose XML is given, without identifiers or with them."""
    every = {**{f"C{n}": words for n, words in enumerate(told)}, **named}
    written = "".join(
        f'<qti-simple-choice identifier="{name}">{words}</qti-simple-choice>'
        for name, words in every.items()
    )
    return (
        f"{response(next(iter(every)))}<!--body-->"
        f'<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">{written}'
        "</qti-choice-interaction>"
    )


def numbered(before: str = "") -> str:
    """A number to write, after what is before it."""
    return (
        f"{response('3', base='integer')}<!--body-->{before}"
        '<p><qti-text-entry-interaction response-identifier="RESPONSE" expected-length="2"/></p>'
    )


def files_of(
    *exercises: Mapping[str, str],
    instruction: str = "",
    script: str = "",
    title: str = "Un échantillon",
    category: str = "",
) -> dict[str, bytes]:
    """A package; exercises are called e0, e1 and so on. `category`: of all its items."""
    sections = "".join(
        f'<qti-assessment-section identifier="e{n}" title="Exercice {n}" visible="true">'
        f'<qti-rubric-block view="candidate" use="instructions"><qti-content-body>'
        f"<p>{instruction}</p></qti-content-body></qti-rubric-block>"
        f'<qti-rubric-block view="proctor scorer" use="instructions"><qti-content-body>{script}'
        "</qti-content-body></qti-rubric-block>"
        + "".join(
            f'<qti-assessment-item-ref identifier="{name}" href="{name}.xml"'
            f' category="{category}"/>'
            for name in items
        )
        + "</qti-assessment-section>"
        for n, items in enumerate(exercises)
    )
    test = (
        f'<qti-assessment-test {XMLNS} identifier="t" title="{title}"><qti-test-part identifier="p"'
        ' navigation-mode="nonlinear" submission-mode="individual"><qti-assessment-section'
        f' identifier="s" title="Séquence" visible="true">{sections}</qti-assessment-section>'
        "</qti-test-part></qti-assessment-test>"
    )
    files = {"test.xml": test.encode()}
    for items in exercises:
        for name, written in items.items():
            declared, _mark, body = written.partition("<!--body-->")
            files[f"{name}.xml"] = _item(name, declared, body)
    listed = [f"item:{name}" for items in exercises for name in items]
    return {"imsmanifest.xml": manifest("test:test", *listed), **files}


def _item(name: str, declared: str, body: str) -> bytes:
    return (
        f'<qti-assessment-item {XMLNS} identifier="{name}" title="{name}" adaptive="false"'
        f' time-dependent="false" xml:lang="fr">{declared}'
        '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"'
        f' normal-maximum="1"/><qti-item-body>{body}</qti-item-body>{MATCH}'
        "</qti-assessment-item>"
    ).encode()
