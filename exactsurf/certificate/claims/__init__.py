"""One file a claim: what a certificate says, as a frozen value, and its document."""
