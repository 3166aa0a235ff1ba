import type { Applied, Personal } from '../ledger.ts';
import type { ProviderCall } from './providerCall.ts';
import { accountOf, connectionOfJob, type OurRow, rowsOf, type Scene } from './scene.ts';
import { type Violation, violation } from './violation.ts';

/** Personal values and secrets stay where they belong. */
export const judgeLeaks = (scene: Scene): Violation[] => [
  ...personalInTrails(scene),
  ...secretsAnywhere(scene),
  ...leftWithoutAgreement(scene),
];

/** Columns in words for staff: ids and field names, never personal values. [P3] */
const wordColumns: Readonly<Record<string, readonly string[]>> = {
  activity: ['detail', 'fields'],
  failures: ['detail', 'path'],
  issues: ['detail', 'closed_reason'],
  runs: ['reason', 'skip_reasons', 'fail_reasons', 'ours_skip_reasons', 'ours_fail_reasons'],
  connections: ['state_reason'],
  deliveries: ['reason', 'event'],
  conflicts: ['reason'],
  preview_records: ['detail'],
};

function personalInTrails(scene: Scene): Violation[] {
  const values = scene.ledger.personal;
  const places = Object.entries(wordColumns).flatMap(([table, columns]) =>
    rowsOf(scene, table).map((row) => ({
      where: `${table} ${String(row.id)}`,
      text: columns.map((column) => textOf(row, column)).join('\n'),
    })),
  );
  const lines = scene.logged.map((text) => ({ where: 'the log', text }));
  return [...places, ...lines].flatMap(({ where, text }) => {
    return values
      .filter(({ value }) => says(text, value))
      .map(({ category }) => violation('P3', `a personal ${category} stands in ${where}`));
  });
}

/** Does a text hold this value, and not just a longer one that begins or ends like it? */
function says(text: string, value: string): boolean {
  const whole = text.toLowerCase();
  const part = value.toLowerCase();
  const isLetter = (letter: string | undefined) => /[\p{L}\p{N}]/u.test(letter ?? '');
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) {
    if (!isLetter(whole[at - 1]) && !isLetter(whole[at + part.length])) return true;
  }
  return false;
}

const textOf = (row: OurRow, column: string) =>
  typeof row[column] === 'string' ? row[column] : JSON.stringify(row[column] ?? '');

/** Keys of accounts and the secret part of webhook addresses. [P5] */
function secretsAnywhere(scene: Scene): Violation[] {
  const secrets = [...scene.ledger.secrets, ...webhookSecrets(scene)];
  const rows = [...scene.tables].flatMap(([table, kept]) =>
    kept.map(({ row }) => ({ where: `table ${table}`, text: JSON.stringify(row) })),
  );
  const lines = scene.logged.map((text) => ({ where: 'the log', text }));
  return [...rows, ...lines].flatMap(({ where, text }) =>
    secrets.some((secret) => text.includes(secret))
      ? [violation('P5', `a secret stands in ${where}`)]
      : [],
  );
}

function webhookSecrets(scene: Scene): string[] {
  const addresses = scene.accounts.flatMap(({ accountId }) =>
    scene.simulator.rows(accountId, 'webhooks').map((row) => row.target_url),
  );
  const secrets = addresses.flatMap((url) => /\/api\/webhooks\/\w+\/([^/]+)/.exec(url)?.[1] ?? []);
  return [...new Set(secrets)];
}

/**
 * Nothing of a student leaves before they pressed "send" for a job of that account with that kind
 * of data ticked, and nothing after they took it back. [P1] [P2]
 */
function leftWithoutAgreement(scene: Scene): Violation[] {
  const owned = scene.ledger.personal.filter(({ ownerId }) => ownerId !== null);
  return scene.calls.flatMap((call) => {
    const text = `${call.path} ${call.body}`;
    return owned
      .filter(({ value }) => says(text, value))
      .filter((personal) => !wasAgreed(scene, call, personal))
      .map(({ category, ownerId }) => {
        const words = `a student’s ${category} left without their agreement`;
        return violation('P1', words, ownerId ?? '', `${call.method} ${call.path.split('?')[0]}`);
      });
  });
}

const wasAgreed = (scene: Scene, call: ProviderCall, personal: Personal): boolean =>
  scene.ledger.applied.some(
    (applied: Applied) =>
      applied.studentId === personal.ownerId &&
      accountOf(scene, connectionOfJob(scene, applied.jobId) ?? '') === call.accountId &&
      applied.at <= call.sentAt &&
      (applied.withdrawnAt === null || call.sentAt <= applied.withdrawnAt) &&
      applied.categories.some((category) => category === personal.category),
  );
