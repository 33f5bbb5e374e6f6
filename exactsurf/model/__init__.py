"""What a training risk is made of: activation, loss, data, network, parameters, problem."""
