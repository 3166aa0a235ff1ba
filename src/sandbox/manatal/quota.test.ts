import { expect, test } from 'vitest';
import { createTestbed, type Testbed } from './testbed.ts';

async function useUp(bed: Testbed): Promise<void> {
  for (let call = 0; call < 100; call += 1) {
    const { status } = await bed.get('/users/');
    expect(status).toBe(200);
  }
}

test('the 101st call in a window of 60 seconds is refused and has no effect', async () => {
  const bed = createTestbed();
  await bed.get('/users/');
  await bed.pass(23);
  for (let call = 1; call < 100; call += 1) await bed.get('/users/');
  const refused = await bed.post('/organizations/', { name: 'Too much' });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('37');
  expect(refused.body.detail).toBe('Request was throttled. Expected available in 37 seconds.');
  expect(bed.simulator.rows(1, 'organizations')).toEqual([]);
  await bed.pass(36);
  expect((await bed.get('/users/')).status).toBe(429);
  await bed.pass(1);
  expect((await bed.get('/users/')).status).toBe(200);
});

test('each key has a window of its own', async () => {
  const bed = createTestbed();
  bed.simulator.addAccount({ label: 'Second', key: 'second-key' });
  await useUp(bed);
  expect((await bed.get('/users/')).status).toBe(429);
  expect((await bed.call('GET', '/users/', { key: 'second-key' })).status).toBe(200);
});

test('Retry-After can be left out, and the quota switched off or changed', async () => {
  const bed = createTestbed({ switches: { retryAfterHeader: false } });
  await useUp(bed);
  const refused = await bed.get('/users/');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null]);
  bed.simulator.set({ quotaPerMinute: 101 });
  expect((await bed.get('/users/')).status).toBe(200);
  expect((await bed.get('/users/')).status).toBe(429);
  bed.simulator.set({ quotaEnforced: false });
  expect((await bed.get('/users/')).status).toBe(200);
});

test('Manahook calls count in the same window, unless switched', async () => {
  const bed = createTestbed();
  await useUp(bed);
  expect((await bed.call('GET', '/v1/webhooks/')).status).toBe(429);
  bed.simulator.set({ manahookSharesQuota: false });
  expect((await bed.call('GET', '/v1/webhooks/')).status).toBe(200);
});
