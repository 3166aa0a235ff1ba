import { Page, pageMeta } from './look/page.tsx';

export const meta = () => pageMeta('KiEX');

export default function Home() {
  return <Page title="Find work in the islands">{null}</Page>;
}
