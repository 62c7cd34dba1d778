# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every sentence that a reader may say of a file, in one place, in French.

A sentence is filled with line numbers, counts, dates and levels only: never with a cell of
the file, which may hold a name wherever it stands. Documented in docs/spec/rosters.md.
"""

from typing import Final, NamedTuple

from encrier_names.rosters.reading import Defect, Format, Severity


class Words(NamedTuple):
    severity: Severity
    sentence: str
    advice: str


SOURCES: Final[dict[Format, str]] = {
    "onde": "ONDE",
    "siecle": "SIECLE",
    "oneroster": "votre logiciel",
    "table": "votre tableau",
}
_EXPORT_AGAIN: Final = "Corrigez la fiche de l’élève dans {source}, puis refaites l’export."
_NOTHING: Final = "Il n’y a rien à faire."

KINDS: Final[dict[str, Words]] = {
    # Refused: this pupil is not kept.
    "no_name": Words(
        "refused", "Ligne {line} : il manque le nom ou le prénom de l’élève.", _EXPORT_AGAIN
    ),
    "name_too_long": Words(
        "refused", "Ligne {line} : le nom ou le prénom dépasse cent caractères.", _EXPORT_AGAIN
    ),
    "formula": Words(
        "refused",
        "Ligne {line} : le nom ou le prénom commence comme une formule de tableur.",
        _EXPORT_AGAIN,
    ),
    "no_level": Words("refused", "Ligne {line} : le niveau de l’élève manque.", _EXPORT_AGAIN),
    "cells": Words(
        "refused",
        "Ligne {line} : cette ligne a {n}, l’en-tête en a {width} ; on ne sait pas "
        "laquelle est laquelle.",
        "Cherchez un point-virgule dans un nom ou une adresse, corrigez-le dans {source}, "
        "puis refaites l’export.",
    ),
    "swapped": Words(
        "refused",
        "Les niveaux sont dans la colonne des classes, et les classes dans celle des niveaux.",
        "Échangez les titres de ces deux colonnes, puis déposez le fichier de nouveau.",
    ),
    "another_school": Words(
        "refused",
        "{who} {be} d’un autre établissement{where}.",
        "Déposez dans chaque établissement la liste du sien.",
    ),
    "nobody": Words(
        "refused",
        "Ce fichier ne contient aucun élève à évaluer dans cette campagne.",
        "Vérifiez que vous avez exporté tous les élèves, de la bonne année scolaire.",
    ),
    # To check: kept, but someone should look.
    "bad_uai": Words(
        "to_check",
        "{who} {have} un UAI dont la lettre est fausse{where} ; ses chiffres sont ceux de votre "
        "établissement.",
        "Vérifiez que c’est bien le vôtre, et corrigez l’UAI dans {source}.",
    ),
    "no_ine": Words(
        "to_check",
        "Ligne {line} : cet élève n’a pas d’INE.",
        "Il passera l’évaluation quand même. Demandez l’attribution de son INE dans {source}.",
    ),
    "bad_ine": Words(
        "to_check",
        "Ligne {line} : l’INE n’a pas une forme connue ; il n’est pas retenu.",
        "L’élève passera l’évaluation quand même. " + _EXPORT_AGAIN,
    ),
    "same_ine": Words(
        "to_check",
        "Ligne {line} : cet INE est aussi celui de la ligne {other} ; il n’est retenu ni pour "
        "l’un ni pour l’autre.",
        "Les deux élèves sont gardés. Trouvez dans {source} à qui appartient cet INE.",
    ),
    "same_person": Words(
        "to_check",
        "Ligne {line} : même nom, même prénom et même date de naissance qu’à la ligne {other}.",
        "Si c’est le même élève, supprimez une des deux fiches dans {source} ; sinon, "
        "il n’y a rien à faire.",
    ),
    "no_birth_date": Words(
        "to_check", "Ligne {line} : la date de naissance manque.", _EXPORT_AGAIN
    ),
    "impossible_date": Words(
        "to_check",
        "Ligne {line} : la date de naissance n’existe pas ; elle n’est pas retenue.",
        _EXPORT_AGAIN,
    ),
    "no_sex": Words("to_check", "Ligne {line} : le sexe n’est pas indiqué.", _EXPORT_AGAIN),
    "no_class": Words(
        "to_check",
        "Ligne {line} : cet élève n’est dans aucune classe.",
        "Placez-le dans une classe ici, ou dans {source} puis refaites l’export.",
    ),
    "bad_class": Words(
        "to_check",
        "Ligne {line} : le nom de la classe dépasse quarante caractères, ou commence comme une "
        "formule de tableur ; il n’est pas retenu.",
        "Placez l’élève dans une classe ici, ou corrigez ce nom dans {source}.",
    ),
    "two_classes": Words(
        "to_check",
        "Ligne {line} : cet élève est dans plusieurs classes ; la première est retenue.",
        "Vérifiez sa classe ici, et corrigez-la dans {source}.",
    ),
    "odd_name": Words(
        "to_check",
        "Ligne {line} : le nom ou le prénom contient un signe inattendu.",
        "Vérifiez-le dans {source}.",
    ),
    "letters_lost": Words(
        "to_check",
        "Ligne {line} : des lettres accentuées du nom ou du prénom sont abîmées.",
        "Déposez le fichier tel que {source} le donne, sans l’ouvrir ni l’enregistrer avant.",
    ),
    "two_levels": Words(
        "to_check",
        "Ligne {line} : la classe de cet élève réunit plusieurs niveaux ({levels}).",
        "C’est normal dans une classe à plusieurs niveaux : chacun aura le cahier du sien.",
    ),
    "missing_column": Words(
        "to_check",
        "Ce fichier n’a pas de colonne « {column} ».",
        "L’import se fait sans elle. Pour l’avoir, cochez-la dans l’extraction de {source}.",
    ),
    "header_again": Words(
        "to_check",
        "Ligne {line} : la ligne de titres revient ; deux listes ont été mises bout à bout.",
        "Vérifiez que les deux sont de votre établissement, avant de confirmer.",
    ),
    "last_year": Words(
        "to_check",
        "Presque tous ces élèves ont un an de plus que l’âge de leur niveau : ce fichier est "
        "peut-être celui de l’an dernier.",
        "Vérifiez l’année scolaire choisie dans {source} avant de confirmer.",
    ),
    "old_export": Words(
        "to_check",
        "Cet export date du {date}, il y a {days} jours.",
        "Des élèves ont pu arriver ou partir depuis : refaites l’export si vous le pouvez.",
    ),
    "no_uai": Words(
        "to_check",
        "Ce fichier ne dit pas de quel établissement il vient.",
        "Vérifiez que c’est bien le vôtre, ou refaites l’export dans {source}.",
    ),
    "leaves_later": Words(
        "to_check",
        "Ligne {line} : cet élève doit quitter l’établissement le {date} ; il est gardé.",
        "S’il part avant l’évaluation, retirez-le de la liste.",
    ),
    # Dropped: left out on purpose.
    "total": Words("dropped", "Ligne {line} : c’est un total, pas un élève.", _NOTHING),
    "taken_out": Words("dropped", "Ligne {line} : vous avez retiré cet élève.", _NOTHING),
    "line_twice": Words("dropped", "Ligne {line} : cette ligne répète la ligne {other}.", _NOTHING),
    "pupil_twice": Words(
        "dropped",
        "Ligne {line} : cet élève est déjà à la ligne {other}, dans une autre classe ; "
        "la première est retenue.",
        "Vérifiez sa classe ici, et corrigez-la dans {source}.",
    ),
    "left": Words("dropped", "Ligne {line} : cet élève a quitté l’établissement.", _NOTHING),
    "outside": Words(
        "dropped",
        "{who} d’un niveau évalué dans cette campagne ({levels}){where}.",
        "Il n’y a rien à faire, sauf si un niveau est faux : corrigez-le alors dans {source}.",
    ),
    "addresses": Words(
        "dropped",
        "Ce fichier contient des adresses : elles n’ont pas été lues.",
        "La prochaine fois, choisissez l’export « sans adresses ».",
    ),
}


def defect(
    kind: str,
    *,
    line: int | None = None,
    rank: int | None = None,
    also: int | None = None,
    **facts: int | str,
) -> Defect:
    """Say one thing of a file; `facts` fill its sentence and its advice.

    Facts come from us (counts, levels, dates): never pass a cell of the file. rank, also: of the
    row, and of the one that it is compared with.
    """
    words = KINDS[kind]
    filled = {"line": line, **facts}
    return Defect(
        line=line,
        severity=words.severity,
        sentence=words.sentence.format_map(filled),
        advice=words.advice.format_map(filled),
        kind=kind,
        rank=rank,
        other=also,
    )
