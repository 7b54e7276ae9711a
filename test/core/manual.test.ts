import { describe, expect, it } from '@jest/globals';
import { manualCommand } from '../../lib/core/manual.ts';
import { aDeployment, aFlag, anAlias, anArmedService } from '../builders.ts';

const armed = anArmedService;

describe('manualCommand', () => {
  it('puts a flag', () => {
    expect(manualCommand(armed(), aFlag(), 'false')).toBe(
      "aws ssm put-parameter --name '/shop/recommender/new-features' --type String --value 'false' --overwrite",
    );
  });

  it('moves an alias, the version as a text, and makes serving reload', () => {
    expect(manualCommand(armed(), anAlias(), '3')).toBe(
      `curl -X POST 'http://127.0.0.1:5000/api/2.0/mlflow/registered-models/alias' -H 'Content-Type: application/json' -d '{"name":"recommender","alias":"champion","version":"3"}' && curl -X POST 'http://127.0.0.1:8080/reload'`,
    );
  });

  it.each([
    ['deployment', "kubectl -n 'ml' rollout restart 'deployment/model-svc'"],
    ['rollout', "kubectl argo rollouts -n 'ml' restart 'model-svc'"],
  ] as const)(
    'restarts the pods of a %s that load the alias, a Rollout by its own field',
    (kind, command) => {
      const reload = { kind, cluster: 'shop', namespace: 'ml', name: 'model-svc' };

      expect(manualCommand(armed(), anAlias({ reload }), '3').split(' && ')[1]).toBe(command);
    },
  );

  it('takes an alias away', () => {
    const { reload: _, ...lever } = anAlias({ alias: 'previous_champion' });

    expect(manualCommand(armed(), lever, null)).toMatch(/^curl -X DELETE .+"alias":"previous_champion"}'$/);
  });

  it('leaves out what is not known: no server, no value', () => {
    const { mlflow: _, ...serverless } = armed();

    expect(manualCommand(serverless, anAlias(), '3')).toMatch(/^curl -X POST '\/api\/2.0\/mlflow/);
    expect(manualCommand(armed(), aFlag(), null)).toMatch(/ --type String --value '' --overwrite$/);
  });

  it('signs in to MLflow under the names of its own client, where it wants a sign-in', () => {
    const mlflow = { url: 'https://mlflow.example.com', secret: 'arn:aws:secretsmanager:x:y:secret:z' };
    const signIn = 'curl -u "$MLFLOW_TRACKING_USERNAME:$MLFLOW_TRACKING_PASSWORD" -X POST ';

    expect(manualCommand({ ...armed(), mlflow }, anAlias(), '3').startsWith(signIn)).toBe(true);
  });

  it('names the revision of the very ReplicaSet of a Deployment: the one before may be bad too', () => {
    expect(manualCommand(armed(), aDeployment(), '6d8f7c9b5')).toBe(
      "kubectl -n 'ml' get rs -l pod-template-hash='6d8f7c9b5' -o jsonpath='{.items[0].metadata.annotations.deployment\\.kubernetes\\.io/revision}' | xargs -I{} kubectl -n 'ml' rollout undo 'deployment/model-svc' --to-revision={}",
    );
  });

  it('F38: quotes for a shell whatever a value holds', () => {
    const command = manualCommand(armed(), aFlag({ parameter: "/a'; rm -rf /; '" }), "$(reboot)'");

    expect(command).toBe(
      `aws ssm put-parameter --name '/a'\\''; rm -rf /; '\\''' --type String --value '$(reboot)'\\''' --overwrite`,
    );
  });
});
