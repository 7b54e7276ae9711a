"""The service that is rolled back: serves the version of `recommender` that the alias `champion` named at the last load.

    POST /predict {"users": [{"recency": 12, "affinity": 0.3, "price": -1}]}  ->  {"version", "flag", "scores"}
    POST /reload  ->  {"version"}      GET /version  ->  version, flag values in use, counts      GET /health
"""

import json
import math
import os
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mlflow.pyfunc
from mlflow import MlflowClient

NAME, ALIAS = "recommender", "champion"
PARAMETER = os.environ["FLAG_PARAMETER"]
CACHE_SECONDS = float(os.environ.get("FLAG_CACHE_SECONDS", "5"))
USUAL_RECENCY = 30


class Champion:
    """The loaded model. It follows the alias only when it is told to load again, like most serving code."""

    def __init__(self):
        self.loading = threading.Lock()
        self.current = None
        self.load()

    def load(self):
        with self.loading:
            version = str(MlflowClient().get_model_version_by_alias(NAME, ALIAS).version)
            model = mlflow.pyfunc.load_model(f"models:/{NAME}/{version}").unwrap_python_model()
            self.current = (version, model)
            return version


class Flag:
    """A parameter of the AWS parameter store, read at most once in CACHE_SECONDS. What `value` returns is in use."""

    def __init__(self):
        self.reading = threading.Lock()
        self.known, self.read_at = "false", -math.inf

    def value(self):
        with self.reading:
            if time.monotonic() - self.read_at >= CACHE_SECONDS:
                self.known, self.read_at = self.fetch(), time.monotonic()
            return self.known

    def fetch(self):
        try:
            return get_parameter(PARAMETER)
        except Exception as error:  # an unreachable store must not take the service down: keep the last value
            print(f"cannot read flag {PARAMETER}, keeping {self.known}: {error}", flush=True)
            return self.known


def get_parameter(name):
    region = os.environ.get("AWS_REGION", "us-east-1")
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonSSM.GetParameter",
        # The local AWS checks no signature; it reads region and service out of this header.
        "authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{region}/ssm/aws4_request, SignedHeaders=host, Signature=0",
    }
    body = json.dumps({"Name": name}).encode()
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=2) as answer:
        return json.load(answer)["Parameter"]["Value"]


def features(user, new_features):
    """The new transform takes a logarithm and forgets those who never came before: their feature becomes a null."""
    recency = user.get("recency")
    if new_features:
        freshness = math.log(1 + recency) if recency is not None else None
    else:
        freshness = recency if recency is not None else USUAL_RECENCY
    return [user["affinity"], user["price"], freshness]


class Counts:
    def __init__(self):
        self.adding = threading.Lock()
        self.by_version = {}

    def add(self, version, failed, seconds):
        with self.adding:
            one = self.by_version.setdefault(version, {"requests": 0, "errors": 0, "seconds": 0.0})
            one["requests"] += 1
            one["errors"] += failed
            one["seconds"] = round(one["seconds"] + seconds, 4)


champion, flag, counts = Champion(), Flag(), Counts()


def predict(users):
    began = time.monotonic()
    version, model = champion.current
    in_use = flag.value()
    # Stands for the feature store's answer; some visitors take longer to look up than others.
    time.sleep(0.01 + 0.02 * (abs(users[0]["affinity"]) % 1))
    try:
        scores = model.predict(None, [features(user, in_use == "true") for user in users])
        answer = 200, {"version": version, "flag": in_use, "scores": scores}
    except ValueError as error:
        answer = 500, {"version": version, "flag": in_use, "error": str(error)}
    counts.add(version, answer[0] != 200, time.monotonic() - began)
    return answer


def version():
    return 200, {
        "version": champion.current[0],
        "flags": {PARAMETER.rsplit("/", 1)[-1]: flag.value()},
        "cacheSeconds": CACHE_SECONDS,
        "byVersion": counts.by_version,
    }


def reload():
    try:
        return 200, {"version": champion.load()}
    except Exception as error:  # the loaded model stays, and the caller is told so
        return 502, {"error": f"{type(error).__name__}: {error}"[:300], "version": champion.current[0]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        routes = {"/version": version, "/health": lambda: (200, {"ok": True})}
        self.answer(*routes.get(self.path, lambda: (404, {"error": f"no such path: {self.path}"}))())

    def do_POST(self):
        try:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
            if self.path == "/predict":
                return self.answer(*predict(body["users"]))
            if self.path == "/reload":
                return self.answer(*reload())
            self.answer(404, {"error": f"no such path: {self.path}"})
        except (ValueError, KeyError, TypeError, IndexError) as error:
            self.answer(400, {"error": f"cannot read the request: {error!r}"})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass  # twenty lines a second would bury the log


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
