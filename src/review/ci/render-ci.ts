import type { CiFormat, CiReport } from './ci-report.ts';
import { renderJunit } from './junit.ts';
import { renderSarif } from './sarif.ts';
import { renderWorkflowCommands } from './workflow-commands.ts';

/** Ends in a newline. */
export function renderCi(report: CiReport, format: CiFormat): string {
  switch (format) {
    case 'github':
      return renderWorkflowCommands(report);
    case 'junit':
      return renderJunit(report);
    case 'sarif':
      return renderSarif(report);
  }
}
