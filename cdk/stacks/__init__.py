"""One module for each thing that is deployed and deleted together."""
