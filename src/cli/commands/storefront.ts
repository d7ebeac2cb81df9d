import { EXCLUDE, exclusions } from '../../app/config-file.ts';
import { openHttp } from '../../app/open-shop.ts';
import { verifySourceStorefront } from '../../app/verify-storefront.ts';
import { near } from '../../core/text/did-you-mean.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import type { StorefrontProof } from '../../plan/storefront/compare-storefront.ts';
import type { StorefrontFinding } from '../../plan/storefront/finding.ts';
import { renderStorefront, type StorefrontFormat } from '../../review/storefront/render-storefront.ts';
import { idListSources } from '../id-list-sources.ts';
import { type Args, flagArg, type Io, listArg, notesOf, textArg } from '../io.ts';
import { nextSteps, planOf, printNext, withLacking } from '../next-command.ts';
import { loadSettings } from '../settings.ts';
import { saleorConnection, wagtailSource } from '../typed-options.ts';

/** Whether a plan can fix it: publication, channels and the search index are Saleor's own. */
const isForPlan = ({ severity, code }: StorefrontFinding): boolean =>
  severity === 'error' && /^(attribute_missing|card|choice|filter|label)/.test(code);

/** What a plan without further options would not create or assign. */
const lacksIn = (findings: readonly StorefrontFinding[]) => ({
  attributes: findings.some(({ code }) => code === 'attribute_missing'),
  assignments: findings.some(({ cause }) => cause === 'attribute_not_assigned'),
});

/** Of what was typed: `ignore` in the config is also for plans, which name what they have no use for. */
const unmatchedNotes = ({ unmatched, findings, excluded }: StorefrontProof): readonly string[] =>
  unmatched
    .filter(({ reason }) => reason === EXCLUDE)
    .map(({ ref, field }) => {
      const refs = [...findings, ...excluded].map((finding) => finding.ref);
      const nearest = refs.includes(ref) ? [] : near(ref, new Set(refs));
      const hint = nearest.length === 0 ? '' : ` (did you mean ${nearest.join(' or ')}?)`;
      return `note: ${EXCLUDE} ${ref}${field === null ? '' : `:${field}`}: no finding has this place${hint}`;
    });

/** Proves what shoppers see; exit 2 if something is not as planned, else 1 if pages were skipped, else 0. */
export async function run(args: Args, io: Io): Promise<number> {
  const settings = loadSettings(args, io);
  const saleor = saleorConnection(settings, args, io);
  const today = new Date().toISOString().slice(0, 10);
  const proof = await verifySourceStorefront(
    {
      contract: settings.contract,
      source: wagtailSource(settings, args, io),
      lists: idListSources(settings, args, io),
      saleor: { ...saleor, channel: textArg(args, 'channel') ?? saleor.channel },
      exclusions: exclusions(settings.config, listArg(args, 'exclude'), today),
      isSearched: flagArg(args, 'search'),
      mayBeUnpublished: flagArg(args, 'published-only'),
    },
    openHttp(io),
    notesOf(io),
  );
  const format = (textArg(args, 'format') ?? 'text') as StorefrontFormat;
  io.out(
    renderStorefront(proof, format, { width: io.width, color: io.hasColor, isFull: flagArg(args, 'full') }),
  );
  for (const line of unmatchedNotes(proof)) io.err(visible(line));
  const isWrong = proof.findings.some(({ severity }) => severity === 'error');
  if (format === 'text' && proof.findings.some(isForPlan))
    printNext(nextSteps(planOf(withLacking(args, lacksIn(proof.findings)))), args, io);
  return isWrong ? 2 : proof.skipped.length > 0 ? 1 : 0;
}
