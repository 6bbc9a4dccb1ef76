// Assembles the graph: each file imported here adds its types and fields to the builder.

import { builder } from './builder.ts';
import './campaigns.ts';
import './campaign-records.ts';
import './cancel-campaign-records.ts';
import './change-import.ts';
import './imports.ts';
import './limits.ts';
import './request-errors.ts';
import './reschedule-campaign-records.ts';
import './schedule-campaign-data.ts';
import './start-import.ts';
import './validate-campaign-data.ts';
import './viewer.ts';

builder.queryType({ description: 'What can be asked. Asking changes nothing.' });
builder.mutationType({ description: 'What can be done.' });
builder.subscriptionType({ description: 'What can be watched.' });

export const schema = builder.toSchema();
