import { expect, test } from 'vitest';
import { createTestbed } from './testbed.ts';

const HOST = 'https://api.manatal.example';

test('the questions of a form are shown, and exchanged for others', async () => {
  const bed = createTestbed();
  const see = async () => {
    const answer = await bed.simulator.fetch(`${HOST}/admin/accounts/1/form`);
    return answer.text();
  };
  expect(await see()).toContain('data-testid="question-resume"');
  expect(await see()).not.toContain('question-shift');
  const ask = (kind: string) =>
    bed.simulator.fetch(`${HOST}/admin/accounts/1/form/${kind}`, {
      method: 'POST',
      headers: { origin: HOST },
    });
  expect((await ask('rich')).headers.get('location')).toBe('/admin/accounts/1/form?said=asked');
  const page = await see();
  for (const words of ['question-shift', 'Day, Night', 'Palau', 'first-employer']) {
    expect(page).toContain(words);
  }
  await ask('plain');
  expect(await see()).not.toContain('question-shift');
  const made = await bed.call('POST', '/admin/api/accounts/1/form', { body: { kind: 'rich' } });
  expect(made.status).toBe(201);
  expect(await see()).toContain('question-shift');
  const unknown = await bed.simulator.fetch(`${HOST}/admin/accounts/9/form`);
  expect(unknown.status).toBe(404);
});
