"""Recommendation: which product a customer takes up next, and what speaks for it."""
