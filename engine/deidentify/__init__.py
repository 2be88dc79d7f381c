"""What identifies a person is found, replaced, and checked for what was missed."""
