import type { ReactNode } from 'react';
import { Form, Link } from 'react-router';
import { Confirm } from '#src/look/confirm.tsx';
import { Card } from '#src/look/page.tsx';
import { Chip, Status } from '#src/look/status.tsx';
import { CONNECTION_STATE } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import type { Employer, EmployerPerson } from './employers.ts';

/** One employer for staff: who acts for it, and by which accounts it is connected. */
export function EmployerCard({ employer }: { employer: Employer }) {
  const { id, slug, name, people, connections } = employer;
  return (
    <Card id={id} title={name} aside={<Link to={`/employers/${slug}`}>As students see it</Link>}>
      <div className="stack">
        {connections.length > 0 ? (
          <ul className="cluster" aria-label={`Connections of ${name}`}>
            {connections.map((connection) => (
              <li key={connection.id} className="cluster">
                <Link to={`/staff/integrations#${connection.id}`}>{connection.label}</Link>
                <Status of={CONNECTION_STATE} status={connection.state} />
              </li>
            ))}
          </ul>
        ) : (
          <p className="muted">
            Not connected yet. Its people can do that, or you in{' '}
            <Link to="/staff/integrations#add">Integration Settings</Link>.
          </p>
        )}
        {people.length > 0 ? (
          <People employer={employer} />
        ) : (
          <p className="muted">Nobody acts for it yet. Invite a person below.</p>
        )}
      </div>
    </Card>
  );
}

function People({ employer }: { employer: Employer }) {
  return (
    <div className="table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">Since</th>
            <th scope="col">Account</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {employer.people.map((person) => (
            <tr key={person.userId}>
              <td data-label="Person">
                <span>
                  {person.name}
                  <small className="block muted">{person.email}</small>
                </span>
              </td>
              <td data-label="Since">
                <When at={person.addedAt} />
              </td>
              <td data-label="Account">
                {person.hasPassword ? (
                  <Chip word="Can sign in" tone="ok" />
                ) : (
                  <Chip word="Link not used yet" tone="warn" />
                )}
              </td>
              <td>
                <Actions employer={employer} person={person} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Actions({ employer, person }: { employer: Employer; person: EmployerPerson }) {
  const of = { userId: person.userId, organizationId: employer.id };
  return (
    <div className="cluster">
      <Posting fields={{ intent: 'newLink', userId: person.userId }}>
        <button type="submit" aria-label={`New link for ${person.name}`}>
          New link
        </button>
      </Posting>
      <Confirm
        words="Remove…"
        question={`${person.name} will see nothing of ${employer.name} any more. The account stays.`}
      >
        <Posting fields={{ intent: 'remove', ...of }}>
          <button type="submit" className="danger" aria-label={`Yes, remove ${person.name}`}>
            Yes, remove
          </button>
        </Posting>
      </Confirm>
    </div>
  );
}

function Posting({ fields, children }: { fields: Record<string, string>; children: ReactNode }) {
  return (
    <Form method="post">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </Form>
  );
}
