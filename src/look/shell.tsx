import type { ReactNode } from 'react';
import { Form, Link, NavLink } from 'react-router';
import { Mark } from './mark.tsx';

/** Who reads, as the frame needs it; null for a visitor. */
export interface Reader {
  name: string;
  role: string;
}

interface MenuItem {
  to: string;
  words: string;
  /** Marked only on this very page, not on those below it. */
  end?: boolean;
}

const JOBS: MenuItem = { to: '/jobs', words: 'Jobs' };
const STAFF: MenuItem[] = [
  { to: '/staff/sync', words: 'Sync Dashboard' },
  { to: '/staff/integrations', words: 'Integration Settings' },
  { to: '/staff/jobs', words: 'Edit jobs' },
  { to: '/staff/organizations', words: 'Organisations' },
  { to: '/staff/employers', words: 'Employers' },
  { to: '/staff/contacts', words: 'Contacts' },
  JOBS,
];

const lengthOf = ({ length }: MenuItem[]) => (length > 5 ? 'long' : length > 1 ? '' : 'short');

/** What each role finds in the main menu. */
const MENUS: Record<string, MenuItem[]> = {
  student: [{ to: '/dashboard', words: 'Dashboard' }, JOBS, { to: '/profile', words: 'Profile' }],
  employer: [
    { to: '/employer', words: 'Your jobs', end: true },
    { to: '/employer/sync', words: 'Sync Dashboard' },
    { to: '/employer/integrations', words: 'Integration Settings' },
    JOBS,
  ],
  staff: STAFF,
  admin: STAFF,
};

/** What a visitor of the sandbox needs to look around. */
export interface SandboxWords {
  inspectorUrl: string;
  websiteUrl: string | null;
  signIns: readonly { role: string; email: string; password: string }[];
}

interface ShellProps {
  sandbox: SandboxWords | null;
  reader: Reader | null;
  theme: 'light' | 'dark' | null;
  children: ReactNode;
}

/** The frame around every page: brand, menu by role, who one is, footer. Works without a script. */
export function Shell({ sandbox, reader, theme, children }: ShellProps) {
  const menu = (reader && MENUS[reader.role]) ?? [JOBS];
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      {sandbox && <SandboxStrip sandbox={sandbox} isVisitor={reader === null} />}
      <header className="shell-header">
        <div className="shell-bar">
          <Link className="brand" to="/" aria-label="KiEX, front page">
            <Mark />
            KiEX
          </Link>
          <nav aria-label="Main" className={`menu ${lengthOf(menu)}`}>
            {menu.map((item) => (
              <NavLink key={item.to} to={item.to} end={item.end}>
                {item.words}
              </NavLink>
            ))}
          </nav>
          <You reader={reader} />
        </div>
      </header>
      <main id="main" className="shell-main" tabIndex={-1}>
        {children}
      </main>
      <footer className="shell-footer">
        <div className="shell-bar">
          <span>KiEX · work in the Western Pacific</span>
          <Link to="/jobs">All jobs</Link>
          <ThemeSwitch theme={theme} />
        </div>
      </footer>
    </div>
  );
}

/** Says on every page that the employers are simulated, and how to act as one. */
function SandboxStrip({ sandbox, isVisitor }: { sandbox: SandboxWords; isVisitor: boolean }) {
  return (
    <aside className="sandbox no-print" aria-label="Sandbox">
      <p>
        <strong>Sandbox:</strong> the employers and their Manatal are simulated
        {sandbox.websiteUrl && ', and so is the website'}.{' '}
        <a href={sandbox.inspectorUrl}>Act as the recruiter</a>
        {sandbox.websiteUrl && (
          <>
            {' or '}
            <a href={sandbox.websiteUrl}>on the website</a>
          </>
        )}
      </p>
      {isVisitor && sandbox.signIns.length > 0 && (
        <details>
          <summary>Accounts to sign in with</summary>
          <ul>
            {sandbox.signIns.map(({ role, email, password }) => (
              <li key={email}>
                {role}: <code>{email}</code>, password <code>{password}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </aside>
  );
}

function You({ reader }: { reader: Reader | null }) {
  if (!reader) {
    return (
      <div className="shell-you">
        <Link to="/sign-in">Sign in</Link>
        <Link to="/sign-up" className="wide-only">
          Create an account
        </Link>
      </div>
    );
  }
  return (
    <div className="shell-you">
      <span className="muted small wide-only">{reader.name}</span>
      <Form method="post" action="/sign-out" reloadDocument>
        <button type="submit" className="plain">
          Sign out
        </button>
      </Form>
    </div>
  );
}

const NEXT_THEME = [
  { value: 'light', words: 'Light' },
  { value: 'dark', words: 'Dark' },
  { value: '', words: 'As my device' },
];

function ThemeSwitch({ theme }: { theme: 'light' | 'dark' | null }) {
  return (
    <Form method="post" action="/theme" reloadDocument className="theme-switch">
      <span>Colours:</span>
      {NEXT_THEME.map(({ value, words }) => (
        <button
          key={words}
          type="submit"
          name="theme"
          value={value}
          className="plain"
          aria-pressed={(theme ?? '') === value}
        >
          {words}
        </button>
      ))}
    </Form>
  );
}
