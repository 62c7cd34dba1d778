# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a whole file is refused, in the words of a head of school.

    EncrierError
    └── RosterRefused
        ├── NotARoster        another document: said which, and what to give
        ├── DamagedFile       cut off or unreadable
        ├── UnsafeFile        built to harm: entities, bombs
        ├── TooLarge          larger than the roster of any school
        ├── OtherSchool       the roster of another school
        └── OtherYear         the roster of another school year

Never quotes the file: what stands in it may be a name.
"""

from encrier.errors import EncrierError


class RosterRefused(EncrierError):
    what = "Ce fichier ne peut pas être lu."
    next_step = (
        "Donnez l’export d’ONDE (« CSVExtraction.csv ») pour une école, celui de SIECLE "
        "(« ExportXML_ElevesSansAdresses.zip ») pour un collège, sans les ouvrir avant."
    )


class NotARoster(RosterRefused):
    what = "Ce fichier n’est pas une liste d’élèves."


class DamagedFile(RosterRefused):
    what = "Ce fichier est abîmé."
    next_step = "Téléchargez-le à nouveau depuis ONDE ou SIECLE, puis déposez-le sans l’ouvrir."


class UnsafeFile(RosterRefused):
    what = "Ce fichier contient ce qu’un export d’ONDE ou de SIECLE ne contient jamais."
    next_step = "Ne l’ouvrez pas. Téléchargez l’export depuis ONDE ou SIECLE, et signalez celui-ci."


class TooLarge(RosterRefused):
    what = "Ce fichier est plus gros que la liste d’élèves d’aucun établissement."


class OtherSchool(RosterRefused):
    what = "Ce fichier est celui d’un autre établissement."
    next_step = "Vérifiez dans quel établissement vous étiez en le téléchargeant, et recommencez."


class OtherYear(RosterRefused):
    what = "Ce fichier est celui d’une autre année scolaire."
    next_step = (
        "Dans ONDE ou SIECLE, choisissez l’année scolaire en cours, refaites l’export, "
        "puis recommencez."
    )
