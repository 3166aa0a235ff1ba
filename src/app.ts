import type { Integrations } from './integrations/commands.ts';
import type { Dashboard } from './integrations/dashboard.ts';
import type { Jobs } from './jobs/store.ts';
import type { Organizations } from './organizations/store.ts';
import type { Clock } from './platform/clock.ts';

/** What pages and the command line reach of the running program. */
export interface App {
  clock: Clock;
  publicUrl: string;
  jobs: Jobs;
  organizations: Organizations;
  integrations: Integrations;
  dashboard: Dashboard;
}
