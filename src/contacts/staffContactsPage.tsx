import { Form, Link } from 'react-router';
import { Empty, Page, pageMeta } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import '#src/look/staff.css';
import { Chip } from '#src/look/status.tsx';
import { appContext } from '#src/pageContext.ts';
import { territoryName } from '#src/platform/places.ts';
import { phoneWords } from '#src/students/phone.ts';
import type { Route } from './+types/staffContactsPage.ts';
import { nameWords } from './contactWords.ts';
import type { StaffContact } from './editing.ts';

export const meta: Route.MetaFunction = () => pageMeta('Contacts');

export async function loader({ url, context }: Route.LoaderArgs) {
  const text = (url.searchParams.get('q') ?? '').trim();
  const page = Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1);
  const { contactEditing } = context.get(appContext);
  return { text, page, ...(await contactEditing.list({ text, page })) };
}

export default function StaffContactsPage({ loaderData }: Route.ComponentProps) {
  const { text, page, contacts, total, pages } = loaderData;
  return (
    <Page
      title="Contacts"
      lead="The people of the website, and students who agreed to be known there."
    >
      <div className="stack">
        <Form action="/staff/contacts" className="quick-search" role="search" key={text}>
          <label className="unseen" htmlFor="q">
            Name, e-mail, company or place
          </label>
          <input id="q" name="q" type="search" defaultValue={text} placeholder="Name or e-mail" />
          <button type="submit">Search</button>
        </Form>
        <p className="muted number">
          {total.toLocaleString('en-US')} {total === 1 ? 'contact' : 'contacts'}
          {text && ' found'}
        </p>
        {contacts.length > 0 ? (
          <Table contacts={contacts} />
        ) : (
          <NoContacts searched={text !== ''} />
        )}
        <Paging page={page} pages={pages} label="Pages of contacts" />
      </div>
    </Page>
  );
}

function NoContacts({ searched }: { searched: boolean }) {
  if (searched) {
    return (
      <Empty
        title="No contact matches this"
        actions={<Link to="/staff/contacts">See all contacts</Link>}
      >
        Try fewer or shorter words.
      </Empty>
    );
  }
  return (
    <Empty
      title="No contacts yet"
      actions={<Link to="/staff/integrations?with=wix#add">Connect the website</Link>}
    >
      They come in once the website is connected.
    </Empty>
  );
}

function Table({ contacts }: { contacts: StaffContact[] }) {
  return (
    <div className="table-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">E-mail</th>
            <th scope="col">Phone</th>
            <th scope="col">Place</th>
          </tr>
        </thead>
        <tbody>
          {contacts.map((contact) => (
            <tr key={contact.id}>
              <td data-label="Name">
                <Link to={`/staff/contacts/${contact.id}`}>{nameWords(contact)}</Link>{' '}
                {contact.isStudents && <Chip word="Student" tone="info" />}
              </td>
              <td data-label="E-mail">{contact.email ?? notSaid}</td>
              <td data-label="Phone">{phoneWords(contact.phone) || notSaid}</td>
              <td data-label="Place">{placeOf(contact) || notSaid}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const notSaid = <span className="muted">Not said</span>;

const placeOf = ({ city, country }: StaffContact) =>
  [city, territoryName(country) ?? country].filter(Boolean).join(', ');
