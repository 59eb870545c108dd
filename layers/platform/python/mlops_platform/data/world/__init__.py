"""A world to learn from where there is no data: people, merchants, spending, fraud, late labels.

Seeded and vectorised. What an observer sees (tables) is kept apart from what only the simulator
knows (which transactions are fraudulent, and why). Calibrated against published facts of real and
simulated card data; each constant says which.
"""
