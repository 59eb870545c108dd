"""What several stacks or models need."""
