import { S3Client } from '@aws-sdk/client-s3';
import { s3Options } from '../lib/adapters/clients.ts';
import { emfMeter } from '../lib/adapters/emf-meter.ts';
import { marker } from '../lib/adapters/levers/mark.ts';
import { s3Reports } from '../lib/adapters/reports/s3.ts';
import { boundedSignals } from '../lib/adapters/signals/bounded.ts';
import { clock, ledgerIn, mlflowDeps, pagesTo, place, settingsOf, signals } from './_ports.ts';

/** What whoever closes an incident needs: close-incident, and the sweeper in its stead. */
export const closingPorts = (env: Readonly<Record<ClosingVariable, string>>) => {
  const ledger = ledgerIn(env.TABLE_NAME);
  return {
    ledger,
    settings: settingsOf(env.ENVIRONMENT),
    signals: boundedSignals(signals(), clock),
    marker: marker(mlflowDeps()),
    notifier: pagesTo(env, ledger),
    reports: s3Reports({ client: new S3Client(s3Options(place)), bucket: env.REPORTS_BUCKET }),
    meter: emfMeter({ environment: env.ENVIRONMENT }),
    clock,
  };
};

type ClosingVariable = 'ENVIRONMENT' | 'TABLE_NAME' | 'PAGED' | 'PAGES_TOPIC_ARNS' | 'REPORTS_BUCKET';
