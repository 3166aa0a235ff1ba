import { contactTest } from './contactQuery.ts';
import { deleteContact, updateContact } from './contacts.ts';
import type { Scene } from './core.ts';
import { labelContact } from './labels.ts';
import { Refused, refuse } from './refusals.ts';
import type { ContactRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { isObject } from './values.ts';

/** A bulk job starts this much after its call was answered. (u) */
const JOB_SECONDS = 1;

/**
 * Orders a change of every contact that fits a filter or a search; it is made later.
 *
 * Returns the id of the job.
 * Source  reference/wix.md 3.1
 */
export function bulkContacts(
  scene: Scene,
  job: 'update' | 'delete' | 'add-remove-labels',
  body: Fields,
): string {
  const { core, site } = scene;
  if (!isObject(body.filter) && typeof body.search !== 'string') {
    throw refuse(400, 'NEITHER_FILTER_NOR_SEARCH', 'name a filter or a search');
  }
  const fits = contactTest(scene, body.filter, body.search);
  core.background.after(JOB_SECONDS * 1_000, () =>
    core.store.batch(() => {
      for (const row of core.store.rows(site.id, 'contacts').filter(fits)) {
        try {
          change(scene, job, { row, body });
        } catch (error) {
          // One contact that is refused, a member for one, does not stop the others.
          if (!(error instanceof Refused)) throw error;
        }
      }
    }),
  );
  return core.newGuid();
}

function change(
  scene: Scene,
  job: 'update' | 'delete' | 'add-remove-labels',
  { row, body }: { row: ContactRow; body: Fields },
): void {
  if (job === 'delete') deleteContact(scene, row.id);
  if (job === 'update') updateContact(scene, row.id, { info: body.info, revision: row.revision });
  if (job !== 'add-remove-labels') return;
  const { labelKeysToAdd, labelKeysToRemove } = body;
  if (Array.isArray(labelKeysToAdd) && labelKeysToAdd.length > 0) {
    labelContact(scene, row.id, { labelKeys: labelKeysToAdd, adds: true });
  }
  if (Array.isArray(labelKeysToRemove) && labelKeysToRemove.length > 0) {
    labelContact(scene, row.id, { labelKeys: labelKeysToRemove, adds: false });
  }
}
