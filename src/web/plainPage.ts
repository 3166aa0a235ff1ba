import { html, raw } from 'hono/html';

/** A page for when the real ones cannot be drawn: no script, nothing to load. */
export function plainPage(page: {
  title: string;
  /** Paragraphs, in plain text. */
  words: string[];
  nonce: string;
}) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.title} · KiEX</title>
<style nonce="${page.nonce}">${raw(style)}</style>
</head>
<body>
<main>
<h1>${page.title}</h1>
${page.words.map((text) => html`<p>${text}</p>`)}
<p><a href="/">Front page</a></p>
</main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; }
body { font: 17px/1.5 system-ui, sans-serif; margin: 0; color: #14242b; background: #fbfaf7; }
main { max-width: 38rem; margin: 0 auto; padding: 48px 16px; }
h1 { font-size: 27px; line-height: 1.25; margin: 0 0 16px; }
a { color: #0b6e75; }
a:focus-visible { outline: 2px solid; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #e8eef0; background: #0e171b; }
  a { color: #5ac8ce; }
}
`;
