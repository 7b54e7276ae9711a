# A branch with a good commit and a bad one, and a clone of it in "$work": source it.
scratch="$(mktemp -d)"
work="$scratch/work"
git init --quiet --bare --initial-branch=main "$scratch/deploy.git"
git clone --quiet "$scratch/deploy.git" "$work" 2>/dev/null
git -C "$work" config user.name ada
git -C "$work" config user.email ada@example.com
git -C "$work" checkout --quiet -B main
release() {
  mkdir -p "$work/churn" && echo "image: localhost/model-svc:$1" >"$work/churn/manifests.yaml"
  git -C "$work" add churn && git -C "$work" commit --quiet -m "churn: $1" && git -C "$work" push --quiet origin main
}
release v4
good="$(git -C "$work" rev-parse HEAD)"
release v5
