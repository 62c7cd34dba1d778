# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people fill in for one session: where and when, who watches, what happened."""

from collections.abc import Iterable, Mapping
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from encrier_names.rooms import models
from encrier_names.rooms.forms import minute_of
from encrier_names.rooms.models import IncidentKind, Session
from encrier_names.rooms.planning.problem import Minute
from encrier_names.schools.models import Division, School, Staff


class Rooms(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """One of the rooms, by name."""

    def label_from_instance(self, obj: models.Room) -> str:
        """The name of the room."""
        return obj.name


class Classes(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Some of the classes, by label."""

    def label_from_instance(self, obj: Division) -> str:
        """The label of the class."""
        return obj.label


class People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """Some of the staff, by user name."""

    def label_from_instance(self, obj: Staff) -> str:
        """The user name."""
        return obj.user.username


class TimesForm(forms.Form):
    """Where and when a session is."""

    room = Rooms(label=_("Salle"), queryset=models.Room.objects.none(), empty_label=None)
    day = forms.DateField(label=_("Jour"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    start = forms.TimeField(label=_("De"), widget=forms.TimeInput({"type": "time"}))
    end = forms.TimeField(label=_("À"), widget=forms.TimeInput({"type": "time"}))

    def __init__(
        self, sent: Mapping[str, object] | None, *, school: School, initial: dict[str, object]
    ) -> None:
        super().__init__(sent, initial=initial)
        rooms = models.Room.objects.filter(school=school).order_by("name")
        field = self.fields["room"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rooms

    def clean(self) -> dict[str, object] | None:
        """A session ends after it starts."""
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if start is not None and end is not None and end <= start:
            raise forms.ValidationError(_("La séance finit avant d’avoir commencé."))
        return None

    def minutes(self) -> tuple[date, Minute, Minute]:
        """The day, and from when to when."""
        given = self.cleaned_data
        return given["day"], minute_of(given["start"]), minute_of(given["end"])


class NewSessionForm(TimesForm):
    """A session that nobody planned."""

    place = forms.CharField(
        label=_("Nom du lieu"),
        help_text=_("Si la salle n’est pas dans la liste."),
        max_length=40,
        required=False,
    )
    divisions = Classes(
        label=_("Classes"),
        queryset=Division.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins une classe.")},
    )
    half = forms.ChoiceField(
        label=_("Élèves"),
        choices=[
            ("all", _("Toute la classe")),
            ("1", _("La première moitié, dans l’ordre de la liste")),
            ("2", _("La seconde moitié, dans l’ordre de la liste")),
        ],
    )
    sequence = forms.IntegerField(label=_("Séquence"), min_value=1, max_value=4, initial=1)

    def __init__(
        self,
        sent: Mapping[str, object] | None,
        *,
        school: School,
        divisions: QuerySet[Division],
        initial: dict[str, object],
    ) -> None:
        super().__init__(sent, school=school, initial=initial)
        room, classes = self.fields["room"], self.fields["divisions"]
        room.required = False
        if isinstance(room, forms.ModelChoiceField):
            room.empty_label = str(_("Un autre lieu"))
        if isinstance(classes, forms.ModelMultipleChoiceField):
            classes.queryset = divisions.order_by("label")


class SupervisorsForm(forms.Form):
    """Who watches over a session."""

    supervisors = People(
        label=_("Surveillants"),
        queryset=Staff.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, sent: Mapping[str, object] | None, *, session: Session, staff: QuerySet[Staff]
    ) -> None:
        known = list(session.supervisors.values_list("id", flat=True))
        super().__init__(sent, initial={"supervisors": known})
        field = self.fields["supervisors"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = staff


class IncidentForm(forms.Form):
    """What happened in a session."""

    kind = forms.ChoiceField(label=_("Ce qui s’est passé"), choices=IncidentKind.choices)
    start = forms.TimeField(label=_("De"), widget=forms.TimeInput({"type": "time"}))
    end = forms.TimeField(
        label=_("À"),
        help_text=_("Vide si cela dure encore."),
        widget=forms.TimeInput({"type": "time"}),
        required=False,
    )
    pupils = forms.MultipleChoiceField(
        label=_("Élèves touchés"), widget=forms.CheckboxSelectMultiple, required=False
    )
    computers = forms.CharField(
        label=_("Ordinateurs touchés"),
        help_text=_("Par exemple\u00a0: postes 3 et 4, ou toute la salle."),
        max_length=200,
        required=False,
    )
    done = forms.CharField(
        label=_("Ce qui a été fait"),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
        help_text=_("Ce texte reste dans l’établissement."),
    )

    def __init__(
        self,
        sent: Mapping[str, object] | None,
        *,
        pupils: Iterable[tuple[str, str]],
        initial: dict[str, object],
    ) -> None:
        super().__init__(sent, initial=initial)
        field = self.fields["pupils"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(pupils)
