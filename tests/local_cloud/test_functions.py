"""Functions run in isolated environments, through Lambda's own API."""

import base64
import json
import re
import threading
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from local_cloud.clients import client
from local_cloud.cloud import LocalCloud
from local_cloud.functions import package
from local_cloud.functions.destinations import send_to_dead_letters, send_to_destination
from local_cloud.functions.invocation import InvocationResult
from local_cloud.functions.package import PackageTooLargeError
from local_cloud.sending import UnsupportedTargetError
from tests.local_cloud.assemblies import Assembly

NewAssembly = Callable[[], Assembly]

ECHO = """
def handler(event, context):
    print("hello")
    return {"event": event, "request_id": context.aws_request_id}
"""


def deploy_function(cloud: LocalCloud, assembly: Assembly, source: str, **properties: Any) -> str:
    assembly.add_output("Arn", assembly.add_function("Function", source, **properties))
    cloud.deploy(assembly.write())
    return cloud.outputs(assembly.stack_name)["Arn"]


def invoke(arn: str, event: Any = None) -> dict[str, Any]:
    answer = client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
    return {"error": answer.get("FunctionError"), "payload": json.load(answer["Payload"])}


def read_log(cloud: LocalCloud, arn: str) -> list[str]:
    cloud.functions.flush_logs()
    group = f"/aws/lambda/{arn.rpartition(':')[2]}"
    events = client("logs").filter_log_events(logGroupName=group)["events"]
    return [event["message"] for event in events]


