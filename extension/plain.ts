/** Text from a spec or its data, as VS Code shows it: never as a link, never as an icon. */

import { upright } from '../core/spec/text.ts';

/** For a message of a notification, where `[label](command:…)` would be a link. */
export const plainMessage = (text: string): string => upright(text).replaceAll('](', '] (');

/** For a label where `$(name)` would be an icon: quick picks, the status bar. */
export const plainLabel = (text: string): string => upright(text).replaceAll('$(', '$ (');
