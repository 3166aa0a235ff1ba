import { redirect } from 'react-router';
import type { Route } from './+types/themePage.ts';
import { themeCookie } from './theme.ts';

/** Remembers the colours a person chose and leads back to where they were. */
export async function action({ request }: Route.ActionArgs) {
  const wanted = (await request.formData()).get('theme');
  const theme = wanted === 'light' || wanted === 'dark' ? wanted : null;
  return redirect(wayBack(request), { headers: { 'set-cookie': themeCookie(theme) } });
}

export function loader() {
  return redirect('/');
}

/** The page the form stood on, if it is ours; else the front page. */
function wayBack(request: Request): string {
  const referer = request.headers.get('referer');
  if (!referer || !URL.canParse(referer)) return '/';
  const from = new URL(referer);
  return from.host === new URL(request.url).host ? from.pathname + from.search : '/';
}
