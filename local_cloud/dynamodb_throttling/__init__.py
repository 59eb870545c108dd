"""DynamoDB refuses writes for want of capacity, made to order and repeatable."""
