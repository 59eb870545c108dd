"""How fast a running platform answers over its HTTP API, beside a function that does nothing."""
