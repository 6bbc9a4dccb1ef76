// Faults of PHP scripts that print more than their answer: warnings before JSON that can still be read, and answers that cannot
// be understood.

import { accepting, answer, type FaultContext, html, refusing, twins } from './fault.ts';

const warning =
  '<br />\n<b>Warning</b>:  Undefined array key &quot;skill&quot; [8] {closure} in <b>/var/www/html/add.php</b> on line <b>212</b><br />\n';
const fatalError =
  '<br />\n<b>Fatal error</b>:  Maximum execution time of 30 seconds exceeded in <b>/var/www/html/add.php</b> on line <b>240</b><br />\n';

const notice = '\nNotice: Undefined variable: success in /var/www/html/add.php on line 12\n';

const refusal = JSON.stringify({ status: 'error', message: 'Feed stopped' });

export const noise = {
  'warning-json': accepting('valid JSON after a PHP warning in HTML', (context) =>
    print(context, `${warning}${textOf(context)}`),
  ),
  'warnings-json': accepting(
    'valid JSON after a warning for each row, blank lines and a byte order mark',
    (context) => print(context, `${warning.repeat(100)}\r\n\uFEFF\r\n${textOf(context)}\n`),
  ),
  'notice-success-json': accepting('valid JSON after a notice of a variable called success', (context) =>
    print(context, `${notice}${textOf(context)}`),
  ),
  'warning-error': refusing('an unknown text after a PHP warning in HTML', (context) =>
    print(context, `${warning}${refusal}`),
  ),
  ...twins('trailing-warning', 'valid JSON, and a PHP warning after it', (context) =>
    print(context, `${textOf(context)}\n${warning}`),
  ),
  ...twins('two-documents', 'a refusal, and the answer after it', (context) =>
    print(context, `${refusal}\n${textOf(context)}`),
  ),
  ...twins('cut-then-error', 'the first half of the answer, and a refusal after it', (context) => {
    const text = textOf(context);
    print(context, `${text.slice(0, text.length / 2)}${refusal}`);
  }),
  ...twins('list-cut-then-error', 'a list that was cut behind a number, and a refusal after it', (context) =>
    print(context, `[1,${refusal}`),
  ),
  ...twins('praise-then-error', 'words of success, and a refusal after them', (context) =>
    print(context, `Data updated successfully\n${refusal}`),
  ),
  ...twins('fatal-then-error', 'a fatal error of PHP, and a refusal after it', (context) =>
    print(context, `${fatalError}${refusal}`),
  ),
};

function textOf({ reply }: FaultContext): string {
  return JSON.stringify(reply);
}

function print({ res }: FaultContext, body: string): void {
  answer(res, 200, body, { 'content-type': html });
}
