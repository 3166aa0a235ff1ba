import { Form, useSubmit } from 'react-router';

/** Narrows a page to one connection. Chosen in a list; without a script, with the button. */
export function ConnectionFilter({
  connections,
  connectionId,
}: {
  connections: { id: string; label: string }[];
  connectionId: string | null;
}) {
  const submit = useSubmit();
  if (connections.length < 2) return null;
  return (
    <Form
      className="cluster inline-filter"
      onChange={(event) => submit(event.currentTarget, { preventScrollReset: true })}
    >
      <label className="unseen" htmlFor="connection">
        Connection
      </label>
      <select id="connection" name="connection" defaultValue={connectionId ?? ''}>
        <option value="">All connections</option>
        {connections.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
      <noscript>
        <button type="submit">Show</button>
      </noscript>
    </Form>
  );
}
