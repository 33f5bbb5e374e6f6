"""The rules about a rational point of a network with a smooth activation: one file each."""
