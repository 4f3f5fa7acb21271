"""The world: what fulfils the ports, one file for each."""
