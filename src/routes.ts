import { index, type RouteConfig, route } from '@react-router/dev/routes';

/** The site map: every page's address and the file that answers it. */
export default [
  // Everybody
  index('home.tsx'),
  route('jobs', 'jobs/board.tsx'),
  route('jobs/:slug', 'jobs/jobPage.tsx'),
  route('employers/:slug', 'jobs/employerPage.tsx'),
  route('theme', 'look/themePage.tsx'),
] satisfies RouteConfig;
