"""API Gateway's HTTP APIs: each on a loopback port of its own, in front of the functions."""
