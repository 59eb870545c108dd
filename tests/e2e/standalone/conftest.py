"""Tests that bring all they need, a platform of their own included: any worker may run them."""

# Files of another checkout, where `test_fifth_model` puts them.
collect_ignore = ["fifth_model"]