def test_a_function_answers_through_the_runtime_client(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    arn = deploy_function(cloud, new_assembly(), ECHO)

    answer = invoke(arn, {"x": 1})

    assert answer["error"] is None
    assert answer["payload"]["event"] == {"x": 1}


def test_a_function_sees_its_asset_its_layers_and_the_runtime_only(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    # Given a laptop on which pytest is installed, and a layer with a module
    assembly = new_assembly()
    content = assembly.add_file_asset({"python/greeting.py": "TEXT = 'from the layer'"})
    layer = assembly.add_resource("Layer", "AWS::Lambda::LayerVersion", {"Content": content})
    source = """
import importlib.util, os, greeting, boto3
def handler(event, context):
    return {"text": greeting.TEXT, "pytest": importlib.util.find_spec("pytest") is not None,
            "working_directory": os.getcwd() == os.environ["LAMBDA_TASK_ROOT"],
            "variables": sorted(os.environ)}
"""
    arn = deploy_function(cloud, assembly, source, Layers=[layer])

    seen = invoke(arn)["payload"]

    assert seen["text"] == "from the layer"
    assert seen["pytest"] is False
    assert seen["working_directory"] is True
    assert not {"HOME", "VIRTUAL_ENV", "PYTHONPATH"} & set(seen["variables"])


def test_a_function_has_its_variables_and_reaches_the_cloud(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    bucket = assembly.add_resource("Bucket", "AWS::S3::Bucket")
    source = """
import boto3, os
def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="k", Body=b"v")
    return os.environ["BUCKET"]
"""
    variables = {"Variables": {"BUCKET": bucket}}
    arn = deploy_function(cloud, assembly, source, Environment=variables)

    name = invoke(arn)["payload"]

    assert client("s3").get_object(Bucket=name, Key="k")["Body"].read() == b"v"


def test_the_log_has_awss_lines_with_init_duration_on_the_cold_start_only(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    arn = deploy_function(cloud, new_assembly(), ECHO, MemorySize=256)
    request_id = invoke(arn)["payload"]["request_id"]
    invoke(arn)

    start, hello, end, cold, _, _, _, warm = read_log(cloud, arn)

    assert start == f"START RequestId: {request_id} Version: $LATEST"
    assert hello == "hello"
    assert end == f"END RequestId: {request_id}"
    expected = (
        rf"REPORT RequestId: {request_id}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\t"
        r"Memory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t"
    )
    assert re.fullmatch(expected, cold)
    assert "Init Duration" not in warm


def test_the_log_tail_comes_with_the_answer_when_asked_for(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    arn = deploy_function(cloud, new_assembly(), ECHO)

    answer = client("lambda").invoke(FunctionName=arn, LogType="Tail")

    assert "hello" in base64.b64decode(answer["LogResult"]).decode()


def test_an_exception_is_a_function_error_with_its_stack_trace(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    source = "def handler(event, context):\n    raise KeyError('x')\n"
    arn = deploy_function(cloud, new_assembly(), source)

    answer = invoke(arn)

    assert answer["error"] == "Unhandled"
    assert answer["payload"]["errorType"] == "KeyError"
    assert answer["payload"]["stackTrace"]


def test_a_module_that_cannot_be_imported_is_reported_as_lambda_does(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    arn = deploy_function(cloud, new_assembly(), "import not_there\n")

    answer = invoke(arn)

    assert answer["error"] == "Unhandled"
    assert answer["payload"]["errorType"] == "Runtime.ImportModuleError"
    assert "not_there" in answer["payload"]["errorMessage"]


def test_a_function_that_takes_too_long_is_ended_and_the_next_call_works(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    source = """
import time
def handler(event, context):
    if event["seconds"]:
        time.sleep(event["seconds"])
    return "done"
"""
    arn = deploy_function(cloud, new_assembly(), source, Timeout=1)

    late, next_one = invoke(arn, {"seconds": 30}), invoke(arn, {"seconds": 0})

    assert "Task timed out after 1.00 seconds" in late["payload"]["errorMessage"]
    assert next_one["payload"] == "done"
    assert any("Status: timeout" in line for line in read_log(cloud, arn))


def test_a_process_that_exits_is_an_exit_error_and_the_next_call_works(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    source = """
import os
def handler(event, context):
    if event["exit"]:
        os._exit(3)
    return "alive"
"""
    arn = deploy_function(cloud, new_assembly(), source)

    dead, next_one = invoke(arn, {"exit": True}), invoke(arn, {"exit": False})

    assert dead["payload"]["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in dead["payload"]["errorMessage"]
    assert next_one["payload"] == "alive"


def test_a_process_killed_while_idle_is_replaced_unnoticed(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    arn = deploy_function(cloud, new_assembly(), ECHO)
    invoke(arn)
    name = arn.rpartition(":")[2]
    (pid,) = [child.pid for child in cloud.processes.running() if child.name == name]

    process = psutil.Process(pid)
    process.kill()
    process.wait(10)

    assert invoke(arn)["error"] is None


def test_a_process_killed_while_it_works_is_an_exit_error(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    source = """
import os, signal
def handler(event, context):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    arn = deploy_function(cloud, new_assembly(), source)

    payload = invoke(arn)["payload"]

    assert payload["errorType"] == "Runtime.ExitError"
    assert "signal: killed" in payload["errorMessage"]


def test_calls_beyond_the_reserved_concurrency_are_throttled(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    # Given a function that holds its only environment until a message arrives
    assembly = new_assembly()
    queue = assembly.add_resource("Queue", "AWS::SQS::Queue")
    assembly.add_output("Queue", queue)
    source = """
import boto3, os
def handler(event, context):
    if event["wait"]:
        boto3.client("sqs").receive_message(QueueUrl=os.environ["QUEUE"], WaitTimeSeconds=20)
"""
    arn = deploy_function(
        cloud,
        assembly,
        source,
        ReservedConcurrentExecutions=1,
        Timeout=30,
        Environment={"Variables": {"QUEUE": queue}},
    )
    holder = threading.Thread(target=invoke, args=(arn, {"wait": True}))
    holder.start()
    while not cloud.functions.busy(arn.rpartition(":")[2]):
        pass

    # When another call comes
    with pytest.raises(ClientError) as refused:
        client("lambda").invoke(FunctionName=arn, Payload=b'{"wait": false}')
    client("sqs").send_message(
        QueueUrl=cloud.outputs(assembly.stack_name)["Queue"], MessageBody="go on"
    )
    holder.join()

    # Then it is refused as Lambda refuses it
    assert refused.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429


def test_a_failing_event_is_retried_twice_and_sent_to_the_failure_destination(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    queue = assembly.add_resource("Queue", "AWS::SQS::Queue")
    assembly.add_output("Queue", queue)
    source = "def handler(event, context):\n    raise RuntimeError('no')\n"
    destination = {"OnFailure": {"Destination": {"Fn::GetAtt": ["Queue", "Arn"]}}}
    assembly.add_resource(
        "Async",
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": {"Ref": "Function"},
            "Qualifier": "$LATEST",
            "DestinationConfig": destination,
        },
    )
    arn = deploy_function(cloud, assembly, source)

    answer = client("lambda").invoke(FunctionName=arn, InvocationType="Event", Payload=b'{"x": 1}')
    assert cloud.functions.drain_events()

    assert answer["StatusCode"] == 202
    messages = client("sqs").receive_message(QueueUrl=cloud.outputs(assembly.stack_name)["Queue"])[
        "Messages"
    ]
    record = json.loads(messages[0]["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert record["requestPayload"] == {"x": 1}
    assert sum(line.startswith("REPORT") for line in read_log(cloud, arn)) == 3


def test_destinations_are_looked_for_in_their_own_region(cloud: LocalCloud) -> None:
    # Given a queue of a region that is not the cloud's own
    sqs = client("sqs", "us-east-1")
    url = sqs.create_queue(QueueName="far-away")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{cloud.account_id}:far-away"

    # When the result of an invocation and a failed event are sent there
    send_to_destination(arn, {"requestPayload": 1})
    failed = InvocationResult(request_id="r", payload=b"null", error_type="Unhandled")
    send_to_dead_letters(arn, b'{"x": 1}', failed)

    # Then both have arrived
    bodies: list[str] = []
    while len(bodies) < 2:
        answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)
        bodies += [message["Body"] for message in answer["Messages"]]
    assert bodies == ['{"requestPayload": 1}', '{"x": 1}']
    with pytest.raises(UnsupportedTargetError, match="kinesis"):
        send_to_destination("arn:aws:kinesis:us-east-1:123456789012:stream/s", {})


def test_payloads_above_lambdas_limits_are_refused(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    source = "def handler(event, context):\n    return 'x' * event if event else None\n"
    arn = deploy_function(cloud, new_assembly(), source)
    functions = client("lambda")

    with pytest.raises(functions.exceptions.RequestTooLargeException):
        functions.invoke(FunctionName=arn, Payload=b'"' + b"x" * 6 * 1024 * 1024 + b'"')
    with pytest.raises(functions.exceptions.RequestTooLargeException):
        functions.invoke(
            FunctionName=arn, InvocationType="Event", Payload=b" " * (1024 * 1024 - 3) + b"null"
        )
    largest_event = functions.invoke(
        FunctionName=arn, InvocationType="Event", Payload=b" " * (1024 * 1024 - 4) + b"null"
    )
    response = invoke(arn, 7_000_000)

    assert largest_event["StatusCode"] == 202
    assert response["payload"]["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_package_above_the_size_limit_is_refused_at_deployment(
    cloud: LocalCloud, new_assembly: NewAssembly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MAX_UNZIPPED_BYTES", 10)

    with pytest.raises(PackageTooLargeError, match="must be smaller than 10 bytes"):
        deploy_function(cloud, new_assembly(), ECHO)


def test_versions_and_aliases_answer_with_their_own_code(
    cloud: LocalCloud, new_assembly: NewAssembly
) -> None:
    assembly = new_assembly()
    version = {"FunctionName": {"Ref": "Function"}}
    assembly.add_resource("Version", "AWS::Lambda::Version", version)
    assembly.add_resource(
        "Alias",
        "AWS::Lambda::Alias",
        {
            "FunctionName": {"Ref": "Function"},
            "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]},
            "Name": "live",
        },
    )
    assembly.add_output("Alias", {"Ref": "Alias"})
    source = "def handler(event, context):\n    return context.function_version\n"
    deploy_function(cloud, assembly, source)

    assert invoke(cloud.outputs(assembly.stack_name)["Alias"])["payload"] == "1"
