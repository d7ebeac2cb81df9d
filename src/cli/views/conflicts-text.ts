import type { Conflict } from '../../apply/assess-change.ts';
import type { Json } from '../../core/json/json-value.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';

const SHOWN = 20;

/** The conflicts of a stale plan: each field as planned from, now and planned to, and the next step. */
export function staleText(id: string, conflicts: readonly Conflict[], canSkip: boolean): string {
  const rows = conflicts
    .slice(0, SHOWN)
    .flatMap(({ ref, field, because, planned_from, now, planned_to }) => [
      '',
      `  ${visible(field === '' ? ref : `${ref}, ${field.replace(/^\//, '')}`)}`,
      ...(because !== null
        ? [`    ${visible(because)}`]
        : [
            `    planned from: ${inWords(planned_from)}`,
            `    now:          ${inWords(now)}`,
            `    planned to:   ${inWords(planned_to)}`,
          ]),
    ]);
  const more = conflicts.length > SHOWN ? ['', `  and ${conflicts.length - SHOWN} more, in the report`] : [];
  return [
    `Plan ${id} is stale: in the shop ${plural(conflicts.length, 'field')} changed since the plan.`,
    ...rows,
    ...more,
    '',
    ...(canSkip
      ? [
          'Nothing was written. Plan again and have the new plan approved, or give',
          '--on-conflict skip to write the rest.',
        ]
      : ['Nothing was written. Plan again and have the new plan approved.']),
  ].join('\n');
}

/** A set as its members, anything else as JSON. */
function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value !== 'object') return visible(JSON.stringify(value));
  const members = Object.keys(value);
  return Object.values(value).every((member) => member === true)
    ? visible(members.length === 0 ? 'nothing' : members.join(', '))
    : visible(JSON.stringify(value));
}
