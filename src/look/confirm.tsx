import type { ReactNode } from 'react';

/**
 * A button that asks once more, without a script: the first press opens the question, the form inside
 * holds the second. `children` is that form.
 */
export function Confirm({
  words,
  question,
  danger,
  children,
}: {
  words: string;
  question: ReactNode;
  danger?: boolean;
  children: ReactNode;
}) {
  return (
    <details className="confirm">
      <summary className={danger ? 'button danger' : 'button'}>{words}</summary>
      <div className="confirm-body">
        <p>{question}</p>
        {children}
      </div>
    </details>
  );
}
