# SPDX-License-Identifier: AGPL-3.0-or-later
"""The English of every sentence told to authors, by its French template.

A test finds each template in the code and wants it here with the same blanks.
"""

from collections.abc import Mapping
from typing import Final

ENGLISH: Final[Mapping[str, str]] = {}
