"""Cells: hyperplane arrangements, their open cells with exact witnesses, facets, generators and independent counts."""
