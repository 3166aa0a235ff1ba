import { index, type RouteConfig, route } from '@react-router/dev/routes';

/** The site map: every page's address and the file that answers it. */
export default [index('home.tsx'), route('theme', 'look/themePage.tsx')] satisfies RouteConfig;
