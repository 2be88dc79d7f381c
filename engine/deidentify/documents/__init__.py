"""The files whose passages are replaced: what they say, and the same files without it."""
