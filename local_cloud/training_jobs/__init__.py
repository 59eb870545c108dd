"""SageMaker training jobs, run as processes under the container contract and nothing more."""
