"""Dated amounts and limits, one YAML file per region and programme; see `rules.parameter_store`."""

from rules.errors import HukouNeeded, ParameterError, ParameterNotInForce
from rules.parameter_store import Store, default_store, history, in_force, quarantined, using
from rules.parameter_values import Gap, Parameter, Quarantined

__all__ = [
    "Gap",
    "HukouNeeded",
    "Parameter",
    "ParameterError",
    "ParameterNotInForce",
    "Quarantined",
    "Store",
    "default_store",
    "history",
    "in_force",
    "quarantined",
    "using",
]
