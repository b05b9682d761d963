"""Trust lists on disk: the folder certs/, the state folder, files named on the command line."""
