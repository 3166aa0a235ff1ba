import { plain } from './student.ts';

/** The job board as a visitor reads it, page by page. */
export function createBoard(url: () => string) {
  const listed = async (): Promise<Map<string, string>> => {
    const found = new Map<string, string>();
    for (let page = 1; page < 50; page++) {
      const html = await (await fetch(`${url()}/jobs?page=${page}`)).text();
      const links = html.matchAll(/<h3[^>]*><a[^>]*href="(\/jobs\/[^"?]+)"[^>]*>([^<]*)<\/a>/g);
      const before = found.size;
      for (const [, path, title] of links) found.set(title!, path!);
      if (found.size === before) break;
    }
    return found;
  };
  const pathOf = async (title: string) => (await listed()).get(title)!;
  const htmlOf = async (title: string) => (await fetch(url() + (await pathOf(title)))).text();
  return {
    titles: async () => [...(await listed()).keys()],
    pathOf,
    htmlOf,
    /** The words on a job's page. */
    wordsOf: async (title: string) => plain(await htmlOf(title)),
  };
}
