import importlib
import pkgutil
import sys

import pytest
import rasa

from bot import launch, shim


def test_every_module_of_rasa_can_be_imported() -> None:
    broken = []
    modules = [m.name for m in pkgutil.walk_packages(rasa.__path__, "rasa.")]
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as error:
            broken.append(f"{name}: {error!r}")
    assert not broken
    assert len(modules) > 280


def test_rasa_is_the_version_the_patches_were_written_for() -> None:
    assert rasa.version.__version__ == launch.RASA_VERSION == "3.6.21"


@pytest.mark.parametrize("root", sorted(shim.INERT))
def test_nothing_we_stand_in_for_is_installed(root: str) -> None:
    module = importlib.import_module(root)
    assert isinstance(module, shim._InertModule)


def test_using_tensorflow_raises_and_names_it() -> None:
    import tensorflow as tf

    with pytest.raises(shim.NotInstalled, match=r"tensorflow\.constant is not installed"):
        tf.constant([1.0])
    with pytest.raises(shim.NotInstalled, match="Remove that component from"):
        tf.keras.layers.Dense(3)


def test_a_class_built_on_an_inert_base_cannot_be_instantiated() -> None:
    from rasa.utils.tensorflow.models import RasaModel

    with pytest.raises(shim.NotInstalled):
        RasaModel()


def test_inert_errors_can_stand_in_an_except_clause() -> None:
    import pymongo.errors

    try:
        raise ConnectionError("x")
    except (pymongo.errors.ConnectionFailure, ConnectionError) as error:
        assert str(error) == "x"


def test_other_missing_packages_still_fail() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_package_at_all")


def test_installing_twice_adds_one_finder() -> None:
    before = len(sys.meta_path)
    shim.install()
    assert len(sys.meta_path) == before
