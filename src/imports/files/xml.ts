// A part of a workbook as XML, in pieces. What no workbook has is refused before it takes memory: elements within elements without
// end, texts and tags without end, document types.

import { SaxesParser } from 'saxes';
import { UnsupportedFile } from './unsupported-file.ts';

/** Names are without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

const deepest = 64;
/** Of a tag or a text. Excel's longest text has 32,767 characters, and references of up to 10 characters stand for some. */
const longest = 1024 * 1024;

/** Throws an UnsupportedFile for what is no XML of a workbook. `part`: its name in the workbook. */
export async function readXml(
  pieces: AsyncIterable<Buffer>,
  part: string,
  handler: XmlHandler,
  afterPiece?: () => Promise<void> | undefined,
): Promise<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  let depth = 0;
  let sinceEvent = 0;
  parser.on('opentag', ({ name, attributes }) => {
    sinceEvent = 0;
    if (++depth > deepest) throw broken(part, 'has elements within elements without end');
    handler.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    sinceEvent = 0;
    depth--;
    handler.close?.(localName(name));
  });
  const text = (text: string) => {
    sinceEvent = 0;
    handler.text?.(text);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('doctype', () => {
    throw broken(part, 'has a document type, which no workbook has');
  });
  parser.on('error', () => {
    throw broken(part, 'is no XML');
  });
  const decoding = createXmlDecoding(part);
  for await (const piece of pieces) {
    const characters = decoding.decode(piece);
    sinceEvent += characters.length;
    parser.write(characters);
    if (sinceEvent > longest) throw broken(part, `has a text or a tag of more than ${longest} characters`);
    const turn = afterPiece?.();
    if (turn !== undefined) await turn;
  }
  parser.write(decoding.decode());
  parser.close();
}

export function broken(part: string, problem: string, line: number | null = null): UnsupportedFile {
  return new UnsupportedFile(
    'CORRUPT',
    `The workbook is broken: its part ${part} ${problem}. Open it in a spreadsheet program, save it as XLSX, and upload that.`,
    line,
  );
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** UTF-8, as nearly all write it, or UTF-16 with its mark. */
function createXmlDecoding(part: string) {
  let decoder: TextDecoder | undefined;
  return {
    decode(bytes?: Buffer): string {
      if (decoder === undefined) {
        const start = bytes?.toString('hex', 0, 2);
        const encoding = start === 'fffe' ? 'utf-16le' : start === 'feff' ? 'utf-16be' : 'utf-8';
        decoder = new TextDecoder(encoding, { fatal: true });
      }
      try {
        return decoder.decode(bytes, { stream: bytes !== undefined });
      } catch {
        throw broken(part, 'has bytes that are no characters');
      }
    },
  };
}
