"""What runs on the core: one function per service that the core does not know."""

from typing import Any

from moto.sagemaker.models import sagemaker_backends

from local_cloud import dynamodb_transactions
from local_cloud.clock import Clock
from local_cloud.cloudformation import engine
from local_cloud.cloudformation.providers import install_providers
from local_cloud.core import Core
from local_cloud.dynamodb_throttling import moto_hook as dynamodb_throttling
from local_cloud.dynamodb_throttling.shortage import Throttling
from local_cloud.event_sources import provider as event_sources_provider
from local_cloud.event_sources import service as event_sources
from local_cloud.events import provider as events_provider
from local_cloud.events import rules
from local_cloud.events.delivery import Delivery
from local_cloud.events.scheduled import list_scheduled
from local_cloud.events.schedules import Schedules
from local_cloud.functions import moto_hook
from local_cloud.http_api.apis import HttpApis
from local_cloud.step_functions import engine as step_functions
from local_cloud.step_functions import holding
from local_cloud.subscriptions import moto_hook as subscriptions
from local_cloud.subscriptions import provider as subscriptions_provider
from local_cloud.subscriptions.service import Subscriptions
from local_cloud.training_jobs import service as training_jobs
from local_cloud.training_jobs.job import TrainingJob
from local_cloud.training_jobs.runner import TrainingJobRunner
from local_cloud.tuning_jobs import service as tuning_jobs
from local_cloud.tuning_jobs.runner import TuningJobRunner
from local_cloud.workloads import caches, databases, ecs, eks, load_balancers
from local_cloud.workloads.authority import Authority
from local_cloud.workloads.hosted_containers import HostedContainers
from local_cloud.workloads.load_balancers import LoadBalancers
from local_cloud.workloads.targets import TargetGroups


def install(core: Core) -> None:
    """Let each extension register its providers, admin routes and closers on `core`."""
    targets = TargetGroups()
    balancers = LoadBalancers(targets)
    core.closers.callback(balancers.close)
    _install_resources(core, balancers)
    load_balancers.install(balancers)
    _install_tables(core)
    _install_state_machines(core)
    _install_training_jobs(core)
    _install_events(core)
    _install_subscriptions(core)
    _install_event_sources(core)
    _install_databases(core)
    authority = Authority(core.state.directory / "certificates")
    _install_caches(core, authority)
    _install_services(core, targets)
    _install_pods(core, targets, authority)


def _install_resources(core: Core, balancers: LoadBalancers) -> None:
    apis = HttpApis(core.functions, balancers.port_of_listener, core.account_id, core.region)
    core.closers.callback(apis.close)
    engine.install()
    moto_hook.install(core.functions)
    install_providers(core.functions, apis)


def _install_tables(core: Core) -> None:
    dynamodb_transactions.install()
    throttling = Throttling(lambda: dynamodb_throttling.table_names(core.account_id, core.region))
    dynamodb_throttling.install(throttling)
    core.admin.route("GET", "/dynamodb-throttling", throttling.describe)
    core.admin.route("POST", "/dynamodb-throttling", throttling.throttle)


def _install_state_machines(core: Core) -> None:
    step_functions.install()
    stops = holding.Holding()
    holding.install(stops)
    core.admin.route("POST", "/executions/hold", stops.hold)
    core.admin.route("POST", "/executions/held", stops.wait)


def _install_training_jobs(core: Core) -> None:
    directory = core.state.directory / "training"
    runner = TrainingJobRunner(
        core.processes, directory, core.deployment.find_image, core.environment
    )
    service = training_jobs.install(runner)

    def create(request: dict[str, Any], region: str) -> TrainingJob:
        return service.add(request, sagemaker_backends[core.account_id][region])

    tuning_jobs.install(TuningJobRunner(create, runner.run))


def _install_events(core: Core) -> None:
    delivery = Delivery()
    core.closers.callback(delivery.stop)
    rules.install(delivery)
    events_provider.install()
    schedules = Schedules(Clock(), lambda: list_scheduled(core.account_id, core.region, delivery))
    schedules.start()
    core.closers.callback(schedules.stop)
    core.admin.route("GET", "/clock", schedules.describe)
    core.admin.route("POST", "/clock", schedules.move)
    core.admin.route("POST", "/schedules/fire", schedules.fire)


def _install_subscriptions(core: Core) -> None:
    functions = core.functions
    service = Subscriptions(
        lambda arn, event, on_end: functions.invoke_event(functions.find(arn), event, on_end),
        flush_logs=functions.flush_logs,
    )
    subscriptions.install(service)
    subscriptions_provider.install()
    service.start()
    core.closers.callback(service.stop)
    core.admin.route("GET", "/subscription-faults", service.describe)
    core.admin.route("GET", "/subscription-faults/dropped", service.list_dropped)
    core.admin.route("POST", "/subscription-faults", service.set_faults)
    core.admin.route("POST", "/subscriptions/drain", service.drain)


def _install_event_sources(core: Core) -> None:
    sources = event_sources.EventSources()
    event_sources.install(sources)
    event_sources_provider.install()
    core.closers.callback(sources.stop)


def _install_databases(core: Core) -> None:
    servers = databases.Databases(core.processes, core.state.directory / "databases")
    databases.install(servers)


def _install_caches(core: Core, authority: Authority) -> None:
    servers = caches.Caches(core.processes, authority, core.state.directory / "caches")
    caches.install(servers)
    core.closers.callback(servers.close)


def _install_services(core: Core, targets: TargetGroups) -> None:
    services = ecs.EcsServices(_containers(core, targets, core.environment))
    ecs.install(services)
    core.facts["services"] = services.describe


def _install_pods(core: Core, targets: TargetGroups, authority: Authority) -> None:
    environment = {**core.environment, "SSL_CERT_FILE": str(authority.certificate_file)}
    pods = eks.EksWorkloads(_containers(core, targets, environment))
    eks.install(pods)
    core.facts["pods"] = pods.describe


def _containers(core: Core, targets: TargetGroups, environment: dict[str, str]) -> HostedContainers:
    containers = HostedContainers(core.processes, targets, core.deployment.find_image, environment)
    core.closers.callback(containers.close)
    core.readiness.append(containers.wait_until_ready)
    return containers
