import type { Viewer } from '#src/accounts/viewer.ts';
import type { EditedJob, JobEditing } from '#src/jobs/jobEditing.ts';
import { isJobWithin } from '#src/jobs/jobReach.ts';
import { type OwnReach, reachOf } from '#src/organizations/reach.ts';
import type { Db } from '#src/platform/database.ts';
import type { Integrations } from './commands.ts';
import type { Dashboard } from './dashboard.ts';
import type { Decisions } from './decisions.ts';
import { ownIntegrations, refuse, touching } from './ownIntegrations.ts';
import type { Previews } from './previews.ts';
import type { Records } from './records.ts';

/**
 * What one person has on the table: staff all of it, an employer's person their own. The pages that
 * both share ask here and nowhere else, so a page that forgets to ask who is looking shows nothing.
 */
export interface Desk {
  /** Null for staff, who reach everything. */
  own: OwnReach | null;
  dashboard: Dashboard;
  integrations: Integrations;
  decisions: Decisions;
  records: Records;
  previews: Previews;
  jobEditing: Pick<JobEditing, 'byId' | 'edit' | 'choices' | 'create'>;
}

export interface DeskNeeds {
  db: Db;
  integrations: Integrations;
  decisions: Decisions;
  records: Records;
  previews: Previews;
  jobEditing: JobEditing;
  /** A dashboard of these connections and no others; null: of all. */
  dashboardOf(within: readonly string[] | null): Dashboard;
}

/** Fails  with a 403 for a student and for whoever is not signed in. */
export async function openDesk(needs: DeskNeeds, viewer: Viewer | null): Promise<Desk> {
  const { db, dashboardOf, integrations, decisions, records, previews, jobEditing } = needs;
  const reach = await reachOf(db, viewer);
  if (reach === 'all') {
    const dashboard = dashboardOf(null);
    return { own: null, dashboard, integrations, decisions, records, previews, jobEditing };
  }
  if (viewer?.role !== 'employer') throw new Response(null, { status: 403 });
  const may = touching(db, reach);
  return {
    own: reach,
    dashboard: dashboardOf(reach.connectionIds),
    integrations: ownIntegrations(db, integrations, reach),
    decisions: {
      ...closed<Decisions>(decisions),
      async options(connectionId) {
        may.connection(connectionId);
        return decisions.options(connectionId);
      },
      async chooseOptions(connectionId, chosen, by) {
        may.connection(connectionId);
        return decisions.chooseOptions(connectionId, chosen, by);
      },
    },
    records: {
      ...closed<Records>(records),
      async wroteHere(runId) {
        await may.run(runId);
        return records.wroteHere(runId);
      },
    },
    previews: closed<Previews>(previews),
    jobEditing: ownJobEditing(db, jobEditing, reach),
  };
}

/** The same questions, none of which is answered: whatever is added to a room stays shut at first. */
const closed = <Room extends object>(room: Room) =>
  Object.fromEntries(Object.keys(room).map((name) => [name, async () => refuse()])) as Room;

function ownJobEditing(db: Db, jobEditing: JobEditing, reach: OwnReach): Desk['jobEditing'] {
  return {
    async byId(id): Promise<EditedJob | null> {
      return (await isJobWithin(db, reach, id)) ? jobEditing.byId(id) : null;
    },
    async edit(jobId, changes, person) {
      if (!(await isJobWithin(db, reach, jobId))) return { ok: false, reason: 'unknown job' };
      return jobEditing.edit(jobId, changes, person);
    },
    choices: () => jobEditing.choices(reach),
    create: (job, person) => jobEditing.create(job, { ...person, within: reach }),
  };
}
