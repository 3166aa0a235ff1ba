import type { Applied } from '../ledger.ts';
import { connectionOfJob, isPage, linksOf, rowsOf, type Scene, theirRows } from './scene.ts';
import { type Violation, violation } from './violation.ts';

/**
 * What goes by a form that nobody can look behind: at most once by itself, exactly once where an answer
 * was seen, and whatever else became of it waits for a person. [I3] [F4] [F6]
 */
export function judgeForms(scene: Scene): Violation[] {
  const filled = scene.ledger.applied.filter(({ token }) => token !== undefined);
  const byApplication = Map.groupBy(filled, (one) => `${one.studentId} ${one.jobId}`);
  return [...byApplication.values()].flatMap((pressed) => judgeOne(scene, pressed));
}

function judgeOne(scene: Scene, pressed: readonly Applied[]): Violation[] {
  const { studentId, jobId } = pressed[0]!;
  const row = rowsOf(scene, 'applications').find(
    (one) => one.student_id === studentId && one.job_id === jobId,
  );
  const isTold = pressed.some(({ applicationId }) => applicationId !== null);
  if (!row)
    return isTold ? [violation('F6', 'a form that was acknowledged is lost', studentId)] : [];
  const id = String(row.id);
  const tokens = pressed.flatMap(({ token }) => token ?? []);
  const sent = postsOf(scene, tokens);
  const decided = scene.ledger.decided.filter(({ applicationId }) => applicationId === id);
  const again = decided.filter(({ how }) => how === 'again');
  const said: Violation[] = [];
  if (sent.length > 1 + again.length)
    said.push(violation('I3', `a form was sent ${sent.length} times by itself`, id));
  const last = decided.at(-1);
  const isLeft = last?.how === 'there' && again.length === 0;
  if (isLeft && sent.some(({ sentAt }) => sentAt > last.at))
    said.push(violation('I3', 'a form was sent that a person had found there', id));
  return [...said, ...endOf(scene, { id, row, tokens, sent: sent.length, again: again.length })];
}

/** Calls that may have made something, whatever was heard of them: all but those that were refused. */
const postsOf = (scene: Scene, tokens: readonly string[]) =>
  scene.calls.filter(
    ({ method, path, body, status }) =>
      method === 'POST' &&
      path.includes('/application-form/') &&
      tokens.some((token) => body.includes(token)) &&
      (status === null || status < 400 || status >= 500),
  );

interface End {
  id: string;
  row: Readonly<Record<string, unknown>>;
  tokens: readonly string[];
  sent: number;
  again: number;
}

function endOf(scene: Scene, { id, row, tokens, sent, again }: End): Violation[] {
  const link = linksOf(scene).find((one) => one.resource === 'applications' && one.our_id === id);
  const connectionId = connectionOfJob(scene, String(row.job_id));
  const account = scene.accounts.find((one) => one.connectionId === connectionId);
  if (!account || !isPage(scene, account.connectionId)) return [];
  const open = rowsOf(scene, 'failures').filter(
    (one) => one.resource === 'applications' && one.our_id === id && one.state !== 'resolved',
  );
  if (link?.their_id) {
    const there = arrivedOf(scene, account.accountId, tokens);
    const isCertain = again === 0 && sent === 1;
    if (there === 0 || (isCertain && there > 1))
      return [violation('F6', `a form that is called sent is there ${there} times`, id)];
    return open.length > 0 ? [violation('F5', 'a form that is sent is still a problem', id)] : [];
  }
  if (row.withdrawn_at !== null) return [];
  if (open.length === 0) return [violation('F6', 'nobody knows what became of a form', id)];
  const isDoubt = open.some(({ step }) => step === 'unanswered');
  return sent > 0 && again === 0 && !isDoubt
    ? [violation('I3', 'a form that may have arrived is no doubt to anybody', id)]
    : [];
}

/** So many applicants with these words are there, or were until a recruiter let somebody go. */
function arrivedOf(scene: Scene, accountId: number, tokens: readonly string[]): number {
  const there = theirRows(scene, accountId, 'candidates').filter((row) =>
    tokens.some((token) => JSON.stringify(row.custom_fields).includes(token)),
  ).length;
  const isRemoved = scene.ledger.removals.some(
    (one) => one.accountId === accountId && one.table === 'candidates',
  );
  return there === 0 && isRemoved ? 1 : there;
}
