"""Where the headings of a list stand, and what its columns hold: guessed, or as it was told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from kiosk.core.guests.known import plain
from kiosk.core.guests.lists import values
from kiosk.core.guests.lists.columns import IGNORE, Column, Layout, Why, Wish
from kiosk.core.guests.lists.headings import HEADINGS, Field, hinted, meanings, meant
from kiosk.core.guests.lists.languages import language_of
from kiosk.core.guests.lists.table import (
    MAX_CELL,
    GuestListError,
    ListFault,
    Row,
    Table,
    column_number,
    file_fault,
)
from kiosk.core.guests.lists.terms import EventTerms

_TITLE_ROWS = 30  # among which the headings are looked for
_SAMPLE = 500  # rows whose cells confirm what a column holds
_CONFIRMED = 0.5  # part of a column's cells that must make sense
_NO_WISH = Wish()


def has_headings(table: Table, terms: EventTerms) -> bool:
    """Whether one of the first rows has the headings of a list of guests."""
    heading = _best_row(table, terms)
    return heading is not None and _holds_names(heading)


def layout_of(table: Table, terms: EventTerms, wish: Wish = _NO_WISH) -> Layout:
    """What each column holds. Raises GuestListError with every fault of the headings."""
    heading = _heading_row(table, terms, wish)
    rows = [row for row in table.rows if row.number > heading.number]
    written = _written_in(heading, rows)
    told = _told(heading, written, terms, wish)
    columns = [told.get(at) or _guessed(at, heading, rows, table, terms) for at in written]
    columns = _settled(columns, set(told))
    columns = _by_cells(columns, set(told), rows, terms)
    layout = Layout(heading.number, tuple(columns))
    if faults := _faults(layout, set(told), rows, terms):
        raise GuestListError(faults)
    return layout


# The row of the headings


def _heading_row(table: Table, terms: EventTerms, wish: Wish) -> Row:
    if not table.rows:
        raise file_fault("it is empty", "Give a list with a heading row.")
    if wish.heading_row is None:
        return _best_row(table, terms) or table.rows[0]
    for row in table.rows:
        if row.number == wish.heading_row:
            return row
    problem = f"there is nothing in row {wish.heading_row}"
    raise file_fault(problem, "Name the row in which the headings stand.")


def _best_row(table: Table, terms: EventTerms) -> Row | None:
    """The first of those with most headings, below titles; None where there is no heading."""
    rows = table.rows[:_TITLE_ROWS]
    best = max(rows, key=lambda row: _known(row, terms), default=None)
    return best if best and _known(best, terms) else None


def _known(row: Row, terms: EventTerms) -> int:
    fields = {found[0] for cell in row.cells if (found := meanings(cell))}
    return len(fields) + sum(1 for cell in row.cells if cell and terms.is_occasion(cell))


def _holds_names(row: Row) -> bool:
    found = {field for cell in row.cells for field in meanings(cell)}
    return bool(found & {Field.NAME, Field.FAMILY})


def _written_in(heading: Row, rows: Sequence[Row]) -> list[int]:
    """The columns in which something stands."""
    width = max(len(row.cells) for row in (heading, *rows))
    return [
        at
        for at in range(width)
        if heading.cell(at).strip() or any(row.cell(at).strip() for row in rows)
    ]


# What was told


def _told(heading: Row, written: Sequence[int], terms: EventTerms, wish: Wish) -> dict[int, Column]:
    """The columns of the wish by their places. Raises GuestListError."""
    told: dict[int, Column] = {}
    faults: list[ListFault] = []
    for source, target in wish.columns:
        at, held = _place(source, heading), _held(target, terms)
        if at is None or at not in written:
            shown = ", ".join(f'"{shown_heading(cell)}"' for cell in heading.cells if cell.strip())
            remedy = f"Write a letter (A, B), or one of the headings: {shown}."
            faults.append(_heading_fault(heading, f'no single column is "{source}"', remedy))
        elif held is None:
            words = ", ".join([*(field for field in Field if field is not Field.OCCASION), IGNORE])
            remedy = f"Write one of: {words}; or an occasion of the event."
            faults.append(_heading_fault(heading, f'no column can hold "{target}"', remedy))
        elif at in told:
            faults.append(_heading_fault(heading, f'"{source}" is told twice', "Tell it once."))
        else:
            field, occasion = held
            told[at] = Column(at, shown_heading(heading.cell(at)), field, occasion, Why.TOLD)
    if faults:
        raise GuestListError(faults)
    return told


def shown_heading(cell: str) -> str:
    """A heading as messages show it."""
    return values.one_line(cell)[:MAX_CELL]


def _heading_fault(heading: Row, problem: str, remedy: str) -> ListFault:
    return ListFault(heading.number, "", "", problem, remedy)


def _place(source: str, heading: Row) -> int | None:
    """The column of that heading, else of that letter; None where none or several have it."""
    same = [
        at for at, cell in enumerate(heading.cells) if cell.strip() and plain(cell) == plain(source)
    ]
    if same:
        return same[0] if len(same) == 1 else None
    return column_number(source.strip())


def _held(target: str, terms: EventTerms) -> tuple[Field | None, str] | None:
    """The field, and the occasion of a column of yes or no; None where the word means nothing."""
    word = target.strip().casefold()
    if word == IGNORE:
        return None, ""
    for field in Field:
        if word == field and field is not Field.OCCASION:
            return field, ""
    occasions = terms.occasions_like(target)
    if len(occasions) == 1:
        return Field.OCCASION, occasions[0]
    found = meanings(target)
    return (found[0], "") if found else None


# What is guessed


def _guessed(at: int, heading: Row, rows: Sequence[Row], table: Table, terms: EventTerms) -> Column:
    """By the heading; where it may mean several things, and for an occasion's, by the cells."""
    text = heading.cell(at)
    column = Column(at, shown_heading(text))
    cells = _cells_of(at, rows)
    likely = () if terms.is_occasion(text) else meanings(text)
    for field in likely:
        if cells and _fits(cells, _meaningful(field, table, terms)):
            return replace(column, field=field, why=Why.CONFIRMED)
    if likely:
        return replace(column, field=likely[0])
    occasions = terms.occasions_like(text)
    agree = bool(cells) and _fits(cells, lambda cell: values.yes_or_no(cell) is not None)
    if len(occasions) == 1 and (agree or terms.is_occasion(text)):
        why = Why.CONFIRMED if agree else Why.GUESSED
        return replace(column, field=Field.OCCASION, occasion=occasions[0], why=why)
    return column


