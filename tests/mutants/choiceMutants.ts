import type { Mutant } from './mutants.ts';

/** What a connection does only where staff chose it, or because it has no key: wrong in one place. */
export const choiceMutants: readonly Mutant[] = [
  {
    name: 'takes a suggestion without writing it',
    rule: 'M1',
    file: 'src/applications/suggestions.ts',
    find: 'await needs.students.writeProfile(tx, studentId, profile);',
    replace: 'await needs.students.writeProfile(tx, studentId, { name, ...facts });',
    caughtBy: ['tests/world/suggestions.test.ts'],
  },
  {
    name: 'offers again what a student has refused',
    rule: 'M6',
    file: 'src/applications/suggestionRows.ts',
    find: 'new Map((rows.get(studentId) ?? []).map((row) => [row.field, row]));',
    replace: `new Map(
      (rows.get(studentId) ?? []).flatMap((row) => (row.state === 'kept' ? [] : [[row.field, row]])),
    );`,
    caughtBy: ['tests/world/suggestions.test.ts'],
  },
  {
    name: 'keeps an applicant of KiEX as a stranger',
    rule: 'I1',
    file: 'src/providers/manatal/publicMatches.ts',
    find: "isUuid(externalId)) return 'made by KiEX';",
    replace: 'isUuid(externalId)) return null;',
    caughtBy: ['tests/world/publicApplicants.test.ts'],
  },
  {
    name: 'does not follow how far a stranger is',
    rule: 'D4',
    file: 'src/applications/syncedPublicApplicants.ts',
    find: '.set({ ...change, version: version + 1, goneAt: null })',
    replace: '.set({ version: version + 1, updatedAt: change.updatedAt })',
    caughtBy: ['tests/world/publicApplicants.test.ts'],
  },
  {
    name: 'keeps strangers whom staff chose to ignore',
    rule: 'P1',
    file: 'src/providers/manatal/publicMatches.ts',
    find: 'isLeftOut: (settings) => !showsPublic(settings),',
    replace: 'isLeftOut: () => false,',
    caughtBy: ['tests/world/publicApplicants.test.ts'],
  },
  {
    name: 'offers for a new job an account that takes none',
    rule: 'F6',
    file: 'src/jobs/newJob.ts',
    find: 'takesJobs(provider));',
    replace: 'takesJobs(provider) || true);',
    caughtBy: ['tests/world/careerPageJobs.test.ts'],
  },
];
