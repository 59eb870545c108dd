"""The quick road to botocore's descriptions ends where its own does."""

import pytest
from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader

from mlops_platform.aws.service_descriptions import ServiceDescriptions


@pytest.mark.parametrize("service", ["dynamodb", "s3", "stepfunctions"])
@pytest.mark.parametrize("kind", ["service-2", "paginators-1", "endpoint-rule-set-1"])
def test_descriptions_are_those_that_botocore_reads(service: str, kind: str) -> None:
    found = ServiceDescriptions().load_service_model(service, kind)

    assert found == Loader().load_service_model(service, kind)


def test_every_service_of_botocore_is_known() -> None:
    known = Loader().list_available_services("service-2")

    assert set(known) <= set(ServiceDescriptions().list_available_services("service-2"))


def test_what_is_not_described_is_refused() -> None:
    with pytest.raises(UnknownServiceError):
        ServiceDescriptions().load_service_model("no-such-service", "service-2")
    with pytest.raises(DataNotFoundError):
        ServiceDescriptions().load_service_model("s3", "no-such-kind")
