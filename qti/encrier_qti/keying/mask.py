# SPDX-License-Identifier: AGPL-3.0-or-later
"""From an item to the field that a teacher keys: its mask, its choices, its words, its digits.

docs/spec/keying.md, "Masks". Knows what an item asks and how it is called;
never what is right, and no pupil.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from encrier import records
from encrier_qti.delivery.index import NAME, TAKEN
from encrier_qti.errors import ContentRefused
from encrier_qti.keying.asked import Asked
from encrier_qti.model import Declaration, Interaction, Item
from encrier_qti.values import BaseType, Cardinality

Mask = Literal["circle", "cross", "judge", "code", "number", "time", "words", "fluency"]

DIGITS: Final = 3  # of a number whose item does not say how long it is
_MOST_DIGITS: Final = 9  # QTI's integers have 32 bits
_READING_S: Final = 60  # a text is read aloud for a minute
_MASKS: Final[Mapping[str, Mapping[str, Mask]]] = {  # by interaction, then by its data-keying
    "choice": {"": "circle", "cross": "cross", "judge": "judge", "code": "code"},
    "text-entry": {"": "number", "time": "time"},
    "hottext": {"": "words", "fluency": "fluency"},
}
_SINGLE: Final = frozenset({Cardinality.SINGLE})
_BAG: Final = frozenset({Cardinality.SINGLE, Cardinality.MULTIPLE})
_TYPES: Final[Mapping[Mask, tuple[frozenset[Cardinality], BaseType]]] = {
    "circle": (_BAG, BaseType.IDENTIFIER),
    "cross": (_BAG, BaseType.IDENTIFIER),
    "judge": (_SINGLE, BaseType.IDENTIFIER),
    "code": (_SINGLE, BaseType.IDENTIFIER),
    "number": (_SINGLE, BaseType.INTEGER),
    "time": (_SINGLE, BaseType.INTEGER),
    "words": (_BAG, BaseType.IDENTIFIER),
    "fluency": (frozenset({Cardinality.MULTIPLE}), BaseType.IDENTIFIER),
}
_JUDGED: Final = ["0", "1"]
_MISREAD, _PER_MINUTE, _SECONDS = "WRONG", "RESPONSE", "SECONDS"
_COUNTED: Final = (_PER_MINUTE, "LAST", _SECONDS)  # of a reading, integers
_IDENTIFIER: Final = re.compile(NAME)


class Choice(records.Record, frozen=True):
    """What can be taken, and how paper says it."""

    id: str
    label: str


class Field(records.Record, frozen=True, kw_only=True, omit_defaults=True):
    """What is keyed of one item; what its mask has no use for is not written."""

    id: str
    label: str
    response: str
    mask: Mask
    most: int | None = None  # of choices or words that may be taken; 0: any number
    choices: tuple[Choice, ...] = ()
    digits: int | None = None
    words: tuple[Choice, ...] = ()
    seconds: int | None = None  # how long a text is read


class Called(NamedTuple):
    """How the test and paper call an item, and how long its exercise lasts, if it is timed."""

    name: str
    label: str
    timed_s: int | None = None


def field_of(item: Item, asked: Mapping[str, Asked], *, called: Called) -> Field:
    """Give what is keyed of an item; `asked`: what it asks of pupils, by response.

    Raises ContentRefused, with the place and what to do, for one that cannot be keyed.
    """
    interaction = _interaction(item, [each for each in item.interactions if each.response in asked])
    mask = _mask(item, interaction)
    declared = _declared(item, interaction, mask)
    seen = asked[interaction.response]
    made = Field(id=called.name, label=called.label, response=interaction.response, mask=mask)
    if mask in {"number", "time"}:
        return replace(made, digits=min(seen.length or DIGITS, _MOST_DIGITS))
    choices = tuple(_choices(item, interaction, seen))
    if mask == "fluency":
        seconds = _read_s(item) or called.timed_s or _READING_S
        return replace(made, response=_PER_MINUTE, words=choices, seconds=seconds)
    most = 1 if declared.cardinality is Cardinality.SINGLE else seen.most
    if mask == "words":
        return replace(made, most=most, words=choices)
    if mask == "judge" and sorted(choice.id for choice in choices) != _JUDGED:
        raise _refused(
            item,
            interaction,
            "ce qu’un adulte juge a deux choix, «\u00a01\u00a0» (juste) et «\u00a00\u00a0» (faux).",
            "Nommez-les ainsi, ou écrivez data-keying=code pour d’autres codes.",
        )
    return replace(made, most=most, choices=choices)


def _interaction(item: Item, shown: list[Interaction]) -> Interaction:
    """The one that is keyed: of a reading that of the words, else the only one."""
    reading = [each for each in shown if _masks(each).get(each.keying) == "fluency"]
    others = [e for e in shown if e.name != "text-entry" or e.response not in _COUNTED]
    if len(reading) == 1 and others == reading:
        return reading[0]
    if not shown:
        what = "rien ne peut être saisi de cet item, qui n’a pas d’interaction."
        raise _refused(item, None, what, "Mettez ce texte dans les consignes de l’exercice.")
    if len(shown) > 1:
        what = "cet item a plusieurs interactions\u00a0: un item qui se saisit n’en a qu’une."
        raise _refused(item, shown[1], what, "Faites-en autant d’items.")
    return shown[0]


def _masks(interaction: Interaction) -> Mapping[str, Mask]:
    return _MASKS.get(interaction.name, {})


def _mask(item: Item, interaction: Interaction) -> Mask:
    masks = _masks(interaction)
    if not masks:
        what = "cette interaction ne peut pas être saisie d’après un cahier sur papier."
        next_step = "Employez un choix, un nombre entier ou des mots\u00a0: docs/spec/keying.md."
        raise _refused(item, interaction, what, next_step)
    if interaction.keying not in masks:
        raise _refused(
            item,
            interaction,
            "data-keying ne dit pas un masque de cette interaction.",
            "Mots admis ici\u00a0: {words}. Ou ôtez cet attribut.",
            words=" / ".join(word for word in masks if word),
        )
    return masks[interaction.keying]


def _declared(item: Item, interaction: Interaction, mask: Mask) -> Declaration:
    declared = item.responses.get(interaction.response)
    cardinalities, base = _TYPES[mask]
    if declared is None or declared.cardinality not in cardinalities or declared.base is not base:
        raise _refused(
            item,
            interaction,
            "la variable {name} n’est pas du type qui se saisit ici.",
            "Déclarez-la ainsi\u00a0: cardinality {cardinalities}, base-type {bases}.",
            name=interaction.response,
            cardinalities=" / ".join(sorted(map(str, cardinalities))),
            bases=str(base),
        )
    if mask == "fluency" and not (
        interaction.response == _MISREAD and all(map(_is_whole, map(item.responses.get, _COUNTED)))
    ):
        what = "une lecture chronométrée n’a pas les quatre réponses qui la disent."
        next_step = "Déclarez WRONG (les mots), et les entiers RESPONSE, LAST et SECONDS."
        raise _refused(item, interaction, what, next_step)
    return declared


def _is_whole(declared: Declaration | None) -> bool:
    single = declared is not None and declared.cardinality is Cardinality.SINGLE
    return single and declared is not None and declared.base is BaseType.INTEGER


def _read_s(item: Item) -> int:
    """How many seconds the item says that its text is read; 0: it does not say."""
    written = item.responses[_SECONDS].default
    seconds = 0 if written is None else written.members[0]
    return max(0, seconds) if isinstance(seconds, int) else 0


def _choices(item: Item, interaction: Interaction, seen: Asked) -> Iterable[Choice]:
    """Those that pupils see, in the order in which they were written, as paper has them."""
    names = [name for name in interaction.choices if name in seen.labels]
    if not names:
        what = "cette interaction n’a aucun choix."
        raise _refused(item, interaction, what, "Écrivez ce que l’élève peut choisir.")
    if len(set(names)) < len(names):
        what = "deux choix de cette interaction portent le même identifiant."
        raise _refused(item, interaction, what, "Donnez à chacun le sien.")
    for name in names:
        if not _IDENTIFIER.fullmatch(name) or name in TAKEN:
            raise _refused(
                item,
                interaction,
                "un identifiant n’est pas fait de lettres, de chiffres, et de _ . -, 128 signes au"
                " plus.",
                "Renommez ce choix, et la clé avec lui.",
            )
        if not seen.labels[name]:
            what = "un choix n’a ni texte, ni image décrite\u00a0: l’adulte ne saurait le nommer."
            raise _refused(item, interaction, what, "Dites dans alt ce que montre l’image.")
        yield Choice(id=name, label=seen.labels[name])


def _refused(
    item: Item, interaction: Interaction | None, what: str, next_step: str, **named: str
) -> ContentRefused:
    line, element = 0, ""
    if interaction is not None:
        line, element = interaction.line, f"qti-{interaction.name}-interaction"
    return ContentRefused(what, next_step, file=item.file, line=line, element=element, **named)
