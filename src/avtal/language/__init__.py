"""The rule language: one small tree, interpreted with reasons, compiled to a closure, printed as SQL."""
