import { parameterOf } from '../../lib/adapters/estate/switches.ts';
import { memoryEstate, memoryEstateReader } from '../../lib/adapters/memory/estate.ts';
import { describeEstateReader, type EstatePlace } from './estate-reader.ts';

describeEstateReader('the estate in memory', anEstateInMemory);

const at = { cluster: 'main', namespace: 'shop' };

async function anEstateInMemory(): Promise<EstatePlace> {
  const owner = { kind: 'argocd', application: 'churn' } as const;
  const estate = memoryEstate({
    workloads: [{ ...at, kind: 'rollout', name: 'churn', labels: [], ports: [8080], owner }],
    releases: [{ ...at, name: 'model-svc', status: 'deployed' }],
    applications: [
      {
        cluster: 'main',
        namespace: 'argocd',
        name: 'churn',
        source: { repository: 'https://git.example.com/deploy.git', revision: 'main', path: 'churn' },
        auto: true,
        selfHeal: true,
      },
    ],
  });
  return {
    reader: memoryEstateReader(estate),
    word: 'desk',
    putAlarm: async (alarm) => {
      const arn = `arn:aws:cloudwatch:eu-west-1:111122223333:alarm:${alarm.name}`;
      estate.alarms.push({ ...alarm, kind: 'metric', arn, inAlarm: false });
    },
    putParameter: async (name, value, type) => void estate.parameters.push(parameterOf(name, type, value)),
    registerModel: async (name, alias) => void estate.models.push({ name, aliases: { [alias]: '1' } }),
    rollout: { ...at, name: 'churn' },
    owner,
    release: 'model-svc',
    application: { name: 'churn', path: 'churn' },
  };
}
