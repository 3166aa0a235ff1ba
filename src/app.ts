import type { Jobs } from './jobs/store.ts';
import type { Organizations } from './organizations/store.ts';
import type { Clock } from './platform/clock.ts';

/** What pages and the command line reach of the running program. */
export interface App {
  clock: Clock;
  publicUrl: string;
  jobs: Jobs;
  organizations: Organizations;
}
