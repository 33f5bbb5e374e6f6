"""Claims, counterexamples, the catalogue of theorems: searching for instances on which a statement fails."""
