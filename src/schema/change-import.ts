// What can be done with an import that was started: confirm it, pause it, resume it, cancel it. Each is done once however often it is
// asked for.

import type { ImportView } from '../imports/import.ts';
import { ImportNotFound, ImportStateConflict, ImportsUnavailable } from '../imports/import-error.ts';
import { builder } from './builder.ts';
import { DuplicatePolicy } from './campaign-data-input.ts';
import type { Context } from './context.ts';
import { ownerOf } from './context.ts';
import { asInput } from './import-errors.ts';
import { fileReadingFields, readingOf } from './import-input.ts';
import { InvalidInput } from './invalid-input.ts';
import { needsRight } from './rights.ts';
import { ErrorPolicy } from './schedule-campaign-data.ts';
import { ImportPayload } from './start-import.ts';

builder.mutationField('confirmImport', (t) =>
  t.field({
    type: ImportPayload,
    description:
      'Goes on with an import that is `READY`. With nothing but the id it is sent as it was checked. With anything else the file is checked again first: with `start: AFTER_REVIEW` it becomes `READY` again then, to be looked at, and nothing is sent until it is confirmed with nothing but the id. While it is checked for the first time it cannot be confirmed. The same asked again, as after a lost answer, answers with the import as it is.',
    nullable: true,
    ...needsRight((_args: object) => ({ scope: 'schedule' })),
    args: {
      input: t.arg({
        type: ConfirmImportInput,
        required: true,
        description: 'Which import, and what changes.',
      }),
    },
    errors: {
      types: [InvalidInput, ImportNotFound, ImportStateConflict, ImportsUnavailable],
      union: { name: 'ConfirmImportResult', description: 'The import, or why it was not confirmed.' },
    },
    resolve: (_root, { input }, { account, caller }) =>
      asInput(
        account.imports.confirm(
          input.id,
          {
            ...readingOf(input),
            duplicates: input.duplicates ?? undefined,
            errorPolicy: input.errorPolicy ?? undefined,
          },
          ownerOf(caller),
        ),
      ),
  }),
);

const ConfirmImportInput = builder.inputType('ConfirmImportInput', {
  description:
    'An import, and what is to be otherwise than it was started. What is absent stays as it was. So does each column that `mapping` does not name: of one that it names, the later choice holds; a field or header that it gives to another column is taken from the one that had it, which is left out then. A column that is not in the file is forgotten if it is named again with neither.',
  fields: (t) => ({
    id: t.id({ required: true, description: "The import's id." }),
    errorPolicy: t.field({ type: ErrorPolicy, description: 'What rows with errors mean for the others.' }),
    duplicates: t.field({
      type: DuplicatePolicy,
      description: 'Whether a phone number may stand in the file more than once.',
    }),
    ...fileReadingFields(t),
  }),
});

const simple = {
  pauseImport: {
    description:
      'Stops sending within one request to the dialer. What is on its way by then is told. `resumeImport` goes on.',
    result: 'PauseImportResult',
    work: (id: string, { account, caller }: Context) => account.imports.pause(id, ownerOf(caller)),
  },
  resumeImport: {
    description: 'Goes on with an import that is `PAUSED`, exactly where it stopped.',
    result: 'ResumeImportResult',
    work: (id: string, { account, caller }: Context) => account.imports.resume(id, ownerOf(caller)),
  },
  cancelImport: {
    description:
      'Ends an import: what is not sent yet is never sent. What is scheduled stays so; `cancelCampaignRecords` takes that back.',
    result: 'CancelImportResult',
    work: (id: string, { account, caller }: Context) => account.imports.cancel(id, ownerOf(caller)),
  },
} satisfies Record<
  string,
  { description: string; result: string; work(id: string, context: Context): Promise<ImportView> }
>;

for (const [name, { description, result, work }] of Object.entries(simple))
  builder.mutationField(name, (t) =>
    t.field({
      type: ImportPayload,
      description,
      nullable: true,
      ...needsRight((_args: object) => ({ scope: 'schedule' })),
      args: { id: t.arg.id({ required: true, description: "The import's id." }) },
      errors: {
        types: [ImportNotFound, ImportStateConflict, ImportsUnavailable],
        union: { name: result, description: 'The import, or why nothing was changed.' },
      },
      resolve: (_root, { id }, context) => work(id, context),
    }),
  );
