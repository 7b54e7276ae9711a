import type { ReportStore } from '../../ports/report-store.ts';
import type { MemoryWorld } from './world.ts';

export const memoryReports = (world: MemoryWorld): ReportStore => ({
  put: (name, body, contentType) =>
    world.trouble.during('s3.PutObject', () => {
      world.reports.set(name, { body, contentType });
      return `memory://reports/${name}`;
    }),
});
