// What a file is by its content, whatever its name says; and in words what it is where it is no table.

import { type ByteSource, readBytes } from './bytes.ts';
import { UnsupportedFile } from './unsupported-file.ts';

const oldExcel = 'd0cf11e0a1b11ae1';
const zip = ['504b0304', '504b0506', '504b0708'];
export const gzip = '1f8b';

const saveAsTable = 'Upload CSV, TSV, JSON lines or an Excel workbook (.xlsx).';

/** First bytes of what people upload by mistake. */
const others: readonly [start: string, name: string][] = [
  ['25504446', 'a PDF'],
  ['89504e47', 'a picture'],
  ['ffd8ff', 'a picture'],
  ['47494638', 'a picture'],
  ['52494646', 'a picture or a sound'],
  ['494433', 'a sound'],
  ['526172211a07', 'a RAR archive'],
  ['377abcaf271c', 'a 7z archive'],
  ['425a68', 'a bzip2 archive'],
  ['fd377a585a00', 'an XZ archive'],
  ['28b52ffd', 'a Zstandard archive'],
  ['50415231', 'a Parquet file'],
  ['53514c69746520666f726d6174', 'a database'],
  ['7f454c46', 'a program'],
  ['7b5c727466', 'a text document (RTF)'],
];

/** By its first bytes, when it is unpacked. Rejects with an UnsupportedFile for what is no table. */
export async function findContent(source: ByteSource): Promise<'text' | 'workbook'> {
  const start = await firstBytes(source);
  if (start === '')
    throw new UnsupportedFile('EMPTY', 'The file is empty: it has no bytes. Upload it again.');
  if (zip.some((mark) => start.startsWith(mark))) return 'workbook';
  if (start.startsWith(oldExcel)) throw await oldOffice(source);
  if (start.startsWith(gzip))
    throw new UnsupportedFile(
      'NOT_A_TABLE',
      'The file is packed by gzip twice: unpack it once, and upload that.',
    );
  const [, name] = others.find(([mark]) => start.startsWith(mark)) ?? [];
  if (name !== undefined)
    throw new UnsupportedFile('NOT_A_TABLE', `The file is ${name} and no table. ${saveAsTable}`);
  return 'text';
}

/** As hexadecimal digits: 32 bytes at most. */
export async function firstBytes(source: ByteSource): Promise<string> {
  let start = Buffer.alloc(0);
  for await (const piece of readBytes(source)) {
    start = Buffer.concat([start, piece.subarray(0, 32)]);
    if (start.length >= 32) break;
  }
  return start.toString('hex', 0, 32);
}

/** Office's format before 2007 also wraps workbooks that have a password. Its streams tell them apart by their names. */
async function oldOffice(source: ByteSource): Promise<UnsupportedFile> {
  if (await holds(source, 'EncryptedPackage'))
    return new UnsupportedFile(
      'ENCRYPTED',
      'The file is an Excel workbook with a password: save it without one, and upload that.',
    );
  if ((await holds(source, 'Workbook')) || (await holds(source, 'Book')))
    return new UnsupportedFile(
      'OLD_EXCEL',
      'The file is in the format of Excel before 2007 (.xls). Save it as an Excel workbook (.xlsx) or as CSV UTF-8.',
    );
  return new UnsupportedFile('NOT_A_TABLE', `The file is a document of Office before 2007. ${saveAsTable}`);
}

async function holds(source: ByteSource, name: string): Promise<boolean> {
  const sought = Buffer.from(name, 'utf16le');
  let rest = Buffer.alloc(0);
  for await (const piece of readBytes(source)) {
    const bytes = Buffer.concat([rest, piece]);
    if (bytes.includes(sought)) return true;
    rest = Buffer.from(bytes.subarray(-sought.length));
  }
  return false;
}

/** By the beginning of its text. Throws an UnsupportedFile for what is no table. */
export function findTextFormat(start: string): 'delimited' | 'json' {
  const text = start.trimStart().slice(0, 1000);
  if (/^<(?:!doctype|html|head|meta|style|table|div|\?xml|workbook)/i.test(text))
    throw new UnsupportedFile(
      'NOT_A_TABLE',
      'The file is a web page or XML, as programs write that call it .xls. Open it in a spreadsheet program, save it as an Excel workbook (.xlsx) or as CSV UTF-8, and upload that.',
      1,
    );
  return /^(?:\{\s*(?:"|\}|$)|\[\s*(?:[[{"\]\d-]|true|false|null|$))/.test(text) ? 'json' : 'delimited';
}
