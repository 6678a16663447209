"""What `run.py` needs to install, start and watch the portal. Standard library only; it knows no domain."""
