import { describe, expect, it } from '@jest/globals';
import type { FoundApplication } from '../../../lib/core/estate.ts';
import { aFlagFound, anAlarm, aWorkload, commentsOf, ENVIRONMENT, proposed } from './an-estate.ts';

const nothing = { parameters: [] };
const release = { cluster: 'main', namespace: 'shop', name: 'churn', status: 'deployed' };
const helm = { kind: 'helm', release: 'churn', namespace: 'shop' } as const;
const argocd = { kind: 'argocd', application: 'churn' } as const;
const application = (over: Partial<FoundApplication> = {}): FoundApplication => ({
  cluster: 'main',
  namespace: 'argocd',
  name: 'churn',
  source: { repository: 'https://git.example.com/shop/deploy.git', revision: 'main', path: 'churn' },
  auto: true,
  selfHeal: true,
  ...over,
});
const kindsOf = ({ service }: ReturnType<typeof proposed>) => service.levers.map(({ kind }) => kind);

describe('the ladder that is proposed', () => {
  it('climbs from flags to aliases to traffic to what owns the spec, and lets no alarm pull anything yet', () => {
    const { service, problems } = proposed({
      models: [{ name: 'churn', aliases: { champion: '7' } }],
      workloads: [aWorkload({ owner: helm, release: 'churn' })],
      releases: [release, { ...release, name: 'churn-transform' }],
    });

    expect(problems).toEqual([]);
    expect(service.policy.do.map((rung) => rung.map(({ lever, verb }) => `${lever} ${verb}`))).toEqual([
      ['new-features off'],
      ['champion back'],
      ['canary back'],
      ['churn-release back', 'churn-transform-release back'],
    ]);
    expect(service.runbook.preApproved).toEqual([]);
  });

  it('says where it is slower than its goal', () => {
    const slow = proposed({ alarms: [anAlarm({ periodSeconds: 300 })] });

    expect(commentsOf(slow.text)).toMatch(
      /question: by its last rung it takes [\d.]+ min, past the goal of 5 min/,
    );
  });
});

describe('a parameter becomes a flag', () => {
  it('where it holds a switch; whether it is one of this service, a person says', () => {
    const { service, text } = proposed({});

    expect(service.levers).toMatchObject([
      { kind: 'flag', parameter: '/shop/churn/new-features', safe: 'false' },
    ]);
    expect(commentsOf(text)).toContain(
      'question: is it a feature flag of this service, and "false" its safe value?',
    );
  });

  it('F55: never where it is a secret, whose name is not told either', () => {
    const { text } = proposed({ parameters: [{ kind: 'secret', name: '/shop/churn/db-password' }] });

    expect(text).not.toContain('db-password');
    expect(commentsOf(text)).toContain('left out: parameters that are secrets, by type or by name: 1');
  });

  it('not where it holds a text: that is asked', () => {
    const { text } = proposed({ parameters: [{ kind: 'text', name: '/shop/churn/rules' }] });

    expect(commentsOf(text)).toContain('question: is parameter "/shop/churn/rules" a flag');
  });

  it.each(['/aws/churn/x', '/reinstate/prod/churn/mode'])('not where its name is kept: %s', (name) => {
    const { service, text } = proposed({ parameters: [{ ...aFlagFound, name }] });

    expect(service.levers.map((lever) => lever.name)).toEqual(['example-flag']);
    expect(text).not.toContain(name);
  });
});

describe('a registered model becomes an alias', () => {
  const models = [{ name: 'churn', aliases: { challenger: '8', champion: '7', rolled_back: '6' } }];

  it('the one that people serve from, with the others as a question', () => {
    const { service, text } = proposed({ ...nothing, models });

    expect(service.levers).toMatchObject([{ kind: 'alias', model: 'churn', alias: 'champion' }]);
    expect(commentsOf(text)).toContain('does serving load this alias, or "challenger"?');
    expect(text).not.toContain('rolled_back');
  });

  it('read at the pods of the service, else at an address that nobody has, else where the person says', () => {
    const pods = proposed({ models, workloads: [aWorkload({ ports: [9000] })] });
    const nowhere = proposed({ models });
    const said = proposed({ models }, { wanted: { served: 'https://churn.example.com/v model.version' } });
    const servedBy = ({ service }: ReturnType<typeof proposed>) =>
      service.levers.find(({ kind }) => kind === 'alias')?.served;

    expect(servedBy(pods)).toMatchObject({ port: 9000, pods: { kind: 'rollout', name: 'churn' } });
    expect(servedBy(nowhere)).toMatchObject({ url: 'https://churn.invalid/version' });
    expect(servedBy(said)).toEqual({ url: 'https://churn.example.com/v', path: 'model.version' });
  });

  it('is a question where it has none', () => {
    const { text } = proposed({ models: [{ name: 'churn', aliases: {} }] });

    expect(commentsOf(text)).toContain('which alias of model "churn" does serving load?');
  });
});

