import { done, failed, type Result } from '#src/platform/failure.ts';
import type { CallContext } from '#src/sync/connector.ts';
import { siteIdOf, type WixClient } from './client.ts';
import { isRow, objectIn } from './reading.ts';

/** What KiEX calls its own on a site: the key of the field that holds our ids, and of the label. */
export interface SiteNames {
  idField: string;
  label: string;
}

export interface SiteNamesOf {
  /** Finds them on the site or makes them: asked for right before something of ours is written. */
  make(context: CallContext): Promise<Result<SiteNames>>;
  /** As they were found before; null: not yet. */
  known(context: CallContext): SiteNames | null;
  /** Somebody removed one there: the next `make` makes it again. */
  forget(context: CallContext): void;
}

/** Wix makes the keys from the names, so they are remembered as it gave them. reference/wix.md 3.8 */
export function createSiteNames(client: WixClient): SiteNamesOf {
  const found = new Map<string, SiteNames>();
  const placeOf = ({ account }: CallContext) => `${account.connectionId} ${siteIdOf(account)}`;
  return {
    known: (context) => found.get(placeOf(context)) ?? null,
    forget: (context) => void found.delete(placeOf(context)),
    async make(context) {
      const known = found.get(placeOf(context));
      if (known) return done(known);
      const idField = await keyOf(client, context, {
        ...{ path: '/contacts/v4/extended-fields', name: 'field' },
        body: { displayName: 'KiEX ID', dataType: 'TEXT' },
      });
      if (!idField.ok) return idField;
      const label = await keyOf(client, context, {
        ...{ path: '/contacts/v4/labels', name: 'label', body: { displayName: 'KiEX' } },
      });
      if (!label.ok) return label;
      const names = { idField: idField.value, label: label.value };
      found.set(placeOf(context), names);
      return done(names);
    },
  };
}

/** Both calls find before they make, so they may be repeated. */
async function keyOf(
  client: WixClient,
  { stillWanted: _, ...context }: CallContext,
  { path, name, body }: { path: string; name: string; body: Record<string, unknown> },
): Promise<Result<string>> {
  const answer = await client.call(context, { method: 'POST', path, body });
  if (!answer.ok) return answer;
  const made = objectIn(answer.value, name);
  if (!made.ok) return made;
  const { key } = made.value;
  if (isRow(made.value) && typeof key === 'string' && key) return done(key);
  return failed({ kind: 'surprising', path: `${name}.key`, detail: 'a key expected' });
}
