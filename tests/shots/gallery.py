"""The gallery: one page that needs no script, with the faults on top."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby, starmap
from pathlib import Path

from tests.shots.looks import Dress, Look
from tests.shots.painter import Shot

PICTURES = "pictures"  # the folder of them, beside the page
_FILTERS = ("language", "size", "dress")
_STYLE = Path(__file__).with_suffix(".css")


def page(shots: Sequence[Shot]) -> str:
    """The page over all of `shots`."""
    ordered = sorted(shots, key=lambda shot: (shot.state, shot.look))
    values = {name: _values(name, ordered) for name in _FILTERS}
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Screens of the kiosk</title>",
        f"<style>{_STYLE.read_text(encoding='utf-8')}{_hiding(values)}</style>",
        f"<header>{''.join(starmap(_choice, values.items()))}{_index(ordered)}</header>",
        f"<div class=top>{_faults(ordered)}{_matrix(ordered)}</div><main>",
        *(_section(screen, list(those)) for screen, those in _by_screen(ordered)),
        "</main></html>",
    ]
    return "\n".join(parts)


def write_page(shots: Sequence[Shot], folder: Path) -> Path:
    """Write the page beside the pictures; its path."""
    file = folder / "index.html"
    file.write_text(page(shots), encoding="utf-8")
    return file


def _by_screen(shots: Iterable[Shot]) -> Iterable[tuple[str, Iterable[Shot]]]:
    return groupby(shots, key=lambda shot: shot.of.screen)


def _values(name: str, shots: Sequence[Shot]) -> list[str]:
    """In the order in which they are met: the first one is chosen when the page opens."""
    place = _FILTERS.index(name)
    return list(dict.fromkeys(shot.look.words[place] for shot in shots))


def _choice(name: str, values: Sequence[str]) -> str:
    """A row of radio buttons; one value is chosen, so that the page opens at once."""
    first = next((each for each in Look().words if each in values), values[0])
    keys = [
        f"<input type=radio name={name} id={name}-{each}{' checked' if each == first else ''}>"
        f"<label for={name}-{each}>{each}</label>"
        for each in (*values, "all")
    ]
    return f"<p><b>{name}</b>{''.join(keys)}</p>"


def _hiding(values: dict[str, list[str]]) -> str:
    """Hides whatever is not chosen; a picture that is hidden is not loaded."""
    return "\n".join(
        f"body:has(#{name}-{each}:checked) figure:not(.{name}-{each}) {{ display: none }}"
        for name, all_of_it in values.items()
        for each in all_of_it
    )


def _index(shots: Sequence[Shot]) -> str:
    links = (f"<a href='#{escape(screen)}'>{escape(screen)}</a>" for screen, _ in _by_screen(shots))
    return f"<p><b>screen</b>{' · '.join(links)} · <a href='#matrix'>matrix</a></p>"


def _section(screen: str, shots: Sequence[Shot]) -> str:
    figures = "\n".join(map(_figure, shots))
    name = escape(screen)
    return f"<section id='{name}'><h2>{name}</h2><div class=shots>{figures}</div></section>"


def _figure(shot: Shot) -> str:
    words = zip(_FILTERS, shot.look.words, strict=True)
    classes = " ".join(
        [*(f"{name}-{word}" for name, word in words), *(["faulty"] * bool(shot.faults))]
    )
    source, said = f"{PICTURES}/{shot.file}", escape(_said(shot))
    image = f"<a href='{source}'><img loading=lazy src='{source}' alt='{said}'></a>"
    return f"<figure class='{classes}'>{image}<figcaption>{said}</figcaption></figure>"


def _said(shot: Shot) -> str:
    return f"{shot.of.screen}: {shot.of.name} · {' · '.join(shot.look.words)}"


def _faults(shots: Sequence[Shot]) -> str:
    """Each fault once, with the pictures that have it."""
    where: defaultdict[tuple[str, str], list[Shot]] = defaultdict(list)
    for shot in shots:
        for fault in shot.faults:
            where[fault, shot.look.language].append(shot)
    if not where:
        return (
            f"<p>{len(shots)} pictures, nothing cut, outside its place or upon anything else.</p>"
        )
    rows = [
        f"<li><b class=bad>{escape(fault)}</b> {_links(those)}</li>"
        for (fault, _), those in where.items()
    ]
    head = f"<summary class=bad>{len(where)} faults</summary>"
    return f"<details open>{head}<ul>{''.join(rows)}</ul></details>"


def _links(shots: Sequence[Shot], most: int = 6) -> str:
    links = (f"<a href='{PICTURES}/{each.file}'>{escape(_said(each))}</a>" for each in shots[:most])
    more = f" and {len(shots) - most} more" if len(shots) > most else ""
    return "; ".join(links) + more


def _matrix(shots: Sequence[Shot]) -> str:
    """A row for each state, a column for each size and dress: in how many languages it is well."""
    columns = sorted({(shot.look.size, shot.look.dress) for shot in shots})
    cells: defaultdict[tuple[int, tuple[tuple[int, int], Dress]], list[Shot]] = defaultdict(list)
    for shot in shots:
        cells[shot.state, (shot.look.size, shot.look.dress)].append(shot)
    head = "".join(f"<th>{Look('', *column).size_name} {column[1]}</th>" for column in columns)
    rows = [
        f"<tr><th>{escape(f'{those[0].of.screen}: {those[0].of.name}')}</th>"
        + "".join(_cell(cells.get((number, column), [])) for column in columns)
        + "</tr>"
        for number, each in groupby(shots, key=lambda shot: shot.state)
        if (those := list(each))
    ]
    table = f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>"
    return (
        f"<details id=matrix><summary>matrix: languages without a fault</summary>{table}</details>"
    )


def _cell(shots: Sequence[Shot]) -> str:
    bad = [shot.look.language for shot in shots if shot.faults]
    if not bad:
        return f"<td>{len(shots) or ''}</td>"
    return f"<td class=bad>{len(shots) - len(bad)}; not {', '.join(bad)}</td>"
