"""The claims of certificates, one module each; `table` has them by the kinds that certificates state."""
