import { data, redirect } from 'react-router';
import type { FieldErrors } from './credentials.ts';

/** One text field of a form; empty when it was not sent, or was a file. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** Leads on after a form was taken, carrying cookies along. 303: the next page is asked for anew. */
export function leadOn(to: string, cookies: string[] = []): Response {
  const headers = new Headers();
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return redirect(to, { status: 303, headers });
}

/** Shows the form again with what was typed and what is wrong with it. */
export const showAgain = <Typed>(errors: FieldErrors, typed: Typed) =>
  data({ errors, typed, waitSeconds: null, foreign: false }, { status: 422 });

/** Shows the form again because it cannot be taken now, through no fault of a field. */
export function refuse<Typed>(
  why: { reason: 'throttled'; retryAfterSeconds: number } | { reason: 'foreign' },
  typed: Typed,
) {
  const noErrors: FieldErrors = {};
  if (why.reason === 'foreign') {
    return data({ errors: noErrors, typed, waitSeconds: null, foreign: true }, { status: 403 });
  }
  const { retryAfterSeconds: waitSeconds } = why;
  const headers = { 'retry-after': String(waitSeconds) };
  return data({ errors: noErrors, typed, waitSeconds, foreign: false }, { status: 429, headers });
}
