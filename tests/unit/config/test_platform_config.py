import pytest

from mlops_platform import MLOpsConfig
from mlops_platform.errors import ConfigurationError


def test_a_threshold_that_nobody_set_is_left_to_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AUTO_PROMOTE_THRESHOLD", raising=False)

    assert MLOpsConfig().auto_promote_threshold is None


def test_a_threshold_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTO_PROMOTE_THRESHOLD", "0.97")

    assert MLOpsConfig().auto_promote_threshold == 0.97


@pytest.mark.parametrize("text", ["95", "-1", "nan", "high"])
def test_a_threshold_that_is_no_share_is_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("AUTO_PROMOTE_THRESHOLD", text)

    with pytest.raises(ConfigurationError, match="AUTO_PROMOTE_THRESHOLD"):
        MLOpsConfig()
