import { afterAll, expect, test } from 'vitest';
import { able, createStand, dropStands, must, unseen } from './stand.ts';

afterAll(dropStands);

const broken = (code: string) => () => {
  throw Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error(code), { code }),
  });
};

test.each(unseen())('[I3] %s, %s: only what surely never left says so', async (provider, name) => {
  const stand = await createStand(provider);
  const { connector, bench } = stand.resource(name);
  const unsent = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'];
  for (const code of unsent) {
    stand.intercept(broken(code));
    const done = await connector.create!(stand.context, await bench.outgoing!());
    expect([code, done]).toMatchObject([code, { failure: { notSent: true } }]);
  }
  const doubts: (() => Response)[] = [
    broken('ECONNRESET'),
    broken('UND_ERR_HEADERS_TIMEOUT'),
    () => new Response('Server Error', { status: 500 }),
    () => new Response('Bad Gateway', { status: 502 }),
    () => new Response('{"half', { status: 201 }),
  ];
  for (const answer of doubts) {
    stand.intercept(answer);
    const done = await connector.create!(stand.context, await bench.outgoing!());
    expect(done).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    expect(done).not.toHaveProperty('failure.notSent');
  }
});

test.each(able('questions', 'create'))(
  '%s, %s: every question has its own id, words and a way to be drawn, whatever their order',
  async (provider, name) => {
    const stand = await createStand(provider);
    const { connector, bench } = stand.resource(name);
    const { refs } = await bench.outgoing!();
    const questions = must(await connector.questions!(stand.context, refs));
    if (questions === 'gone') throw new Error('gone');
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    for (const { label, kind, options } of questions) {
      expect(label).not.toBe('');
      if (kind === 'one' || kind === 'several') expect(options.length).toBeGreaterThan(0);
    }
    expect(must(await connector.questions!(stand.context, refs))).toEqual(questions);
    const gone = await connector.questions!(stand.context, { jobs: bench.noSuchId });
    expect(must(gone)).toBe('gone');
  },
);
