import type { ForgeReader } from '../../app/ci-setup/check-forge.ts';
import type { CiSetupFinding } from '../../app/ci-setup/ci-setup-finding.ts';
import { diagnoseCi } from '../../app/ci-setup/diagnose-ci.ts';
import { openHttp, targetOf } from '../../app/open-shop.ts';
import { failedFinding } from '../../app/setup-finding.ts';
import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { plural } from '../../core/text/counting.ts';
import { visible } from '../../core/text/invisible-characters.ts';
import { printJson } from '../../plan/file/print.ts';
import { forgeIn, forgeSettingsOf } from '../../platform/forge/forge-environment.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { type CiFinding, isCiFormat } from '../../review/ci/ci-report.ts';
import { printCi } from '../ci-output.ts';
import { type Args, flagArg, type Io, textArg } from '../io.ts';
import { nextSteps, printNext } from '../next-command.ts';
import { loadSettings, type Settings } from '../settings.ts';
import { saleorConnection, workspaceOf } from '../typed-options.ts';
import { findingLines } from '../views/setup-findings.ts';

/** `doctor --ci`: checks what CI needs, without asking site or shop; exit 1 if something cannot work. */
export async function doctorCi(args: Args, io: Io): Promise<number> {
  const findings = await findingsOf(args, io);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const verdict = `CI: ${plural(errors, 'error')}, ${plural(warnings, 'warning')}.`;
  const format = textArg(args, 'format');
  if (flagArg(args, 'json')) io.out(printJson({ ok: errors === 0, findings }).trimEnd());
  else if (format !== undefined && isCiFormat(format)) {
    const report = { name: 'doctor', verdict, findings: findings.flatMap(ciFinding), file: null };
    printCi({ ...report, listAll: 'sailplan doctor --ci' }, format, io);
  } else {
    for (const line of findingLines(findings.map(withPlace))) io.out(visible(line));
    io.out(verdict);
    const again = 'Next: fix each ERROR as its arrow says, then run sailplan doctor --ci again.';
    printNext(errors > 0 ? again : nextSteps('sailplan doctor'), args, io);
  }
  return errors > 0 ? 1 : 0;
}

/** A config that cannot be used is the only finding. */
async function findingsOf(args: Args, io: Io): Promise<readonly CiSetupFinding[]> {
  let settings: Settings;
  try {
    settings = loadSettings(args, io);
  } catch (error) {
    return [{ ...failedFinding(error), place: null }];
  }
  return diagnoseCi({
    workspace: workspaceOf(settings, args),
    config: settings.config,
    target: targetOrNull(settings, args, io),
    env: io.env,
    forge: forgeReader(io),
  });
}

/** null: the environment has no token, or does not say of which repository. */
function forgeReader(io: Io): ForgeReader | null {
  const name = forgeIn(io.env) ?? (io.env['GITLAB_TOKEN'] ? 'gitlab' : 'github');
  try {
    return forgeSettingsOf(name, io.env, { http: openHttp(io), clock: systemClock });
  } catch (error) {
    if (error instanceof Failure && error.code === 'usage') return null;
    throw error;
  }
}

function targetOrNull(settings: Settings, args: Args, io: Io): Target | null {
  try {
    return targetOf(saleorConnection(settings, args, io));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

const withPlace = (finding: CiSetupFinding): CiSetupFinding =>
  finding.place === null
    ? finding
    : { ...finding, message: `${finding.place.file}:${finding.place.line}: ${finding.message}` };

const ciFinding = ({ severity, code, message, fix, place }: CiSetupFinding): readonly CiFinding[] =>
  severity === 'ok'
    ? []
    : [
        {
          severity,
          fails: severity === 'error',
          code,
          ref: place?.file ?? code,
          title: '',
          message,
          hint: fix,
          url: null,
          place,
        },
      ];
