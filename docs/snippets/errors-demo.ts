// A list for your own tests, over the sandbox: the name of each record says what becomes of it.

export const everyKind = (scheduledTime: string) => ({
  campaignName: 'Errors_Demo',
  records: ['Asha Rao', 'REJECTED', 'DUPLICATE', 'WRONG_DATE'].map((name, n) => ({
    reference: name,
    name,
    phoneNumber: `987654321${n}`,
    scheduledTime,
  })),
});
