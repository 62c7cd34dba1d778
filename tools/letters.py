# SPDX-License-Identifier: AGPL-3.0-or-later
"""Write how wide the letters of our fonts are, as typst sets them: `typesetting/letters.json`.

    python tools/letters.py

Thousandths of the size of the letters, the wider of regular and bold. With it a paper knows
that a name fits its line without setting it to find out.
"""

import json
import math
import tempfile
from pathlib import Path
from typing import Final

import typst

from encrier_names import typesetting
from encrier_names.typesetting import glyphs

PAGE: Final = Path(typesetting.__file__).with_name("letters.json")
_FACES: Final = ("AtkinsonHyperlegible-Regular.ttf", "AtkinsonHyperlegible-Bold.ttf")
_MEASURED: Final = """
#set text(font: "Atkinson Hyperlegible", size: 1000pt)
#context [#metadata(json(bytes(sys.inputs.letters)).map(letter => (
  letter,
  calc.max(measure(letter).width.pt(), measure(strong(letter)).width.pt()),
))) <widths>]
"""


def content() -> str:
    """What the file should hold: one letter a line, in the order of Unicode."""
    fonts = glyphs.OURS[0]
    both = frozenset.intersection(*(glyphs.covered(fonts / face) for face in _FACES))
    letters = [chr(code) for code in sorted(both) if chr(code).isprintable()]
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "letters.typ"
        template.write_text(_MEASURED, encoding="utf-8")
        said = typst.query(
            template,
            "<widths>",
            field="value",
            one=True,
            font_paths=[fonts],
            ignore_system_fonts=True,
            sys_inputs={"letters": json.dumps(letters)},
        )
    widths = {letter: math.ceil(width) for letter, width in json.loads(said)}
    return json.dumps(widths, ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":
    PAGE.write_text(content(), encoding="utf-8")
