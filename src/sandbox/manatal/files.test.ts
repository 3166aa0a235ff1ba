import { expect, test } from 'vitest';
import { createTestbed, type Testbed } from './testbed.ts';

const FILE = 'https://files.kiex.example/t/abc/resume.pdf';
const pdf = (size = 100) =>
  new Response(Buffer.alloc(size, '%'), { headers: { 'content-type': 'application/pdf' } });

async function withResume(bed: Testbed): Promise<number> {
  bed.outside.set(FILE, () => pdf());
  const { id } = await bed.makeCandidate();
  const given = await bed.post(`/candidates/${id}/resume/`, { resume_file: FILE });
  expect(given.status).toBe(201);
  return id;
}

test('a resume is accepted at once and appears once it was fetched', async () => {
  const bed = createTestbed();
  const id = await withResume(bed);
  expect((await bed.get(`/candidates/${id}/resume/`)).status).toBe(404);
  await bed.pass(29);
  expect((await bed.get(`/candidates/${id}/`)).body.resume).toBeNull();
  await bed.pass(1);
  const list = await bed.get(`/candidates/${id}/resume/`);
  expect(list.body).toHaveLength(1);
  expect(list.body[0]).toMatchObject({ id: 640001 });
  expect((await bed.get(`/candidates/${id}/`)).body.resume).toContain('Signature=');
  const file = await bed.call('GET', new URL(list.body[0].resume_file).pathname);
  expect(file.status).toBe(403);
  const signed = new URL(list.body[0].resume_file);
  expect((await bed.call('GET', signed.pathname + signed.search)).status).toBe(200);
});

test('a file that is too big, of a wrong type, refused or redirected is dropped in silence', async () => {
  const bed = createTestbed();
  bed.outside.set(FILE, () => pdf());
  const typed = (type: string) => new Response('x', { headers: { 'content-type': type } });
  const hosts: Record<string, () => Response> = {
    big: () => pdf(5 * 1024 * 1024 + 1),
    picture: () => typed('image/png'),
    page: () => typed('text/html; charset=utf-8'),
    gone: () => new Response('gone', { status: 410 }),
    moved: () => new Response(null, { status: 302, headers: { location: FILE } }),
    'unknown.exe': () => new Response(Buffer.from('x')),
    unreachable: () => {
      throw new TypeError('fetch failed');
    },
  };
  for (const [name, answer] of Object.entries(hosts)) {
    const url = `https://files.kiex.example/${name}`;
    bed.outside.set(url, answer);
    const { id } = await bed.makeCandidate();
    const { status } = await bed.post(`/candidates/${id}/resume/`, { resume_file: url });
    expect(status, name).toBe(201);
    await bed.pass(60);
    expect((await bed.get(`/candidates/${id}/resume/`)).status, name).toBe(404);
  }
  expect(bed.simulator.rows(1, 'resumes')).toEqual([]);
  expect(bed.simulator.downloads().map(({ outcome }) => outcome)).toEqual([
    ...['too big', 'wrong type', 'wrong type', 'answered 410', 'answered 302', 'wrong type'],
    'not reachable: TypeError',
  ]);
});

test('PDF, DOC, DOCX and RTF are taken, by type or else by ending, up to 5 MB exactly', async () => {
  const bed = createTestbed();
  const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
  const hosts: Record<string, () => Response> = {
    limit: () => pdf(5 * 1024 * 1024),
    a: () => new Response('x', { headers: { 'content-type': 'application/msword' } }),
    b: () => new Response('x', { headers: { 'content-type': `${word}; charset=binary` } }),
    c: () => new Response('x', { headers: { 'content-type': 'text/rtf' } }),
    'd.RTF': () => new Response(Buffer.from('x')),
    'e.docx': () => new Response('x', { headers: { 'content-type': 'application/octet-stream' } }),
  };
  for (const [name, answer] of Object.entries(hosts)) {
    const url = `https://files.kiex.example/${name}`;
    bed.outside.set(url, answer);
    const { id } = await bed.makeCandidate();
    await bed.post(`/candidates/${id}/resume/`, { resume_file: url });
  }
  await bed.pass(30);
  const endings = bed.simulator.rows(1, 'resumes').map(({ extension }) => extension);
  expect(endings).toEqual(['pdf', 'doc', 'docx', 'rtf', 'rtf', 'docx']);
});

test('a second resume is refused, or taken when switched', async () => {
  const bed = createTestbed();
  const id = await withResume(bed);
  const again = () => bed.post(`/candidates/${id}/resume/`, { resume_file: FILE });
  const refused = await again();
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([
    400,
    expect.stringContaining('already has a resume'),
  ]);
  await bed.pass(30);
  expect((await again()).status).toBe(400);
  bed.simulator.set({ secondResume: 'add' });
  expect((await again()).status).toBe(201);
  await bed.pass(30);
  expect((await bed.get(`/candidates/${id}/resume/`)).body).toHaveLength(2);
  bed.simulator.set({ secondResume: 'replace' });
  expect((await again()).status).toBe(201);
  await bed.pass(30);
  expect((await bed.get(`/candidates/${id}/resume/`)).body).toHaveLength(1);
});

