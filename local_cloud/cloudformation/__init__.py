"""moto's CloudFormation engine, extended until CDK's templates deploy."""
