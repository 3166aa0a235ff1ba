import { sql } from 'drizzle-orm';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Queryable } from '#src/platform/database.ts';
import { standsAgreed } from '#src/privacy/store.ts';
import { lockResume } from '#src/students/store.ts';
import { employerWords } from './store.ts';

/** Who has a resume, and who could get it, by name. */
export interface ResumeReach {
  sentTo: string[];
  couldGoTo: string[];
}

/** Sending a newer resume to employers who have an application already. */
export interface NewerResumes {
  /** By resume. Employers whose application is over are not among those it could go to. */
  reachOf(studentId: string): Promise<Map<string, ResumeReach>>;
  /**
   * Sends this file after every open application whose student shares a resume with its employer;
   * once, however often it is asked. Returns to how many it goes now.
   */
  send(studentId: string, resumeId: string): Promise<number>;
}

export function createNewerResumes({ db, clock }: { db: Db; clock: Clock }): NewerResumes {
  return {
    reachOf: (studentId) => reachOf(db, studentId),
    send: (studentId, resumeId) =>
      db.transaction(async (tx) => {
        if (!(await lockResume(tx, { studentId, resumeId }))) return 0;
        // What is to be sent is found by the look at what is due: it needs no bell of its own. [D6]
        const { rowCount } = await tx.execute(sql`
          insert into application_resumes (application_id, resume_id, added_at)
          select applications.id, ${resumeId}::uuid, ${clock.now().toISOString()}::timestamptz
          from applications
          where applications.student_id = ${studentId}
            and applications.resume_id is distinct from ${resumeId}::uuid and ${isOpen}
          on conflict do nothing`);
        return rowCount ?? 0;
      }),
  };
}

const isOpen = sql`applications.status in ('sent', 'in_review', 'interview', 'offer')
  and ${standsAgreed('resume')}`;

type ReachRow = { resume_id: string; employer: string | null; has: boolean };

async function reachOf(db: Queryable, studentId: string): Promise<Map<string, ResumeReach>> {
  const { rows } = await db.execute<ReachRow>(sql`
    select * from (
      select resumes.id as resume_id, organizations.name as employer,
        bool_or(applications.resume_id = resumes.id or further.resume_id is not null) as has,
        bool_or(${isOpen}) as open
      from resumes join applications on applications.student_id = resumes.student_id
      join jobs on jobs.id = applications.job_id
      left join organizations on organizations.id = jobs.organization_id
      left join application_resumes as further
        on further.application_id = applications.id and further.resume_id = resumes.id
      where resumes.student_id = ${studentId} and resumes.removed_at is null
      group by resumes.id, organizations.name
    ) as reach where has or open order by employer`);
  const reach = new Map<string, ResumeReach>();
  for (const { resume_id: id, employer, has } of rows) {
    const known = reach.get(id) ?? { sentTo: [], couldGoTo: [] };
    known[has ? 'sentTo' : 'couldGoTo'].push(employerWords(employer));
    reach.set(id, known);
  }
  return reach;
}
