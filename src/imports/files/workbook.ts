// A workbook (XLSX): a ZIP archive with parts in XML. Nothing that the archive says of itself is trusted: its sizes are checked before
// anything is unpacked, then counted while it is, and each part that is read has to have its checksum.

import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import { type NumberFormat, numberFormatOf } from './cell-text.ts';
import { SharedStrings, sharedStringsHandler } from './shared-strings.ts';
import type { FileLimits } from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';
import { broken, readXml, type XmlHandler } from './xml.ts';

export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Its part in the archive. */
  readonly part: string;
}

export interface Workbook {
  /** Those that hold cells, in their own order. */
  readonly sheets: readonly Sheet[];
  /** Whether days are counted from 1904. */
  readonly is1904: boolean;
  readonly formats: readonly NumberFormat[];
  readStrings(): Promise<SharedStrings>;
  readPart(part: string, handler: XmlHandler, afterPiece?: () => Promise<void> | undefined): Promise<void>;
}

const mostEntries = 10_000;
const pieceBytes = 64 * 1024;
/** Of everything but sheets and shared strings. */
const smallPartBytes = 16 * 1024 * 1024;
const mostSheets = 1000;
/** Of Excel. */
const mostStyles = 65_536;

/** `file`: its descriptor, which stays open. Rejects with an UnsupportedFile. */
export async function openWorkbook(
  file: number,
  limits: Pick<FileLimits, 'decodedBytes'>,
): Promise<Workbook> {
  const archive = await openArchive(file, limits.decodedBytes);
  const main = (await readRelations(archive, '')).find(({ type }) => type === 'officeDocument')?.part;
  if (main === undefined || !archive.has(main)) throw otherArchive(archive);
  if (main.endsWith('.bin'))
    throw notATable(
      'The file is a binary Excel workbook (.xlsb). Save it as an Excel workbook (.xlsx) or as CSV.',
    );
  const relations = await readRelations(archive, main);
  const partOf = (type: string) => relations.find((relation) => relation.type === type)?.part;
  const { sheets, is1904 } = await readMain(archive, main, relations);
  const [strings, styles] = [partOf('sharedStrings'), partOf('styles')];
  const formats = styles !== undefined && archive.has(styles) ? await readFormats(archive, styles) : [];
  return {
    sheets,
    is1904,
    formats,
    async readStrings() {
      const shared = new SharedStrings();
      if (strings !== undefined && archive.has(strings))
        await readXml(
          archive.read(strings),
          strings,
          sharedStringsHandler((text) => shared.add(text)),
        );
      return shared;
    },
    readPart: (part, handler, afterPiece) => readXml(archive.read(part), part, handler, afterPiece),
  };
}

interface Archive {
  /** Names are lower-case: those of parts are equal whatever their case. */
  readonly names: ReadonlySet<string>;
  has(part: string): boolean;
  read(part: string, maxBytes?: number): AsyncGenerator<Buffer, void>;
}

async function openArchive(file: number, maxBytes: number): Promise<Archive> {
  const archive = await zipWork(() =>
    yauzl.fromFdPromise(file, { autoClose: false, strictFileNames: false }),
  );
  if (archive.entryCount > mostEntries)
    throw notATable(`The file is a ZIP archive of ${archive.entryCount} files, and no workbook.`);
  const entries = new Map<string, yauzl.Entry>();
  let unpacked = 0;
  const each = archive.eachEntry();
  for (;;) {
    const { value: entry, done } = await zipWork(() => each.next());
    if (done || entry === undefined) break;
    const name = entry.fileName.toLowerCase();
    if (entries.has(name)) throw broken(entry.fileName.slice(0, 100), 'is in it twice');
    entries.set(name, entry);
    unpacked += entry.uncompressedSize;
  }
  if (unpacked > maxBytes)
    throw new UnsupportedFile(
      'TOO_LARGE',
      `The workbook has ${unpacked} bytes when it is unpacked; ${maxBytes} is the most. Split it into several, or leave out its pictures.`,
    );
  return {
    names: new Set(entries.keys()),
    has: (part) => entries.has(part.toLowerCase()),
    async *read(part, most = maxBytes) {
      const entry = entries.get(part.toLowerCase());
      if (entry === undefined) throw broken(part, 'is not there');
      if (entry.isEncrypted()) throw encrypted();
      if (entry.uncompressedSize > most) throw broken(part, `has more than ${most} bytes`);
      yield* readEntry(archive, entry);
    },
  };
}

