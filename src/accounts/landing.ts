import { decideAccess } from './access.ts';
import type { Role } from './viewer.ts';

const HOMES: Record<Role, string> = {
  student: '/dashboard',
  employer: '/employer',
  staff: '/staff/sync',
  admin: '/staff/sync',
};

/** Where a person comes to after signing in: where they were going, if that is open to them. */
export function landingOf(role: Role, next: string | null): string {
  if (next === null) return HOMES[role];
  const { pathname } = new URL(next, 'http://here.invalid');
  return decideAccess(pathname, { role }).kind === 'allowed' ? next : HOMES[role];
}
