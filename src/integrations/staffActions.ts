import { data, redirect } from 'react-router';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { Integrations } from './commands.ts';
import type { Previews } from './previews.ts';

/** Pages for staff check again what the door has checked: one forgotten line opens nothing. */
export function staffOnly(viewer: Viewer | null): Viewer {
  if (viewer?.role === 'staff' || viewer?.role === 'admin') return viewer;
  throw data(null, { status: 403 });
}

/** What was just done, as it stands in the address after a form was sent, and in words. */
export const DONE_WORDS = {
  sync: 'Asked for. It starts within seconds.',
  preview: 'KiEX is looking. What it finds stands among the runs; nothing is written.',
  retry: 'It is tried again now.',
  gone: 'That one is settled already.',
  dismiss: 'Dismissed. The reason is kept with it.',
  pause: 'Paused. Nothing is read or sent until you resume; what waits is kept.',
  resume: 'Resumed.',
  replaced: 'The new key works and is saved. What waited goes on.',
  added: 'Connected and saved. The first full read starts by itself.',
} as const;

export type Done = keyof typeof DONE_WORDS;

export function doneWords(query: URLSearchParams): string | null {
  const done = query.get('did') ?? '';
  return Object.hasOwn(DONE_WORDS, done) ? DONE_WORDS[done as Done] : null;
}

const REASON_CHARACTERS_MAX = 300;

/** Does what a button of the dashboard or the settings asks. Null: not one of theirs. */
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

/** Back to the page, so that loading it again does not send the form again. */
export function backWith(url: URL, done: Done, anchor = ''): Response {
  const query = new URLSearchParams(url.search);
  query.set('did', done);
  return redirect(`${url.pathname}?${query}${anchor}`);
}
