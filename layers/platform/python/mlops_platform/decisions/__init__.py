"""The decision engine: PASS, FAIL or INCONCLUSIVE, with the numbers that led there."""
