export type Theme = 'light' | 'dark';

/** The colours a person asked for, kept in a cookie; null: as their device says. */
export function readTheme(cookieHeader: string | null): Theme | null {
  const found = /(?:^|;\s*)kiex_theme=(light|dark)(?:;|$)/.exec(cookieHeader ?? '');
  return (found?.[1] as Theme | undefined) ?? null;
}

/** The Set-Cookie value that remembers, or forgets, the colours for a year. */
export function themeCookie(theme: Theme | null): string {
  const age = theme ? 365 * 24 * 3600 : 0;
  return `kiex_theme=${theme ?? ''}; Path=/; Max-Age=${age}; SameSite=Lax; HttpOnly`;
}
