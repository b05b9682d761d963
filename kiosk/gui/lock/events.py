"""What a locked screen does not take from keyboard, mouse and window system: the ways out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

_Key, _Held, _Type = Qt.Key, Qt.KeyboardModifier, QEvent.Type
_KEY_EVENTS: Final = frozenset({_Type.KeyPress, _Type.KeyRelease, _Type.ShortcutOverride})
_BUTTON_EVENTS: Final = frozenset(
    {_Type.MouseButtonPress, _Type.MouseButtonRelease, _Type.MouseButtonDblClick}
)
_NEVER: Final = frozenset(
    {
        _Type.ContextMenu, _Type.DragEnter, _Type.DragMove, _Type.Drop, _Type.EnterWhatsThisMode,
        _Type.FileOpen, _Type.QueryWhatsThis, _Type.ToolTip, _Type.WhatsThis,
    }
)  # fmt: skip
KEPT_OUT: Final = _KEY_EVENTS | _BUTTON_EVENTS | _NEVER | {_Type.Wheel}  # of which some are
# F10 opens menus, F11 leaves full screen, those above F12 are whatever a desktop made of them; in
# Qt's numbers the special keys of keyboards (Super, Menu, Help, Back, Mail ...) follow in one row.
_KEYS: Final = frozenset(
    {_Key.Key_Print, _Key.Key_SysReq, _Key.Key_Pause, _Key.Key_F10, _Key.Key_F11}
)
_FUNCTION_KEYS: Final = range(_Key.Key_F13.value, _Key.Key_F35.value + 1)
_SPECIAL_KEYS: Final = range(_Key.Key_Super_L.value, _Key.Key_AltGr.value & ~0xFFF)
_EDITING: Final = frozenset(
    {
        _Key.Key_A, _Key.Key_Backspace, _Key.Key_Delete, _Key.Key_Left, _Key.Key_Right,
        _Key.Key_Home, _Key.Key_End, _Key.Key_Control, _Key.Key_Shift,
    }
)  # fmt: skip
_MODIFIERS: Final = frozenset(
    {_Key.Key_Control, _Key.Key_Alt, _Key.Key_Shift, _Key.Key_AltGr, _Key.Key_Meta}
)


def is_kept_out(event: QEvent) -> bool:
    """Whether nobody on a locked screen is to get this event."""
    kind = event.type()
    if kind in _KEY_EVENTS and isinstance(event, QKeyEvent):
        return _is_way_out(event)
    if kind in _BUTTON_EVENTS and isinstance(event, QMouseEvent):
        return event.button() is not Qt.MouseButton.LeftButton
    if kind == _Type.Wheel and isinstance(event, QWheelEvent):
        return bool(event.modifiers() & ~_Held.ShiftModifier)
    return kind in _NEVER


def _is_way_out(event: QKeyEvent) -> bool:
    """Special keys, and those held together with Ctrl, Alt or Meta but for editing a field.

    Windows tells AltGr as Ctrl and Alt together: what then writes a letter, an @, is no command.
    """
    key, held = event.key(), event.modifiers()
    if key in _KEYS or key in _FUNCTION_KEYS or key in _SPECIAL_KEYS:
        return True
    if key in _MODIFIERS:
        return key == _Key.Key_Meta
    if held & _Held.MetaModifier:
        return True
    ctrl, alt = bool(held & _Held.ControlModifier), bool(held & _Held.AltModifier)
    if ctrl and alt:
        return not (len(event.text()) == 1 and event.text().isprintable())
    return alt or (ctrl and key not in _EDITING)
