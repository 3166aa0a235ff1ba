import { Form, useNavigation } from 'react-router';
import { CheckField } from '#src/look/fields.tsx';
import type { ConnectionSummary } from './dashboardRows.ts';

/** Puts a new key in the place of one that was revoked, has become old, or was destroyed. */
export function ReplaceKey({
  connection,
  publicName,
  error,
}: {
  connection: ConnectionSummary;
  /** What names the account where there is no key; null: a key does. */
  publicName: string | null;
  error?: string;
}) {
  const sending = useNavigation().formData;
  const isTesting =
    sending?.get('intent') === 'replaceKey' && sending.get('connectionId') === connection.id;
  // Each card has such a field, so its id carries the connection's.
  const field = `key-${connection.id}`;
  const isOver = connection.state === 'disconnected';
  return (
    <details className="confirm" open={Boolean(error)}>
      <summary className="button small-button">
        {isOver ? 'Connect it again…' : `Replace the ${publicName?.toLowerCase() ?? 'key'}…`}
      </summary>
      <Form
        method="post"
        action={`#${connection.id}`}
        className="confirm-body"
        preventScrollReset
        noValidate
      >
        <input type="hidden" name="intent" value="replaceKey" />
        <input type="hidden" name="connectionId" value={connection.id} />
        <div className="field">
          <label htmlFor={field}>
            New {publicName?.toLowerCase() ?? 'key'} of the same account
          </label>
          <p className="hint" id={`${field}-hint`}>
            {isOver
              ? 'It is tested first, and must open the account that was connected here before.'
              : 'It is tested first, beside the old one, which works on until the new one does.'}
          </p>
          {error && (
            <p className="field-error" id={`${field}-error`} role="alert">
              {error}
            </p>
          )}
          <input
            id={field}
            name="key"
            type={publicName ? 'text' : 'password'}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? `${field}-error ${field}-hint` : `${field}-hint`}
          />
        </div>
        {error && (
          <CheckField
            id={`same-${connection.id}`}
            name="sameAccount"
            value="1"
            label="It is the same account, whatever KiEX finds there"
          />
        )}
        <div>
          <button type="submit" className="small-button primary">
            {isTesting ? 'Testing…' : isOver ? 'Test and connect' : 'Test and replace'}
          </button>
        </div>
      </Form>
    </details>
  );
}
