# SPDX-License-Identifier: AGPL-3.0-or-later
"""Needs of a pupil in the words of QTI: personal needs and preferences, in and out.

QTI 3.0, Access for All PNP 3.0 (root `access-for-all-pnp`). A file that comes in only fills in
the form, which an adult reads and saves. Who the file says it is about is not read.
Docs: docs/spec/needs.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from lxml import etree

from encrier.errors import EncrierError
from encrier.records import Record
from encrier_names.rosters.siecle.document import parse_document
from encrier_names.sittings.grants import EXTRA_TIMES
from encrier_names.sittings.models import Grant

SPACE: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imsafa3p0pnp_v1p0"
_Q: Final = f"{{{SPACE}}}"
_ROOT: Final = "access-for-all-pnp"
_SIZES: Final = (125, 150, 175, 200)  # percent
_USUAL_PT: Final = 12.0  # font-size of PNP, by default
_AWAKE: Final = "activate-at-initialization-set"  # as every feature that no set names
_ASLEEP: Final = ("activate-as-option-set", "prohibit-set")
_DARK: Final = ("#ffff33", "#000000")  # foreground, background of « Jaune sur noir »
_CREAM: Final = "#fdf6e6"
_MASK: Final = "#000000"  # highlight-color of a line reader that hides all around
# What needs no reading of its contents.
_PLAIN: Final[Mapping[str, str]] = {
    "high-contrast": "theme:contraste",
    "answer-masking": "masking:on",
    "layout-single-column": "columns:one",
    "sign-language": "card:sign",
    "simplified-language-portions": "card:simple",
    "transcript": "card:transcript",
    "glossary-on-screen": "card:glossary",
    "keyword-translation": "card:translation",
    "long-description": "card:description",
}
_APPEARANCE: Final[Mapping[str, tuple[str, str]]] = {
    "theme:creme": ("background-color", _CREAM),
    "spacing:wide": ("letter-spacing", "0.06"),
    "font:legible": ("font-face", "Atkinson Hyperlegible"),
}
_READING: Final[Mapping[str, str]] = {
    "voice:on": "computer-read-aloud",
    "card:spoken": "screen-reader",
}
_COLOURED: Final[Mapping[str, tuple[str, dict[str, str]]]] = {
    "theme:nuit": ("invert-display-polarity", {}),
    "theme:jaune": (
        "invert-display-polarity",
        {"foreground": _DARK[0], "background": _DARK[1]},
    ),
    "window:ruler": ("line-reader", {}),
    "window:mask": ("line-reader", {"highlight-color": _MASK}),
}
_LANGUAGES: Final = {"sign-language": "fsl", "keyword-translation": "fr"}  # required by PNP


class NotANeed(EncrierError):
    what = "Ce fichier n’est pas un profil de besoins (PNP) de QTI 3."
    next_step = "Demandez un fichier dont la racine est access-for-all-pnp, pour un seul élève."
    status = 400


class Needs(Record, frozen=True):
    """What a profile asks for, and what of it this release does not know."""

    grant: Grant
    left_out: tuple[str, ...]  # names of PNP


def read(content: bytes) -> Needs:
    """Read a profile; raises NotANeed, or what `parse_document` raises of a file that is no XML."""
    profile = _profile(parse_document(content))
    asleep = {_local(f) for name in _ASLEEP for f in profile.iterfind(f"{_Q}{name}/*")}
    features = [f for f in _elements(profile) if _local(f) not in {_AWAKE, *_ASLEEP, *asleep}]
    extra_time, settings, left_out = 0, list[str](), list[str]()
    for feature in features:
        name = _local(feature)
        if name == "additional-testing-time":
            extra_time = _extra_time(feature)
            continue
        asked = [_PLAIN[name]] if name in _PLAIN else list(_READERS.get(name, _nothing)(feature))
        settings += asked
        if not asked:
            left_out.append(name)
    return Needs(Grant(extra_time=extra_time, settings=_one_each(settings)), tuple(left_out))


def write(grant: Grant) -> bytes:
    """Write what a pupil is granted as a profile; a pause and an end are no need of hers."""
    root = etree.Element(f"{_Q}{_ROOT}", nsmap={None: SPACE})  # type: ignore[dict-item] # stubs
    if grant.extra_time:
        time = etree.SubElement(root, f"{_Q}additional-testing-time")
        etree.SubElement(time, f"{_Q}time-multiplier").text = f"{1 + grant.extra_time / 100:g}"
    looks = [_APPEARANCE[one] for one in grant.settings if one in _APPEARANCE]
    for setting in grant.settings:
        if setting not in _APPEARANCE:
            _written(root, setting)
    _appear(root, dict(looks))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _written(root: etree._Element, setting: str) -> None:
    if setting.startswith("size:"):
        amount = f"{int(setting.removeprefix('size:')) / 100:g}"
        zoom = etree.SubElement(root, f"{_Q}magnification")
        etree.SubElement(zoom, f"{_Q}text", {"zoom-amount": amount})
    elif setting in _READING:
        # one element of the profile holds both: a voice of the computer, a recorded reading
        spoken = etree.SubElement(root, f"{_Q}spoken")
        etree.SubElement(spoken, f"{_Q}reading-type").text = _READING[setting]
    elif setting in _COLOURED:
        name, attributes = _COLOURED[setting]
        etree.SubElement(root, f"{_Q}{name}", attributes)
    else:
        _plain(root, setting)


def _profile(root: etree._Element) -> etree._Element:
    found = [root] if _local(root) == _ROOT else list(root.iter(f"{_Q}{_ROOT}"))
    if len(found) != 1 or not root.tag.startswith(_Q):
        raise NotANeed
    return found[0]


def _extra_time(feature: etree._Element) -> int:
    """Percent; the next that exists, never less than what is asked."""
    multiplier = _number(feature.findtext(f"{_Q}time-multiplier"))
    if feature.find(f"{_Q}unlimited") is not None:
        return EXTRA_TIMES[-1]
    asked = 0 if multiplier is None else round((multiplier - 1) * 100)
    return next((percent for percent in EXTRA_TIMES if percent >= asked), EXTRA_TIMES[-1])


def _magnified(feature: etree._Element) -> Iterator[str]:
    amounts = [_number(each.get("zoom-amount")) for each in _elements(feature)]
    yield from _size(max((amount for amount in amounts if amount is not None), default=1.5))


def _size(ratio: float) -> Iterator[str]:
    if ratio > 1:
        percent = next((size for size in _SIZES if size >= round(ratio * 100)), _SIZES[-1])
        yield f"size:{percent}"


def _inverted(feature: etree._Element) -> Iterator[str]:
    colours = (feature.get("foreground"), feature.get("background"))
    yield "theme:jaune" if colours == _DARK else "theme:nuit"


def _line(feature: etree._Element) -> Iterator[str]:
    yield "window:mask" if feature.get("highlight-color") == _MASK else "window:ruler"


def _read_aloud(feature: etree._Element) -> Iterator[str]:
    kinds = {each.text for each in feature.iterfind(f"{_Q}reading-type")}
    yield "voice:on" if "computer-read-aloud" in kinds else "card:spoken"


def _appearance(feature: etree._Element) -> Iterator[str]:
    asked = {_local(each): each for each in _elements(feature)}
    if "background-color" in asked:
        yield "theme:creme"
    if {"letter-spacing", "word-spacing", "line-spacing", "line-height"} & asked.keys():
        yield "spacing:wide"
    if "font-face" in asked:
        yield "font:legible"
    if "font-size" in asked:
        yield from _size((_number(asked["font-size"].text) or _USUAL_PT) / _USUAL_PT)


def _nothing(_feature: etree._Element) -> Iterator[str]:
    return iter(())


_READERS: Final[Mapping[str, Callable[[etree._Element], Iterator[str]]]] = {
    "magnification": _magnified,
    "invert-display-polarity": _inverted,
    "line-reader": _line,
    "spoken": _read_aloud,
    "text-appearance": _appearance,
}


def _plain(root: etree._Element, setting: str) -> None:
    name = next(name for name, known in _PLAIN.items() if known == setting)
    feature = etree.SubElement(root, f"{_Q}{name}")
    if name in _LANGUAGES:
        feature.set("{http://www.w3.org/XML/1998/namespace}lang", _LANGUAGES[name])


def _appear(root: etree._Element, asked: Mapping[str, str]) -> None:
    if not asked:
        return
    appearance = etree.SubElement(root, f"{_Q}text-appearance")
    for name, value in asked.items():
        each = etree.SubElement(appearance, f"{_Q}{name}")
        if name == "font-face":
            etree.SubElement(each, f"{_Q}font-name").text = value
            etree.SubElement(each, f"{_Q}generic-font-face").text = "sans serif"
        else:
            each.text = value


def _one_each(settings: Iterable[str]) -> tuple[str, ...]:
    """The last value of each setting; every card."""
    kept: dict[str, str] = {}
    for setting in settings:
        name = setting.split(":", 1)[0]
        kept[setting if name == "card" else name] = setting
    return tuple(kept.values())


def _number(written: str | None) -> float | None:
    try:
        value = float(written or "")
    except ValueError:
        return None
    return value if 0 < value < 1000 else None  # noqa: PLR2004 no zoom and no delay is longer


def _elements(parent: etree._Element) -> Iterator[etree._Element]:
    return (child for child in parent if isinstance(child.tag, str))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
