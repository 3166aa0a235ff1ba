import type { Accounts } from './accounts/accounts.ts';
import type { Viewer } from './accounts/viewer.ts';
import type { Applications } from './applications/applications.ts';
import type { EmployerView } from './applications/employerView.ts';
import type { NewerResumes } from './applications/newerResumes.ts';
import type { Sharing } from './applications/sharingChoice.ts';
import type { Suggestions } from './applications/suggestions.ts';
import type { ContactEditing } from './contacts/editing.ts';
import type { WebsiteSharing } from './contacts/websiteSharing.ts';
import type { Integrations } from './integrations/commands.ts';
import type { Dashboard } from './integrations/dashboard.ts';
import type { Decisions } from './integrations/decisions.ts';
import type { Desk } from './integrations/desk.ts';
import type { Previews } from './integrations/previews.ts';
import type { Records } from './integrations/records.ts';
import type { Stages } from './integrations/stages.ts';
import type { JobEditing } from './jobs/jobEditing.ts';
import type { Jobs } from './jobs/store.ts';
import type { OrganizationEditing } from './organizations/editing.ts';
import type { Employers } from './organizations/employers.ts';
import type { Organizations } from './organizations/store.ts';
import type { Clock } from './platform/clock.ts';
import type { ProfileParts } from './students/profileParts.ts';
import type { Students } from './students/students.ts';

/** What pages and the command line reach of the running program. */
export interface App {
  clock: Clock;
  publicUrl: string;
  /** Null outside the sandbox. */
  sandbox: SandboxSigns | null;
  accounts: Accounts;
  students: Students;
  profileParts: ProfileParts;
  applications: Applications;
  newerResumes: NewerResumes;
  suggestions: Suggestions;
  sharing: Sharing;
  websiteSharing: WebsiteSharing;
  contactEditing: ContactEditing;
  employerView: EmployerView;
  jobs: Jobs;
  jobEditing: JobEditing;
  organizations: Organizations;
  organizationEditing: OrganizationEditing;
  employers: Employers;
  integrations: Integrations;
  dashboard: Dashboard;
  decisions: Decisions;
  records: Records;
  previews: Previews;
  stages: Stages;
  /** What this person may see and do of connections and jobs; a 403 for whoever may do nothing. */
  deskOf(viewer: Viewer | null): Promise<Desk>;
}

/** What a visitor of the sandbox needs to look around. */
export interface SandboxSigns {
  /** The page where a person acts as the recruiter. */
  inspectorUrl: string;
  /** The same for the website’s visitor and its editor; null where none is simulated. */
  websiteUrl: string | null;
  signIns: readonly { role: string; name: string; email: string; password: string }[];
}
