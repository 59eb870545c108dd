"""Findings of cdk-nag that we know of and accept, each with its reason."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Acknowledgement:
    """One accepted kind of finding.

    Parameters
    ----------
    rule
        Regular expression for the whole rule, with the part in brackets that IAM5 adds.
    construct
        Regular expression for the whole path of the construct below its stack, for every
        environment; or with the stack, where an acceptance is for some environments only.
    reason
        Why this is right here.
    """

    rule: str
    construct: str
    reason: str

    def covers(self, rule: str, path: str) -> bool:
        """Say whether a finding is of this kind."""
        below = path.partition("/")[2]
        return bool(re.fullmatch(self.rule, rule)) and any(
            re.fullmatch(self.construct, candidate) for candidate in (path, below)
        )


_POLICY = "/DefaultPolicy/Resource"
_IAM5 = re.escape("AwsSolutions-IAM5")

ACKNOWLEDGEMENTS: tuple[Acknowledgement, ...] = (
    Acknowledgement(
        _IAM5 + r"\[Action::(s3:(Abort|DeleteObject|GetBucket|GetObject|List)"
        r"|kms:(GenerateDataKey|ReEncrypt))\*\]",
        ".*" + _POLICY,
        "CDK's grants on one bucket or key: families of actions, on that resource only.",
    ),
    Acknowledgement(
        _IAM5 + r"\[Resource::.*ExportsOutputFnGetAtt"
        r"(Data|Artifacts|Bundles|MonitoringObjects)\w*/.*\*\]",
        ".*" + _POLICY,
        "Objects of one bucket, below a prefix where only part of the bucket is needed.",
    ),
    Acknowledgement(
        _IAM5 + r"\[Resource::\*\]",
        ".*" + _POLICY,
        "X-Ray, network interfaces, ECR tokens, metrics and the delivery of state machine logs "
        "know no resources; tests/infrastructure lists the actions that may stand with `*`.",
    ),
    Acknowledgement(
        _IAM5 + r"\[Resource::<(BatchScoring)?Functions\w+\.Arn>:\*\]",
        ".*/Machine/Role" + _POLICY,
        "Versions and aliases of one function.",
    ),
    Acknowledgement(
        _IAM5 + r"\[Resource::arn:.*:(training|hyper-parameter-tuning)-job/[a-z-]+-\*\]",
        ".*/Machine/Role" + _POLICY,
        "Training and tuning jobs of one model: each is named when it starts.",
    ),
    Acknowledgement(
        _IAM5 + r"\[Resource::arn:.*:execution:.*\]",
        ".*/(Machine/Role|StartRetrainingRole)" + _POLICY,
        "Executions of one state machine: each is named when it starts.",
    ),
    Acknowledgement(
        _IAM5 + r"\[Resource::arn:.*:log-group:/aws/sagemaker/TrainingJobs\*\]",
        ".*/(TrainingJob|TuningJob)/Role" + _POLICY,
        "SageMaker gives every job this log group, and each its own streams.",
    ),
    Acknowledgement(
        "AwsSolutions-L1",
        ".*/Resource",
        "Python 3.13 is what the third-party layers are built for and what the local cloud runs.",
    ),
    Acknowledgement(
        "AwsSolutions-ECS2",
        "Server/Task/Resource",
        "The variables are addresses and switches; what is secret comes from Secrets Manager.",
    ),
    Acknowledgement(
        "AwsSolutions-SMG4",
        "Database/Instance/Secret/Resource",
        "Rotation is a serverless application from AWS's repository that needs a way out of the "
        "VPC; only MLflow's tasks can read the password, and nobody else reaches the database.",
    ),
    Acknowledgement(
        "AwsSolutions-SMG4",
        "AlertChannels/Resource",
        "Webhooks and mail passwords are made by others; an operator writes them when they change.",
    ),
    Acknowledgement(
        "AwsSolutions-RDS11",
        "Database/Instance/Resource",
        "The database is reached from MLflow's tasks alone; another port would hide nothing.",
    ),
    Acknowledgement(
        "AwsSolutions-RDS3",
        "SelfMonitor-(Dev|Staging)-Tracking/Database/Instance/Resource",
        "Two zones are for production; the others are restored from a backup.",
    ),
    Acknowledgement(
        "AwsSolutions-RDS10",
        "SelfMonitor-Dev-Tracking/Database/Instance/Resource",
        "A development environment is made and deleted freely.",
    ),
    Acknowledgement(
        "AwsSolutions-APIG4",
        "Http/Api/GET--health/Resource",
        "Uptime checks carry no key, and the answer says nothing beyond that it answers.",
    ),
    Acknowledgement(
        re.escape("AwsSolutions-IAM4") + r"\[Policy::arn:.*:policy/Amazon\w+\]",
        "Cluster/(Role|ClusternodePoolRole)/Resource",
        "What EKS does in Auto Mode for control plane and nodes, AWS defines, and changes with it.",
    ),
    Acknowledgement(
        re.escape("AwsSolutions-IAM4") + r"\[Policy::.*\]",
        "Cluster/KubectlProvider/.*/ServiceRole/Resource",
        "CDK's own function, which applies manifests; its roles cannot be given to it.",
    ),
    Acknowledgement(
        _IAM5 + r"\[Resource::<ClusterKubectlProviderHandler\w+\.Arn>:\*\]",
        "Cluster/KubectlProvider/Provider/framework-onEvent/ServiceRole" + _POLICY,
        "Versions and aliases of one function.",
    ),
)