def _fits(cells: Sequence[str], makes_sense: Callable[[str], bool] | None) -> bool:
    if makes_sense is None:
        return False
    return sum(map(makes_sense, cells)) >= _CONFIRMED * len(cells)


def _meaningful(field: Field, table: Table, terms: EventTerms) -> Callable[[str], bool] | None:
    """Whether a cell makes sense in such a column; None where any text does."""
    tests: dict[Field, Callable[[str], bool]] = {
        Field.CATEGORY: lambda cell: terms.category(cell) is not None,
        Field.OCCASIONS: lambda cell: not terms.invited(cell)[1],
        Field.ATTENDANCE: lambda cell: values.attendance_of(cell) is not None,
        Field.SELECTION: lambda cell: values.selection_of(cell) is not None,
        Field.REGISTERED_ON: lambda cell: bool(
            values.date_of(cell, table.day_0) or values.date_of(cell, table.day_0, True)
        ),
        Field.LANGUAGE: lambda cell: language_of(cell) is not None,
        Field.BIRTH_YEAR: lambda cell: values.year_of(cell) is not None,
        Field.BADGE: lambda cell: values.badge_of(cell) is not None,
        Field.PSEUDONYM: lambda cell: values.pseudonym_of(cell) is not None,
    }
    return tests.get(field)


