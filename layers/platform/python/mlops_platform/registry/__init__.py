"""Versions, stages and what serves: MLflow by plain REST, routing by conditional writes."""
