# SPDX-License-Identifier: AGPL-3.0-or-later
"""encrier-reporting.json: which items make which domain, and what a score means.

Ours, not QTI's: QTI has no place for what a teacher and a parent read. Knows
domains and thresholds, no pupil. See docs/spec/bundle.md.
"""

from collections.abc import Mapping
from math import fsum
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from encrier_qti.delivery.index import NAME as ITEM
from encrier_qti.errors import ContentRefused
from encrier_qti.model import Assessment
from encrier_qti.words import Words, say

NAME: Final = "encrier-reporting.json"
Group = Literal["besoins", "fragile", "satisfaisant"]

_Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}$")]
_Item = Annotated[str, Meta(pattern=ITEM)]
_Sentence = Annotated[str, Meta(min_length=1, max_length=2_000)]
_MAX_SIZE: Final = 1024 * 1024  # bytes


class NextSteps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of advice for each group."""

    besoins: _Sentence
    fragile: _Sentence
    satisfaisant: _Sentence


class Domain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What some items measure together. Scores and thresholds in points."""

    id: _Identifier
    label: _Sentence
    subject: _Sentence
    measures: _Sentence
    next_steps: NextSteps
    items: Annotated[tuple[_Item, ...], Meta(min_length=1)]
    max_score: Annotated[float, Meta(gt=0)]
    thresholds: tuple[float, float]

    def group(self, score: float) -> Group:
        """Tell which group a score is in; a score at a threshold is in the group above it."""
        if score < self.thresholds[0]:
            return "besoins"
        return "fragile" if score < self.thresholds[1] else "satisfaisant"


class Reporting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole reporting file."""

    v: Literal[1]
    title: _Sentence
    domains: Annotated[tuple[Domain, ...], Meta(min_length=1)]

    def by_domain(self, scores: Mapping[str, float]) -> dict[str, float]:
        """Sum the scores of items by domain; an item without a score counts 0."""
        return {
            domain.id: fsum(scores.get(item, 0.0) for item in domain.items)
            for domain in self.domains
        }


def read_reporting(content: bytes) -> Reporting:
    """Read the reporting file. Raises ContentRefused with the place in the file."""
    if len(content) > _MAX_SIZE:
        raise ContentRefused("ce fichier dépasse 1 Mo.", file=NAME)
    try:
        return msgspec.json.decode(content, type=Reporting)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ContentRefused(
            "ce fichier n’a pas la forme attendue ({place}).",
            "Comparez-le avec l’exemple de docs/spec/bundle.md.",
            file=NAME,
            place=str(error),
        ) from error


def check(
    reporting: Reporting, assessment: Assessment, maxima: Mapping[str, float | None]
) -> tuple[Words, ...]:
    """Give what is wrong between the reporting file and the test, one sentence each.

    `maxima`: the highest score of each item, None where it cannot be told.
    """
    wrong: list[Words] = []
    asked = [item for domain in reporting.domains for item in domain.items]
    in_test = [ref.identifier for ref in assessment.refs()]
    extra = [item for item in asked if item not in in_test]
    wrong += [say("l’item {item} n’est pas dans le test.", item=item) for item in extra]
    left = [item for item in in_test if item not in asked]
    wrong += [say("l’item {item} n’est dans aucun domaine.", item=item) for item in left]
    twice = sorted({item for item in asked if asked.count(item) > 1})
    wrong += [say("l’item {item} est compté deux fois.", item=item) for item in twice]
    ids = [domain.id for domain in reporting.domains]
    again = [name for name in ids if ids.count(name) > 1][:1]
    wrong += [say("le domaine {domain} est écrit deux fois.", domain=name) for name in again]
    for domain in reporting.domains:
        wrong += _check_domain(domain, maxima)
    return tuple(wrong)


def _check_domain(domain: Domain, maxima: Mapping[str, float | None]) -> list[Words]:
    low, high = domain.thresholds
    wrong: list[Words] = []
    if not 0 < low < high <= domain.max_score:
        what = "les seuils du domaine {domain} ne sont pas croissants, de 0 au maximum."
        wrong.append(say(what, domain=domain.id))
    known = [maxima.get(item) for item in domain.items]
    if None not in known:
        total = sum(each for each in known if each is not None)
        if abs(total - domain.max_score) > 1e-9:  # noqa: PLR2004  float noise, not points
            what = "le maximum du domaine {domain} devrait être {total}."
            wrong.append(say(what, domain=domain.id, total=f"{total:g}"))
    return wrong
