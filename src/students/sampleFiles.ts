// The least bytes of each kind of file that a reader of contents recognises; for tests.
const text = (words: string) => new TextEncoder().encode(words);

export const samplePdf = (words = 'resume') => text(`%PDF-1.7\n% ${words}\n%%EOF\n`);
export const sampleRtf = () => text('{\\rtf1\\ansi A resume.}');
export const sampleHtml = () => text('<!doctype html><script>alert(1)</script>');
export const sampleDoc = () => compoundFile('WordDocument');
export const sampleXls = () => compoundFile('Workbook');
export const sampleDocx = () =>
  zip({ '[Content_Types].xml': CONTENT_TYPES, 'word/document.xml': '' });
export const sampleZip = () => zip({ 'resume.pdf': '%PDF-1.7' });

const CONTENT_TYPES = `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.
openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`.replaceAll('\n', '');

/** A file in the container of old Office, with one stream of this name in its directory. */
function compoundFile(stream: string): Uint8Array {
  const bytes = Buffer.alloc(1536);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  bytes.write('Root Entry\0', 512, 'utf16le');
  bytes.write(`${stream}\0`, 640, 'utf16le');
  return new Uint8Array(bytes);
}

/** A zip of stored files without a directory at its end, which no reader of kinds looks at. */
function zip(entries: Record<string, string>): Uint8Array {
  const parts = Object.entries(entries).map(([name, content]) => {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt32LE(content.length, 18);
    header.writeUInt32LE(content.length, 22);
    header.writeUInt16LE(name.length, 26);
    return Buffer.concat([header, Buffer.from(name), Buffer.from(content)]);
  });
  return new Uint8Array(Buffer.concat(parts));
}
