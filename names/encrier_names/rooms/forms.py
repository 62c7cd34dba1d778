# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a head fills in to plan: a room, the rules of the school."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from encrier_names.rooms import models
from encrier_names.rooms.planning.problem import HALVES, START_KB, USUAL_HALVES, Minute, Rules
from encrier_names.schools.models import School

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

HALF_SHOWN: Final = {
    "1m": _("Lundi matin"), "1a": _("Lundi après-midi"),
    "2m": _("Mardi matin"), "2a": _("Mardi après-midi"),
    "3m": _("Mercredi matin"), "3a": _("Mercredi après-midi"),
    "4m": _("Jeudi matin"), "4a": _("Jeudi après-midi"),
    "5m": _("Vendredi matin"), "5a": _("Vendredi après-midi"),
    "6m": _("Samedi matin"),
}  # fmt: skip
_CHOICES: Final = [(half, HALF_SHOWN[half]) for half in HALVES]
_MOST_DAYS: Final = 30


class Days(forms.Field):
    """Days as people write them: « 14/09/2026, 15/09/2026 »; gives dates in order."""

    def to_python(self, value: object) -> tuple[date, ...]:
        """Read the days, or say which one is none."""
        found = set()
        for word in str(value or "").replace(";", " ").replace(",", " ").split():
            try:
                found.add(datetime.strptime(word, "%d/%m/%Y").replace(tzinfo=UTC).date())
            except ValueError:
                said = _("«\u00a0%(word)s\u00a0» n’est pas une date\u00a0: écrivez 14/09/2026.") % {
                    "word": word
                }
                raise forms.ValidationError(said) from None
        if len(found) > _MOST_DAYS:
            raise forms.ValidationError(_("Trente jours au plus."))
        return tuple(sorted(found))


