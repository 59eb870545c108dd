"""Who may do what, and no more (that it is enough: `test_sufficiency.py`)."""

import re

from tests.infrastructure.assembly_reader import Assembly, as_list, flatten

# Actions that know no resource, or none that has a name when the template is written.
UNNAMEABLE = {
    "cloudwatch:PutMetricData",
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "ec2:UnassignPrivateIpAddresses",
    "ecr:GetAuthorizationToken",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}


def test_only_listed_actions_stand_with_every_resource(every: Assembly) -> None:
    for policy, statement in every.statements():
        if "*" in as_list(statement["Resource"]):
            assert set(as_list(statement["Action"])) <= UNNAMEABLE, policy


def test_metrics_are_written_below_sagemaker_s_name_alone(every: Assembly) -> None:
    writing = [
        statement
        for _, statement in every.statements()
        if "cloudwatch:PutMetricData" in as_list(statement["Action"])
    ]
    assert writing
    for statement in writing:
        assert statement["Condition"] == {
            "StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}
        }


def test_no_statement_allows_a_whole_service(every: Assembly) -> None:
    for policy, statement in every.statements():
        for action in as_list(statement["Action"]):
            assert not action.endswith(":*"), policy
            assert action != "*", policy


def test_no_role_takes_a_policy_that_aws_manages(every: Assembly) -> None:
    for role in every.of_type("AWS::IAM::Role"):
        taken = [flatten(arn) for arn in role.properties.get("ManagedPolicyArns", [])]
        # What EKS does in Auto Mode, AWS defines and widens: the control plane's and nodes' own.
        assert all(re.search(r":policy/Amazon(EKS|EC2ContainerRegistry)\w+$", a) for a in taken), (
            role
        )


def test_roles_are_passed_to_sagemaker_alone(every: Assembly) -> None:
    passing = [
        statement
        for _, statement in every.statements()
        if "iam:PassRole" in as_list(statement["Action"])
    ]
    assert passing
    for statement in passing:
        assert statement["Condition"] == {
            "StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}
        }


def test_only_the_tracking_server_s_clients_reach_its_load_balancer(every: Assembly) -> None:
    to_balancer = [
        rule
        for rule in every.of_type("AWS::EC2::SecurityGroupIngress")
        if rule.properties["FromPort"] == 80
    ]
    sources = sorted(flatten(rule.properties["SourceSecurityGroupId"]) for rule in to_balancer)
    # The other load balancer is the pods', and reached from the HTTP API alone.
    assert len(sources) == 2
    assert "HttpLinkGroup" in sources[0]
    assert "TrackingClients" in sources[1]


def test_nothing_is_open_to_the_internet(every: Assembly) -> None:
    for group in every.of_type("AWS::EC2::SecurityGroup"):
        for rule in group.properties.get("SecurityGroupIngress", []):
            assert rule.get("CidrIp") != "0.0.0.0/0", group
    kinds = {resource.type for resource in every.resources}
    assert not kinds & {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EIP"}


def test_what_answers_about_production_reads_what_was_counted_and_changes_nothing(
    every: Assembly,
) -> None:
    (function,) = (
        each
        for each in every.of_type("AWS::Lambda::Function")
        if each.properties.get("Description") == "functions/answer_monitoring"
    )
    role = every.referred(function, function.properties["Role"])
    actions = {a for s in every.statements_of(role) for a in as_list(s["Action"])}
    # Verdicts are queried; incidents and the counts' index are read by their keys too.
    assert {"dynamodb:Query", "dynamodb:BatchGetItem"} <= actions
    changing = ("Put", "Update", "Delete", "BatchWrite", "Partiql", "Abort", "Restore")
    stored = {a for a in actions if a.startswith(("dynamodb:", "s3:"))}
    assert not {a for a in stored if a.partition(":")[2].startswith(changing)}


def test_nobody_changes_or_removes_what_stands_in_the_ledger(every: Assembly) -> None:
    appending = 0
    for policy, statement in every.statements():
        if not any(
            ":ExportsOutputFnGetAttLedger" in flatten(r) for r in as_list(statement["Resource"])
        ):
            continue
        actions = set(as_list(statement["Action"]))
        forbidden = (
            "dynamodb:Update",
            "dynamodb:Delete",
            "dynamodb:BatchWrite",
            "dynamodb:Partiql",
        )
        assert not [action for action in actions if action.startswith(forbidden)], policy
        appending += "dynamodb:PutItem" in actions
    # Registration, gate, release, roll-back, reconciliation and the API.
    assert appending == 6
