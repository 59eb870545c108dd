"""moto's server in this process, and this process's own AWS calls led to it."""

import contextlib
import functools
import logging
import os
from collections.abc import Iterator

from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import ThreadedMotoServer
from werkzeug.serving import WSGIRequestHandler

from local_cloud.patching import replace

_LEAVE_OUT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")


@contextlib.contextmanager
def serve_moto() -> Iterator[int]:
    """Serve AWS's API, with nothing in it, on a loopback port; yield the port."""
    moto_api_backend.reset()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # The interpreter of state machines instead of a recorder of them.
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    # Nagle's algorithm holds back each answer for 40 ms.
    WSGIRequestHandler.disable_nagle_algorithm = True
    _remember_backends()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        yield port
    finally:
        server.stop()


def _remember_backends() -> None:
    """Let moto find out once which service a host is.

    It lists the folders of all its services for that, at each request, and every other request
    waits meanwhile.
    """
    name = "get_backend_for_host"
    original = replace(DomainDispatcherApplication, name, None)
    replace(DomainDispatcherApplication, name, functools.cache(original))


@contextlib.contextmanager
def adopted_environment(variables: dict[str, str], port: int) -> Iterator[None]:
    """Let this process's AWS calls follow `variables`; put everything back afterwards."""
    saved = dict(os.environ)
    try:
        for name in _LEAVE_OUT:
            os.environ.pop(name, None)
        os.environ.update(variables)
        # moto's state machines find their own server by this.
        os.environ["MOTO_PORT"] = str(port)
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)
