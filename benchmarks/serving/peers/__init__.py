"""The peers: how each is installed, given the model, started and asked."""
