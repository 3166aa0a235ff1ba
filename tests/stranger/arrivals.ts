import type { Student } from './student.ts';
import type { Row, World } from './world.ts';

/** What of one student is there, for one job. */
export interface Arrival {
  email: string;
  candidates: number;
  matches: number;
  /** Resumes and attachments with the student's own file in them. */
  files: number;
  notes: number;
}

/** Finds in the account what KiEX brought there. */
export function createArrivals(world: World) {
  const under = (rows: Map<number, Row>, parents: string[]) =>
    [...rows.values()].filter((row) => parents.includes(String(row.at)));
  const arrivals = {
    candidatesOf: ({ email }: Student) =>
      [...world.candidates.values()].filter((row) => row.email === email),
    matchesOf: (candidates: Row[], job: Row) =>
      [...world.matches.values()].filter(
        (match) => match.job === job.id && candidates.some(({ id }) => id === match.candidate),
      ),
    matchOf: (student: Student, job: Row) =>
      arrivals.matchesOf(arrivals.candidatesOf(student), job)[0],
    notesOf: (matches: Row[]) => {
      const parents = matches.map(({ id }) => `matches/${id}`);
      return under(world.notes, parents);
    },
    of(student: Student, job: Row): Arrival {
      const candidates = arrivals.candidatesOf(student);
      const matches = arrivals.matchesOf(candidates, job);
      const parents = candidates.map(({ id }) => `candidates/${id}`);
      const files = [...under(world.resumes, parents), ...under(world.attachments, parents)];
      const words = `resume of ${student.email}\n`;
      return {
        email: student.email,
        candidates: candidates.length,
        matches: matches.length,
        files: files.filter((row) => String(row.bytes).includes(words)).length,
        notes: arrivals.notesOf(matches).length,
      };
    },
    /** Those of whom something is not there yet. */
    unfinished: (students: Student[], job: Row) =>
      students
        .map((student) => arrivals.of(student, job))
        .filter(({ matches, files, notes }) => !matches || !files || !notes),
  };
  return arrivals;
}
