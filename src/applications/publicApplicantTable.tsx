import { Status } from '#src/look/status.tsx';
import { APPLICATION_STATUS } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import type { PublicApplicant } from './publicApplicants.ts';

/** Those on a job who did not come through KiEX: how far they are, and no name. */
export function PublicApplicants({
  applicants,
  more,
}: {
  applicants: PublicApplicant[];
  more: boolean;
}) {
  return (
    <section className="stack" aria-labelledby="elsewhere">
      <h2 id="elsewhere">Applied in Manatal</h2>
      <p className="quiet-text">
        They did not come through KiEX. It knows their number and how far they are; who they are,
        you see in Manatal.
        {more && ' These are the latest; all of them are in Manatal.'}
      </p>
      <div className="table-card">
        <table>
          <thead>
            <tr>
              <th scope="col">Candidate</th>
              <th scope="col">Status</th>
              <th scope="col">Your stage</th>
              <th scope="col">Since</th>
              <th scope="col">Interview</th>
              <th scope="col">Offer</th>
            </tr>
          </thead>
          <tbody>
            {applicants.map((one) => (
              <PublicRow key={one.id} applicant={one} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function PublicRow({ applicant }: { applicant: PublicApplicant }) {
  const { candidateId, addedByStaff, status, stageName } = applicant;
  return (
    <tr>
      <td data-label="Candidate">
        No. {candidateId}
        {addedByStaff && <span className="muted"> · added by your team</span>}
      </td>
      <td data-label="Status">
        <Status of={APPLICATION_STATUS} status={status} />
      </td>
      <td data-label="Your stage">{stageName ?? <span className="muted">None yet</span>}</td>
      <td data-label="Since">
        <DateOf at={applicant.appliedAt} />
      </td>
      <td data-label="Interview">
        <DateOf at={applicant.interviewAt} />
      </td>
      <td data-label="Offer">
        <DateOf at={applicant.offerAt} />
      </td>
    </tr>
  );
}

function DateOf({ at }: { at: Date | null }) {
  return at ? <When at={at} /> : <span className="muted">None</span>;
}
