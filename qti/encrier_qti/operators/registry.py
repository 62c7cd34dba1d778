# SPDX-License-Identifier: AGPL-3.0-or-later
"""The custom operators that items may use without anybody registering them.

The two text operators of TAO's engine, under the class names that its exports
write. A caller may give a mapping of its own instead.
"""

from collections.abc import Mapping
from typing import Final

from encrier_qti.operators import explode, implode
from encrier_qti.processing.programs import Operator

_TAO: Final = "qtism.runtime.expressions.operators.custom"

OPERATORS: Final[Mapping[str, Operator]] = {
    f"{_TAO}.Explode": explode.apply,
    f"{_TAO}.explode": explode.apply,
    f"{_TAO}.Implode": implode.apply,
    f"{_TAO}.implode": implode.apply,
}
