"""Which lane each of several overlapping passages is drawn in."""

from __future__ import annotations

from collections.abc import Sequence


def assign_lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return a lane for each (start, end), end exclusive; no two that overlap share one.

    Passages that overlap, directly or through others, form a group. Within a group the shortest
    come first (of equally long ones, as given) and each takes the lowest lane that is free, so
    that a passage lies nearer to the text than what encloses it. Passages that merely touch share
    a lane.
    """
    lanes = [0] * len(spans)
    group: list[int] = []
    reach = 0
    for number in sorted(range(len(spans)), key=spans.__getitem__):
        start, end = spans[number]
        if group and start >= reach:
            _assign_group(spans, group, lanes)
            group, reach = [], 0
        group.append(number)
        reach = max(reach, end)
    _assign_group(spans, group, lanes)
    return lanes


def _assign_group(spans: Sequence[tuple[int, int]], group: list[int], lanes: list[int]) -> None:
    if len(group) < 2:
        return
    taken: list[list[tuple[int, int]]] = []
    for number in sorted(group, key=lambda n: (spans[n][1] - spans[n][0], n)):
        start, end = spans[number]
        for others in taken:
            if all(end <= low or high <= start for low, high in others):
                break
        else:
            others = []
            taken.append(others)
        others.append((start, end))
        lanes[number] = next(lane for lane, those in enumerate(taken) if those is others)
