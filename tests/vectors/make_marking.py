# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write tests/vectors/marking.json: a kit, and what things keyed with it are worth.

Run it only when the format or the small package changes:
`PYTHONPATH=tests uv run python tests/vectors/make_marking.py`. A test says when it must be.
"""

import json
from pathlib import Path

from stagecraft.keyed_vectors import vectors

if __name__ == "__main__":
    target = Path(__file__).with_name("marking.json")
    target.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
