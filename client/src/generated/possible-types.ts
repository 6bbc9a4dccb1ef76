// Written by `npm run codegen`.

/** For `new InMemoryCache({ possibleTypes })` of Apollo Client. */
export const possibleTypes: Record<string, string[]> = {
  "CampaignRecordsError": [
    "InvalidInputError",
    "RecordListTooLongError",
    "RecordListUnavailableError",
    "RecordsNotSupportedError"
  ],
  "CancelCampaignRecordsResult": [
    "CancelCampaignRecordsPayload",
    "IdempotencyConflictError",
    "InvalidInputError",
    "OverloadedError",
    "RateLimitedError",
    "RecordListTooLongError",
    "RecordListUnavailableError",
    "RecordsNotSupportedError",
    "UnknownCampaignError"
  ],
  "CancelImportResult": [
    "ImportNotFoundError",
    "ImportPayload",
    "ImportStateConflictError",
    "ImportsUnavailableError"
  ],
  "CancelRecordResult": [
    "AlreadyHandedOverError",
    "CampaignNotFoundError",
    "CampaignRecordNotFoundError",
    "CancellableRecord",
    "CancelledRecord",
    "DialerRejectionError",
    "DialerThrottledError",
    "DialerUnavailableError",
    "InvalidApiKeyError",
    "InvalidApiKeyOrCampaignError",
    "OutcomeUnknownError"
  ],
  "ConfirmImportResult": [
    "ImportNotFoundError",
    "ImportPayload",
    "ImportStateConflictError",
    "ImportsUnavailableError",
    "InvalidInputError"
  ],
  "PauseImportResult": [
    "ImportNotFoundError",
    "ImportPayload",
    "ImportStateConflictError",
    "ImportsUnavailableError"
  ],
  "RecordError": [
    "AlreadyHandedOverError",
    "BothScheduledError",
    "CampaignNotFoundError",
    "CampaignRecordNotFoundError",
    "DialerRejectionError",
    "DialerThrottledError",
    "DialerUnavailableError",
    "DuplicateRecordError",
    "InvalidApiKeyError",
    "InvalidApiKeyOrCampaignError",
    "InvalidDateFormatError",
    "InvalidFieldError",
    "InvalidPhoneNumberError",
    "MissingAgentIdError",
    "MissingBulkDataError",
    "MissingPhoneNumberError",
    "MissingScheduledTimeError",
    "OutcomeUnknownError",
    "OutsideCallingHoursError",
    "RecordDueSoonError",
    "ScheduledTimeOutOfRangeError",
    "SuppressedNumberError",
    "UnknownHeaderError"
  ],
  "RecordResult": [
    "CampaignNotFoundError",
    "DialerRejectionError",
    "DialerThrottledError",
    "DialerUnavailableError",
    "DuplicateRecordError",
    "InvalidApiKeyError",
    "InvalidApiKeyOrCampaignError",
    "InvalidDateFormatError",
    "InvalidFieldError",
    "InvalidPhoneNumberError",
    "MissingAgentIdError",
    "MissingBulkDataError",
    "MissingPhoneNumberError",
    "MissingScheduledTimeError",
    "OutcomeUnknownError",
    "OutsideCallingHoursError",
    "ScheduledRecord",
    "ScheduledTimeOutOfRangeError",
    "SuppressedNumberError",
    "UnknownHeaderError",
    "ValidRecord"
  ],
  "RequestError": [
    "IdempotencyConflictError",
    "ImportNotFoundError",
    "ImportStateConflictError",
    "ImportsUnavailableError",
    "InvalidInputError",
    "OverloadedError",
    "RateLimitedError",
    "RecordListTooLongError",
    "RecordListUnavailableError",
    "RecordsNotSupportedError",
    "TooManyImportsError",
    "UnknownCampaignError"
  ],
  "RescheduleCampaignRecordsResult": [
    "IdempotencyConflictError",
    "InvalidInputError",
    "OverloadedError",
    "RateLimitedError",
    "RecordListTooLongError",
    "RecordListUnavailableError",
    "RecordsNotSupportedError",
    "RescheduleCampaignRecordsPayload",
    "UnknownCampaignError"
  ],
  "RescheduleRecordResult": [
    "AlreadyHandedOverError",
    "BothScheduledError",
    "CampaignNotFoundError",
    "CampaignRecordNotFoundError",
    "DialerRejectionError",
    "DialerThrottledError",
    "DialerUnavailableError",
    "DuplicateRecordError",
    "InvalidApiKeyError",
    "InvalidApiKeyOrCampaignError",
    "InvalidDateFormatError",
    "InvalidFieldError",
    "InvalidPhoneNumberError",
    "MissingAgentIdError",
    "MissingBulkDataError",
    "MissingPhoneNumberError",
    "MissingScheduledTimeError",
    "OutcomeUnknownError",
    "OutsideCallingHoursError",
    "RecordDueSoonError",
    "ReschedulableRecord",
    "RescheduledRecord",
    "ScheduledTimeOutOfRangeError",
    "SuppressedNumberError",
    "UnknownHeaderError"
  ],
  "ResumeImportResult": [
    "ImportNotFoundError",
    "ImportPayload",
    "ImportStateConflictError",
    "ImportsUnavailableError"
  ],
  "ScheduleCampaignDataResult": [
    "IdempotencyConflictError",
    "InvalidInputError",
    "OverloadedError",
    "RateLimitedError",
    "ScheduleCampaignDataPayload",
    "UnknownCampaignError"
  ],
  "StartImportResult": [
    "IdempotencyConflictError",
    "ImportPayload",
    "ImportsUnavailableError",
    "InvalidInputError",
    "TooManyImportsError",
    "UnknownCampaignError"
  ],
  "ValidateCampaignDataResult": [
    "InvalidInputError",
    "OverloadedError",
    "ScheduleCampaignDataPayload"
  ]
};
