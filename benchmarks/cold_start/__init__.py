"""What starting the predict function costs, beside the libraries and the model that it needs."""
