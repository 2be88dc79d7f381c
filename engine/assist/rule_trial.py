"""What rules would find in the texts of a project, before anybody keeps them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence

from engine.assist.rule_finding import check_rules, find_by_rules
from engine.project.rows import Rule, RuleTrial

LONGEST_EXAMPLE = 40
"""Characters of a passage that is shown as an example."""
MOST_EXAMPLES = 5
MOST_CHARACTERS = 400_000
"""Characters that are read at most, so that an answer comes while somebody is still writing."""


def try_rules(
    connection: sqlite3.Connection,
    rules: Sequence[Rule],
    limit: int,
    check: Callable[[], None] = lambda: None,
) -> RuleTrial:
    """Look for what the rules find in the first texts; `check` is called before each.

    Examples are what was found most often.

    Raises:
        KnownError: if one of the rules cannot be used.
    """
    check_rules(rules)
    texts = tried = characters = 0
    passages: Counter[str] = Counter()
    for (content,) in connection.execute(
        "SELECT t.content FROM placements p JOIN texts t ON t.id = p.text_id "
        "ORDER BY p.text_id LIMIT ?",
        (limit,),
    ):
        check()
        characters += len(content)
        if tried and characters > MOST_CHARACTERS:
            break
        tried += 1
        found = find_by_rules(content, rules, check) if rules else []
        texts += bool(found)
        passages.update(_shown(content[one.start : one.end]) for one in found)
    examples = tuple(passage for passage, _ in passages.most_common(MOST_EXAMPLES))
    return RuleTrial(passages.total(), texts, tried, examples)


def _shown(passage: str) -> str:
    words = " ".join(passage.split())
    return words if len(words) <= LONGEST_EXAMPLE else f"{words[: LONGEST_EXAMPLE - 1]}…"
