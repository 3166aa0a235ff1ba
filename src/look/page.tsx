import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { ToneShape } from './status.tsx';
import type { Tone } from './tones.ts';

/** What a page's `meta` returns: the title as the browser shows it, and a description for searchers. */
export function pageMeta(title: string, description?: string) {
  return [
    { title: title === 'KiEX' ? 'KiEX: work in the islands' : `${title} · KiEX` },
    ...(description ? [{ name: 'description', content: description }] : []),
  ];
}

interface PageProps {
  title: ReactNode;
  lead?: ReactNode;
  /** A way up: where it leads and what it says. */
  back?: { to: string; words: string };
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** For forms and reading: one column in the middle. */
  narrow?: boolean;
  children: ReactNode;
}

/** One page's content: way back, title, lead, actions, then what it is about. */
export function Page({ title, lead, back, actions, narrow, children }: PageProps) {
  return (
    <div className={narrow ? 'page narrow' : 'page'}>
      {back && (
        <Link className="back" to={back.to}>
          <span aria-hidden="true">‹&nbsp;</span>
          {back.words}
        </Link>
      )}
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="cluster">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

interface CardProps {
  title?: ReactNode;
  aside?: ReactNode;
  snug?: boolean;
  id?: string;
  children: ReactNode;
}

export function Card({ title, aside, snug, id, children }: CardProps) {
  return (
    <section className={snug ? 'card snug' : 'card'} id={id}>
      {(title || aside) && (
        <div className="section-head">
          {title && <h2>{title}</h2>}
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** A section without a box: heading, something at its right, content. */
export function Section({ title, aside, id, children }: CardProps) {
  return (
    <section id={id} aria-label={typeof title === 'string' ? title : undefined}>
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

interface NoticeProps {
  tone: Tone;
  title?: ReactNode;
  /** Announced by screen readers when it appears: the outcome of what the person just did. */
  announce?: boolean;
  children?: ReactNode;
}

export function Notice({ tone, title, announce, children }: NoticeProps) {
  return (
    <div className={`notice tone-${tone}`} role={announce ? 'status' : undefined}>
      <ToneShape tone={tone} />
      <div className="notice-body">
        {title && <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** Why a list is empty, and the next step. */
export function Empty({
  title,
  children,
  actions,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children && <p>{children}</p>}
      {actions && <div className="cluster">{actions}</div>}
    </div>
  );
}
