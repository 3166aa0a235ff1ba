import type { PublicName } from '#src/sync/accountFields.ts';

/** Pages whose first part is no name of an employer's page. */
const notNames = new Set(['www', 'open', 'jobs', 'job', 'api']);
const wellFormed = /^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$/;

/**
 * The name of a career page, out of what people paste: the name itself, or the address of the page or
 * of one of its jobs. It is lower case there, and case matters. reference/manatal.md 11
 */
export function readPageName(pasted: string): ReturnType<PublicName['read']> {
  const text = pasted.trim();
  if (text === '') return { problem: 'Paste the address of the career page, or its name.' };
  const address = addressIn(text);
  if (address === null) return nameOrProblem(text);
  if (
    address.hostname.endsWith('.careers-page.com') &&
    address.hostname !== 'www.careers-page.com'
  ) {
    return {
      problem:
        'This is one of Manatal’s new career pages, which KiEX cannot read yet. Addresses it can read begin with www.careers-page.com.',
    };
  }
  if (!/^(www\.)?careers-page\.com$/.test(address.hostname)) {
    return { problem: 'This is not an address at www.careers-page.com.' };
  }
  const [first = ''] = address.pathname.split('/').filter(Boolean);
  if (first === '') return { problem: 'The address ends before the name of the employer’s page.' };
  return nameOrProblem(decoded(first));
}

function addressIn(text: string): URL | null {
  if (/^https?:\/\//i.test(text)) return URL.parse(text);
  return /^[\w-]+(\.[\w-]+)+(\/|$)/.test(text) ? URL.parse(`https://${text}`) : null;
}

function nameOrProblem(text: string): ReturnType<PublicName['read']> {
  const name = text.replace(/^\/+|\/+$/g, '').toLowerCase();
  if (wellFormed.test(name) && !notNames.has(name)) return { name };
  return {
    problem:
      'This is no name of a career page. Copy the address of the page, like https://www.careers-page.com/pacific-stay.',
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
