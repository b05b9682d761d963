"""The camera's picture: the newest frame, mirrored, with the guide frame and codes that were read.

`show_frame`, `show_codes`, `show_hint` and `camera_trouble` may be called from any thread.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import (
    QElapsedTimer,
    QPointF,
    QRectF,
    Qt,
    QTimer,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QWidget

from kiosk.desk.ports import CameraTrouble, Frame, Hint, Point
from kiosk.gui.parts.accessible import Access, Role, announce
from kiosk.gui.parts.style import Radius, Style, Styled, Tint, Type, Weight, column
from kiosk.gui.parts.text import BELOW, CENTRE, MIDDLE, PILL_BESIDE, UPON, Pill, Text
from kiosk.gui.words.wording import Wording

_OUTLINE_FOR = 700  # milliseconds that a read code stays outlined
_DRAW_TOGETHER = 150  # milliseconds
_BREATH = 2600  # milliseconds of one breath of the guide frame
_GUIDE = 0.72  # of the picture's shorter side
_ARM = 0.12  # length of a corner's arm, of the guide's side

Corners = Sequence[Point]


class Preview(QWidget, Styled):
    """A picture of fixed size in px of the design, or a calm word where there is none."""

    access = Access(Role.Graphic, whole=True)

    gone = Signal(bool)  # whether the camera shows nothing now
    hinted = Signal(bool)  # whether a hint lies upon the picture
    noticed = Signal()  # something is held up: a code was read, or a hint is given

    _frame_arrived = Signal()
    _codes_arrived = Signal(object, object)
    _hint_arrived = Signal(object)
    _trouble_arrived = Signal(object)

    def __init__(self, width: int, height: int, radius: int = Radius.CAMERA) -> None:
        super().__init__()
        self._width, self._height, self._radius = width, height, radius
        self._lock = threading.Lock()
        self._slot: Frame | None = None
        self._frame: Frame | None = None  # keeps the buffer alive that _image looks at
        self._image: QImage | None = None
        self._trouble: CameraTrouble | None = None
        self._hint: Hint | None = None
        self._say: Wording | None = None
        self._staff_say: Wording | None = None
        self._outlines: list[QPolygonF] = []
        self._breath = QElapsedTimer()
        self._breath.start()
        self._build_placeholder()
        self._build_motion()
        self._frame_arrived.connect(self._take_frame)
        self._codes_arrived.connect(self._take_codes)
        self._hint_arrived.connect(self._take_hint)
        self._trouble_arrived.connect(self._take_trouble)

    # From any thread

    def show_frame(self, frame: Frame) -> None:
        """Show `frame`, unless a newer one comes before it is painted."""
        with self._lock:
            waiting, self._slot = self._slot is not None, frame
        if not waiting:
            self._frame_arrived.emit()

    def show_codes(self, corners_list: Sequence[Corners], frame_size: tuple[int, int]) -> None:
        """Outline codes for a moment; corners in pixels of a frame of (width, height)."""
        self._codes_arrived.emit(list(corners_list), frame_size)

    def show_hint(self, hint: Hint | None) -> None:
        """Say what would help to read what is held up; None: nothing any more."""
        self._hint_arrived.emit(hint)

    def camera_trouble(self, trouble: CameraTrouble | None) -> None:
        """The camera delivers nothing, and why; None: all is well again."""
        self._trouble_arrived.emit(trouble)

    # In the thread of the window

    @property
    def frame_number(self) -> int | None:
        """The number of the frame that is shown."""
        return self._frame.number if self._frame and self._trouble is None else None

    @property
    def outlined(self) -> int:
        """How many codes are outlined now."""
        return len(self._outlines)

    def speak(self, say: Wording, staff: Wording | None = None) -> None:
        """Take the words of a language; `staff`: of theirs, for faults, where it is another."""
        self._say, self._staff_say = say, staff or say
        self.setAccessibleName(say("camera.view"))
        self._show_words()

    def take(self, width: int, height: int) -> None:
        """Have another size, in px of the design, from the next style on."""
        self._width, self._height = width, height

    def restyle(self, style: Style) -> None:
        """Take new sizes."""
        super().restyle(style)
        self.setFixedSize(style.px(self._width), style.px(self._height))

    def _build_placeholder(self) -> None:
        compact = self._at_desk = self._height < 400  # where staff read it
        self._gone_note = "camera_staff.gone_note" if compact else "camera.gone_note"
        self._title = Text(
            Type.LEAD if compact else Type.LINE, Weight.SEMI, Tint.ON_NIGHT, align=CENTRE
        )
        self._note = Text(Type.SMALL if compact else Type.BODY, tint=Tint.ON_NIGHT, align=CENTRE)
        beside = MIDDLE | (UPON if compact else BELOW)  # the remedy, or the note
        self._problem = Text(Type.SMALL, tint=Tint.ON_NIGHT, align=beside, lines=2)
        self._remedy = Text(Type.SMALL, tint=Tint.ON_NIGHT, align=MIDDLE | BELOW, lines=2)
        words = (self._title, self._note, self._problem, self._remedy)
        self._pill = Pill(Type.SMALL if compact else Type.LEAD)
        content = column(10, (PILL_BESIDE, 16, PILL_BESIDE, 8)).put(None, *words, None, self._pill)
        content.setAlignment(self._pill, MIDDLE)
        self.setLayout(content)

    def _build_motion(self) -> None:
        self._fading = QTimer(self, singleShot=True, interval=_OUTLINE_FOR)
        self._fading.timeout.connect(self._forget_codes)
        self._drawn = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._drawn.setDuration(_DRAW_TOGETHER)
        self._drawn.valueChanged.connect(self.update)

    def _take_frame(self) -> None:
        with self._lock:
            frame, self._slot = self._slot, None
        if frame is None:
            return
        height, width = frame.image.shape
        grey = QImage.Format.Format_Grayscale8
        self._image = QImage(frame.image.data, width, height, frame.image.strides[0], grey)
        self._frame, first = frame, self._frame is None
        if self._trouble is not None:
            self._take_trouble(None)
        elif first:
            self._show_words()
        self.update()

    def _take_codes(self, corners_list: list[Corners], frame_size: tuple[int, int]) -> None:
        if not corners_list:
            return
        shown = self._on_screen(*frame_size)
        self._outlines = [
            shown.map(QPolygonF([QPointF(x, y) for x, y in corners])) for corners in corners_list
        ]
        self._fading.start()
        self._drawn.start()
        self.noticed.emit()

    def _take_hint(self, hint: Hint | None) -> None:
        if hint is not self._hint:
            self._hint = hint
            self._show_words()
            if hint is not None:
                self.noticed.emit()

    def _take_trouble(self, trouble: CameraTrouble | None) -> None:
        if trouble == self._trouble:
            return
        self._trouble = trouble
        self._show_words()
        self.gone.emit(trouble is not None)
        self.update()

    def _forget_codes(self) -> None:
        self._outlines = []
        self.update()

    def _describe(self) -> None:
        """For whoever cannot see it: what stands upon the picture, or in its place."""
        shown = [self._pill, self._title, self._note, self._problem, self._remedy]
        words = " ".join(each.full for each in shown if not each.isHidden() and each.full)
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            announce(self, words)

    def _show_words(self) -> None:
        gone = self._trouble is not None
        shown = (self._title, self._note, self._problem, self._remedy)
        for words in shown:
            words.setVisible((gone or self._frame is None) and self._say is not None)
        hints = self._hint is not None and not gone and self._say is not None
        self._pill.setVisible(hints)
        self.hinted.emit(hints)
        if self._say is None or self._staff_say is None:
            return
        self._pill.say(self._say(f"hint.{self._hint}") if self._hint else "")
        self._title.say(self._say("camera.gone" if gone else "camera.starting"))
        self._note.say(self._say(self._gone_note if gone else "camera.starting_note"))
        told = self._staff_say.camera_trouble(self._trouble) if self._trouble else None
        self._problem.say(told.problem if told else "")
        # No guest is to be told to pull a plug: at the self-scan the problem alone is there to
        # read for whoever of the staff comes by.
        self._remedy.say(told.remedy if told and self._at_desk else "")
        self._describe()

    # Painting

    def _on_screen(self, width: int, height: int) -> QTransform:
        """From pixels of a frame to this widget: filled, middle kept, mirrored."""
        factor = max(self.width() / max(1, width), self.height() / max(1, height))
        shown = QTransform.fromTranslate(self.width() / 2, self.height() / 2)
        shown.scale(-factor, factor)
        shown.translate(-width / 2, -height / 2)
        return shown

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Night, the picture, the guide frame, the outlines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape, radius = QPainterPath(), self._style.px(self._radius)
        shape.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.fillPath(shape, self._style.colour(Tint.NIGHT))
        if self._image is None or self._trouble is not None:
            return
        painter.save()
        painter.setClipPath(shape)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(self._on_screen(self._image.width(), self._image.height()))
        painter.drawImage(0, 0, self._image)
        painter.restore()
        self._paint_guide(painter)
        self._paint_outlines(painter)

    def _paint_guide(self, painter: QPainter) -> None:
        side = min(self.width(), self.height()) * _GUIDE * self._guide_size()
        box = QRectF(0, 0, side, side)
        box.moveCenter(QRectF(self.rect()).center())
        arm, width = side * _ARM, self._style.px(6 if self._height > 400 else 5)
        pen = QPen(
            self._style.colour(Tint.SUN), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
        )
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for corner, right, down in (
            (box.topLeft(), 1, 1),
            (box.topRight(), -1, 1),
            (box.bottomLeft(), 1, -1),
            (box.bottomRight(), -1, -1),
        ):
            along, up = QPointF(arm * right, 0), QPointF(0, arm * down)
            painter.drawPolyline(QPolygonF([corner + along, corner, corner + up]))

    def _guide_size(self) -> float:
        """Breathes while searching, draws together on a read."""
        if self._outlines:
            return 1.0 - 0.08 * float(self._drawn.currentValue() or 0.0)
        if self._style.still:
            return 1.0
        phase = (self._breath.elapsed() % _BREATH) / _BREATH
        return 1.0 + 0.02 * (1 - abs(2 * phase - 1))

    def _paint_outlines(self, painter: QPainter) -> None:
        painter.setPen(QPen(self._style.colour(Tint.SUN), self._style.px(4)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for outline in self._outlines:
            painter.drawPolygon(outline)
