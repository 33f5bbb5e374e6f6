"""Lower bounds of the risk at all parameters, for several outputs and several hidden layers: trees of regions, dual vectors."""
