"""The documented tables, their validation, and a generated world where there are none."""
