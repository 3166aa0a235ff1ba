import { samplePdf } from '#src/sandbox/samplePdf.ts';

/** A student with a browser that keeps a cookie and sends forms. */
export interface Applicant {
  email: string;
  signIn(): Promise<void>;
  /**
   * Opens the form and sends it.
   * Returns  true when KiEX said that it has the application: then it must never be lost.
   * Fails    when the server goes away; whether it has the application is then not known.
   */
  apply(slug: string, note: string): Promise<boolean>;
}

export function createApplicant(
  url: string,
  {
    email,
    password,
    address = '10.1.0.1',
  }: {
    email: string;
    password: string;
    /** Where the browser is, for a KiEX that believes one proxy. */
    address?: string;
  },
): Applicant {
  let cookie = '';
  const post = (path: string, body: FormData | URLSearchParams) =>
    fetch(url + path, {
      method: 'POST',
      body,
      headers: { origin: url, cookie, 'x-forwarded-for': address },
      redirect: 'manual',
    });
  return {
    email,
    async signIn() {
      const answer = await post('/sign-in', new URLSearchParams({ email, password }));
      if (answer.status >= 400) throw new Error(`sign-in answered ${answer.status}`);
      cookie = answer.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ');
    },
    async apply(slug, note) {
      const path = `/jobs/${slug}/apply`;
      const opened = await fetch(url + path, { headers: { cookie }, redirect: 'manual' });
      if (opened.status !== 200) throw new Error(`${path} answered ${opened.status}`);
      const page = await opened.text();
      if (page.includes('You have applied for this job')) return true;
      const form = new FormData();
      const details = { phone: '+16715550123', address: 'Mangilao', territory: 'GU' };
      for (const [name, value] of Object.entries({ ...details, note, agreed: 'yes' })) {
        form.set(name, value);
      }
      // A resume that KiEX has already is chosen; the first one is uploaded.
      const resume = /name="resume"[^>]*value="([^"]+)"/.exec(page)?.[1];
      if (resume) form.set('resume', resume);
      else
        form.set(
          'upload',
          new File([new Uint8Array(samplePdf([email]))], 'resume.pdf', { type: 'application/pdf' }),
        );
      const answer = await post(path, form);
      const accepted = answer.headers.get('location')?.startsWith('/dashboard?') === true;
      await answer.body?.cancel();
      if (!accepted) throw new Error(`the application was answered with ${answer.status}`);
      return true;
    },
  };
}
