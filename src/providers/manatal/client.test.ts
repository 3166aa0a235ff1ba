import { expect, test } from 'vitest';
import type { HttpAnswer } from '#src/platform/httpClient.ts';
import { readAnswer } from '../caller.ts';
import { manatalSpeech, wordsOf } from './client.ts';

const answer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpAnswer => ({
  kind: 'answer',
  status,
  headers: new Headers(headers),
  text: typeof body === 'string' ? body : JSON.stringify(body),
});

const failureOf = (given: HttpAnswer) => {
  const result = readAnswer(given, manatalSpeech);
  if (result.ok) throw new Error('no failure');
  return result.failure;
};

test('[F1] every answer that is not a success is one of five failures', () => {
  expect(failureOf(answer(401, { detail: 'Invalid token.' }))).toMatchObject({
    kind: 'unauthorised',
    status: 401,
    detail: 'Invalid token.',
  });
  expect(failureOf(answer(402, '')).kind).toBe('unauthorised');
  expect(failureOf(answer(403, { detail: 'No.' })).kind).toBe('unauthorised');
  expect(failureOf(answer(500, '<html>Sorry</html>')).kind).toBe('unreachable');
  expect(failureOf(answer(502, '')).kind).toBe('unreachable');
  expect(failureOf(answer(522, '<html>')).kind).toBe('unreachable');
  expect(failureOf(answer(400, { full_name: ['This field may not be blank.'] }))).toMatchObject({
    kind: 'refused',
    fields: { full_name: 'This field may not be blank.' },
  });
  expect(failureOf(answer(409, { detail: 'exists' })).kind).toBe('refused');
  expect(failureOf(answer(301, '', { location: 'https://elsewhere.example/' })).kind).toBe(
    'surprising',
  );
  expect(failureOf({ kind: 'no_answer', reason: 'timeout', detail: '30 s' }).kind).toBe(
    'unreachable',
  );
});

test('[F1] a success whose body is cut off is not a success', () => {
  expect(failureOf(answer(200, '{"count": 5, "resul')).kind).toBe('unreachable');
  expect(failureOf(answer(201, '')).kind).toBe('unreachable');
});

test('[Q3] the wait of a 429 is read from the header, else from the words, else the documented one', () => {
  const words = { detail: 'Request was throttled. Expected available in 37 seconds.' };
  const wait = (given: HttpAnswer) => {
    const failure = failureOf(given);
    return failure.kind === 'throttled' ? failure.retryAfterSeconds : null;
  };
  expect(wait(answer(429, words, { 'retry-after': '12' }))).toBe(12);
  expect(wait(answer(429, words))).toBe(37);
  expect(wait(answer(429, '<html>slow down</html>'))).toBe(60);
  expect(wait(answer(429, words, { 'retry-after': '999999' }))).toBe(600);
  expect(wait(answer(429, words, { 'retry-after': 'Wed, 13 Jan 2027 07:28:00 GMT' }))).toBe(37);
});

test('the provider’s own words are read from every shape its errors have', () => {
  expect(wordsOf({ detail: 'Not found.' })).toBe('Not found.');
  expect(wordsOf({ non_field_errors: ['The fields candidate, job must make a unique set.'] })).toBe(
    'The fields candidate, job must make a unique set.',
  );
  expect(wordsOf({ job_pipeline_stage: { id: ['A valid integer is required.'] } })).toBe(
    'job_pipeline_stage: id: A valid integer is required.',
  );
  const fastapi = {
    detail: [{ loc: ['body', 'target_url'], msg: 'field required', type: 'missing' }],
  };
  expect(wordsOf(fastapi)).toContain('field required');
  expect(wordsOf({})).toBeNull();
});
