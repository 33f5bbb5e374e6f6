"""Points where the loss is an expression: exact derivatives, squared losses in their place, and the decision."""
