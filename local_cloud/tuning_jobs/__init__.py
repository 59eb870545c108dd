"""SageMaker hyperparameter tuning jobs: many training jobs, and which of them was the best."""
