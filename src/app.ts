import type { Accounts } from './accounts/accounts.ts';
import type { Applications } from './applications/applications.ts';
import type { Jobs } from './jobs/store.ts';
import type { Organizations } from './organizations/store.ts';
import type { Clock } from './platform/clock.ts';
import type { Students } from './students/students.ts';

/** What pages and the command line reach of the running program. */
export interface App {
  clock: Clock;
  publicUrl: string;
  accounts: Accounts;
  students: Students;
  applications: Applications;
  jobs: Jobs;
  organizations: Organizations;
}