describe('F43: who owns the spec decides which lever is proposed', () => {
  it('nobody: the Rollout itself', () => {
    const found = proposed({ ...nothing, workloads: [aWorkload()] });

    expect(kindsOf(found)).toEqual(['rollout']);
    expect(commentsOf(found.text)).toContain('owner: nobody but those who apply it');
  });

  it('Helm: the Rollout for traffic, and its release for the spec', () => {
    const workloads = [aWorkload({ owner: helm, release: 'churn' })];
    const found = proposed({ ...nothing, workloads, releases: [release] });

    expect(kindsOf(found)).toEqual(['rollout', 'helm']);
    expect(commentsOf(found.text)).toContain(
      'owner: Helm release "churn" in "shop"; lever "release" settles it',
    );
  });

  it('Helm, whose Secrets may not be read: the release that the marks of the Rollout name', () => {
    const found = proposed({ ...nothing, workloads: [aWorkload({ owner: helm, release: 'churn' })] });

    expect(kindsOf(found)).toEqual(['rollout', 'helm']);
    expect(commentsOf(found.text)).toContain('question: its newest revision is "unknown"');
  });

  it('Helm, of a Deployment: its release alone, for a Deployment is nothing but its template', () => {
    const workloads = [aWorkload({ kind: 'deployment', owner: helm, release: 'churn' })];

    expect(kindsOf(proposed({ ...nothing, workloads, releases: [release] }))).toEqual(['helm']);
  });

  it('Argo CD: the branch that its Application follows', () => {
    const workloads = [aWorkload({ owner: argocd })];
    const found = proposed({ ...nothing, workloads, applications: [application()] });

    expect(kindsOf(found)).toEqual(['rollout', 'git']);
    expect(found.service.levers[1]).toMatchObject({
      repository: 'https://git.example.com/shop/deploy.git',
      branch: 'main',
      paths: ['churn'],
      application: { cluster: 'main', namespace: 'argocd', name: 'churn' },
    });
    expect(commentsOf(found.text)).toContain('auto-sync on, selfHeal on');
  });

  it('Argo CD without a branch that can be a lever: nothing sticks, and it is left out with the reason', () => {
    const workloads = [aWorkload({ owner: argocd })];
    const why = 'it has several sources (spec.sources)';
    const found = proposed({ ...nothing, workloads, applications: [application({ why })] });

    expect(found.service.levers.map(({ name }) => name)).toEqual(['example-flag']);
    expect(commentsOf(found.text)).toContain(why);
    expect(commentsOf(found.text)).toContain('no git lever of the service names that application');
  });

  it('Flux: no lever, and what to do by hand', () => {
    const owner = { kind: 'flux', resource: 'Kustomization shop/churn' } as const;
    const workloads = [aWorkload({ owner, release: 'churn' })];
    const found = proposed({ ...nothing, workloads, releases: [release] });

    expect(found.service.levers.map(({ name }) => name)).toEqual(['example-flag']);
    expect(commentsOf(found.text)).toContain('Flux Kustomization shop/churn owns its spec');
  });
});

describe('the branch of an Application', () => {
  const sourced = (repository: string, revision = 'main', path = 'churn') =>
    proposed({ ...nothing, applications: [application({ source: { repository, revision, path } })] });

  it.each(['git@github.com:shop/deploy.git', 'ssh://git@github.com:22/shop/deploy.git'])(
    'by SSH (%s) is asked for by https',
    (repository) => {
      const { service, text, problems } = sourced(repository);

      expect(service.levers[0]).toMatchObject({
        repository: 'https://github.com/shop/deploy.git',
        host: 'github',
      });
      expect(commentsOf(text)).toContain('can the Application follow it by https, too?');
      expect(problems).toEqual([]);
    },
  );

  it.each(['', 'HEAD'])('that is the default one ("%s") is asked for by its name', (revision) => {
    const { service, text } = sourced('https://git.example.com/deploy.git', revision, '.');

    expect(service.levers[0]).toMatchObject({ branch: 'main', paths: ['.'] });
    expect(commentsOf(text)).toContain('is "main" the default branch?');
  });

  it.each([
    ['a commit', 'https://git.example.com/deploy.git', '0123456789012345678901234567890123456789'],
    ['a folder of one machine', 'file:///srv/deploy.git', 'main'],
    ['plain http', 'http://git.example.com/deploy.git', 'main'],
  ])('that is %s is left out, and why is said', (_, repository, revision) => {
    const { service, text, problems } = sourced(repository, revision);

    expect([service.levers.map(({ name }) => name), problems]).toEqual([['example-flag'], []]);
    expect(commentsOf(text)).toMatch(/left out: .*(Argo CD application|lever "commit")/);
  });
});

describe('F56: what another service has is left out', () => {
  it('with the place where it stands', () => {
    const first = proposed({}).text;
    const { service, text, problems } = proposed(
      { alarms: [], parameters: [aFlagFound, { ...aFlagFound, name: '/shop/churn/second' }] },
      { services: { other: first } },
    );

    expect(problems).toEqual([]);
    expect(service.levers).toMatchObject([{ parameter: '/shop/churn/second' }]);
    expect(commentsOf(text)).toMatch(
      /left out: lever "new-features": parameter .* is also that of .*other\.yaml:\d+/,
    );
  });

  it('not what the service’s own file has: it would be replaced', () => {
    const own = proposed({}).text;
    expect(proposed({}, { services: { churn: own } }).text).toBe(own);
  });
});

describe('whom to call', () => {
  it('is those whom the environment calls; where it calls nobody, an example and a question', () => {
    const nobody = ENVIRONMENT.replace(/paged: .*\n/, '');
    const found = proposed({}, { environment: nobody });

    expect(proposed({}).service.runbook.call).toEqual([]);
    expect(found.service.runbook.call).toEqual([{ kind: 'email', to: 'oncall@example.com' }]);
    expect(commentsOf(found.text)).toContain('question: whom to call? The environment names nobody');
    expect(found.problems).toEqual([]);
  });
});
