import { rowsOf, type Scene } from './scene.ts';
import { type Violation, violation } from './violation.ts';

/** Webhooks are hints: their values go nowhere, and none is left lying. */
export const judgeWebhooks = (scene: Scene): Violation[] => [
  ...plantedValues(scene),
  ...unsettled(scene),
];

/** Actors put false values into forged bodies; a value that is found was taken from one. [D2] [D3] */
function plantedValues(scene: Scene): Violation[] {
  const { planted } = scene.ledger;
  if (planted.length === 0) return [];
  const ours = [...scene.tables].flatMap(([table, rows]) =>
    rows.map(({ row }) => ({ where: table, text: JSON.stringify(row) })),
  );
  const theirs = scene.calls.map(({ path, body }) => ({
    where: 'a call to the provider',
    text: path + body,
  }));
  const logs = scene.logged.map((text) => ({ where: 'the log', text }));
  return [...ours, ...theirs, ...logs].flatMap(({ where, text }) =>
    planted
      .filter((value) => text.includes(value))
      .map((value) => violation('D2', `a forged webhook put a value into ${where}`, value)),
  );
}

/** Every delivery was looked into, or is ignored and says why. [D5] */
function unsettled(scene: Scene): Violation[] {
  return rowsOf(scene, 'deliveries').flatMap((row) => {
    const id = String(row.id);
    if (row.state === 'stored') return [violation('D5', 'a delivery was never looked into', id)];
    if (row.state === 'ignored' && !row.reason)
      return [violation('D5', 'a delivery is ignored without a reason', id)];
    return [];
  });
}
