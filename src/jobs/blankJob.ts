import type { Values } from '#src/sync/canonical.ts';
import { editableFields } from './jobChanges.ts';

/** What the form of a new job begins with: nothing said, open, and not shown before somebody says so. */
export const blankJob: Values = {
  ...Object.fromEntries(editableFields.map((name) => [name, null])),
  payVisible: true,
  status: 'open',
  publishedHere: false,
};
