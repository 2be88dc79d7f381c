"""The few places where a decision is needed before something can be done."""
