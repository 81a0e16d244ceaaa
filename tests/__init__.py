"""Tests: they mirror ``src``, beside an independent second implementation in ``oracle``."""
