import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESUME_BYTES_MAX, readResume } from './resumeFile.ts';
import * as sample from './sampleFiles.ts';

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('what is taken is decided by content', () => {
  test.each([
    ['resume.pdf', sample.samplePdf(), 'application/pdf'],
    ['resume.doc', sample.sampleDoc(), 'application/msword'],
    ['resume.docx', sample.sampleDocx(), DOCX],
    ['resume.rtf', sample.sampleRtf(), 'application/rtf'],
  ])('%s is taken', async (name, bytes, contentType) => {
    expect(await readResume({ name, bytes })).toEqual({ ok: true, contentType, fileName: name });
  });

  test.each([
    ['a page called .pdf', 'resume.pdf', sample.sampleHtml()],
    ['a sheet called .doc', 'resume.doc', sample.sampleXls()],
    ['an archive called .docx', 'resume.docx', sample.sampleZip()],
    ['a picture', 'resume.pdf', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ])('%s is refused', async (_what, name, bytes) => {
    expect(await readResume({ name, bytes })).toEqual({ ok: false, reason: 'not_a_document' });
  });

  test('an empty file is refused', async () => {
    const answer = await readResume({ name: 'resume.pdf', bytes: new Uint8Array() });
    expect(answer).toEqual({ ok: false, reason: 'empty' });
  });

  test('5 MB is taken, one byte more is refused', async () => {
    const full = new Uint8Array(RESUME_BYTES_MAX);
    full.set(sample.samplePdf());
    expect(await readResume({ name: 'a.pdf', bytes: full })).toMatchObject({ ok: true });
    const over = new Uint8Array(RESUME_BYTES_MAX + 1);
    over.set(sample.samplePdf());
    expect(await readResume({ name: 'a.pdf', bytes: over })).toEqual({
      ok: false,
      reason: 'too_large',
    });
  });
});

describe('the name is made safe', () => {
  test.each([
    ['C:\\Users\\maria\\My resume.PDF', 'My resume.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['cv.doc', 'cv.pdf'],
    ['.pdf', 'resume.pdf'],
    ['', 'resume.pdf'],
    ['re\u202Efdp.exe', 'refdp.pdf'],
    ['a\r\nSet-Cookie: x', 'aSet-Cookie x.pdf'],
    ['履歴書 Cháku.pdf', '履歴書 Cháku.pdf'],
  ])('%j becomes %j', async (name, fileName) => {
    expect(await readResume({ name, bytes: sample.samplePdf() })).toMatchObject({ fileName });
  });

  test('whatever it was, it is one line, not a path, ends in .pdf and is not long', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (name) => {
        const read = await readResume({ name, bytes: sample.samplePdf() });
        const fileName = read.ok ? read.fileName : '';
        expect(fileName).toMatch(/^[^\p{Cc}/\\]+\.pdf$/u);
        expect([...new Intl.Segmenter().segment(fileName)].length).toBeLessThan(90);
      }),
    );
  });
});
