"""moto's executing Step Functions, made whole: each module mends one thing and says why."""
