import { useLocation } from 'react-router';

/** Whose part of the site: staff and employers share pages, and each is led on within their own. */
export interface Area {
  root: '/staff' | '/employer';
  isStaff: boolean;
}

export const areaOf = (pathname: string): Area =>
  /^\/employer(\/|$)/i.test(pathname)
    ? { root: '/employer', isStaff: false }
    : { root: '/staff', isStaff: true };

/** Of the page that is being drawn. What a person may do is decided elsewhere, not by this. */
export const useArea = (): Area => areaOf(useLocation().pathname);
