# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which expressions this engine runs: an element's name and the function that compiles it.

A new expression is a new file and two lines here.
"""

from collections.abc import Mapping
from typing import Final

from encrier_qti.expressions import (
    and_,
    any_n,
    base_value,
    container_size,
    contains,
    correct,
    default,
    delete,
    divide,
    equal,
    gt,
    gte,
    index,
    integer_to_float,
    is_null,
    lt,
    lte,
    map_response,
    map_response_point,
    match,
    max,  # noqa: A004  named like the element
    member,
    min,  # noqa: A004  named like the element
    multiple,
    not_,
    null,
    or_,
    ordered,
    product,
    round,  # noqa: A004  named like the element
    string_match,
    substring,
    subtract,
    sum,  # noqa: A004  named like the element
    truncate,
    variable,
)
from encrier_qti.processing.programs import Build

EXPRESSIONS: Final[Mapping[str, Build]] = {
    "qti-and": and_.build,
    "qti-any-n": any_n.build,
    "qti-base-value": base_value.build,
    "qti-container-size": container_size.build,
    "qti-contains": contains.build,
    "qti-correct": correct.build,
    "qti-default": default.build,
    "qti-delete": delete.build,
    "qti-divide": divide.build,
    "qti-equal": equal.build,
    "qti-gt": gt.build,
    "qti-gte": gte.build,
    "qti-index": index.build,
    "qti-integer-to-float": integer_to_float.build,
    "qti-is-null": is_null.build,
    "qti-lt": lt.build,
    "qti-lte": lte.build,
    "qti-map-response": map_response.build,
    "qti-map-response-point": map_response_point.build,
    "qti-match": match.build,
    "qti-max": max.build,
    "qti-member": member.build,
    "qti-min": min.build,
    "qti-multiple": multiple.build,
    "qti-not": not_.build,
    "qti-null": null.build,
    "qti-or": or_.build,
    "qti-ordered": ordered.build,
    "qti-product": product.build,
    "qti-round": round.build,
    "qti-string-match": string_match.build,
    "qti-substring": substring.build,
    "qti-subtract": subtract.build,
    "qti-sum": sum.build,
    "qti-truncate": truncate.build,
    "qti-variable": variable.build,
}