async function* readEntry(archive: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer, void> {
  const isDeflated = entry.compressionMethod === 8;
  if (!isDeflated && entry.compressionMethod !== 0)
    throw broken(entry.fileName, 'is packed in an unknown way');
  const packed = await zipWork(() => archive.openReadStreamPromise(entry, { decodeFileData: false }));
  // yauzl's own unpacking comes in pieces of 16 KiB.
  const unpacked = isDeflated
    ? pipeline(packed, createInflateRaw({ chunkSize: pieceBytes }), () => undefined)
    : packed;
  const pieces = unpacked[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let checksum = 0;
  let bytes = 0;
  try {
    for (;;) {
      const { value, done } = await zipWork(() => pieces.next());
      if (done) break;
      bytes += value.length;
      if (bytes > entry.uncompressedSize) break;
      checksum = crc32(value, checksum);
      yield value;
    }
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
  if (bytes !== entry.uncompressedSize) throw broken(entry.fileName, 'has another size than it says');
  if (checksum !== entry.crc32)
    throw broken(entry.fileName, 'does not have the checksum that it should have');
}

/** Whatever goes wrong within the archive is wrong with the file. */
async function zipWork<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && !code.startsWith('Z_') && !code.startsWith('ERR_')) throw error;
    if (/encrypt/.test(message)) throw encrypted();
    throw new UnsupportedFile(
      'CORRUPT',
      'The file is a ZIP archive, as workbooks are, and broken or cut off. Save it again, and upload it again.',
    );
  }
}

interface Relation {
  readonly id: string;
  /** The last part of its address. */
  readonly type: string;
  readonly part: string;
}

/** What a part refers to; of the archive itself for ''. */
async function readRelations(archive: Archive, of: string): Promise<Relation[]> {
  const slash = of.lastIndexOf('/') + 1;
  const folder = of.slice(0, slash);
  const part = `${folder}_rels/${of.slice(slash)}.rels`;
  const relations: Relation[] = [];
  if (!archive.has(part)) return relations;
  await readXml(archive.read(part, smallPartBytes), part, {
    open(name, { Id = '', Type = '', Target = '', TargetMode }) {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      if (relations.length === mostEntries) throw broken(part, 'has too many relations');
      relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), part: resolved(folder, Target) });
    },
  });
  return relations;
}

/** `../a.xml` in `xl/worksheets/` is `xl/a.xml`. */
function resolved(folder: string, target: string): string {
  const steps: string[] = [];
  for (const step of (target.startsWith('/') ? target : folder + target).split('/'))
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  return steps.join('/');
}

async function readMain(
  archive: Archive,
  main: string,
  relations: readonly Relation[],
): Promise<{ sheets: Sheet[]; is1904: boolean }> {
  const sheets: Sheet[] = [];
  let is1904 = false;
  await readXml(archive.read(main, smallPartBytes), main, {
    open(name, attributes) {
      const { date1904, state = 'visible' } = attributes;
      if (name === 'workbookPr') is1904 = date1904 === '1' || date1904 === 'true';
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([attribute]) => /(?:^|:)id$/.test(attribute))?.[1];
      const relation = relations.find((one) => one.id === id);
      // Sheets of charts and macros have no cells.
      if (relation?.type !== 'worksheet') return;
      if (sheets.length === mostSheets) throw broken(main, 'has too many sheets');
      sheets.push({
        name: (attributes.name ?? '').slice(0, 255),
        isHidden: state !== 'visible',
        part: relation.part,
      });
    },
  });
  if (sheets.length === 0) throw broken(main, 'has no sheet with cells');
  return { sheets, is1904 };
}

/** The number formats of the cells' styles. */
async function readFormats(archive: Archive, styles: string): Promise<NumberFormat[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let isCells = false;
  await readXml(archive.read(styles, smallPartBytes), styles, {
    open(name, { numFmtId = '0', formatCode }) {
      if (name === 'cellXfs') isCells = true;
      if (codes.size === mostStyles || ids.length === mostStyles) throw broken(styles, 'has too many styles');
      if (name === 'numFmt' && formatCode !== undefined) codes.set(Number(numFmtId), formatCode);
      if (name === 'xf' && isCells) ids.push(Number(numFmtId));
    },
    close(name) {
      if (name === 'cellXfs') isCells = false;
    },
  });
  return ids.map((id) => numberFormatOf(id, codes.get(id)));
}

function otherArchive({ names }: Archive): UnsupportedFile {
  const has = (test: (name: string) => boolean) => [...names].some(test);
  if (names.has('mimetype') && names.has('content.xml'))
    return notATable(
      'The file is an OpenDocument file (.ods). Save it as an Excel workbook (.xlsx) or as CSV.',
    );
  if (has((name) => name.endsWith('.iwa')))
    return notATable('The file is a Numbers document. Export it as Excel (.xlsx) or as CSV.');
  if (has((name) => name.startsWith('word/') || name.startsWith('ppt/')))
    return notATable(
      'The file is a document and no table. Upload CSV, JSON lines or an Excel workbook (.xlsx).',
    );
  return notATable(
    'The file is a ZIP archive and no workbook: unpack it, and upload the table that is in it.',
  );
}

function notATable(message: string): UnsupportedFile {
  return new UnsupportedFile('NOT_A_TABLE', message);
}

export function encrypted(): UnsupportedFile {
  return new UnsupportedFile(
    'ENCRYPTED',
    'The file is encrypted: save it without a password, and upload that.',
  );
}
