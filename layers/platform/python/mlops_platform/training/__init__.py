"""Training jobs, from SageMaker's container contract to a measured bundle."""
