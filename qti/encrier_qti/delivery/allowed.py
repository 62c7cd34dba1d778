# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may travel to the answers zone: lists of elements and attributes, nothing else.

Allow lists, not block lists: what is unknown does not travel, so that an
extension we never met cannot carry a key out. Names as in the QTI 3.0 ASI
binding, HTML 5, MathML 3 (presentation) and SVG 1.1 (drawing only).
"""

from collections.abc import Mapping
from typing import Final

ROOT_ATTRIBUTES: Final = frozenset({"identifier", "title", "adaptive", "time-dependent"})
DECLARATION_ATTRIBUTES: Final = frozenset({"identifier", "cardinality", "base-type"})

# On any element of the body. Other data-* do not travel: nobody knows what they hold.
ANYWHERE: Final = frozenset(
    {
        "id", "class", "lang", "dir", "title", "role",
        "data-catalog-idref", "data-choices-container-width", "data-first-column-header",
        "data-max-selections-message", "data-min-selections-message",
        "data-patternmask-message", "data-prompt", "data-qti-suppress-tts", "data-shuffle",
    }
)  # fmt: skip  # one line a kind of attribute

_ANSWERED: Final = frozenset({"response-identifier"})
_COUNTED: Final = _ANSWERED | {"max-choices", "min-choices"}
_PAIRED: Final = _ANSWERED | {"max-associations", "min-associations"}
_TYPED: Final = _ANSWERED | {
    "base", "expected-length", "format", "pattern-mask", "placeholder-text", "string-identifier",
}  # fmt: skip
_CHOICE: Final = frozenset({"identifier", "fixed"})
_MATCHED: Final = _CHOICE | {"match-max", "match-min"}
_DRAWN: Final = frozenset({"shape", "coords", "hotspot-label"})

QTI: Final[Mapping[str, frozenset[str]]] = {
    "qti-item-body": frozenset(),
    "qti-stimulus-body": frozenset(),
    "qti-content-body": frozenset(),
    "qti-rubric-block": frozenset({"view", "use"}),
    "qti-prompt": frozenset(),
    "qti-label": frozenset(),
    "qti-simple-match-set": frozenset(),
    "qti-simple-choice": _CHOICE,
    "qti-inline-choice": _CHOICE,
    "qti-hottext": _CHOICE,
    "qti-simple-associable-choice": _MATCHED,
    "qti-gap-text": _MATCHED,
    "qti-gap-img": _MATCHED | {"object-label", "top", "left"},
    "qti-gap": frozenset({"identifier", "required"}),
    "qti-hotspot-choice": _CHOICE | _DRAWN,
    "qti-associable-hotspot": _MATCHED | _DRAWN,
    "qti-choice-interaction": _COUNTED | {"orientation"},
    "qti-order-interaction": _COUNTED | {"orientation"},
    "qti-associate-interaction": _PAIRED,
    "qti-match-interaction": _PAIRED,
    "qti-gap-match-interaction": _PAIRED,
    "qti-hottext-interaction": _COUNTED,
    "qti-inline-choice-interaction": _COUNTED | {"required"},
    "qti-text-entry-interaction": _TYPED,
    "qti-extended-text-interaction": _TYPED | {"expected-lines", "max-strings", "min-strings"},
    "qti-hotspot-interaction": _COUNTED,
    "qti-graphic-order-interaction": _COUNTED,
    "qti-graphic-associate-interaction": _PAIRED,
    "qti-graphic-gap-match-interaction": _PAIRED,
    "qti-select-point-interaction": _COUNTED,
    "qti-position-object-stage": frozenset(),
    "qti-position-object-interaction": _COUNTED | {"center-point"},
    "qti-slider-interaction": _ANSWERED
    | {"lower-bound", "upper-bound", "step", "step-label", "orientation", "reverse"},
    "qti-media-interaction": _ANSWERED | {"autostart", "min-plays", "max-plays", "loop", "coords"},
    "qti-upload-interaction": _ANSWERED | {"type"},
    "qti-drawing-interaction": _ANSWERED,
    "qti-end-attempt-interaction": _ANSWERED | {"count-attempt"},
}

_CELL: Final = frozenset({"colspan", "rowspan", "headers", "scope", "abbr"})
_PLAYED: Final = frozenset({"controls", "loop", "muted", "preload", "width", "height"})
_PLAIN: Final = (
    "abbr address article aside b bdi bdo blockquote br caption cite code dd details dfn div dl dt"
    " em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i kbd nav p picture pre q rb rp rt"
    " rtc ruby samp section small span strong sub summary sup table tbody tfoot thead tr ul var"
)

HTML: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(_PLAIN.split(), frozenset()),
    "a": frozenset(),
    "audio": _PLAYED,
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "img": frozenset({"alt", "width", "height"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "reversed", "type"}),
    "source": frozenset({"type", "media"}),
    "td": _CELL,
    "th": _CELL,
    "track": frozenset({"kind", "srclang", "label", "default"}),
    "video": _PLAYED,
}

# Left out with all that is in them, and nobody is told: every item has some.
DROPPED: Final = frozenset(
    {
        "qti-catalog-info", "qti-companion-materials-info", "qti-modal-feedback",
        "qti-stylesheet", "qti-assessment-stimulus-ref", "qti-response-processing",
        "qti-context-declaration", "qti-response-declaration", "qti-outcome-declaration",
        "qti-template-declaration", "qti-template-processing", "qti-rubric-block", "param",
        "annotation", "annotation-xml",  # MathML's other notations, unseen
    }
)  # fmt: skip

# Shown or not by a variable: what it says at the start is settled here, the rest stays.
CONDITIONAL: Final[Mapping[str, tuple[str, str]]] = {
    "qti-feedback-block": ("outcome-identifier", "div"),
    "qti-feedback-inline": ("outcome-identifier", "span"),
    "qti-template-block": ("template-identifier", "div"),
    "qti-template-inline": ("template-identifier", "span"),
}

# What could never be shown right: compiling stops.
REFUSED: Final = frozenset({"qti-custom-interaction", "include"})  # include: XInclude left over

# A program of the author's, if the caller lets its type in; its data-* are its settings.
PCI: Final = "qti-portable-custom-interaction"
PCI_PARTS: Final[Mapping[str, frozenset[str]]] = {
    PCI: _ANSWERED | {"custom-interaction-type-identifier", "module"},
    "qti-interaction-modules": frozenset(),
    "qti-interaction-module": frozenset({"id"}),
    "qti-interaction-markup": frozenset(),
}
PCI_FILES: Final = (
    "primary-configuration", "secondary-configuration", "primary-path", "fallback-path",
)  # fmt: skip

# The accessibility supports that travel beside the item (QTI 3.0, "Card"); ext:… do not:
# nobody knows what they hold.
SUPPORTS: Final = frozenset(
    {
        "additional-directions", "audio-description", "braille", "glossary-on-screen",
        "high-contrast", "keyboard-directions", "keyword-translation", "linguistic-guidance",
        "long-description", "sign-language", "simplified-graphics",
        "simplified-language-portions", "spoken", "tactile", "transcript",
    }
)  # fmt: skip

# A second wall: none of these may be left, whatever the lists above come to say.
KEYS: Final = frozenset(
    {
        "qti-correct-response", "qti-mapping", "qti-map-entry", "qti-area-mapping",
        "qti-area-map-entry", "qti-match-table", "qti-interpolation-table",
        "qti-response-processing", "qti-template-processing", "qti-modal-feedback",
        "qti-feedback-block", "qti-feedback-inline", "qti-catalog-info",
        "qti-template-block", "qti-template-inline", "qti-template-declaration",
    }
)  # fmt: skip

_MATHML: Final = (
    "math maction maligngroup malignmark menclose merror mfenced mfrac mglyph mi mlabeledtr"
    " mlongdiv mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mscarries"
    " mscarry msgroup msline mspace msqrt msrow mstack mstyle msub msubsup msup mtable mtd mtext"
    " mtr munder munderover none semantics"
)
_MATHML_ATTRIBUTES: Final = (
    "accent accentunder align close columnalign columnlines columnspacing columnspan crossout"
    " denomalign depth dir display displaystyle equalcolumns equalrows fence form frame height"
    " length linebreak linethickness location longdivstyle lquote lspace mathsize mathvariant"
    " maxsize minsize movablelimits notation numalign open overflow position rowalign rowlines"
    " rowspacing rowspan rquote rspace scriptlevel separator separators shift stackalign stretchy"
    " subscriptshift superscriptshift symmetric voffset width"
)
_SVG: Final = (
    "svg circle clipPath defs desc ellipse g image line linearGradient marker mask path pattern"
    " polygon polyline radialGradient rect stop symbol text textPath title tspan use"
)
_SVG_ATTRIBUTES: Final = (
    "clip-path clip-rule clipPathUnits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule"
    " font-family font-size font-style font-weight fx fy gradientTransform gradientUnits height"
    " letter-spacing marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask"
    " offset opacity orient pathLength patternTransform patternUnits points preserveAspectRatio r"
    " refX refY rotate rx ry spreadMethod stop-color stop-opacity stroke stroke-dasharray"
    " stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity"
    " stroke-width text-anchor textLength transform version viewBox width x x1 x2 y y1 y2"
)
MATHML: Final = frozenset(_MATHML.split())
MATHML_ATTRIBUTES: Final = frozenset(_MATHML_ATTRIBUTES.split())
SVG: Final = frozenset(_SVG.split())
SVG_ATTRIBUTES: Final = frozenset(_SVG_ATTRIBUTES.split())
