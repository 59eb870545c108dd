"""ECS services, load balancers and databases, run as processes of this machine."""
