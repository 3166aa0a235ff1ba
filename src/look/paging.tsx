import { Link, useLocation } from 'react-router';

interface PagingProps {
  /** From 1. */
  page: number;
  /** How many pages there are, when that is known. */
  pages?: number;
  /** Is there another page? Only needed when their number is not known. */
  more?: boolean;
  label: string;
}

/** Back and forth through a list; every filter in the address stays. */
export function Paging({ page, pages, more = page < (pages ?? 0), label }: PagingProps) {
  const location = useLocation();
  if (page <= 1 && !more) return null;
  const to = (wanted: number) => {
    const query = new URLSearchParams(location.search);
    if (wanted > 1) query.set('page', String(wanted));
    else query.delete('page');
    return `${location.pathname}?${query}`;
  };
  return (
    <nav className="paging" aria-label={label}>
      {page > 1 ? (
        <Link className="button" rel="prev" to={to(page - 1)}>
          Previous
        </Link>
      ) : (
        <span />
      )}
      <span className="muted number">
        Page {page}
        {pages !== undefined && ` of ${pages}`}
      </span>
      {more ? (
        <Link className="button" rel="next" to={to(page + 1)}>
          Next
        </Link>
      ) : (
        <span />
      )}
    </nav>
  );
}
