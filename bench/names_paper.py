# SPDX-License-Identifier: AGPL-3.0-or-later
"""Print the code sheets of the classes of some schools, for names_department.py; say the pages.

python bench/names_paper.py FOLDER UAI…
"""

import os
import sys
from pathlib import Path

from encrier_names import zone

zone.start(os.environ)

from encrier_names.codesheets import sheet  # noqa: E402 Django has models once it is started
from encrier_names.schools.models import Division  # noqa: E402


def main(folder: Path, uais: list[str]) -> None:
    manifest, n_pages = zone.current().manifest, 0
    for division in Division.objects.select_related("school").filter(school__uai__in=uais):
        content = sheet.sheet_pdf(division, manifest)
        (folder / f"{division.id}.pdf").write_bytes(content)
        n_pages += sheet.n_pages(division.pupils.count())
    print(n_pages)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
