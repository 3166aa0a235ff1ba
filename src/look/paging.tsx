import { Link, useLocation } from 'react-router';

/** Back and forth through a list; every filter in the address stays. */
export function Paging({ page, pages, label }: { page: number; pages: number; label: string }) {
  const location = useLocation();
  if (pages <= 1) return null;
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
        Page {page} of {pages}
      </span>
      {page < pages ? (
        <Link className="button" rel="next" to={to(page + 1)}>
          Next
        </Link>
      ) : (
        <span />
      )}
    </nav>
  );
}
