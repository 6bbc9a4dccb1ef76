// Assembles the graph: each file imported here adds its types and fields to the builder.

import { builder } from './builder.ts';
import './campaigns.ts';
import './campaign-records.ts';
import './cancel-campaign-records.ts';
import './limits.ts';
import './request-errors.ts';
import './reschedule-campaign-records.ts';
import './schedule-campaign-data.ts';
import './validate-campaign-data.ts';
import './viewer.ts';

builder.queryType({ description: 'What can be asked. Asking changes nothing.' });
builder.mutationType({ description: 'What can be done.' });

export const schema = builder.toSchema();
