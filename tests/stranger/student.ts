/** A student with a phone: plain forms, cookies, no scripts. */
export interface Student {
  name: string;
  email: string;
  /** A cover note with everything in it that is lost or doubled when text is escaped. */
  note: string;
  signUp(): Promise<void>;
  /** Applies for the job at this path with a resume; the status of the last answer. */
  apply(jobPath: string, note: string): Promise<string>;
  /** What the dashboard says of each application, the last sent first. */
  statuses(): Promise<string[]>;
}

let addresses = 0;

/** url  where KiEX is. */
export function createStudent(url: string, name: string, email: string): Student {
  const cookies = new Map<string, string>();
  const address = `10.1.0.${++addresses}`;
  const ask = async (path: string, form?: FormData | URLSearchParams) => {
    const response = await fetch(url + path, {
      method: form ? 'POST' : 'GET',
      ...(form ? { body: form } : {}),
      headers: {
        origin: url,
        'x-forwarded-for': address,
        cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join('; '),
      },
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [key = ''] = pair.split('=');
      cookies.set(key, pair.slice(key.length + 1));
    }
    return {
      status: response.status,
      to: response.headers.get('location'),
      text: await response.text(),
    };
  };
  return {
    name,
    email,
    note: `I'm "${name}" & I know the bay <by heart>.\n\nCafé work — since 2024; 5 > 3.\nYours, ${name}`,
    async signUp() {
      const form = new URLSearchParams({ name, email, password: 'three words and a reef' });
      const answer = await ask('/sign-up', form);
      if (answer.status !== 303) throw new Error(`sign-up of ${email}: ${answer.status}`);
    },
    async apply(jobPath, note) {
      const form = new FormData();
      const fields = { phone: '671 555 0142', address: '', territory: 'GU', note, agreed: 'yes' };
      for (const [key, value] of Object.entries(fields)) form.set(key, value);
      const resume = Buffer.from(`%PDF-1.7\n% resume of ${email}\n%%EOF\n`);
      form.set('upload', new Blob([resume], { type: 'application/pdf' }), 'resume.pdf');
      const answer = await ask(`${jobPath}/apply`, form);
      return `${answer.status} ${answer.to ?? ''}`;
    },
    async statuses() {
      const { text } = await ask('/dashboard');
      const heads = text.matchAll(/class="application-status">([\s\S]*?)<\/p>/g);
      return [...heads].map(([, head]) => plain(head!).trim());
    },
  };
}

/** The words of a page. */
export const plain = (html: string) =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
