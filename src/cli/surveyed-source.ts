import type { SurveyedSource } from '../app/survey-both-ends.ts';
import { type Args, type Io, textArg } from './io.ts';
import type { Settings } from './settings.ts';
import { originRules, siteHeaders, wagtailSource } from './typed-options.ts';

/** The same source for a survey of it, which needs no contract and of API v2 only the address. */
export function surveyedSource(settings: Settings, args: Args, io: Io): SurveyedSource {
  const given = textArg(args, 'wagtail-url') ?? (io.env['WAGTAIL_URL'] || undefined);
  const baseUrl = given ?? settings.config?.wagtail?.base_url;
  const isApi =
    settings.desired === 'api-v2' || (textArg(args, 'desired') === undefined && given !== undefined);
  if (!isApi || baseUrl === undefined) {
    const source = wagtailSource(settings, args, io);
    if (source.kind !== 'api') return source;
  }
  return {
    kind: 'api',
    baseUrl: baseUrl ?? '',
    headers: siteHeaders(args, io),
    pageType: textArg(args, 'page-type') ?? settings.config?.wagtail?.page_type,
    isUrlFromConfig: given === undefined,
    ...originRules(settings, args, io),
  };
}
