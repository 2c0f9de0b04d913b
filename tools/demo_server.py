"""How the demonstration is served; gunicorn reads these names."""

import os

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 2
threads = 4
worker_class = "gthread"
preload_app = True
# One process is controlled by Ctrl-C alone.
control_socket_disable = True
loglevel = "warning"
graceful_timeout = 5


def when_ready(server: object) -> None:
    print(f"\nOpen http://{bind} in a browser. Ctrl-C ends it; what was entered stays.", flush=True)


def on_exit(server: object) -> None:
    print("\nStopped.", flush=True)
