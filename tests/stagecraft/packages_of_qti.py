# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small packages in QTI 3 to check: the XML of one item, a manifest, and what is found in them."""

from collections.abc import Mapping

from encrier_qti.lint import lint
from encrier_qti.package import package_from

XMLNS = 'xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"'
CP = 'xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"'
MATCH = (
    "<qti-response-processing"
    ' template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
)
CHOICES = "".join(
    f'<qti-simple-choice identifier="{name}">{name}</qti-simple-choice>' for name in "ABC"
)


def response(
    *keys: str, cardinality: str = "single", base: str = "identifier", mapping: str = ""
) -> str:
    values = "".join(f"<qti-value>{key}</qti-value>" for key in keys)
    correct = f"<qti-correct-response>{values}</qti-correct-response>" if keys else ""
    return (
        f'<qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}"'
        f' base-type="{base}">{correct}{mapping}</qti-response-declaration>'
    )


def choice(attributes: str = 'max-choices="1"') -> str:
    return (
        f'<qti-choice-interaction response-identifier="RESPONSE" {attributes}>{CHOICES}'
        "</qti-choice-interaction>"
    )


def item(declared: str, body: str, *, processing: str = MATCH, maximum: float = 1) -> bytes:
    return (
        f'<qti-assessment-item {XMLNS} identifier="a" title="A" adaptive="false"'
        f' time-dependent="false">{declared}'
        f'<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"'
        f' normal-maximum="{maximum}"/>\n<qti-item-body>{body}</qti-item-body>{processing}'
        "</qti-assessment-item>"
    ).encode()


def manifest(*names: str) -> bytes:
    listed = "".join(
        f'<resource identifier="{name}" type="imsqti_{kind}_xmlv3p0" href="{name}.xml">'
        f'<file href="{name}.xml"/></resource>'
        for kind, name in (each.split(":") for each in names)
    )
    return f'<manifest {CP} identifier="M"><resources>{listed}</resources></manifest>'.encode()


def kinds_of(contents: Mapping[str, bytes], allowed_pci: frozenset[str] = frozenset()) -> set[str]:
    found = lint(package_from(contents), allowed_pci=allowed_pci)
    return {each.kind for each in found} - {"no-reporting"}
