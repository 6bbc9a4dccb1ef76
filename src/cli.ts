#!/usr/bin/env node
// The command `dialgraph`. It reads the arguments, and loads only what they ask for. No setting is an argument, since every user of a
// machine can read those. Exit codes: 0, 1 for what failed, 2 for arguments that mean nothing.

import { parseArgs } from 'node:util';

const help = `dialgraph: a typed GraphQL API in front of an outbound dialer

  dialgraph              serves; with no settings on http://127.0.0.1:4000/graphql, before a sandbox that calls nobody
  dialgraph check        says what works: settings, database, the way to the dialer and the key; schedules nothing
    --new-token          proves the key of an account with DIALER_AUTH=token by a new token, one of ten an hour;
                         the token that running processes have is void then, and they make themselves another
  dialgraph key <name>   makes an API key for a caller, and prints it, once, with its entry for AUTH_FILE;
                         scopes may follow the name: dialgraph key web schedule read
  dialgraph resume <account>
                         lifts the pause that an account's dialer asked for (Retry-After), in all processes that share it
  dialgraph import <file> --campaign <name>
                         hands a file of leads to a server that runs, and watches it (dialgraph import --help)
  dialgraph imports      lists the imports of that server, the newest first
  dialgraph --help
  dialgraph --version

Settings are environment variables, such as PORT, DIALER_URL and DATABASE_URL; docs/settings.md lists them all.`;

const importHelp = `dialgraph import <file> --campaign <name>: hands a file of leads to a server that runs, and watches it to its end

  CSV, TSV, JSONL or XLSX, each also gzipped. The server is DIALGRAPH_URL (http://127.0.0.1:4000/graphql), with DIALGRAPH_KEY as its
  key. Ctrl-C asks whether to cancel the import, or to leave it running; a dry run is cancelled. A server
  that was never reached is given up after 30 s, and one that was after 10 min: the import itself goes on there.

  --dry-run              only checks the file, and says what is wrong with it
  --map <column>=<field> what a column is, by its header or its place (#1): phoneNumber, scheduledTime, name, reference, priority,
                         expiryDate, agentId, skill, header:City for a custom field, or nothing (Country=) to leave it out;
                         may be given again
  --date-format <format> ISO, DAY_MONTH_YEAR or MONTH_DAY_YEAR, where the dates in the file can be read in two ways
  --time-zone <zone>     of times without an offset, such as Asia/Kolkata
  --sheet <name>         of a workbook that has several
  --skip-duplicates      a phone number that comes again is skipped
  --reject-everything    nothing is sent unless every row is valid
  --resume <id>          watches an import again; sends its file anew if that did not come whole; confirms one that waits for it

  Exit codes: 0 every row is scheduled, or was skipped: as a duplicate, of the file or by the dialer, or since a result file says so;
  1 it could not be carried out; 2 arguments that mean nothing; 3 it ended, and there are rows that are not scheduled; 130 interrupted.`;

const helpOption = { help: { type: 'boolean', short: 'h', default: false } } as const;

/** Each reads its own arguments, and throws if it does not know one. */
const commands: Record<string, (args: string[]) => Promise<void>> = {
  async serve(args) {
    const versionOption = { version: { type: 'boolean', short: 'v' } } as const;
    const { values } = parseArgs({ args, options: { ...helpOption, ...versionOption } });
    if (values.help) console.log(help);
    else if (values.version) console.log((await import('./foundation/version.ts')).version);
    else await import('./serve.ts');
  },

  async check(args) {
    const newTokenOption = { 'new-token': { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ args, options: { ...helpOption, ...newTokenOption } });
    if (values.help) return console.log(help);
    const { check } = await import('./check.ts');
    const ok = await check(process.env, { newToken: values['new-token'] });
    process.exitCode = ok ? 0 : 1;
  },

  async resume(args) {
    const { values, positionals } = parseArgs({ args, options: helpOption, allowPositionals: true });
    if (values.help) return console.log(help);
    const { resume } = await import('./resume.ts');
    process.exitCode = await resume(process.env, positionals);
  },

  async import(args) {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean', default: false } as const;
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...helpOption,
        campaign: text,
        'dry-run': flag,
        map: { type: 'string', multiple: true, default: [] },
        'date-format': text,
        'time-zone': text,
        sheet: text,
        'skip-duplicates': flag,
        'reject-everything': flag,
        resume: text,
      },
    });
    if (values.help) return console.log(importHelp);
    const [file, ...more] = positionals;
    if (more.length > 0) return refuse('import takes one file');
    const { importFile } = await import('./terminal/import.ts');
    process.exitCode = await importFile(process.env, {
      file,
      campaign: values.campaign,
      dryRun: values['dry-run'],
      map: values.map,
      dateFormat: values['date-format'],
      timeZone: values['time-zone'],
      sheet: values.sheet,
      duplicates: values['skip-duplicates'] ? 'SKIP' : undefined,
      errorPolicy: values['reject-everything'] ? 'REJECT_EVERYTHING' : undefined,
      resume: values.resume,
    });
  },

  async imports(args) {
    const { values } = parseArgs({ args, options: helpOption });
    if (values.help) return console.log(help);
    const { listImports } = await import('./terminal/import.ts');
    process.exitCode = await listImports(process.env);
  },

  async key(args) {
    const { values, positionals } = parseArgs({ args, options: helpOption, allowPositionals: true });
    if (values.help) return console.log(help);
    const { printNewKey } = await import('./auth/new-key.ts');
    const [name, ...scopes] = positionals;
    process.exitCode = printNewKey(name, scopes) ? 0 : 2;
  },
};

/** Whoever reads may have read enough, as `head` has: what a command does goes on without them. */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

const args = process.argv.slice(2);
const name = args[0] === undefined || args[0].startsWith('-') ? 'serve' : (args.shift() ?? '');
try {
  const command = new Map(Object.entries(commands)).get(name);
  if (command === undefined) refuse(`Unknown command '${withoutValue(name)}'`);
  else {
    if (name !== 'serve') outliveReaders();
    await command(args);
  }
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
  refuse(withoutValue(message.split('. ')[0] ?? message));
}

function refuse(reason: string): void {
  console.error(`dialgraph: ${reason} (dialgraph --help lists what there is)`);
  process.exitCode = 2;
}

/** If somebody gives a setting as an argument, what follows the = may be a secret. */
function withoutValue(text: string): string {
  return text.replace(/=[^\s']*/g, '=…');
}
