"""The whole loss surface of a network with one hidden layer and one output: signed cells, merge tree, valleys, local minima."""
