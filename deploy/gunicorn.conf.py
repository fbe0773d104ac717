"""The web process, for ./run and for production. Every value can be set from the environment."""

import os
from pathlib import Path

bind = os.environ.get("YIWANG_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("YIWANG_WEB_WORKERS", "2"))
threads = int(os.environ.get("YIWANG_WEB_THREADS", "4"))
worker_class = "gthread"
timeout = 60  # seconds without a sign of life
graceful_timeout = 10  # seconds for requests in progress when it is asked to stop
keepalive = 5
max_requests = 20_000  # a worker that leaked is replaced before it matters
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # heartbeats, never on a disk
control_socket_disable = True
accesslog = os.environ.get("YIWANG_ACCESS_LOG", "-") or None
errorlog = "-"