test('a resume can be deleted and given again; what is no address is refused', async () => {
  const bed = createTestbed();
  const id = await withResume(bed);
  await bed.pass(30);
  expect((await bed.remove(`/candidates/${id}/resume/640001/`)).status).toBe(204);
  expect((await bed.remove(`/candidates/${id}/resume/640001/`)).status).toBe(404);
  const bad = await bed.post(`/candidates/${id}/resume/`, { resume_file: 'resume.pdf' });
  expect(bad.body).toEqual({ resume_file: ['Enter a valid URL.'] });
  const given = await bed.post(`/candidates/${id}/resume/`, { resume_file: FILE });
  expect([given.status, given.body.id]).toEqual([201, 640002]);
});

test('a resume may come as an array, one object or an envelope, and none as 404 or empty', async () => {
  const bed = createTestbed({ switches: { noResume: 'empty' } });
  const id = await withResume(bed);
  const read = async () => (await bed.get(`/candidates/${id}/resume/`)).body;
  expect(await read()).toEqual([]);
  await bed.pass(30);
  bed.simulator.set({ resumeShape: 'object' });
  expect((await read()).id).toBe(640001);
  bed.simulator.set({ resumeShape: 'envelope' });
  expect(await read()).toMatchObject({ count: 1, results: [{ id: 640001 }] });
});

test('a signed link changes on each read and dies after an hour', async () => {
  const bed = createTestbed();
  const id = await withResume(bed);
  await bed.pass(30);
  const read = async () => new URL((await bed.get(`/candidates/${id}/`)).body.resume);
  const [first, second] = [await read(), await read()];
  expect(first.href).not.toBe(second.href);
  const open = async (url: URL) => (await bed.call('GET', url.pathname + url.search)).status;
  expect([await open(first), await open(second)]).toEqual([200, 200]);
  await bed.pass(3599);
  expect(await open(first)).toBe(200);
  await bed.pass(1);
  expect(await open(first)).toBe(403);
  const forged = await read();
  forged.searchParams.set('Expires', '9999999999');
  expect(await open(forged)).toBe(403);
});

test('candidate.resume can lag behind the fetched file', async () => {
  const bed = createTestbed({ switches: { resumeFieldDelaySeconds: 90 } });
  const id = await withResume(bed);
  await bed.pass(30);
  expect((await bed.get(`/candidates/${id}/resume/`)).body).toHaveLength(1);
  expect((await bed.get(`/candidates/${id}/`)).body.resume).toBeNull();
  await bed.pass(91);
  expect((await bed.get(`/candidates/${id}/`)).body.resume).not.toBeNull();
});

test('an attachment is fetched later too, and a changed one only then replaces the old file', async () => {
  const bed = createTestbed();
  bed.outside.set(FILE, () => pdf());
  const { id } = await bed.makeCandidate();
  const path = `/candidates/${id}/attachments/`;
  const given = await bed.post(path, { name: 'Certificate', file: FILE });
  expect(given.body).toMatchObject({ id: 710001, name: 'Certificate', creator: 880001 });
  expect((await bed.get(path)).body).toEqual([]);
  await bed.pass(30);
  expect((await bed.get(path)).body).toHaveLength(1);
  const renamed = await bed.patch(`${path}710001/`, { name: 'Diver card' });
  expect(renamed.body.name).toBe('Diver card');
  await bed.patch(`${path}710001/`, { file: 'https://files.kiex.example/missing' });
  await bed.pass(30);
  expect((await bed.get(path)).body[0]).toMatchObject({ id: 710001, name: 'Diver card' });
  expect((await bed.remove(`${path}710001/`)).status).toBe(204);
  expect((await bed.get(path)).body).toEqual([]);
});

test('the largest file and the life of a link can be set', async () => {
  const bed = createTestbed({ switches: { downloadMegabytes: 1, linkSeconds: 60 } });
  const id = await withResume(bed);
  await bed.pass(30);
  const link = new URL((await bed.get(`/candidates/${id}/`)).body.resume);
  await bed.pass(60);
  expect((await bed.call('GET', link.pathname + link.search)).status).toBe(403);
  bed.outside.set(FILE, () => pdf(1024 * 1024 + 1));
  const other = await bed.makeCandidate();
  await bed.post(`/candidates/${other.id}/resume/`, { resume_file: FILE });
  await bed.pass(30);
  expect((await bed.get(`/candidates/${other.id}/resume/`)).status).toBe(404);
});
