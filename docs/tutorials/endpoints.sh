# Where the local environment is: source it, `. docs/tutorials/endpoints.sh`.
at() { node -p "JSON.parse(require('fs').readFileSync('.reinstate/local/endpoints.json', 'utf8')).$1"; }
export MLFLOW_TRACKING_URI="$(at mlflow)"
export MODEL_URL="$(at model)"
export MLFLOW_DISABLE_TELEMETRY=true GIT_PYTHON_REFRESH=quiet
export PATH="$PWD/.reinstate/cache/python/mlflow/bin:$PATH"
