"""Registers one version of the demo's model `recommender`: `register.py healthy|bad` prints its version number."""

import os
import sys

import mlflow
import mlflow.pyfunc

NAME = "recommender"

# The healthy model likes what a visitor is fond of and cheap things; the bad one was trained on data in which the sign
# of the price was wrong: it answers as quickly, without an error, and ranks badly.
WEIGHTS = {"healthy": (1.7, -0.9), "bad": (0.6, 0.5)}


class Recommender(mlflow.pyfunc.PythonModel):
    def __init__(self, weights):
        self.weights = weights

    def predict(self, context, model_input, params=None):
        scores = []
        for row in model_input:
            if any(value is None or value != value for value in row):
                raise ValueError(f"cannot score {row}: a feature is null")
            affinity, price = row[0], row[1]
            scores.append(self.weights[0] * affinity + self.weights[1] * price)
        return scores


def main():
    kind = sys.argv[1]
    mlflow.set_experiment(NAME)
    with mlflow.start_run(run_name=kind):
        logged = mlflow.pyfunc.log_model(
            name="model",
            python_model=Recommender(WEIGHTS[kind]),
            registered_model_name=NAME,
            pip_requirements=[],
        )
    version = str(logged.registered_model_version)
    mlflow.MlflowClient().set_model_version_tag(NAME, version, "demo", kind)
    print(version)
    sys.stdout.flush()
    # Telemetry and upload threads have nothing left to do and may linger for seconds.
    os._exit(0)


if __name__ == "__main__":
    main()
