"""What is applied to the cluster, as Kubernetes spells it."""
