import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { emfLine } from '../../lib/adapters/emf-meter.ts';
import { FUNCTION_NAMES } from '../../lib/core/function-env.ts';
import { ENDINGS } from '../../lib/core/incident.ts';
import { incidentMeasurements, METRICS, standingMeasurement } from '../../lib/core/metrics.ts';
import type { LeverKind } from '../../lib/core/service.ts';
import { metricsOf } from '../../lib/infra/own-metrics.ts';
import { extract, nameOf } from '../adapters/emf.ts';
import { aReport } from '../report/fixtures.ts';
import { anEnvironment, aService, resources, templateOf } from './helpers/deployment.ts';

type Cell = string | { readonly label?: string; readonly stat?: string };
interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: readonly (readonly Cell[])[];
    readonly alarms?: readonly string[];
    readonly annotations?: { readonly horizontal: readonly { value: number; label: string }[] };
  };
}

/** Parts that only the deploy knows are `<logical id>`. */
function widgetsOf(template: Template): Widget[] {
  const [page, ...more] = Object.values(resources(template, 'AWS::CloudWatch::Dashboard'));
  if (!page || more.length > 0) throw new Error('expected one dashboard');
  const parts: unknown[] = page.Properties.DashboardBody['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : `<${idOf(part as object)}>`));
  return JSON.parse(text.join('')).widgets;
}

function idOf(token: object): string {
  const [value] = Object.values(token) as [string | string[]];
  return typeof value === 'string' ? value : (value[0] ?? '');
}

/** `namespace name dimensions` of every metric that a widget names. */
const namedBy = (widgets: readonly Widget[]): string[] =>
  widgets.flatMap(({ properties }) => (properties.metrics ?? []).map(named));

function named(row: readonly Cell[]): string {
  const [namespace = '', name = '', ...rest] = row.filter((cell) => typeof cell === 'string');
  const pairs = rest.flatMap((key, i) => (i % 2 === 0 ? [[key, rest[i + 1] ?? ''] as const] : []));
  return nameOf(namespace, name, pairs);
}

/** All that code of ours ever writes of `prod`, for these services and kinds of lever. */
function written(services: readonly string[], kinds: readonly LeverKind[]): Set<string> {
  const { incident, receipts } = aReport();
  const incidents = services.flatMap((service) =>
    ENDINGS.flatMap((ending) => {
      const pulled = kinds.flatMap((lever) => receipts.slice(0, 1).map((r) => ({ ...r, lever })));
      const report = aReport({ ending, receipts: pulled, incident: { ...incident, service } });
      return incidentMeasurements(report, 0);
    }),
  );
  const all = [...incidents, standingMeasurement(0, { incidents: 0, holds: 0 })];
  return new Set(all.flatMap((m) => extract(emfLine('prod', m)).map(([name]) => name)));
}

describe('the dashboard of an environment', () => {
  let template: Template;
  let widgets: Widget[];
  beforeAll(() => {
    template = templateOf({ services: [aService(), aService({ name: 'ranker' })] });
    widgets = widgetsOf(template);
  });

  it('is named after it', () => {
    template.hasResourceProperties('AWS::CloudWatch::Dashboard', { DashboardName: 'reinstate-prod' });
  });

  it('shows metrics that our code writes, by exactly the dimensions it writes', () => {
    const ours = namedBy(widgets).filter((name) => name.startsWith('Reinstate '));

    expect(ours.filter((name) => !written(['recommender', 'ranker'], ['flag', 'alias']).has(name))).toEqual(
      [],
    );
    expect(new Set(ours.map((name) => name.split(' ')[1]))).toEqual(new Set(Object.keys(METRICS)));
  });

  it('shows every ending, every kind of lever, and the time to recover of every service', () => {
    const ours = namedBy(widgets);

    for (const ending of ENDINGS)
      expect(ours).toContain(`Reinstate Incidents Ending=${ending} Environment=prod`);
    for (const lever of ['flag', 'alias']) {
      expect(ours).toContain(`Reinstate LeversApplied Environment=prod Lever=${lever}`);
      expect(ours).toContain(`Reinstate LeversFailed Environment=prod Lever=${lever}`);
    }
    for (const service of ['recommender', 'ranker'])
      expect(ours).toContain(`Reinstate TimeToRecover Environment=prod Service=${service}`);
  });

  it.each(['detect', 'act', 'recover'])(
    'tells the time to %s by its median and its 95th percentile',
    (what) => {
      const widget = widgets.find(({ properties }) => properties.title === `Time to ${what} (seconds)`);

      expect(widget?.properties.metrics?.map((row) => row.at(-1))).toMatchObject([
        { stat: 'p50' },
        { stat: 'p95' },
      ]);
    },
  );

  it('shows of others only what belongs to resources of the same template', () => {
    const ids = new Set(Object.keys(template.toJSON()['Resources']));
    const foreign = namedBy(widgets).filter((name) => !name.startsWith('Reinstate '));

    expect(foreign.length).toBeGreaterThanOrEqual(FUNCTION_NAMES.length + 5);
    for (const name of foreign) expect(ids).toContain(/=<(\w+)>$/.exec(name)?.[1]);
  });

  it('shows every alarm that the template makes, once', () => {
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    const made = Object.keys(resources(template, 'AWS::CloudWatch::Alarm')).map((id) => `<${id}>`);

    expect(shown).toHaveLength(made.length);
    expect(new Set(shown)).toEqual(new Set(made));
  });

  it('draws a line for each goal, the strictest first', () => {
    const slower = aService({ name: 'slow', runbook: { goalSeconds: 600, call: [], preApproved: [] } });
    const lines = widgetsOf(templateOf({ services: [slower, aService()] })).flatMap(
      ({ properties }) => properties.annotations?.horizontal ?? [],
    );

    expect(lines.map(({ label }) => label)).toEqual(['goal 300 s', 'goal 600 s']);
  });

  it('stays within the limits of CloudWatch with as many services as a deployment takes, and says so', () => {
    const latency = { signal: 'latency', is: '>', threshold: 250, datapoints: 3, of: 5 } as const;
    const { policy } = aService();
    const when = Array.from({ length: 6 }, (_, n) => ({ ...latency, threshold: 250 + n }));
    const services = Array.from({ length: 18 }, (_, n) =>
      aService({ name: `s${n}`, policy: { ...policy, when } }),
    );

    const many = widgetsOf(templateOf({ services }));

    for (const { properties } of many) {
      expect(properties.metrics?.length ?? 0).toBeLessThanOrEqual(500);
      expect(properties.alarms?.length ?? 0).toBeLessThanOrEqual(100);
    }
    expect(many.map(({ properties }) => properties.title)).toContain(
      'Alarms made for services: they start incidents (the first 100)',
    );
  });
});

describe('a dashboard that is not wanted', () => {
  it('is left out, and nothing else with it', () => {
    const [withIt, without] = [templateOf(), templateOf({ dashboard: false })];

    const ids = (template: Template) => Object.keys(template.toJSON()['Resources']);
    expect(ids(withIt).filter((id) => !ids(without).includes(id))).toEqual([
      expect.stringMatching(/^ReinstateDashboard/),
    ]);
  });
});

it('a widget cannot name a metric by labels that nothing is written with', () => {
  expect(() => metricsOf(anEnvironment().name)('HoldsOpen', { Lever: 'flag' }, {} as never)).toThrow(
    'Cannot show HoldsOpen by "Lever": it is not written so',
  );
});
