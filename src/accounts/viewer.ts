export const ROLES = ['student', 'employer', 'staff', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is looking: the signed-in person behind a request. */
export interface Viewer {
  userId: string;
  name: string;
  email: string;
  role: Role;
}

export const isRole = (text: unknown): text is Role => ROLES.includes(text as Role);
