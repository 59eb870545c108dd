"""What runs on the core: one line per service that the core does not know."""

from pathlib import Path
from typing import TYPE_CHECKING

from local_cloud import dynamodb_transactions
from local_cloud.clock import Clock
from local_cloud.event_sources import provider as event_sources_provider
from local_cloud.event_sources import service as event_sources
from local_cloud.events import provider as events_provider
from local_cloud.events import rules
from local_cloud.events.delivery import Delivery
from local_cloud.events.scheduled import list_scheduled
from local_cloud.events.schedules import Schedules
from local_cloud.images import Image, UnsupportedImageError, read_image
from local_cloud.step_functions import engine as step_functions
from local_cloud.subscriptions import moto_hook as subscriptions
from local_cloud.subscriptions import provider as subscriptions_provider
from local_cloud.subscriptions.service import Subscriptions
from local_cloud.training_jobs import service as training_jobs
from local_cloud.training_jobs.runner import TrainingJobRunner
from local_cloud.workloads import databases, ecs, load_balancers
from local_cloud.workloads.targets import TargetGroups

if TYPE_CHECKING:
    from local_cloud.cloud import LocalCloud


def install(cloud: "LocalCloud") -> None:
    """Let each extension register its providers, admin routes and closers on `cloud`."""
    dynamodb_transactions.install()
    step_functions.install()
    _install_training_jobs(cloud)
    _install_events(cloud)
    _install_subscriptions(cloud)
    _install_event_sources(cloud)
    _install_databases(cloud)
    _install_services(cloud)


def find_image(images: dict[str, Path], uri: str) -> Image:
    """Return the image that an image URI of the templates means.

    Raises
    ------
    UnsupportedImageError
        When no docker image asset of the assembly has that URI.
    """
    if uri not in images:
        raise UnsupportedImageError(
            f"{uri} is no docker image asset of the deployed assembly; known are {sorted(images)}."
        )
    return read_image(images[uri])


def _install_training_jobs(cloud: "LocalCloud") -> None:
    directory = cloud.state.directory / "training"
    runner = TrainingJobRunner(
        cloud.processes, directory, lambda uri: find_image(cloud.images, uri), cloud.environment
    )
    training_jobs.install(runner)


def _install_events(cloud: "LocalCloud") -> None:
    delivery = Delivery()
    cloud.closers.append(delivery.stop)
    rules.install(delivery)
    events_provider.install()
    schedules = Schedules(Clock(), lambda: list_scheduled(cloud.account_id, cloud.region, delivery))
    schedules.start()
    cloud.closers.append(schedules.stop)
    cloud.admin.route("GET", "/clock", schedules.describe)
    cloud.admin.route("POST", "/clock", schedules.move)
    cloud.admin.route("POST", "/schedules/fire", schedules.fire)


def _install_subscriptions(cloud: "LocalCloud") -> None:
    functions = cloud.functions
    service = Subscriptions(
        lambda arn, event, on_end: functions.invoke_event(functions.find(arn), event, on_end),
        flush_logs=functions.flush_logs,
    )
    subscriptions.install(service)
    subscriptions_provider.install()
    service.start()
    cloud.closers.append(service.stop)
    cloud.admin.route("GET", "/subscription-faults", service.describe)
    cloud.admin.route("GET", "/subscription-faults/dropped", service.list_dropped)
    cloud.admin.route("POST", "/subscription-faults", service.set_faults)
    cloud.admin.route("POST", "/subscriptions/drain", service.drain)


def _install_event_sources(cloud: "LocalCloud") -> None:
    sources = event_sources.EventSources()
    event_sources.install(sources)
    event_sources_provider.install()
    cloud.closers.append(sources.stop)


def _install_databases(cloud: "LocalCloud") -> None:
    servers = databases.Databases(cloud.processes, cloud.state.directory / "databases")
    databases.install(servers)
    # Closers run backwards, so the data goes after the processes have ended.
    cloud.closers.insert(0, servers.remove_data)


def _install_services(cloud: "LocalCloud") -> None:
    targets = TargetGroups()
    balancers = load_balancers.LoadBalancers(targets)
    load_balancers.install(balancers)
    cloud.closers.append(balancers.close)
    services = ecs.EcsServices(
        cloud.processes, targets, lambda uri: find_image(cloud.images, uri), cloud.environment
    )
    ecs.install(services)
    cloud.closers.append(services.close)
    cloud.readiness.append(services.wait_until_ready)
    cloud.facts["services"] = services.describe
