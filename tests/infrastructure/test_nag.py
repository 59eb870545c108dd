"""The gate on cdk-nag's findings (the findings themselves are `make lint`'s business)."""

from cdk.acknowledgements import ACKNOWLEDGEMENTS
from cdk.nag import Finding, problems

COVERED = [
    Finding("AwsSolutions-ECS2", "SelfMonitor-Dev-Tracking/Server/Task/Resource", "variables"),
]


def test_a_finding_without_an_acknowledgement_is_a_problem() -> None:
    finding = Finding("AwsSolutions-S1", "SelfMonitor-Dev-Storage/Data/Resource", "no access log")
    assert finding.acknowledgement is None
    assert any("SelfMonitor-Dev-Storage/Data/Resource" in line for line in problems([finding]))


def test_an_acknowledgement_without_a_finding_is_a_problem() -> None:
    idle = [line for line in problems(COVERED) if "covers no finding" in line]
    assert len(idle) == len(ACKNOWLEDGEMENTS) - len(COVERED)


def test_production_is_not_excused_from_a_standby_database() -> None:
    path = "Tracking/Database/Instance/Resource"
    dev = Finding("AwsSolutions-RDS3", f"SelfMonitor-Dev-{path}", "no multi-AZ")
    prod = Finding("AwsSolutions-RDS3", f"SelfMonitor-Prod-{path}", "no multi-AZ")
    assert dev.acknowledgement is not None
    assert prod.acknowledgement is None


def test_every_acknowledgement_has_a_reason() -> None:
    assert all(len(each.reason.split()) > 5 for each in ACKNOWLEDGEMENTS)
