"""How fast predictions are served over HTTP, beside a function that does nothing."""
