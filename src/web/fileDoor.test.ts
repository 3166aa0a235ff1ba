import { Hono } from 'hono';
import { beforeEach, expect, test } from 'vitest';
import type { LinkedFile } from '#src/platform/fileLinks.ts';
import { attachment, fileDoor } from './fileDoor.ts';

const resume: LinkedFile = {
  bytes: Buffer.from('%PDF-1.7 …'),
  fileName: 'Résumé "new".pdf',
  contentType: 'application/pdf',
};

let opened: string[];
let site: Hono;

beforeEach(() => {
  opened = [];
  site = new Hono();
  const find = async (token: string) => (token === 'right' ? resume : null);
  const links = {
    create: async () => '',
    look: find,
    open: (token: string) => {
      opened.push(token);
      return find(token);
    },
  };
  site.get('/files/:token/:name', fileDoor(links));
});

test('the secret opens the file at once, for nobody to keep', async () => {
  const answer = await site.request('/files/right/resume.pdf');
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(resume.bytes);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-length': String(resume.bytes.byteLength),
    'cache-control': 'private, no-store',
    'x-robots-tag': 'noindex, nofollow',
    'x-content-type-options': 'nosniff',
  });
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('a fetcher may ask for the size first, which is not a fetch', async () => {
  const answer = await site.request('/files/right/resume.pdf', { method: 'HEAD' });
  expect(answer.headers.get('content-length')).toBe(String(resume.bytes.byteLength));
  expect(await answer.text()).toBe('');
  expect(opened).toEqual([]);
});

test('an unknown or expired secret finds nothing and is told in words', async () => {
  const answer = await site.request('/files/wrong/resume.pdf');
  expect(answer.status).toBe(404);
  expect(await answer.text()).toMatch(/expired/);
  expect(answer.headers.get('x-robots-tag')).toContain('noindex');
});

test.each([
  ['cv.pdf', `attachment; filename="cv.pdf"; filename*=UTF-8''cv.pdf`],
  ['Résumé.pdf', `attachment; filename="R_sum_.pdf"; filename*=UTF-8''R%C3%A9sum%C3%A9.pdf`],
  ['a"b\\c.pdf', `attachment; filename="a_b_c.pdf"; filename*=UTF-8''a%22b%5Cc.pdf`],
  [
    "it's (1)*.pdf",
    `attachment; filename="it's (1)*.pdf"; filename*=UTF-8''it%27s%20%281%29%2A.pdf`,
  ],
  [
    'x\r\nset-cookie: a',
    `attachment; filename="x__set-cookie: a"; filename*=UTF-8''x%0D%0Aset-cookie%3A%20a`,
  ],
  ['\ud800.pdf', `attachment; filename="_.pdf"; filename*=UTF-8''%EF%BF%BD.pdf`],
])('the name %j travels safely', (name, header) => {
  expect(attachment(name)).toBe(header);
});
