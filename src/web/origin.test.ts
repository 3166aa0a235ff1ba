import { expect, test } from 'vitest';
import { clientAddressOf, withPublicOrigin } from './origin.ts';

const publicUrl = 'https://kiex.example';

test.each([
  ['http://kiex.example/a?b=1', {}, 'https://kiex.example/a?b=1'],
  ['http://kiex.example//evil.example/a', {}, 'https://kiex.example//evil.example/a'],
  // The proxy named its own target as Host.
  ['http://10.0.0.7:3000/a', { origin: 'https://kiex.example' }, 'https://kiex.example/a'],
  // Health checks and the like keep the address they came by.
  ['http://10.0.0.7:3000/a', {}, 'http://10.0.0.7:3000/a'],
  ['http://evil.example/a', { origin: 'https://evil.example' }, 'http://evil.example/a'],
])('%s with %o is read as %s', (url, headers, expected) => {
  expect(withPublicOrigin(new Request(url, { headers }), publicUrl).url).toBe(expected);
});

test.each(['http://localhost:3000', 'http://127.0.0.1:3000'])('%s stays itself', (origin) => {
  const request = new Request(`${origin}/sign-in`, { headers: { origin } });
  for (const configured of [null, 'http://127.0.0.1:3000']) {
    expect(new URL(withPublicOrigin(request, configured).url).origin).toBe(origin);
  }
});

test('X-Forwarded-For is believed as far as our own proxies reach', () => {
  const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.0.0.2' };
  const request = new Request('http://kiex.example/', { headers });
  const incoming = { socket: { remoteAddress: '::ffff:10.0.0.1' } } as Parameters<
    typeof clientAddressOf
  >[1];
  expect(clientAddressOf(request, incoming, 0)).toBe('10.0.0.1');
  expect(clientAddressOf(request, incoming, 1)).toBe('10.0.0.2');
  expect(clientAddressOf(request, incoming, 2)).toBe('203.0.113.9');
  expect(clientAddressOf(new Request('http://kiex.example/'), incoming, 1)).toBe('10.0.0.1');
});
