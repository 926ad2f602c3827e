"""Forms of hearings: they check shape; the services check law."""

from hearings.forms.agenda import AbsenceForm, ResourceForm, RoomForm, RulesForm, WindowForm
from hearings.forms.hearing import (
    CancelForm,
    ConfirmForm,
    DayForm,
    DenyForm,
    MoveRequestForm,
    NotifyForm,
    PresenceFormSet,
    RefusableForm,
    RescheduleForm,
    ResultForm,
    ScheduleForm,
    SlotsForm,
    WeekForm,
    expected_people,
    slot_name,
)

__all__ = [
    "AbsenceForm",
    "CancelForm",
    "ConfirmForm",
    "DayForm",
    "DenyForm",
    "MoveRequestForm",
    "NotifyForm",
    "PresenceFormSet",
    "RefusableForm",
    "RescheduleForm",
    "ResourceForm",
    "ResultForm",
    "RoomForm",
    "RulesForm",
    "ScheduleForm",
    "SlotsForm",
    "WeekForm",
    "WindowForm",
    "expected_people",
    "slot_name",
]
