import { Form, Link } from 'react-router';
import { Confirm } from '#src/look/confirm.tsx';
import { Card } from '#src/look/page.tsx';
import { kindWords, type PartKind, partKinds, partLine } from './partKinds.ts';
import type { ProfilePart } from './profileParts.ts';

/** Education, experience, skills and links of a profile, a card each. */
export function ProfilePartCards({ parts }: { parts: ProfilePart[] }) {
  return (
    <div className="stack" id="parts">
      {partKinds.map((kind) => (
        <KindCard key={kind} kind={kind} parts={parts.filter((part) => part.kind === kind)} />
      ))}
      <p className="muted small">
        Employers see these only if you share your profile with them; say so when you apply, or
        under <Link to="/sharing">Sharing</Link>. What you change here changes there, unless the
        employer changed it. What you remove here stays with an employer who got it before, and KiEX
        does not touch it there any more: ask them to delete it.
      </p>
    </div>
  );
}

function KindCard({ kind, parts }: { kind: PartKind; parts: ProfilePart[] }) {
  const { title, one, empty } = kindWords[kind];
  return (
    <Card
      title={title}
      id={kind}
      aside={
        <Link className="button" to={`/profile/${kind}/new`}>
          Add a {one}
        </Link>
      }
    >
      {parts.length === 0 && <p className="muted">{empty}</p>}
      <ul className="resume-list">
        {parts.map((part) => (
          <PartLine key={part.id} part={part} />
        ))}
      </ul>
    </Card>
  );
}

function PartLine({ part: { id, kind, values } }: { part: ProfilePart }) {
  const { words, more } = partLine(kind, values);
  return (
    <li>
      <div className="part-words">
        {words}
        {more && <p className="muted small">{more}</p>}
      </div>
      <div className="cluster">
        {kindWords[kind].isEditable && (
          <Link className="button" to={`/profile/${kind}/${id}`} aria-label={`Edit ${words}`}>
            Edit
          </Link>
        )}
        <Confirm
          words="Remove"
          question={`Remove ${words} from your profile? An employer who got it before keeps it.`}
        >
          <Form method="post">
            <input type="hidden" name="part" value={id} />
            <button type="submit" name="do" value="removePart" className="danger">
              Remove it
            </button>
          </Form>
        </Confirm>
      </div>
    </li>
  );
}
