"""How fast predictions are served: our host beside its peers, and a whole running platform."""
