"""Pictures of every screen in every state: `python -m tests.shots`, or `./run.sh shots`."""
