"""A person's search words as a condition that SQLite understands, whatever characters they hold."""

from __future__ import annotations

import re
import sqlite3
import unicodedata

_SHORTEST_PREFIX = 3
_MOST_RANKED = 5000
"""Texts with the words that are compared; words that stand in more of them tell little."""


def search_condition(search: str) -> tuple[str, dict[str, object]]:
    """Return an SQL condition on ``placements p`` for a full-text search, and its parameters.

    Every word must occur; case and diacritics do not matter. A word of three or more characters
    also finds longer words that begin with it ("claim" finds "claims"). Words in double quotes
    are looked for as they stand, next to each other. Signs and emoji, which the index leaves out,
    are looked for in the texts themselves. An empty search gives ("", {}).
    """
    words, signs = [], []
    search = search.replace("\0", " ")
    for quoted, bare in re.findall(r'"([^"]*)"?|([^\s"]+)', search):
        word = quoted or bare
        if not word.strip():
            continue
        if not any(_in_index(character) for character in word):
            signs.append(word.strip())
            continue
        longer = bare and sum(map(_in_index, word)) >= _SHORTEST_PREFIX
        words.append(f'"{word}"*' if longer else f'"{word}"')
    if not words and not signs and search.strip():
        signs.append(search.strip())  # nothing but quotation marks
    conditions: list[str] = []
    values: dict[str, object] = {}
    if words:
        conditions.append(
            "p.text_id IN (SELECT rowid FROM texts_fts WHERE texts_fts MATCH :search)"
        )
        values["search"] = " ".join(words)
    for number, sign in enumerate(signs):
        conditions.append(f"instr((SELECT content FROM texts WHERE id = p.text_id), :sign{number})")
        values[f"sign{number}"] = sign
    return " AND ".join(conditions), values


def best_hits(connection: sqlite3.Connection, search: str, limit: int) -> list[int]:
    """Return the ids of texts that hold the words of a search, the best first.

    Ranked by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) among
    the first five thousand; texts that were shelved are among them. A search for signs alone has
    no hits here.
    """
    _, values = search_condition(search)
    if "search" not in values:
        return []
    rows = connection.execute(
        """SELECT rowid FROM (SELECT rowid, bm25(texts_fts) AS score FROM texts_fts
               WHERE texts_fts MATCH ? LIMIT ?)
           ORDER BY score, rowid LIMIT ?""",
        (values["search"], _MOST_RANKED, limit),
    ).fetchall()
    return [text_id for (text_id,) in rows]


def _in_index(character: str) -> bool:
    """Return whether the index's tokenizer takes the character for part of a word."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in ("Co", "Mn", "Mc")
