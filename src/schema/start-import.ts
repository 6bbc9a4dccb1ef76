// Mutation.startImport: says which file is to come, and how it is to be read. The file itself goes to `uploadUrl`.

import type { ImportView } from '../imports/import.ts';
import { ImportsUnavailable, TooManyImports } from '../imports/import-error.ts';
import { IdempotencyConflict, UnknownCampaign } from '../scheduling/request-error.ts';
import { cleanText } from '../scheduling/text.ts';
import { builder } from './builder.ts';
import { DuplicatePolicy } from './campaign-data-input.ts';
import { ownerOf } from './context.ts';
import { ImportType } from './import.ts';
import { ImportStartEnum } from './import-enums.ts';
import { asInput } from './import-errors.ts';
import { fileReadingFields, readingOf } from './import-input.ts';
import { campaignNameRules, idempotencyKeyRules } from './input-rules.ts';
import { InvalidInput } from './invalid-input.ts';
import { refuseControlCharacters } from './request-rules.ts';
import { needsRight } from './rights.ts';
import { ErrorPolicy } from './schedule-campaign-data.ts';

/** What every mutation of an import answers. */
export const ImportPayload = builder.objectRef<ImportView>('ImportPayload').implement({
  description: 'It was done, or was so already.',
  fields: (t) => ({
    import: t.field({ type: ImportType, description: 'The import as it is now.', resolve: (view) => view }),
  }),
});

builder.mutationField('startImport', (t) =>
  t.field({
    type: ImportPayload,
    description:
      'Starts the import of a file: CSV, TSV, JSON lines or XLSX, each also compressed with gzip. Send the file to `uploadUrl` next. It is read and checked as a whole before the first record is sent. Whatever happens to this service, each row is sent once or not at all.',
    nullable: true,
    ...needsRight(({ input }: { input: { campaignName: string } }) => ({
      scope: 'schedule',
      campaign: cleanText(input.campaignName),
    })),
    args: { input: t.arg({ type: StartImportInput, required: true, description: 'Which file, and how.' }) },
    errors: {
      types: [InvalidInput, IdempotencyConflict, UnknownCampaign, TooManyImports, ImportsUnavailable],
      union: {
        name: 'StartImportResult',
        description: 'The import, or the reason why none was started.',
      },
    },
    resolve: (_root, { input }, { account, caller }) => {
      const campaignName = cleanText(input.campaignName);
      refuseControlCharacters(campaignName);
      return asInput(
        account.imports.start(
          {
            campaignName,
            fileName: input.fileName,
            fileSize: input.fileSize,
            idempotencyKey: input.idempotencyKey ?? undefined,
            duplicates: input.duplicates ?? 'ALLOW',
            errorPolicy: input.errorPolicy ?? 'REJECT_FAILED_RECORDS',
            start: input.start ?? 'AUTOMATIC',
            ...readingOf(input),
          },
          ownerOf(caller),
        ),
      );
    },
  }),
);

const StartImportInput = builder.inputType('StartImportInput', {
  description: 'Which file is to be imported into which campaign, and how to go about it.',
  fields: (t) => ({
    campaignName: t.string({
      required: true,
      description: "The campaign's name as the dialer has it, at most 255 characters.",
      validate: campaignNameRules,
    }),
    fileName: t.string({
      required: true,
      description: "The file's name, to be shown. What the file is, its content says.",
      validate: {
        minLength: [1, { message: 'must not be empty' }],
        maxLength: [255, { message: 'must not be longer than 255 characters' }],
      },
    }),
    fileSize: t.int({
      required: true,
      description:
        'Bytes of the file: `limits.imports.maxFileBytes` at most. So many must come, neither more nor fewer.',
      validate: { min: [0, { message: 'must not be negative' }] },
    }),
    idempotencyKey: t.string({
      description:
        'A text of your own for this very file, best a UUID: the same input with the same key is the same import, however often it is sent. With another input you get an `IdempotencyConflictError`.',
      validate: idempotencyKeyRules,
    }),
    start: t.field({
      type: ImportStartEnum,
      defaultValue: 'AUTOMATIC',
      description: 'Whether records are sent as soon as the file is checked. Without it: `AUTOMATIC`.',
    }),
    errorPolicy: t.field({
      type: ErrorPolicy,
      defaultValue: 'REJECT_FAILED_RECORDS',
      description:
        'Whether rows with errors keep the others of the file from being sent. Without it: `REJECT_FAILED_RECORDS`.',
    }),
    duplicates: t.field({
      type: DuplicatePolicy,
      defaultValue: 'ALLOW',
      description: 'Whether a phone number may stand in the file more than once. Without it: `ALLOW`.',
    }),
    ...fileReadingFields(t),
  }),
});
