import { Notice } from '#src/look/page.tsx';
import type { Offer } from './commands.ts';

/** What a way to connect cannot do, said before anybody relies on it, and how to have it. */
export function Lacks({ lacks }: { lacks: NonNullable<Offer['lacks']> }) {
  return (
    <Notice tone="warn" title="What is missing without an API key">
      <div className="stack-tight">
        <ul>
          {lacks.missing.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <p>{lacks.upgrade}</p>
      </div>
    </Notice>
  );
}
