import type { Row, SimulatedManatal } from '../kiex/simulatedManatal.ts';
import { hotels, type Student } from './people.ts';

/** Jobs that both employers have open and published, as Manatal counts them. */
export async function countOpenJobs(manatal: SimulatedManatal): Promise<number> {
  const jobs = [...(await manatal.rows(1, 'jobs')), ...(await manatal.rows(2, 'jobs'))];
  return jobs.filter((job) => job.status === 'active' && job.is_published).length;
}

/** The match of a student with a job of the hotels. */
export async function matchOf(manatal: SimulatedManatal, who: Student, job: number): Promise<Row> {
  const [candidate] = await candidatesOf(manatal, who);
  const matches = await manatal.rows(hotels, 'matches');
  return matches.find((row) => row.candidate === candidate?.id && row.job === job)!;
}

/** How much of one student's application is in Manatal, by kind. */
export async function countOf(manatal: SimulatedManatal, who: Student) {
  const candidates = await candidatesOf(manatal, who);
  const id = candidates[0]?.id;
  const matches = (await manatal.rows(hotels, 'matches')).filter((row) => row.candidate === id);
  const below = async (collection: string, parent: string) =>
    (await manatal.rows(hotels, collection)).filter((row) => row.parent === parent).length;
  return {
    candidates: candidates.length,
    matches: matches.length,
    resumes: await below('resumes', `candidates/${id}`),
    notes: await below('notes', `matches/${matches[0]?.id}`),
  };
}

/** How often KiEX asked Manatal to make something. */
export async function postsTo(manatal: SimulatedManatal): Promise<Record<string, number>> {
  const posts = (await manatal.requests()).filter(({ method }) => method === 'POST');
  const count = (pattern: RegExp) => posts.filter(({ path }) => pattern.test(path)).length;
  return {
    candidates: count(/\/candidates\/$/),
    matches: count(/\/open\/v3\/matches\/$/),
    resume: count(/\/resume\/$/),
    notes: count(/\/notes\/$/),
  };
}

const candidatesOf = async (manatal: SimulatedManatal, { email }: Student) =>
  (await manatal.rows(hotels, 'candidates')).filter((row) => row.email === email);
