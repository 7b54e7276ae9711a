"""Makes the newest version of a model its champion: candidate -> champion, champion -> previous_champion.

Refuses a version that an incident has marked. Needs MLFLOW_TRACKING_URI.
"""

import sys

from mlflow import MlflowClient

MODEL = "recommender"


def main():
    client = MlflowClient()
    newest = max(client.search_model_versions(f"name='{MODEL}'"), key=lambda found: int(found.version))
    client.set_registered_model_alias(MODEL, "candidate", newest.version)
    candidate = client.get_model_version_by_alias(MODEL, "candidate")
    champion = client.get_model_version_by_alias(MODEL, "champion")

    state = candidate.tags.get("reinstate.state", "not marked")
    if candidate.status != "READY" or state in ("suspected", "quarantined"):
        sys.exit(f"Cannot promote version {candidate.version} of {MODEL}: it is {candidate.status} and {state}")
    if candidate.version == champion.version:
        sys.exit(f"Cannot promote version {candidate.version} of {MODEL}: it is the champion already")

    # In this order: whoever looks in between finds a previous champion that is the champion still.
    client.set_registered_model_alias(MODEL, "previous_champion", champion.version)
    client.set_registered_model_alias(MODEL, "champion", candidate.version)
    client.delete_registered_model_alias(MODEL, "candidate")
    print(
        f"champion: version {champion.version} -> {candidate.version}, "
        f"previous_champion: version {champion.version}"
    )


if __name__ == "__main__":
    main()
