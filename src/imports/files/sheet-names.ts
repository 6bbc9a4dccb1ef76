// Names of a workbook's sheets, as a message has them.

import { redact } from '../../foundation/redaction.ts';

const most = 20;

export function sheetNames(names: readonly string[]): string {
  const shown = names.slice(0, most).map((name) => `"${redact(name)}"`);
  return `${shown.join(', ')}${names.length > most ? ', …' : ''}`;
}