class Halves(forms.MultipleChoiceField):
    """Half-days of the week, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: "StrPromise") -> None:
        super().__init__(
            label=label,
            choices=_CHOICES,
            error_messages={"required": _("Cochez au moins une demi-journée.")},
        )


class RoomForm(forms.Form):
    """A room."""

    name = forms.CharField(label=_("Nom de la salle"), max_length=40)
    seats = forms.IntegerField(
        label=_("Places"),
        help_text=_("Ordinateurs ou tablettes qui marchent."),
        min_value=1,
        max_value=200,
    )
    headsets = forms.IntegerField(label=_("Casques"), min_value=0, max_value=200, initial=0)
    line_mbits = forms.FloatField(
        label=_("Débit de la salle, en Mbit/s"),
        help_text=_(
            "Si elle a sa propre ligne. Vide\u00a0: le débit de la salle n’est pas compté."
        ),
        min_value=0,
        max_value=10_000,
        required=False,
    )
    halves = Halves(_("Libre"))
    busy = Days(
        label=_("Jours où elle n’est pas libre"),
        help_text=_("Par exemple\u00a0: 14/09/2026, 15/09/2026"),
        required=False,
    )

    def __init__(
        self, sent: Mapping[str, object] | None, *, school: School, room: models.Room | None = None
    ) -> None:
        initial: dict[str, object] = {"halves": list(USUAL_HALVES)}
        super().__init__(sent, initial=initial if room is None else _of_room(room))
        self._others = models.Room.objects.filter(school=school)
        if room is not None:
            self._others = self._others.exclude(id=room.id)

    def clean_name(self) -> str:
        """The name, which no other room of the school has."""
        name: str = self.cleaned_data["name"].strip()
        if self._others.filter(name=name).exists():
            raise forms.ValidationError(_("Une autre salle porte déjà ce nom."))
        return name

    def write(self, room: models.Room) -> models.Room:
        """Put what was filled in into the room; to be saved."""
        given = self.cleaned_data
        room.name, room.seats, room.headsets = given["name"], given["seats"], given["headsets"]
        room.line_mbits = given["line_mbits"] or 0.0
        room.halves = " ".join(given["halves"])
        room.busy = " ".join(day.isoformat() for day in given["busy"])
        return room


class RulesForm(forms.Form):
    """The hours of a school and what the assessment asks."""

    morning_from = forms.TimeField(label=_("Matin, de"), widget=forms.TimeInput({"type": "time"}))
    morning_to = forms.TimeField(label=_("Matin, à"), widget=forms.TimeInput({"type": "time"}))
    afternoon_from = forms.TimeField(
        label=_("Après-midi, de"), widget=forms.TimeInput({"type": "time"})
    )
    afternoon_to = forms.TimeField(
        label=_("Après-midi, à"), widget=forms.TimeInput({"type": "time"})
    )
    halves = Halves(_("Demi-journées de classe"))
    days_off = Days(
        label=_("Jours sans passation"),
        help_text=_("Sorties, jours fériés. Par exemple\u00a0: 14/09/2026"),
        required=False,
    )
    n_sequences = forms.IntegerField(
        label=_("Séquences"),
        help_text=_("Deux séquences d’un élève ne se suivent jamais."),
        min_value=1,
        max_value=4,
    )
    apart = forms.ChoiceField(
        label=_("Entre deux séquences"),
        choices=[("day", _("Un autre jour")), ("half-day", _("Une autre demi-journée"))],
    )
    preparation_min = forms.IntegerField(
        label=_("Minutes de préparation"), min_value=0, max_value=60
    )
    sitting_min = forms.IntegerField(label=_("Minutes de passation"), min_value=5, max_value=180)
    change_min = forms.IntegerField(
        label=_("Minutes entre deux groupes"), min_value=0, max_value=60
    )
    headsets = forms.ChoiceField(
        label=_("Casques"),
        choices=[
            ("room", _("Ceux de la salle")),
            ("own", _("Chaque élève apporte le sien")),
            ("none", _("L’évaluation n’en demande pas")),
        ],
    )
    at_once = forms.IntegerField(
        label=_("Salles surveillées en même temps, au plus"),
        help_text=_("Vide\u00a0: autant qu’il y a de salles."),
        min_value=0,
        max_value=100,
        required=False,
    )
    line_mbits = forms.FloatField(
        label=_("Débit de l’établissement, en Mbit/s"),
        help_text=_("Vide\u00a0: le débit n’est pas compté."),
        min_value=0,
        max_value=100_000,
        required=False,
    )
    start_kb = forms.IntegerField(
        label=_("Poids d’un démarrage, en ko"),
        help_text=_("Ce qu’un ordinateur télécharge pour commencer."),
        min_value=50,
        max_value=100_000,
        initial=START_KB,
    )

    def clean(self) -> dict[str, object] | None:
        """Hours in their order."""
        given = self.cleaned_data
        hours = [given.get(n) for n in ("morning_from", "morning_to", "afternoon_from")]
        hours.append(given.get("afternoon_to"))
        known = [hour for hour in hours if hour is not None]
        if len(known) == len(hours) and known != sorted(set(known)):
            raise forms.ValidationError(_("Les heures ne se suivent pas\u00a0: vérifiez-les."))
        return None

    def rules(self) -> Rules:
        """What was filled in."""
        given = self.cleaned_data
        return Rules(
            morning=(minute_of(given["morning_from"]), minute_of(given["morning_to"])),
            afternoon=(minute_of(given["afternoon_from"]), minute_of(given["afternoon_to"])),
            halves=tuple(given["halves"]),
            days_off=given["days_off"],
            headsets=given["headsets"] != "none",
            own_headsets=given["headsets"] == "own",
            at_once=given["at_once"] or 0,
            line_mbits=given["line_mbits"] or 0.0,
            **{name: given[name] for name in _PLAIN},
        )

    @staticmethod
    def initial_of(rules: Rules) -> dict[str, object]:
        """The form as it stands for rules already written."""
        hours = (*rules.morning, *rules.afternoon)
        names = ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
        headsets = "own" if rules.own_headsets else "room" if rules.headsets else "none"
        return {
            **{name: getattr(rules, name) for name in _PLAIN},
            **{name: hour_of(minute) for name, minute in zip(names, hours, strict=True)},
            "halves": list(rules.halves),
            "days_off": _days(rules.days_off),
            "headsets": headsets,
            "at_once": rules.at_once or None,
            "line_mbits": _plain(rules.line_mbits),
        }


_PLAIN: Final = (
    "n_sequences",
    "apart",
    "preparation_min",
    "sitting_min",
    "change_min",
    "start_kb",
)


def _of_room(room: models.Room) -> dict[str, object]:
    return {
        "name": room.name,
        "seats": room.seats,
        "headsets": room.headsets,
        "line_mbits": _plain(room.line_mbits),
        "halves": room.halves.split(),
        "busy": _days(date.fromisoformat(day) for day in room.busy.split()),
    }


def _plain(mbits: float) -> float | None:
    """A speed as one writes it: nothing where it is not known, « 20 » and not « 20.0 »."""
    return (int(mbits) if mbits.is_integer() else mbits) or None


def _days(days: Iterable[date]) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in days)


def minute_of(hour: time) -> Minute:
    """The minute of the day that a field of hours gives."""
    return hour.hour * 60 + hour.minute


def hour_of(minute: Minute) -> str:
    """A minute of the day as a field of hours takes it."""
    return f"{minute // 60:02}:{minute % 60:02}"
