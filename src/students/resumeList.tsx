import { Form } from 'react-router';
import { Confirm } from '#src/look/confirm.tsx';
import { Card } from '#src/look/page.tsx';
import { When } from '#src/look/when.tsx';
import type { Resume } from './students.ts';
import { sizeWords } from './uploadedFile.ts';

/** A resume, the employers who have it, and those who could get it. */
interface ReachedResume extends Resume {
  sentTo: string[];
  couldGoTo: string[];
}

export function ResumeList({ resumes }: { resumes: ReachedResume[] }) {
  return (
    <Card title="Your resumes" id="resumes">
      {resumes.length === 0 && (
        <p className="muted">None yet. Add one above: every application needs one.</p>
      )}
      <ul className="resume-list">
        {resumes.map((resume) => (
          <ResumeLine key={resume.id} resume={resume} />
        ))}
      </ul>
    </Card>
  );
}

function ResumeLine({ resume }: { resume: ReachedResume }) {
  const { id, fileName, bytes, uploadedAt, sentTo, couldGoTo } = resume;
  return (
    <li>
      <div>
        <a href={`/resumes/${id}`}>{fileName}</a>
        <p className="muted small">
          {sizeWords(bytes)}, added <When at={uploadedAt} />
        </p>
        {sentTo.length > 0 && <p className="muted small">Sent to {listed(sentTo)}</p>}
      </div>
      <div className="cluster">
        {couldGoTo.length > 0 && (
          <Confirm
            words="Send to employers"
            question={`Send this resume to ${listed(couldGoTo)}? It goes beside the one they have, which stays.`}
          >
            <ResumeForm id={id} act="send" words="Send it" style="primary" />
          </Confirm>
        )}
        <Confirm
          words="Remove"
          question="Remove this resume from your profile? Applications sent with it keep it."
        >
          <ResumeForm id={id} act="remove" words="Remove it" style="danger" />
        </Confirm>
      </div>
    </li>
  );
}

function ResumeForm(props: { id: string; act: string; words: string; style: string }) {
  return (
    <Form method="post">
      <input type="hidden" name="resume" value={props.id} />
      <button type="submit" name="do" value={props.act} className={props.style}>
        {props.words}
      </button>
    </Form>
  );
}

const listed = (names: string[]) => new Intl.ListFormat('en').format(names);
