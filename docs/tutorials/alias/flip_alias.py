"""Sets `champion` of a model back to the version that `previous_champion` names. Needs MLFLOW_TRACKING_URI."""

import sys

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

MODEL = "recommender"


def refuse(why):
    sys.exit(f'Cannot flip "champion" of {MODEL}: {why}')


def version_of(client, alias):
    try:
        return client.get_model_version_by_alias(MODEL, alias)
    except MlflowException as error:
        if error.error_code not in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST"):
            raise
        refuse(f"{alias} names no version")


def main():
    client = MlflowClient()
    champion = version_of(client, "champion")
    previous = version_of(client, "previous_champion")
    if previous.version == champion.version:
        refuse(f"previous_champion is version {previous.version} as well")
    if previous.status != "READY":
        refuse(f"version {previous.version} is {previous.status}")
    if previous.tags.get("reinstate.state") in ("suspected", "quarantined"):
        refuse(f"version {previous.version} is {previous.tags['reinstate.state']}")

    client.set_registered_model_alias(MODEL, "champion", previous.version)
    client.set_registered_model_alias(MODEL, "rolled_back", champion.version)
    client.delete_registered_model_alias(MODEL, "previous_champion")

    now = version_of(client, "champion").version
    if now != previous.version:
        refuse(f"somebody else moved it to version {now} meanwhile")
    print(f"champion: version {champion.version} -> {now}, rolled_back: version {champion.version}")


if __name__ == "__main__":
    main()
