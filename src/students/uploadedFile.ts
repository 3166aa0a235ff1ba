import type { UploadedFile } from './students.ts';

/** The file chosen in a form; null when none was. Browsers send an empty, nameless one then. */
export async function uploadOf(form: FormData, name: string): Promise<UploadedFile | null> {
  const file = form.get(name);
  if (!(file instanceof File) || (file.name === '' && file.size === 0)) return null;
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** '48 kB', '1.2 MB' */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What a file chooser offers; the content decides. */
export const RESUME_ACCEPT = '.pdf,.doc,.docx,.rtf';
export const RESUME_HINT = 'PDF, DOC, DOCX or RTF, up to 5 MB.';