def _settled(columns: list[Column], told: set[int]) -> list[Column]:
    """What was told comes before what is guessed; "Nom" beside no "Prénom" is the whole name."""
    taken = {(column.field, column.occasion) for column in columns if column.at in told}
    settled = [
        replace(column, field=None, occasion="")
        if column.at not in told and (column.field, column.occasion) in taken
        else column
        for column in columns
    ]
    fields = {column.field for column in settled}
    whole = not fields & {Field.NAME, Field.GIVEN}
    return [
        replace(column, field=Field.NAME)
        if whole and column.field is Field.FAMILY and column.at not in told
        else column
        for column in settled
    ]


def _by_cells(
    columns: Sequence[Column], told: set[int], rows: Sequence[Row], terms: EventTerms
) -> list[Column]:
    """Questions of a form that no heading is like: their answers say what they are about.

    Without its column of occasions, everybody would be invited to everything.
    """
    found = list(columns)
    for field in (Field.OCCASIONS, Field.ATTENDANCE):
        held = {column.field for column in found}
        if field in held or (field is Field.OCCASIONS and Field.OCCASION in held):
            continue
        for at, column in enumerate(found):
            free = column.field is None and column.at not in told
            if free and _answers(field, column, _cells_of(column.at, rows), terms):
                found[at] = replace(column, field=field, why=Why.CONFIRMED)
                break
    return found


def _answers(field: Field, column: Column, cells: Sequence[str], terms: EventTerms) -> bool:
    """Whether the cells are answers about that field."""
    if field is Field.OCCASIONS:
        return bool(cells) and _fits(cells, terms.names_occasions)
    agree = all(values.attendance_of(cell) is not None for cell in cells)
    return bool(cells) and agree and hinted(column.heading) is field


def _cells_of(at: int, rows: Sequence[Row]) -> list[str]:
    """What stands in a column, as far as it is looked at."""
    return [*filter(None, (values.one_line(row.cell(at)) for row in islice(rows, _SAMPLE)))]


# Faults of the headings


def _faults(
    layout: Layout, told: set[int], rows: Sequence[Row], terms: EventTerms
) -> list[ListFault]:
    faults = [*_doubled(layout)]
    for column in layout.unused:
        if column.at not in told:
            faults += _strange(column, layout, rows, terms)
    if not faults and not (
        layout.of(Field.NAME) or (layout.of(Field.FAMILY) and layout.of(Field.GIVEN))
    ):
        remedy = "Add a column Name, or the columns Family name and Given name."
        faults.append(ListFault(layout.heading_row, "", "", "there is no column of names", remedy))
    return faults


def _doubled(layout: Layout) -> Iterator[ListFault]:
    """Columns that hold the same: nobody could say which of both counts."""
    first: dict[tuple[Field, str], Column] = {}
    for column in layout.used:
        held = column.field or Field.NAME, column.occasion
        clash = first.get(held)
        if column.field is Field.OCCASION:
            clash = clash or layout.of(Field.OCCASIONS)
        if clash:
            remedy = f"Delete this column or column {clash.letters}, or say what it holds."
            problem = f"it says the same as column {clash.letters}"
            yield column.fault(layout.heading_row, problem, remedy)
        first.setdefault(held, column)


def _strange(
    column: Column, layout: Layout, rows: Sequence[Row], terms: EventTerms
) -> Iterator[ListFault]:
    """Headings that nobody meant to be passed over: mistyped ones, and occasions without a day."""
    occasions = terms.occasions_like(column.heading)
    if len(occasions) < 2 and not layout.of(Field.OCCASIONS):
        held = {one.occasion for one in layout.used}
        occasions = tuple(id_ for id_ in terms.on_day(column.heading) if id_ not in held)
    cells = [*filter(None, (row.cell(column.at).strip() for row in islice(rows, _SAMPLE)))]
    if occasions and cells and all(values.yes_or_no(cell) is not None for cell in cells):
        remedy = "Write the id or the name of one of them as heading, or say what it holds."
        problem = f"it may be about {' or '.join(occasions)}"
        yield column.fault(layout.heading_row, problem, remedy)
    elif field := meant(column.heading):
        known = HEADINGS[field][0].capitalize()
        remedy = f"Write {known}, a heading less like it, or say what it holds."
        yield column.fault(layout.heading_row, "this heading is not known", remedy)
