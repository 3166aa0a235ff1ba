import { fileTypeFromBuffer } from 'file-type';

export const RESUME_BYTES_MAX = 5 * 1024 * 1024;
/** A longer name breaks lists, mails and other systems. */
const STEM_LENGTH_MAX = 80;

export type ResumeRefusal = 'empty' | 'too_large' | 'not_a_document';

export type ResumeRead =
  | { ok: true; contentType: string; fileName: string }
  | { ok: false; reason: ResumeRefusal };

const EXTENSIONS: Record<string, string> = {
  'application/pdf': 'pdf',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/rtf': 'rtf',
};

/**
 * What kind of document the bytes are, whatever the file is called, and a safe name for it.
 *
 * Fails  empty | too_large (over 5 MB) | not_a_document (not PDF, DOC, DOCX or RTF).
 */
export async function readResume(file: { name: string; bytes: Uint8Array }): Promise<ResumeRead> {
  if (file.bytes.length === 0) return { ok: false, reason: 'empty' };
  if (file.bytes.length > RESUME_BYTES_MAX) return { ok: false, reason: 'too_large' };
  const contentType = await contentTypeOf(file.bytes);
  const extension = contentType === null ? undefined : EXTENSIONS[contentType];
  if (contentType === null || extension === undefined) {
    return { ok: false, reason: 'not_a_document' };
  }
  return { ok: true, contentType, fileName: cleanFileName(file.name, extension) };
}

async function contentTypeOf(bytes: Uint8Array): Promise<string | null> {
  const found = await fileTypeFromBuffer(bytes);
  if (found?.mime !== 'application/x-cfb') return found?.mime ?? null;
  return holdsWordDocument(bytes) ? 'application/msword' : null;
}

/**
 * DOC, XLS, PPT, MSI and saved mails share one container. A Word file holds a stream that is
 * called WordDocument, written in UTF-16 in the container's directory.
 */
function holdsWordDocument(bytes: Uint8Array): boolean {
  const name = Buffer.from('WordDocument\0', 'utf16le');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(name);
}

/** The name as typed, without folders, tricks of direction or a false ending. */
function cleanFileName(name: string, extension: string): string {
  const last = name.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const stem = last
    .replace(/\.[^.]*$/, '')
    // Control and format characters, such as the one that makes "fdp.exe" read backwards.
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}<>:"|?*]/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const short = [...characters.segment(stem)].slice(0, STEM_LENGTH_MAX);
  return `${short.map(({ segment }) => segment).join('') || 'resume'}.${extension}`;
}

// Some letters of the region are two code points: never cut inside one.
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Why a file was not taken, and what to do. */
export function refusalWords(reason: ResumeRefusal): string {
  switch (reason) {
    case 'empty':
      return 'This file is empty. Choose another one.';
    case 'too_large':
      return 'This file is larger than 5 MB. Save it as a PDF, or with smaller pictures.';
    case 'not_a_document':
      return 'This file is not a PDF, DOC, DOCX or RTF document. Save your resume as one of these.';
  }
}
