// Faults of PHP scripts that print more than their answer: warnings before JSON that can still be read, and answers that cannot
// be understood.

import { accepting, answer, html, refusing, type Scene, twins } from './fault.ts';

const warning =
  '<br />\n<b>Warning</b>:  Undefined array key &quot;skill&quot; [8] {closure} in <b>/var/www/html/add.php</b> on line <b>212</b><br />\n';
const fatalError =
  '<br />\n<b>Fatal error</b>:  Maximum execution time of 30 seconds exceeded in <b>/var/www/html/add.php</b> on line <b>240</b><br />\n';

const notice = '\nNotice: Undefined variable: success in /var/www/html/add.php on line 12\n';

const refusal = JSON.stringify({ status: 'error', message: 'Feed stopped' });

export const noise = {
  'warning-json': accepting('valid JSON after a PHP warning in HTML', (scene) =>
    print(scene, `${warning}${textOf(scene)}`),
  ),
  'warnings-json': accepting(
    'valid JSON after a warning for each row, blank lines and a byte order mark',
    (scene) => print(scene, `${warning.repeat(100)}\r\n\uFEFF\r\n${textOf(scene)}\n`),
  ),
  'notice-success-json': accepting('valid JSON after a notice of a variable called success', (scene) =>
    print(scene, `${notice}${textOf(scene)}`),
  ),
  'warning-error': refusing('an unknown text after a PHP warning in HTML', (scene) =>
    print(scene, `${warning}${refusal}`),
  ),
  ...twins('trailing-warning', 'valid JSON, and a PHP warning after it', (scene) =>
    print(scene, `${textOf(scene)}\n${warning}`),
  ),
  ...twins('two-documents', 'a refusal, and the answer after it', (scene) =>
    print(scene, `${refusal}\n${textOf(scene)}`),
  ),
  ...twins('cut-then-error', 'the first half of the answer, and a refusal after it', (scene) => {
    const text = textOf(scene);
    print(scene, `${text.slice(0, text.length / 2)}${refusal}`);
  }),
  ...twins('list-cut-then-error', 'a list that was cut behind a number, and a refusal after it', (scene) =>
    print(scene, `[1,${refusal}`),
  ),
  ...twins('praise-then-error', 'words of success, and a refusal after them', (scene) =>
    print(scene, `Data updated successfully\n${refusal}`),
  ),
  ...twins('fatal-then-error', 'a fatal error of PHP, and a refusal after it', (scene) =>
    print(scene, `${fatalError}${refusal}`),
  ),
};

function textOf({ reply }: Scene): string {
  return JSON.stringify(reply);
}

function print({ res }: Scene, body: string): void {
  answer(res, 200, body, { 'content-type': html });
}
