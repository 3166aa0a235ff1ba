import type { ReactNode } from 'react';
import { Form } from 'react-router';

/** One button that posts: what it asks travels in hidden fields, so it works without a script. */
export function ActionButton({
  fields,
  className = 'small-button',
  label,
  children,
}: {
  fields: Record<string, string>;
  className?: string;
  /** For screen readers, when the words alone do not say what is meant. */
  label?: string;
  children: ReactNode;
}) {
  return (
    <Form method="post" preventScrollReset>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <button type="submit" className={className} aria-label={label}>
        {children}
      </button>
    </Form>
  );
}
