"""Inspect in a task of spans: the passages about which gold and a model disagree."""
