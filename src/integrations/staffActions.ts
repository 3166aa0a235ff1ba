import { data, redirect } from 'react-router';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { FailureFilter } from '#src/sync/deadLetters.ts';
import type { Integrations } from './commands.ts';
import type { Decisions } from './decisions.ts';
import type { Previews } from './previews.ts';

/** Pages for staff check again what the door has checked: one forgotten line opens nothing. */
export function staffOnly(viewer: Viewer | null): Viewer {
  if (viewer?.role === 'staff' || viewer?.role === 'admin') return viewer;
  throw data(null, { status: 403 });
}

/** For pages that staff and employers share: how far each reaches is the desk's to say. */
export function signedIn(viewer: Viewer | null): Viewer {
  if (viewer) return viewer;
  throw data(null, { status: 403 });
}

/** What was just done, as it stands in the address after a form was sent, and in words. */
export const DONE_WORDS = {
  sync: 'Asked for. It starts within seconds.',
  preview: 'KiEX is looking. What it finds stands among the runs; nothing is written.',
  lookFirst:
    'Saved, and paused: nothing is brought in or sent. KiEX is looking what a first read would do; it stands among the runs. Carry it out there, then resume.',
  same: 'Nothing is chosen otherwise, so there is nothing to preview.',
  retry: 'It is tried again now.',
  edited: 'Saved. It is tried again now.',
  gone: 'That one is settled already.',
  retryAll: 'Tried again now: {count}.',
  dismissAll: 'Dismissed: {count}. The reason is kept with each.',
  dismiss: 'Dismissed. The reason is kept with it.',
  issueClosed: 'Closed. The reason is kept with it.',
  chosen: 'Chosen. It is carried to the other side now.',
  fields: 'Saved. It holds for changes from now on.',
  options: 'Saved. It holds from now on.',
  stages: 'Saved. Applications that changed: {count}. Students see it once, and nothing was sent.',
  stagesRead: 'Read again.',
  approveRun: 'Approved. It goes on within seconds, and reads each record once more first.',
  refuseRun: 'Left open. Nobody is asked about the same again.',
  resumeRun: 'It goes on from where it stood.',
  answered: 'Somebody has answered already.',
  pause: 'Paused. Nothing is read or sent until you resume; what waits is kept.',
  resume: 'Resumed.',
  replaced: 'The new key works and is saved. What waited goes on.',
  looked: 'KiEX is looking at what is registered there. It takes a few seconds.',
  addressChanged: 'Changed. What is registered there moves to the new address now.',
  disconnect: 'Disconnecting. It takes seconds, or minutes if the other side is away.',
  added: 'Connected and saved. The first full read starts by itself.',
} as const;

export type Done = keyof typeof DONE_WORDS;

export function doneWords(query: URLSearchParams): string | null {
  const done = query.get('did') ?? '';
  if (!Object.hasOwn(DONE_WORDS, done)) return null;
  const count = Number.parseInt(query.get('count') ?? '', 10) || 0;
  return DONE_WORDS[done as Done].replace('{count}', count.toLocaleString('en-US'));
}

const REASON_CHARACTERS_MAX = 300;

/** Does what a button of a staff page asks. Null: not one of theirs. */
export async function act(
  form: FormData,
  { integrations, previews }: { integrations: Integrations; previews: Previews },
  by: string,
): Promise<Done | null> {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  switch (text('intent')) {
    case 'sync':
      await integrations.requestRuns({
        connectionId: text('connectionId'),
        resource: text('resource') || null,
        full: text('full') === '1',
        trigger: 'manual',
        by,
      });
      return 'sync';
    case 'preview':
      await previews.request({
        connectionId: text('connectionId'),
        resource: text('resource') || null,
        settings: null,
        trigger: 'manual',
        by,
      });
      return 'preview';
    case 'retry':
      return (await integrations.retryFailure(text('failureId'), by)) ? 'retry' : 'gone';
    case 'dismiss': {
      const reason = text('reason').slice(0, REASON_CHARACTERS_MAX) || 'No reason given';
      const done = await integrations.dismissFailure(text('failureId'), reason, by);
      return done ? 'dismiss' : 'gone';
    }
    case 'approveRun':
      return (await integrations.approveRun(text('runId'), by)) ? 'approveRun' : 'answered';
    case 'refuseRun':
      return (await integrations.refuseRun(text('runId'), by)) ? 'refuseRun' : 'answered';
    case 'resumeRun':
      return (await integrations.resumeRun(text('runId'), by)) ? 'resumeRun' : 'gone';
    case 'pause':
      await integrations.pause(text('connectionId'), by);
      return 'pause';
    case 'resume':
      await integrations.resume(text('connectionId'), by);
      return 'resume';
    default:
      return null;
  }
}

/** Closes an issue, where that is what a form asks. Null: it asks something else. */
export async function actOnIssue(
  form: FormData,
  decisions: Decisions,
  by: string,
): Promise<Done | null> {
  if (form.get('intent') !== 'closeIssue') return null;
  const given = String(form.get('reason') ?? '').trim();
  const reason = given.slice(0, REASON_CHARACTERS_MAX) || 'No reason given';
  const closed = await decisions.closeIssue(String(form.get('issueId') ?? ''), reason, by);
  return closed ? 'issueClosed' : 'gone';
}

/** Does what a button asks for all failures that fit the filter. Null: no such button. */
export async function actOnAll(
  form: FormData,
  integrations: Integrations,
  by: string,
): Promise<{ done: Done; count: number } | null> {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const filter = failureFilterFrom(text);
  if (text('intent') === 'retryAll') {
    return { done: 'retryAll', count: await integrations.retryFailures(filter, by) };
  }
  if (text('intent') !== 'dismissAll') return null;
  const reason = text('reason').slice(0, REASON_CHARACTERS_MAX) || 'No reason given';
  return { done: 'dismissAll', count: await integrations.dismissFailures(filter, reason, by) };
}

/** The filter as it stands in the address of the dashboard, or in a form made from it. */
export function failureFilterFrom(text: (name: string) => string): FailureFilter {
  return {
    connectionId: text('connection') || null,
    resource: text('resource'),
    kind: text('kind'),
    step: text('step'),
  };
}

/** Back to the page, so that loading it again does not send the form again. */
export function backWith(url: URL, done: Done, anchor = '', count?: number): Response {
  const query = new URLSearchParams(url.search);
  query.delete('count');
  if (count !== undefined) query.set('count', String(count));
  query.set('did', done);
  return redirect(`${url.pathname}?${query}${anchor}`);
}
