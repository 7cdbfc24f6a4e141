import type { NotificationTarget } from '#runbooks';
import { placeOf } from './problem.ts';
import type { Setting } from './setting-values.ts';
import type { SettingsFile } from './settings-schema.ts';
import type { SourceFile } from './source-file.ts';

/** The targets of `notifications`; a name that is there twice is a complaint at its line. */
export function notificationsSetting(
  { value, source }: { readonly value: SettingsFile; readonly source: SourceFile | undefined },
  complaints: string[],
): Setting<readonly NotificationTarget[]> {
  if (value.notifications === undefined || source === undefined)
    return Object.freeze({ value: Object.freeze([]), origin: 'default', from: 'the default' });
  const names = new Set<string>();
  for (const [index, { name, url }] of value.notifications.entries()) {
    const complain = (part: string, message: string): void => {
      complaints.push(`${placeOf(source.problem({ pointer: `/notifications/${index}/${part}` }, message))}: ${message}`);
    };
    if (names.has(name)) complain('name', `another target is called ${name}, too; give each a name of its own`);
    names.add(name);
    if (!URL.canParse(url)) complain('url', `${url} is no address; write one such as http://alertmanager:9093`);
  }
  const from = placeOf(source.problem({ pointer: '/notifications' }, ''));
  return Object.freeze({ value: Object.freeze([...value.notifications]), origin: 'file', from });
}
