import { eq } from 'drizzle-orm';
import { organizationNamed } from '#src/organizations/store.ts';
import type { Queryable } from '#src/platform/database.ts';
import { secretToken } from '#src/platform/random.ts';
import { readAccount } from '#src/sync/accountFields.ts';
import { hashSecret, keyBinding, secretBinding } from '#src/sync/connections.ts';
import type { Connector } from '#src/sync/connector.ts';
import type { Parts } from '#src/sync/parts.ts';
import { connections } from '#src/sync/tables.ts';
import type { FieldErrors, NewConnection } from './commands.ts';

export const labelCharactersMax = 80;
const keyCharactersMin = 8;

/** What is wrong with what staff typed, by field; empty when nothing is. */
export async function checkNew(
  db: Queryable,
  input: NewConnection,
  connector: Connector,
): Promise<FieldErrors> {
  const errors: FieldErrors = {};
  const label = input.label.trim();
  if (!label) errors.label = 'Give the connection a name, such as “Pacific Stay”.';
  else if (label.length > labelCharactersMax)
    errors.label = `At most ${labelCharactersMax} characters.`;
  else if ((await db.select().from(connections).where(eq(connections.label, label))).length > 0) {
    errors.label = 'Another connection has this name already.';
  }
  if (!connector.isPlatforms && !input.organizationId && !input.organizationName.trim())
    errors.organizationName = 'Say which employer the account belongs to.';
  const pasted = readPasted(connector, input);
  return 'errors' in pasted ? { ...errors, ...pasted.errors } : errors;
}

/** The key, and the settings that name the account beside it; or what is wrong, by field. */
export function readPasted(
  connector: Connector,
  { key: pasted, account = {} }: Pick<NewConnection, 'key' | 'account'>,
): { key: string; settings: Record<string, unknown> } | { errors: FieldErrors } {
  const read = readKey(connector, pasted);
  const named = readAccount(connector.accountFields ?? [], account);
  const errors: FieldErrors = {
    ...('problem' in read ? { key: read.problem } : {}),
    ...('problems' in named ? named.problems : {}),
  };
  if ('problem' in read || 'problems' in named) return { errors };
  return { key: read.key, settings: connector.accountFields ? { account: named.account } : {} };
}

/** The key, or the public name, in what was pasted; or what is wrong with it at first sight. */
export function readKey(
  { publicName }: Connector,
  pasted: string,
): { key: string } | { problem: string } {
  if (publicName) {
    const read = publicName.read(pasted);
    return 'name' in read ? { key: read.name } : read;
  }
  const key = pasted.trim();
  if (!key) return { problem: 'Paste the key.' };
  if (key.length >= keyCharactersMin && /^[\x21-\x7e]+$/.test(key)) return { key };
  return { problem: 'This does not look like a whole key. Copy it again, without spaces.' };
}

/** What pages may show of it: the end of a secret, the whole of a name that anybody may read. [P5] */
export const shownOf = ({ publicName }: Connector, key: string) =>
  publicName ? key : key.slice(-4);

const LOOKING_FIRST =
  'Waits for you: look at the previews of its first read, carry them out, then resume it.';

/** Stores a connection that was not tested yet, with its key and its webhook secret sealed. [P5] */
export async function store(
  parts: Parts,
  input: NewConnection,
  connector: Connector,
): Promise<string> {
  const id = parts.newId();
  const now = parts.clock.now();
  const read = readPasted(connector, input);
  if ('errors' in read) throw new Error(Object.keys(read.errors).join(', '));
  const { key, settings } = read;
  const secret = secretToken(parts.random);
  const name = input.organizationName.trim();
  await parts.db.transaction(async (tx) => {
    const organizationId = connector.isPlatforms
      ? null
      : (input.organizationId ??
        (await organizationNamed(tx, { name, id: parts.newId(), at: now })));
    await tx.insert(connections).values({
      id,
      provider: input.provider,
      label: input.label.trim(),
      organizationId,
      state: input.paused ? 'paused' : 'not_tested',
      ...(input.paused ? { stateReason: LOOKING_FIRST } : {}),
      credentials: parts.vault.seal(key, keyBinding(id)),
      keyLastFour: shownOf(connector, key),
      quotaKey: connector.quotaKeyOf(key, settings),
      webhookSecret: parts.vault.seal(secret, secretBinding(id)),
      webhookSecretHash: hashSecret(secret),
      settings,
      createdAt: now,
      updatedAt: now,
    });
  });
  return id;
}
