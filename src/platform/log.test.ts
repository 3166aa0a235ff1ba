import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function listen(pretty = false) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  return { log: createLog({ level: 'info', pretty, destination }), lines };
}

test('[P3] [P5] secrets and personal values stay out, however deep they stand', () => {
  const { log, lines } = listen();
  const child = log.child({ email: 'leilani@students.example' });
  child.info(
    {
      connection: 'c1',
      request: {
        headers: { Authorization: 'Token 0123456789abcdef', cookie: 'session=abc', accept: '*/*' },
        body: '{"full_name":"Leilani"}',
      },
      people: [{ name: 'Leilani', phone_number: '+1671', phone: '+1671', id: 's1' }],
      apiKey: 'live-key',
      resetToken: 'abc123',
    },
    'Called',
  );
  const text = lines.join('');
  expect(text).not.toMatch(/leilani|0123456789|session=|live-key|abc123|1671/i);
  expect(JSON.parse(text)).toMatchObject({
    level: 'info',
    connection: 'c1',
    msg: 'Called',
    request: { headers: { accept: '*/*', cookie: '[hidden]' }, body: '[hidden]' },
    people: [{ id: 's1', name: '[hidden]', phone: '[hidden]' }],
  });
});

test('[P3] errors of the database say what failed without the row it failed on', () => {
  const { log, lines } = listen();
  const cause = Object.assign(new Error('duplicate key value violates "users_email"'), {
    code: '23505',
    constraint: 'users_email',
    detail: 'Key (email)=(leilani@students.example) already exists.',
  });
  const error = new Error('Failed query: insert into users\nparams: Leilani,secret', { cause });
  log.error({ err: error }, 'Could not store leilani@students.example');
  const line = JSON.parse(lines[0]!);
  expect(lines[0]).not.toMatch(/leilani|secret/i);
  expect(line.msg).toBe('Could not store [e-mail]');
  expect(line.err.cause).toMatchObject({ code: '23505', constraint: 'users_email' });
  expect(line.err.stack).toContain('log.test.ts');
});

test('an error given alone is told the same way', () => {
  const { log, lines } = listen();
  log.warn(new Error('refused by Bearer abcdefgh12345678'));
  expect(JSON.parse(lines[0]!)).toMatchObject({ msg: 'refused by Bearer [hidden]' });
  expect(lines[0]).not.toContain('abcdefgh');
});

test('for a person there is one short line', () => {
  const { log, lines } = listen(true);
  log.info({ run: 'r1', seen: 12 }, 'Run done');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d {2}info {3}Run done {2}run=r1 {2}seen=12\n$/);
});

test('a failing value cannot make the log fail', () => {
  const { log, lines } = listen();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  log.info({ circle }, 'Still here');
  expect(JSON.parse(lines[0]!).msg).toBe('Still here');
});
