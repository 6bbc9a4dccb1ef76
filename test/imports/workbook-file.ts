// Workbooks as Excel writes them, as bytes.

import { strToU8, type Zippable, zipSync } from 'fflate';

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';

export interface WorkbookParts {
  /** The content of `sheetData`, by the sheet's name. */
  sheets: Record<string, string>;
  /** The content of `sst`. */
  strings?: string;
  /** The content of `styleSheet`. */
  styles?: string;
  /** The content of `cols`. */
  cols?: string;
  date1904?: boolean;
  hidden?: readonly string[];
  /** Further files, or others in the place of those. */
  files?: Zippable;
}

export function workbookFiles({
  sheets,
  strings,
  styles,
  cols = '',
  date1904,
  hidden = [],
  files,
}: WorkbookParts): Zippable {
  const names = Object.keys(sheets);
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const list = names.map(
    (name, n) =>
      `<sheet name="${xml(name)}" sheetId="${n + 1}" r:id="s${n}"${hidden.includes(name) ? ' state="hidden"' : ''}/>`,
  );
  const targets = names.map((_, n) => relation(`s${n}`, 'worksheet', `worksheets/sheet${n + 1}.xml`));
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships xmlns="${relations}">${relation('w', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relations}">${targets.join('')}${relation('t', 'sharedStrings', 'sharedStrings.xml')}${relation('f', 'styles', '/xl/styles.xml')}</Relationships>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${strings ?? ''}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}">${styles ?? ''}</styleSheet>`,
  };
  for (const [n, name] of names.entries())
    parts[`xl/worksheets/sheet${n + 1}.xml`] =
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${main}">${cols && `<cols>${cols}</cols>`}<sheetData>${sheets[name]}</sheetData></worksheet>`;
  const zipped = Object.entries(parts).map(([name, text]) => [name, strToU8(text)] as const);
  return { ...Object.fromEntries(zipped), ...files };
}

export function workbook(parts: WorkbookParts): Uint8Array {
  return zipSync(workbookFiles(parts), { level: 1 });
}

/** Rows of texts as Excel writes them: shared, or within the cells. */
export function sheetOf(rows: readonly (readonly string[])[], share: boolean): WorkbookParts {
  const shared: string[] = [];
  const cell = (text: string, column: number, row: number) => {
    const place = `r="${columnName(column)}${row}"`;
    if (text === '') return '';
    if (!share) return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
    return `<c ${place} t="s"><v>${shared.push(text) - 1}</v></c>`;
  };
  const data = rows.map(
    (cells, n) =>
      `<row r="${n + 1}">${cells.map((text, column) => cell(text, column, n + 1)).join('')}</row>`,
  );
  return {
    sheets: { Sheet1: data.join('') },
    strings: shared.map((text) => `<si><t xml:space="preserve">${xml(text)}</t></si>`).join(''),
  };
}

export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

function xml(text: string): string {
  return text
    .replace(/_x(?=[0-9A-Fa-f]{4}_)/g, '_x005F_x')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '_x000D_');
}
