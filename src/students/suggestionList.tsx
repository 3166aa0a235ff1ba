import { Form } from 'react-router';
import { Card } from '#src/look/page.tsx';
import { phoneWords } from './phone.ts';

interface Offer {
  connectionId: string;
  employer: string;
  field: 'name' | 'phone' | 'address';
  value: string;
}

const fieldWords = { name: 'name', phone: 'phone number', address: 'address' };

/** What employers hold in place of what the student gave; nothing when there is none. */
export function SuggestionList({ offers }: { offers: Offer[] }) {
  if (offers.length === 0) return null;
  return (
    <Card title="Employers have other details" id="suggestions">
      <p className="muted">
        A recruiter wrote them. At the employer they stay as they are; you decide what stands here.
      </p>
      <ul className="resume-list">
        {offers.map((offer) => (
          <SuggestionLine key={`${offer.connectionId} ${offer.field}`} offer={offer} />
        ))}
      </ul>
    </Card>
  );
}

function SuggestionLine({ offer }: { offer: Offer }) {
  const { connectionId, employer, field, value } = offer;
  const words = field === 'phone' ? phoneWords(value) : value;
  return (
    <li>
      <p className="part-words">
        {employer} has another {fieldWords[field]} for you: <strong>{words}</strong>
      </p>
      <Form method="post" className="cluster">
        <input type="hidden" name="connection" value={connectionId} />
        <input type="hidden" name="field" value={field} />
        <input type="hidden" name="value" value={value} />
        <button type="submit" name="do" value="take" aria-label={`Use it: ${words}`}>
          Use it
        </button>
        <button type="submit" name="do" value="keep" aria-label={`Keep mine: ${fieldWords[field]}`}>
          Keep mine
        </button>
      </Form>
    </li>
  );
}
