"""Hyperplane arrangements without a network: sign vectors, cells with witnesses, walls, facets, counts."""
