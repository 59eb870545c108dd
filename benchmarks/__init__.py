"""Measurements that anyone can run: each folder is a program, ``python -m benchmarks.<name>``."""
