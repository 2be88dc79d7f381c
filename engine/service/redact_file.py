"""Find the passages of a file that identify people, and write the file without them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.files import atomic_write, write_text_atomically
from engine.core.language import tr
from engine.deidentify.records import Found, Policy, Replacement

if TYPE_CHECKING:
    from engine.deidentify.alias_book import AliasBook
    from engine.deidentify.keeper import Keeper
    from engine.deidentify.patterns import Rule
    from engine.deidentify.residual import Doubt

_SECRET = frozenset({"hash", "pseudonymise"})


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """What became of a file.

    Attributes:
        out: the file that was written.
        replacements: of each text, in its order; kept passages are among them.
        doubts: of each text, where something may have been missed; see `ResidualCheck`.
        unseen: sentences on what could not be looked into and is as it was.
        lasting: whether hashes and aliases come out the same another time; true if there are none.
    """

    out: Path
    replacements: tuple[tuple[Replacement, ...], ...]
    doubts: tuple[tuple[Doubt, ...], ...]
    unseen: tuple[str, ...]
    lasting: bool

    @property
    def texts(self) -> int:
        """How many texts the document has."""
        return len(self.replacements)

    @property
    def passages(self) -> int:
        """How many passages were found, those that were kept among them."""
        return sum(map(len, self.replacements))

    @property
    def by_label(self) -> dict[str, int]:
        """How many passages of each label."""
        return _counts(one.label for text in self.replacements for one in text)

    @property
    def by_operator(self) -> dict[str, int]:
        """How many passages each operator was used for."""
        return _counts(one.operator for text in self.replacements for one in text)

    @property
    def by_doubt(self) -> dict[str, int]:
        """How many doubts of each kind."""
        return _counts(doubt.kind for text in self.doubts for doubt in text)


def redact_file(
    path: Path,
    out: Path,
    policy: Policy,
    *,
    model: Path | None = None,
    label_names: Sequence[str] | None = None,
    patterns: Sequence[str] = (),
    min_confidence: float = 0.0,
    text_column: str | None = None,
    keeper: Keeper | None = None,
    report: Path | None = None,
    aliases: Path | None = None,
    threads: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> RedactedFile:
    """Write `path` to `out` with every passage replaced as the policy says for its label.

    Blocks until the file is written. Passages are found by a model, by patterns, or by both.

    Args:
        path: plain text, a table, JSON or a Word document; see `open_document`.
        out: the file to write, which must not exist; its name ends as that of `path`.
        policy: what is done with the passages of each label.
        model: the folder of a model that marks passages.
        label_names: what the model's labels are called, if not as they were when it was trained.
        patterns: names of recognisers ("email"), each of which may be followed by a colon and the
            label of what it finds ("phone:CONTACT"); "all" for those that can run unasked.
        min_confidence: from 0 to 1; what is found with less is left as it is.
        text_column: see `open_document`.
        keeper: keeps the secret and the aliases, such as a project; if None, both are of this run.
        report: where to write a log of every decision as JSON. It repeats no replaced string.
        aliases: where to write the table of aliases as CSV. Whoever has it can undo them.
        threads: CPU threads of the model; 0 for all.
        on_progress: receives the texts read by the model and their number.
        cancelled: is asked several times a second.

    Raises:
        KnownError: if something of this cannot be read, done or written, or it was cancelled. No
            file is left then, unless it is only the report or the aliases that cannot be written.
    """
    from engine.deidentify.alias_book import AliasBook
    from engine.deidentify.apply import Redactor
    from engine.deidentify.documents.opening import open_document
    from engine.deidentify.keeper import Forgetful

    if model is None and not patterns:
        raise KnownError(
            tr("Passages are found by a model, by patterns or both; name at least one.")
        )
    rules = _rules(patterns)
    _check_names(path, out, report, aliases)
    kept_by = keeper or Forgetful()
    book = AliasBook(kept_by.aliases())
    redactor = Redactor(policy, kept_by.secret(), book)
    document = open_document(path, text_column=text_column)
    found = _find(document.texts, model, label_names, rules, threads, on_progress, cancelled)
    sure = [[one for one in text if one.confidence >= min_confidence] for text in found]
    for text, passages in zip(document.texts, sure, strict=True):
        redactor.expect(text, passages)
    # A file is taken for one case: its dates move together, and not with those of other files.
    redacted = [
        redactor.redact(text, passages, person_key=path.stem).replacements
        for text, passages in zip(document.texts, sure, strict=True)
    ]
    kept_by.store_aliases(book.rows())
    edits = [
        [(one.start, one.end, one.new) for one in text if one.operator != "keep"]
        for text in redacted
    ]
    unseen = document.write(out, edits)
    drawn = keeper is None and any(one.operator in _SECRET for text in redacted for one in text)
    doubts = _doubts(document.texts, redacted)
    result = RedactedFile(out, tuple(redacted), doubts, unseen, lasting=not drawn)
    if report is not None:
        write_text_atomically(report, json.dumps(_told(path, result), ensure_ascii=False, indent=1))
    if aliases is not None:
        _write_aliases(aliases, book)
    return result


def _find(
    texts: Sequence[str],
    model: Path | None,
    label_names: Sequence[str] | None,
    rules: Sequence[Rule],
    threads: int,
    on_progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool],
) -> list[list[Found]]:
    found: list[list[Found]] = [[] for _ in texts]
    if model is not None:
        from engine.service.tag_texts import tag_texts

        marked = tag_texts(
            model,
            texts,
            labels=label_names,
            threads=threads,
            on_progress=on_progress,
            cancelled=cancelled,
        )
        found = [[Found(*mark) for mark in marks] for marks in marked]
    if rules:
        from engine.deidentify.patterns import recognise

        for text, passages in zip(texts, found, strict=True):
            passages += recognise(text, rules)
    return found


def _doubts(
    texts: Sequence[str], redacted: Sequence[Sequence[Replacement]]
) -> tuple[tuple[Doubt, ...], ...]:
    from engine.deidentify.residual import ResidualCheck

    replaced = [
        [
            Found(one.start, one.end, one.label, one.confidence, one.source)
            for one in text
            if one.operator != "keep"
        ]
        for text in redacted
    ]
    check = ResidualCheck(texts, replaced)
    return tuple(tuple(check.doubts(place)) for place in range(len(texts)))


def _rules(patterns: Sequence[str]) -> list[Rule]:
    from engine.deidentify.patterns import DEFAULT_RULES, Rule, check_rules

    usual = {rule.kind: rule for rule in DEFAULT_RULES}
    rules: dict[str, Rule] = {}
    for pattern in patterns:
        kind, _, label = pattern.partition(":")
        if kind == "all":
            rules = {**usual, **rules}
        elif label or kind not in usual:
            rules[kind] = Rule(kind, label or kind.upper())
        else:
            rules[kind] = usual[kind]
    check_rules(list(rules.values()))
    return list(rules.values())


def _check_names(path: Path, out: Path, *others: Path | None) -> None:
    from engine.deidentify.documents.document import check_target

    if out.suffix.lower() != path.suffix.lower():
        raise KnownError(
            tr(
                "The result is of the same kind as {file}, so its name has to end in {ending}; "
                "{out} does not.",
                file=path.name,
                ending=path.suffix,
                out=out.name,
            )
        )
    names = [name for name in (out, *others) if name is not None]
    if len({name.absolute() for name in names}) < len(names):
        raise KnownError(
            tr("The result, the report and the aliases need a file of their own each.")
        )
    for name in names:
        if not name.absolute().parent.is_dir():
            raise KnownError(
                tr(
                    "There is no folder {folder} to write {file} to.",
                    folder=name.parent,
                    file=name.name,
                )
            )
        if path.is_file():  # what is wrong otherwise, opening it tells
            check_target(path, name, overwrite=False)


def _told(path: Path, result: RedactedFile) -> dict[str, Any]:
    return {
        "file": path.name,
        "out": result.out.name,
        "texts": result.texts,
        "passages": result.passages,
        "by_label": result.by_label,
        "by_operator": result.by_operator,
        "unseen": list(result.unseen),
        "decisions": [
            _decision(number, one)
            for number, text in enumerate(result.replacements)
            for one in text
        ],
        "doubts": [
            _doubt(number, one) for number, text in enumerate(result.doubts) for one in text
        ],
    }


def _decision(number: int, one: Replacement) -> dict[str, Any]:
    decision = {"text": number, **asdict(one), "confidence": round(float(one.confidence), 6)}
    if one.operator == "keep":
        del decision["new"]  # it is the passage itself
    return decision


def _doubt(number: int, one: Doubt) -> dict[str, Any]:
    doubt = {"text": number, **asdict(one)}
    del doubt["reason"]  # it quotes what was replaced elsewhere
    return doubt


def _write_aliases(path: Path, book: AliasBook) -> None:
    """Write the aliases of passages; those of their parts are no use to a reader."""
    with atomic_write(path, encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(("label", "original", "alias"))
        table.writerows(
            (row.label, row.original, row.alias)
            for row in book.rows()
            if not row.label.startswith("part: ")
        )


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
